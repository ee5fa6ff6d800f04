"""The intake: contracts drafted from captured calls, and live sessions held with scripted counterparts."""

import time
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass
from random import Random
from typing import Any, cast

from agents.desk import SearchPlan, open_search, organisation_of
from agents.intake import Session, open_intake, say
from agents.intake_agent.captured import Captured
from agents.replay import draft_search
from agents.workbench import Workbench
from alignment.contract import Side
from alignment.errors import BadRequest
from corpus.folders import read_search_folder
from evals.case import Batch, Case, Outcome, Step
from evals.counterparts import MANAGER, RECRUITER, counterpart_of
from evals.metrics import F1, Metric, Ratio, Total
from evals.running.conditions import Conditions, since, spent
from evals.scorers.captions import said_in
from evals.scorers.contracts import scored, unscorable
from evals.scorers.sessions import OPEN, SIGNED, Ended, Line, Typed
from evals.scorers.sessions import controls as session_controls
from evals.scorers.sessions import scored as scored_session
from evals.scorers.wants import Wants, missed, unwanted, wants_of
from evals.scorers.wants import controls as wants_controls
from evals.scorers.wants import scored as scored_wants
from evals.sources import Sources, digest_of, read_cases, read_rows
from evals.suite import Suite
from evals.suites.constant import random_contract
from evals.suites.gold import contract_in

CALL, SESSION = "intake call", "live intake"
GOLD = "gold/contract.json"
MOST_QUESTIONS = 60
PEOPLE = {RECRUITER: "Dana Whitlock", MANAGER: "Priya Raman"}


def batches(sources: Sources, seed: int) -> list[Batch]:
    """A case for each search folder with an intake call and a gold contract, and for each counterpart in a file of cases."""
    found = []
    for path in sources.searches(GOLD):
        if any(path.glob("intake.*")):
            gold = contract_in(path / GOLD)
            case = Case(suite="intake", id=path.name, group=path.name, slices={"how": "captured"}, expected=gold)
            found.append(Batch(CALL, path, digest_of([path]), (case,)))
    for file in sources.files("intake"):
        cases = tuple(c.model_copy(update={"slices": {"how": "live", **c.slices}}) for c in read_cases(file, "intake"))
        for (number, _), case in zip(read_rows(file), cases, strict=True):
            counterpart_of(case.id, case.given)
            if case.expected.get("done") not in (SIGNED, OPEN):
                raise BadRequest("A session is expected to end signed or open", where=f"{file}, {case.id}")
            wants_of(case, f"{file}, line {number}")
        found.append(Batch(SESSION, file, digest_of([file]), cases))
    return found


async def hold_call(batch: Batch, given: Conditions) -> AsyncIterator[Outcome]:
    """The outcome of one captured call."""
    (case,) = batch.cases
    folder = read_search_folder(batch.source, held=False)
    call = said_in(folder.intake) if folder.intake else []
    if why := unscorable(case.expected, call):
        yield Outcome.unscorable(case, why)
        return
    async with given.workbench() as bench:
        began = time.perf_counter()
        try:
            told = await draft_search(bench, batch.source)
        except Exception as e:  # a crash is data
            yield Outcome.crash(case, e, took_s=time.perf_counter() - began, cost=spent(bench))
            return
        took_s = time.perf_counter() - began
        sums, marks = scored(case.expected, told, call)
        drawn = random_contract(call, Random(f"{given.seed} {case.id}"))
        controls = {name: scored(case.expected, answer, call)[0] for name, answer in (("constant", {}), ("random", drawn))}
        trace = tuple(_of_draft(told))
        yield Outcome.of(case, sums=sums, marks=marks, controls=controls, answer=told, trace=trace, took_s=took_s, cost=spent(bench))


def _of_draft(told: dict[str, Any]) -> list[Step]:
    lines = [*told["must_haves"], *told["trade_offs"], *([told["deal_breaker"]] if told["deal_breaker"] else [])]
    steps = [Step(kind="claimed", text=f"{x['id']} {x['text']}", data={"said_at": x["said_at"]}) for x in lines]
    steps += [Step(kind="verified", text=q, data={"for": x["id"]}) for x in lines for q in x["quotes"]]
    steps += [Step(kind="refused", text=f"{r['text']}: {r['why']}") for r in told["rejected"]]
    steps += [Step(kind="refused", text=str(u)) for u in told["unverified"]]
    return [*steps, *(Step(kind="answered", text=q) for q in told["open_questions"])]


@dataclass(frozen=True)
class Played:
    """A session at its end: what each question was for, by its number, and what the counterpart typed."""

    session: Session
    moves: Mapping[int, str]
    typed: tuple[Typed, ...]


async def hold_sessions(batch: Batch, given: Conditions) -> AsyncIterator[Outcome]:
    """The outcome of each counterpart's session, all of them on one workbench, as those of one company are."""
    async with given.workbench() as bench:
        for n, case in enumerate(batch.cases):
            before, began = spent(bench), time.perf_counter()
            try:
                played = await _played(bench, case, f"search-{n}")
            except Exception as e:  # a crash is data
                yield Outcome.crash(case, e, took_s=time.perf_counter() - began, cost=since(before, spent(bench)))
                continue
            took_s, cost = time.perf_counter() - began, since(before, spent(bench))
            yield _live(case, played, given).model_copy(update={"took_s": took_s, "cost": cost})


