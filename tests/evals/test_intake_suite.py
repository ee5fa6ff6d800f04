"""The suite of intakes: the figures of the search folders' own scorer, and a session that goes wrong is told as what it is."""

import json
import shutil
import subprocess
import sys
from collections.abc import Iterator, Sequence
from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest

from agents.ingestion import read_file
from agents.intake import open_intake
from agents.intake import say as say_on_record
from alignment.errors import BadRequest
from evals.case import Outcome, State
from evals.figures import Figure, figures
from evals.running.conditions import Conditions
from evals.scorers.contracts import scored
from evals.scorers.quotes import Said, said_of
from evals.scorers.sessions import Ended, Line
from evals.scorers.sessions import scored as scored_session
from evals.sources import SAMPLES, Sources, read_cases
from evals.suites import intake
from tests.agents.silent import NAME, silence

pytestmark = pytest.mark.asyncio(loop_scope="session")
SHARED = Path(__file__).parents[2].parent / "shared"
SEARCHES, SCORER = SHARED / "data" / "searches", SHARED / "tools" / "score_searches.py"
CALL = SAMPLES / "intakes" / "second" / "company-stage-manager-tour"
PLAIN = next(c.given for c in read_cases(SAMPLES / "intake" / "first.jsonl", "intake") if c.id == "the plain one")
GOLD = {
    "must_haves": [{"id": "M1", "said_at": [[10, 20]]}],
    "trade_offs": [{"id": "T1", "said_at": [[50, 60]]}],
    "deal_breaker": {"id": "D1", "said_at": [[90, 95]]},
    "rejected": [{"said_at": [[30, 40]]}],
    "incentives": {"recruiter": {"said_at": [[70, 80]]}, "hiring_manager": None},
}
SPOKEN = [Said("P", 10, 20, "They must have closed a till."), Said("P", 50, 60, "I would give up the degree.")]
TYPED = (("hiring_manager", "They've closed a till."), ("hiring_manager", "On Fridays too."), ("recruiter", "And led a team."))


async def held(root: Path, conditions: Conditions | None = None) -> list[Outcome]:
    batches = intake.batches(Sources((root,)), 7)
    return [o for b in batches for _ in [0] async for o in intake.HOLDS[b.kind](b, conditions or Conditions())]


def told(outcomes: Sequence[Outcome]) -> dict[str, Figure]:
    return figures(intake.SUITE.metrics, outcomes, 7)


def live(root: Path, done: str, **given: Any) -> Path:
    """A folder with one counterpart, the plain one unless it is given another."""
    (root / "intake").mkdir()
    case = {"id": "somebody", "given": given or PLAIN, "expected": {"done": done}}
    (root / "intake" / "own.jsonl").write_text(json.dumps(case) + "\n", encoding="utf-8")
    return root


def line(start_s: float, *quotes: str) -> dict[str, Any]:
    return {"text": "x", "said_at": [[start_s, start_s + 5]], "quotes": list(quotes)}


def damaged(drafts: dict[str, dict[str, Any]]) -> dict[str, dict[str, Any]]:
    """The drafts with something else wrong in each, so that the two scorers have something to disagree on."""
    told = deepcopy(drafts)
    for n, draft in enumerate(told.values()):
        match n % 5:
            case 0:
                draft["must_haves"], draft["trade_offs"] = draft["trade_offs"], draft["must_haves"]
            case 1:
                draft["deal_breaker"] = None
            case 2:
                draft["must_haves"][0]["quotes"] = ["I never said so, not once"]
            case 3:
                draft["must_haves"][0] = (
                    {"text": "x", **{k: v for k, v in draft["rejected"][0].items() if k != "text"}} if draft["rejected"] else {}
                )
            case _:
                draft["trade_offs"][0]["said_at"] = [[0.0, 400.0]]
    return told


