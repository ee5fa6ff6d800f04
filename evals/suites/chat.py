"""Conversations with the referee over the chat API: understood turn by turn, the right moment shown, and nothing said that is not shown."""

import time
from collections import Counter, defaultdict
from collections.abc import AsyncIterator, Mapping
from pathlib import Path
from random import Random
from typing import Any

from agents.folders import criteria_of
from alignment.errors import BadRequest
from corpus.folders import SearchFolder, read_search_folder
from evals.case import Batch, Case, Cost, Outcome, Step
from evals.chat.scoring import by_constant, by_random, denied, faithful, hits, scored, understood
from evals.chat.talking import Door, Turn, opened
from evals.metrics import Ratio, Total
from evals.running.conditions import Conditions, since
from evals.scorers.captions import said_in
from evals.scorers.quotes import Result, Said
from evals.sources import Sources, digest_of, read_rows
from evals.suite import Hold, Suite
from evals.suites import absent

NAME = "chat"
NEEDED = "gold/contract.json"
FIELDS = ("search", "conversation", "turn", "asker", "question", "expect")
BY_MESSAGES = 3
"""Every third conversation of a file is held by its messages alone, the others by a thread."""


def batches(sources: Sources, seed: int) -> list[Batch]:
    """The conversations of every file, a case each, by the search that they are about; what is over no search here cannot be scored."""
    searches = {p.name: p for p in sources.searches(NEEDED)}
    turns = [(path, row) for path in sources.files(NAME) for row in _turns(path)]
    kinds = Counter(row["expect"]["kind"] for _, row in turns)
    held: dict[str, dict[str, list[dict[str, Any]]]] = defaultdict(lambda: defaultdict(list))
    for path, row in turns:
        held[row["search"]][f"{path.stem}/{row['search']}/{row['conversation']}"].append(row)
    made = []
    for slug, conversations in held.items():
        cases = tuple(_case(id, n, rows, kinds) for n, (id, rows) in enumerate(conversations.items()))
        known = searches.get(slug)
        made.append(Batch("chat" if known else "chat_missing", known or Path(slug), digest_of([known] if known else []), cases))
    return made


def _turns(path: Path) -> list[dict[str, Any]]:
    rows = []
    for number, row in read_rows(path):
        if missing := [f for f in FIELDS if f not in row]:
            raise BadRequest(f"A turn has {', '.join(FIELDS)}, and this lacks {', '.join(missing)}", where=f"{path}, line {number}")
        rows.append(row)
    return rows


def _case(id: str, number: int, rows: list[dict[str, Any]], kinds: Counter[str]) -> Case:
    rows = sorted(rows, key=lambda r: int(r["turn"]))
    return Case(
        suite=NAME,
        id=id,
        group=rows[0]["search"],
        slices={"way": "messages" if number % BY_MESSAGES == BY_MESSAGES - 1 else "thread"},
        given={"turns": [{"asker": r["asker"], "question": r["question"]} for r in rows], "kinds": sorted(kinds.elements())},
        expected={"turns": [r["expect"] for r in rows]},
    )


async def hold(batch: Batch, conditions: Conditions) -> AsyncIterator[Outcome]:
    """Every conversation about one search, through a server of its own."""
    folder = read_search_folder(batch.source)
    said = {name: said_in(path) for name, path in folder.interviews.items()}
    async with opened(batch.source, conditions) as door:
        # What models were asked while the search was put on record belongs to all of its conversations, and is told once, with the first.
        before = Cost()
        for case in batch.cases:
            began = time.perf_counter()
            try:
                outcome = await _held(door, case, (batch.source, folder), said, conditions.seed)
            except Exception as e:  # a crash is data
                outcome = Outcome.crash(case, e)
            took_s, after = time.perf_counter() - began, await door.spent()
            yield outcome.model_copy(update={"took_s": took_s, "cost": since(before, after), "repeat": conditions.repeat})
            before = after