async def _played(bench: Workbench, case: Case, slug: str) -> Played:
    organisation = await organisation_of(bench)
    plan = SearchPlan(slug=slug, title="A role", recruiter=PEOPLE[RECRUITER], hiring_manager=PEOPLE[MANAGER])
    search = await open_search(bench, organisation.id, plan)
    other = counterpart_of(case.id, case.given)
    session = await open_intake(bench, search)
    moves: dict[int, str] = {}
    typed: list[Typed] = []
    while (pending := session.pending) is not None and len(typed) < MOST_QUESTIONS:
        moves[pending["n"]] = pending["move"]
        typed.append(other.answer(pending["move"], pending["to"], pending["text"]))
        side, text = typed[-1]
        session = await say(bench, search, cast(Side, side), text, to=pending["n"])
    return Played(session, moves, tuple(typed))


def _live(case: Case, played: Played, given: Conditions) -> Outcome:
    session, wanted, wants = played.session, str(case.expected["done"]), wants_of(case, case.id)
    ended = Ended(session.done or "unending", len(played.typed), _lines(session.captured), played.typed)
    drawn = Random(f"{given.seed} {case.id}")
    steps = [
        Step(kind="answered", text=t["text"], data={"by": t["by"]})
        if t["by"]
        else Step(kind="asked", text=t["text"], data={"move": played.moves.get(n, "")})
        for n, t in enumerate(session.turns)
    ]
    steps += [Step(kind="verified", text=q, data={"for": line.text, "by": side}) for line in ended.lines for side, q in line.quotes]
    if session.captured:
        steps += [Step(kind="refused", text=f"{d.text}: {d.reason}") for d in session.captured.demoted]
        steps += [Step(kind="noted", text=q) for q in session.captured.open_questions]
    steps.append(Step(kind="noted", text=session.draft))
    steps.append(Step(kind="noted", text=f"It ended {ended.done}; expected: {wanted}.", data={"missing": list(session.missing)}))
    steps += _of_wants(wants, ended)
    ending, right = session_controls(wanted, drawn), wants_controls(wants, case, drawn)
    sums = scored_session(wanted, ended) | scored_wants(wants, ended)
    return Outcome.of(
        case,
        sums=sums,
        marks={"ended as expected": ended.done == wanted, **({"rightly signed": bool(sums["rightly_signed"])} if wants else {})},
        controls={name: ending.get(name, {}) | right.get(name, {}) for name in (*ending, *right)},
        answer={"done": ended.done, "draft": session.draft, "missing": list(session.missing)},
        trace=tuple(steps),
    )


def _of_wants(wants: Wants | None, ended: Ended) -> list[Step]:
    if wants is None:
        return []
    steps = [Step(kind="noted", text=f"Wanted, and not signed: {thing[0]}", data={"kind": kind}) for kind, thing in missed(wants, ended)]
    return [*steps, *(Step(kind="noted", text=f"Given up, and signed: {thing[0]}") for thing in unwanted(wants, ended))]


def _lines(captured: Captured | None) -> tuple[Line, ...]:
    criteria = captured.criteria if captured else ()
    return tuple(Line(c.text, tuple((str(said.role or ""), said.text) for said in c.said), c.kind.value) for c in criteria)


METRICS: tuple[Metric, ...] = (
    F1("contract_f1", "lines_hit", "lines_told", "lines_there", told="lines of the right kind, from where they were settled"),
    Ratio("contract_precision", "lines_hit", "lines_told"),
    Ratio("contract_recall", "lines_hit", "lines_there"),
    Ratio("voiced_recall", "lines_voiced", "lines_there", told="lines that the draft holds at all, of whatever kind"),
    Ratio("shape_321", "shape_321", "drafts", told="drafts of three must-haves, two trade-offs and one deal-breaker"),
    Total("rejected_kept", "rejected_kept", "lines_told", told="lines that the call takes back or declines"),
    Total("quotes_not_verbatim", "quotes_bad", "quotes", told="quotes that do not stand in the call"),
    Ratio("incentives_found", "incentives_hit", "incentives_there"),
    Ratio("incentives_precision", "incentives_hit", "incentives_told"),
    Total("incentives_wrong", "incentives_wrong", "incentives_told", told="incentives told from elsewhere, or though nobody told them"),
    Ratio("live_as_expected", "as_expected", "sessions", told="sessions that end signed or open as a fair human would have them"),
    Total("signed_unwilling", "signed_unwilling", "sessions", told="contracts signed by somebody who would not"),
    Ratio("questions_asked", "questions_asked", "held", "less", "questions a session"),
    Ratio("turns_to_contract", "questions_to_signing", "signed", "less", "questions until a contract was signed"),
    Total(
        "lines_not_said_by_manager", "live_lines_bad", "live_lines", told="lines without words that the manager typed, or in other words"
    ),
    Total("live_quotes_not_said", "live_quotes_bad", "live_quotes", told="cited words that whoever is named never typed"),
    Ratio("wants_met", "wants_met", "wants", told="things that the manager ends up wanting that a line of their kind stands for, signed"),
    Ratio("lines_unasked", "lines_unasked", "lines_signed_wanted", "less", "signed lines that carry nothing wanted of their kind"),
    Ratio(
        "rightly_signed",
        "rightly_signed",
        "sessions_wanting",
        told="sessions signed with three, two and one, every wanted thing among them, and nothing that was given up",
    ),
)

SUITE = Suite(
    name="intake",
    about="contracts from captured calls, and from live sessions with scripted recruiters and managers",
    metrics=METRICS,
    batches=batches,
)
HOLDS = {CALL: hold_call, SESSION: hold_sessions}