@pytest.mark.skipif(not SCORER.exists(), reason="the scorer of the search folders is not beside this checkout")
@pytest.mark.parametrize("data", [SEARCHES, SAMPLES / "intakes" / "third"], ids=lambda p: p.name)
async def test_the_figures_are_those_of_the_search_folders_own_scorer(data: Path, tmp_path: Path) -> None:
    root = copied(data, tmp_path / "searches")
    outcomes = await held(root)
    assert {o.state for o in outcomes} == {State.SCORED}
    drafts = {o.case: o.answer for o in outcomes}
    same(told(outcomes), theirs(tmp_path / "sound", root, drafts))
    golds = {b.source.name: (b.cases[0].expected, said_of(read_file(b.source / "intake.vtt"))) for b in intake.batches(Sources((root,)), 7)}
    broken = damaged(drafts)
    anew = [o.model_copy(update={"sums": scored(golds[o.case][0], broken[o.case], golds[o.case][1])[0]}) for o in outcomes]
    assert told(anew)["contract_f1"].value != told(outcomes)["contract_f1"].value
    same(told(anew), theirs(tmp_path / "broken", root, broken))


def copied(data: Path, root: Path) -> Path:
    """Five searches of a folder, each with a folder of interviews, without which the scorer reads none."""
    for path in sorted(p for p in data.iterdir() if p.is_dir())[:5]:
        shutil.copytree(path, root / path.name)
        (root / path.name / "interviews").mkdir(exist_ok=True)
    return root


def theirs(out: Path, root: Path, drafts: dict[str, dict[str, Any]]) -> dict[str, Any]:
    for name, draft in drafts.items():
        (out / name).mkdir(parents=True)
        (out / name / "contract.json").write_text(json.dumps(draft), encoding="utf-8")
    ran = subprocess.run([sys.executable, str(SCORER), str(out), str(root), "--json"], check=True, capture_output=True, text=True)
    contract: dict[str, Any] = json.loads(ran.stdout)["contract"]
    return contract


def same(ours: dict[str, Figure], theirs: dict[str, Any]) -> None:
    pairs = {
        "contract_f1": "f1",
        "contract_precision": "p",
        "contract_recall": "r",
        "voiced_recall": "voiced_recall",
        "rejected_kept": "rejected_kept",
    }
    assert {k: ours[k].value for k in pairs} == pytest.approx({k: theirs[v] for k, v in pairs.items()}, abs=6e-4)
    shape, quotes = ours["shape_321"], ours["quotes_not_verbatim"]
    assert theirs["shape_321"] == f"{round((shape.value or 0) * shape.n)}/{shape.n:g}"
    assert theirs["quotes_not_verbatim"] == f"{quotes.value:g}/{quotes.n:g}"


async def test_a_line_counts_where_it_is_of_the_right_kind_and_from_where_it_was_settled() -> None:
    draft = {
        "must_haves": [line(12, "closed a till"), line(31, "nobody said this")],
        "trade_offs": [],
        "deal_breaker": line(52, "give up the degree"),
        "incentives": {"recruiter": line(72, "x"), "hiring_manager": line(14, "x")},
    }
    sums, marks = scored(GOLD, draft, SPOKEN)
    assert (sums["lines_hit"], sums["lines_voiced"], sums["lines_told"], sums["lines_there"]) == (1, 2, 3, 3)
    assert (sums["rejected_kept"], sums["shape_321"]) == (1, 0)
    assert (sums["quotes"], sums["quotes_bad"]) == (3, 1)
    assert (sums["incentives_hit"], sums["incentives_wrong"], sums["incentives_there"]) == (1, 1, 1)
    assert marks == {"must_haves M1": True, "trade_offs T1": False, "deal_breaker D1": False, "three, two and one": False}


@pytest.mark.parametrize(
    ("text", "quote", "lines_bad", "quotes_bad"),
    [
        ("closed a till", ("hiring_manager", "closed a till"), 0, 0),
        ("closed a till", ("hiring_manager", "closed a shop"), 1, 1),
        ("closed a bank", ("hiring_manager", "closed a till"), 1, 0),
        ("led a team", ("recruiter", "led a team"), 1, 0),
        ("led a team", ("hiring_manager", "led a team"), 1, 1),
        ("a till on Fridays", ("hiring_manager", "a till on Fridays"), 1, 1),
        ("closed a till", ("hiring_manager", ""), 1, 1),
    ],
)
async def test_a_line_is_the_managers_where_it_rests_on_what_the_manager_typed_in_one_answer(
    text: str, quote: tuple[str, str], lines_bad: int, quotes_bad: int
) -> None:
    sums = scored_session("signed", Ended("signed", 3, (Line(text, (quote,)),), TYPED))
    assert (sums["live_lines_bad"], sums["live_quotes_bad"]) == (lines_bad, quotes_bad)