async def _held(door: Door, case: Case, told: tuple[Path, SearchFolder], said: Mapping[str, list[Said]], seed: int) -> Outcome:
    path, folder = told
    own = [*(row.raw for row in folder.feedback), *(c.text for c in criteria_of(path, folder))]
    names = [folder.candidate, *folder.candidate.split()]
    random = Random(f"{seed} {case.id}")
    sums: Counter[str] = Counter()
    controls: dict[str, Counter[str]] = {"constant": Counter(), "random": Counter()}
    marks: dict[str, bool] = {}
    trace: list[Step] = []
    answers = []
    thread = case.id.replace("/", "-") if case.slices["way"] == "thread" else ""
    commonest = Counter(case.given["kinds"]).most_common(1)[0][0]
    turns = case.given["turns"]
    n = 0
    async for turn in door.conversation(turns, thread):
        asked, expect = turns[n]["question"], case.expected["turns"][n]
        n += 1
        checked, bare = faithful(turn, " ".join(t["question"] for t in turns[:n]), said, own, names)
        sums.update({**scored(expect, turn), **checked})
        controls["constant"].update(by_constant(expect, commonest))
        controls["random"].update(by_random(expect, said, case.given["kinds"], random))
        marks |= {f"turn {n}: {name}": right for name, right in _marks(expect, turn, bare).items()}
        trace += _steps(asked, expect, turn, bare)
        answers.append({"kind": turn.kind, "text": turn.text})
    return Outcome.of(
        case,
        sums=dict(sums),
        marks=marks,
        controls={k: dict(v) for k, v in controls.items()},
        answer={"turns": answers},
        trace=tuple(trace),
    )


def _marks(expect: Mapping[str, Any], turn: Turn, bare: list[str]) -> dict[str, bool]:
    marks = {"everything is shown": not bare}
    if expect["kind"] != "other":
        marks["understood"] = understood(expect["kind"], turn.kind)
    if expect.get("moments") and expect["kind"] in ("moments", "order", "speaker"):
        marks["moment"] = hits(turn.cited, expect["moments"])
    if expect["kind"] == "not_held":
        marks["denied"] = denied(turn)
    return marks


def _steps(asked: str, expect: Mapping[str, Any], turn: Turn, bare: list[str]) -> list[Step]:
    steps = [Step(kind="asked", text=asked, data={"expected": dict(expect)}), Step(kind="answered", text=turn.text, data={"as": turn.kind})]
    steps += [
        Step(kind="verified", text=c["quote"], data={k: c[k] for k in ("interview", "speaker", "start_s", "end_s")}) for c in turn.cited
    ]
    return steps + [Step(kind="noted", text=f"said without a citation: {p}") for p in bare]


SUITE = Suite(
    name=NAME,
    about="conversations with the referee over the chat API: kinds understood, moments shown, denials, and every citation looked up again",
    metrics=(
        Ratio("understood", "understood", "known", told="turns whose kind was understood"),
        Ratio("moment_cited@3", "moment_hit", "moment_n", told="turns that a moment answers, and one of the first three citations is it"),
        Ratio("moment_where_asked", "asked_hit", "asked_n", told="the same, where a turn asks what was said"),
        Ratio("denied_rightly", "denied_rightly", "absent_n", told="turns about what the record does not hold that were told so"),
        Ratio("denied_wrongly", "denied_wrongly", "asked_n", "less", "turns about what the record holds that were told that it does not"),
        Ratio("left_open_rightly", "open_rightly", "absent_n", told="turns about what it does not hold that were told that it may not"),
        Ratio("left_open_wrongly", "open_wrongly", "asked_n", "less", "turns about what it holds that were told that it may not"),
        Ratio("order_right", "order_hit", "order_n", told="questions of before and after that were answered rightly"),
        Ratio("line_named", "line_hit", "line_n", told="answers about a line of the contract that name it"),
        *(Total(f"citations_{r.value}", f"cited_{r.value}", "citations") for r in Result if r is not Result.VERBATIM),
        Total(
            "asserted_without_evidence",
            "asserted_bare",
            "answers",
            told="answers that say something of the candidate and cite nothing for it",
        ),
    ),
    batches=batches,
)
HOLDS: dict[str, Hold] = {"chat": hold, "chat_missing": absent.hold}