async def test_a_session_is_told_question_by_question_and_its_lines_are_held_against_what_was_typed(tmp_path: Path) -> None:
    (outcome,) = await held(live(tmp_path, "signed"))
    assert outcome.marks == {"ended as expected": True}
    assert (outcome.sums["live_lines"], outcome.sums["live_lines_bad"], outcome.sums["live_quotes_bad"]) == (6, 0, 0)
    asked = [s.data["move"] for s in outcome.trace if s.kind == "asked"]
    assert (asked[0], asked[-1], len(asked)) == ("outcome", "sign", outcome.sums["questions_asked"])
    assert outcome.controls["never signs"]["as_expected"] == 0
    assert any(s.kind == "noted" and s.text == outcome.answer["draft"] for s in outcome.trace)


async def test_who_would_not_sign_and_has_signed_is_counted(tmp_path: Path) -> None:
    found = told(await held(live(tmp_path, "open")))
    assert (found["signed_unwilling"].value, found["live_as_expected"].value) == (1, 0)


async def test_a_session_that_does_not_end_is_not_as_expected_and_no_crash(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(intake, "MOST_QUESTIONS", 3)
    (outcome,) = await held(live(tmp_path, "open"))
    assert (outcome.state, outcome.answer["done"], outcome.sums["as_expected"]) == (State.SCORED, "unending", 0)
    assert outcome.sums["questions_asked"] == 3


async def test_a_program_that_puts_words_into_the_managers_mouth_is_caught(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async def say(bench: Any, search: Any, side: Any, text: str, **more: Any) -> Any:
        return await say_on_record(bench, search, side, text.replace("vans", "lorries"), **more)

    monkeypatch.setattr(intake, "say", say)
    found = told(await held(live(tmp_path, "signed")))
    assert found["lines_not_said_by_manager"].value
    assert found["live_quotes_not_said"].value


async def test_a_session_that_crashes_is_told_as_a_crash_and_the_next_is_held(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    broken: list[bool] = []

    async def once(*given: Any) -> Any:
        if not broken:
            broken.append(True)
            raise RuntimeError("the store went down")
        return await open_intake(*given)

    monkeypatch.setattr(intake, "open_intake", once)
    file = live(tmp_path, "signed") / "intake" / "own.jsonl"
    file.write_text(file.read_text() + file.read_text().replace("somebody", "the next"))
    first, second = await held(tmp_path)
    assert (first.state, first.why) == (State.CRASHED, "RuntimeError: the store went down")
    assert second.marks == {"ended as expected": True}


@pytest.mark.parametrize(
    ("done", "lines"), [("maybe", PLAIN["lines"]), ("signed", {"must": [["candidate", "Me."]]}), ("open", {"must": "Hm."}), ("open", None)]
)
async def test_a_counterpart_that_is_none_is_refused_before_anything_is_held(tmp_path: Path, done: str, lines: Any) -> None:
    with pytest.raises(BadRequest):
        intake.batches(Sources((live(tmp_path, done, lines=lines),)), 7)


async def test_a_gold_contract_without_times_cannot_be_scored_and_is_no_failure_of_the_product(tmp_path: Path) -> None:
    shutil.copytree(CALL, tmp_path / "call")
    file = tmp_path / "call" / "gold" / "contract.json"
    gold = json.loads(file.read_text())
    gold["trade_offs"][1]["said_at"] = []
    file.write_text(json.dumps(gold))
    (outcome,) = await held(tmp_path)
    assert (outcome.state, outcome.why) == (State.UNSCORED, "the gold contract does not tell when these lines were settled: T2")


@pytest.fixture
def silent(monkeypatch: pytest.MonkeyPatch) -> Iterator[Conditions]:
    with silence(monkeypatch):
        yield Conditions(model=NAME)


async def test_a_chat_model_reads_the_call_and_hears_the_answers_and_what_it_costs_is_told(
    tmp_path: Path, silent: Conditions, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(intake, "MOST_QUESTIONS", 2)
    shutil.copytree(CALL, live(tmp_path, "signed") / "call")
    call, session = await held(tmp_path, silent)
    assert (call.answer["judged"], call.sums["lines_told"]) == ({"read": NAME}, 0), call.trace
    assert session.state == State.SCORED
    assert call.cost.asked
    assert session.cost.asked > call.cost.asked
