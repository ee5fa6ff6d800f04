"""Judges over a finished run: what they read, how failures and repeats are counted, and what is said where ragas is missing."""

import asyncio
import builtins
import json
import re
import sys
from collections.abc import Awaitable, Callable, Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from alignment.errors import BadRequest, BadSettings, ModelDown, NotFound
from evals import judging
from evals.case import Outcome, State
from evals.figures import Figure
from evals.judges import SWAPPED, Asking, Scorer, Shown, figures_of, rated, shown, unreadable
from evals.judging import check_of, commoner, judge_run, known_of
from evals.ragas_bridge import CRITICS, HOW, Hearing, judge_named, ragas_parts
from evals.running.folder import read_run, write_run

# ragas leaves a file of its own open when it is first used.
pytestmark = pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")

Score = Callable[[Shown, int], Awaitable[float]]
ASKED = Asking(repeats=3, jobs=2, timeout_s=5)


def outcome(case: str, **told: Any) -> Outcome:
    return Outcome(suite="toy", case=case, group=f"g{case}", answer={"ragas": told})


def scorer(score: Score, *, asks: bool = True, swaps: bool = False, name: str = "kind") -> Scorer:
    return Scorer(name, "how kind it is", lambda told: bool(told.response), score, asks, swaps)


def judged(outcomes: list[Outcome], judge: Scorer, asking: Asking = ASKED, lost: tuple[Outcome, ...] = ()) -> dict[str, Figure]:
    ratings = asyncio.run(rated(outcomes, [judge], asking))
    return figures_of(ratings, [judge], lost, 7)["toy"]


def says(*scores: float | Exception) -> Score:
    async def score(told: Shown, repeat: int) -> float:
        said = scores[repeat]
        if isinstance(said, Exception):
            raise said
        return said

    return score


def test_a_judge_reads_what_the_suite_tells_of_a_case_and_nothing_else() -> None:
    read = shown(
        outcome("a", response="Said at minute 3.", contexts=[{"id": "i@180", "text": "yes"}], turns=[{"role": "user", "text": "hi"}])
    )
    assert read is not None
    assert (read.response, read.texts, read.turns[0].role) == ("Said at minute 3.", ["yes"], "user")
    assert shown(Outcome(suite="toy", case="b", group="g", answer={"claims": []})) is None
    assert shown(Outcome(suite="toy", case="b", group="g")) is None


def test_what_a_judge_cannot_read_is_told_by_case_and_field() -> None:
    wrong = outcome("a", contexts=["only text"])
    assert list(unreadable([wrong, outcome("b", response="x")])) == ["toy a"]
    assert "answer.ragas.contexts.0" in unreadable([wrong])["toy a"]


def test_a_scoring_that_fails_is_counted_and_never_a_zero() -> None:
    found = judged([outcome("a", response="x")], scorer(says(0.8, ValueError("no JSON"), 0.6)))
    assert found["kind"].value == pytest.approx(0.7)
    assert found["kind_failed"].value == pytest.approx(1 / 3, abs=1e-3)
    assert (found["kind"].n, found["kind"].unscored) == (1, 0)


def test_a_case_that_is_never_scored_is_unscored_and_its_neighbours_stand() -> None:
    async def score(told: Shown, repeat: int) -> float:
        return 1.0 if told.response == "good" else float("nan")

    found = judged([outcome("a", response="good"), outcome("b", response="odd")], scorer(score))
    assert (found["kind"].value, found["kind"].n, found["kind"].unscored) == (1.0, 1, 1)
    assert found["kind_failed"].value == 0.5


def test_scores_beyond_zero_and_one_are_failures_with_their_reason() -> None:
    (rating,) = asyncio.run(rated([outcome("a", response="x")], [scorer(says(2.0, -1.0, 1.0))], ASKED))
    assert rating.scores == (None, None, 1.0)
    assert rating.why[0] == "ValueError: 2.0 is no score from 0 to 1"


def test_a_judge_that_never_answers_is_given_up_after_its_time() -> None:
    async def never(told: Shown, repeat: int) -> float:
        await asyncio.Event().wait()
        raise AssertionError

    (rating,) = asyncio.run(rated([outcome("a", response="x")], [scorer(never)], Asking(repeats=2, timeout_s=0.05)))
    assert (rating.scores, rating.why) == ((None, None), ("no score within 0.05 s",) * 2)


def test_no_more_scorings_run_at_once_than_are_allowed() -> None:
    running, most = 0, 0

    async def score(told: Shown, repeat: int) -> float:
        nonlocal running, most
        running += 1
        most = max(most, running)
        await asyncio.sleep(0.002)
        running -= 1
        return 1.0

    asyncio.run(rated([outcome(str(n), response="x") for n in range(9)], [scorer(score)], Asking(repeats=1, jobs=3, timeout_s=5)))
    assert most == 3


def test_how_steady_a_judge_is_comes_from_its_repeats() -> None:
    async def score(told: Shown, repeat: int) -> float:
        return 1.0 if told.response == "firm" else float(repeat == 0)

    found = judged([outcome("a", response="firm"), outcome("b", response="torn")], scorer(score))
    assert found["kind_same"].value == 0.5
    assert found["kind_sd"].value == pytest.approx((0 + 0.5774) / 2, abs=1e-3)
    # The repeats' own means are 1, ½ and ½.
    assert found["kind"].sd == pytest.approx(0.2887, abs=1e-3)


def test_a_case_scored_once_says_nothing_of_steadiness() -> None:
    found = judged([outcome("a", response="x")], scorer(says(1.0, ValueError("a"), ValueError("b"))))
    assert (found["kind_same"].value, found["kind_same"].n) == (None, 0)


def test_a_rule_is_asked_once_and_has_no_figures_of_steadiness() -> None:
    found = judged([outcome("a", response="x")], scorer(says(1.0), asks=False))
    assert list(found) == ["kind"]


def test_a_case_without_what_a_figure_needs_is_none_of_its_cases() -> None:
    found = judged([outcome("a", response="x"), outcome("b", quotes=["y"])], scorer(says(1.0, 1.0, 1.0)))
    assert (found["kind"].n, found["kind"].unscored) == (1, 0)


def test_a_case_that_crashed_is_unscored() -> None:
    crash = Outcome(suite="toy", case="c", group="g", state=State.CRASHED)
    found = judged([outcome("a", response="x")], scorer(says(1.0, 1.0, 1.0)), lost=(crash,))
    assert (found["kind"].value, found["kind"].unscored) == (1.0, 1)


def test_the_control_is_the_same_answer_beside_the_contexts_of_another_case() -> None:
    async def score(told: Shown, repeat: int) -> float:
        return float(told.response in told.texts)

    outcomes = [outcome(w, response=w, contexts=[{"id": w, "text": w}]) for w in ("red", "blue", "green")]
    found = judged(outcomes, scorer(score, swaps=True))
    assert (found["kind"].value, found["kind"].controls) == (1.0, {SWAPPED: 0.0})
    assert judged(outcomes, scorer(score, swaps=True), Asking(controls=False))["kind"].controls == {}


async def test_half_an_answer_of_a_judge_is_none() -> None:
    replies = iter([SimpleNamespace(statements=["a", "b"]), SimpleNamespace(statements=["only one"])])

    async def ask(prompt: str, response_model: Any) -> Any:
        return next(replies)

    hearing = Hearing(ask)
    await hearing("take apart", None)
    with pytest.raises(ValueError, match="1 verdicts on 2 things"):
        await hearing("judge", None)
    assert len(hearing.failed) == 1


@pytest.mark.parametrize(("says_keeps", "right"), [(None, 1.0), (1.0, 0.5)])
def test_a_critic_is_held_against_texts_of_which_the_answer_is_known(says_keeps: float | None, right: float) -> None:
    known = known_of(CRITICS / "no_verdict_on_people.jsonl")

    async def score(told: Shown, repeat: int) -> float:
        by_text = {k.response: float(k.keeps) for k in known}
        return by_text[told.response] if says_keeps is None else says_keeps

    check, cases = check_of(scorer(score), known)
    found = figures_of(asyncio.run(rated(cases, [check], ASKED)), [check], (), 7)["judge"]
    assert found["kind_known"].value == right
    assert commoner(known) == 0.5


def test_a_known_text_that_is_none_is_told_with_its_line(tmp_path: Path) -> None:
    (tmp_path / "k.jsonl").write_text('{"response": "x", "keeps": true}\n{"response": "y"}\n')
    with pytest.raises(BadRequest, match="line 2"):
        known_of(tmp_path / "k.jsonl")


@pytest.fixture
def without_ragas(monkeypatch: pytest.MonkeyPatch) -> None:
    imported = builtins.__import__

    def refuse(name: str, *args: Any, **more: Any) -> Any:
        if name.partition(".")[0] == "ragas":
            raise ModuleNotFoundError("No module named 'ragas'", name="ragas")
        return imported(name, *args, **more)

    monkeypatch.setattr(builtins, "__import__", refuse)


@pytest.fixture
def run_folder(tmp_path: Path) -> Path:
    held = [{"id": "i@1", "text": "We moved it in March, and that's when the bill fell."}, {"id": "i@9", "text": "Nobody told us."}]
    outcomes = [
        outcome("a", response="x", quotes=["that’s when the bill fell", "it was in April"], contexts=held, reference_ids=["i@1"]),
        outcome("b", response="x", quotes=[], contexts=[], reference_ids=["i@7"]),
        outcome("c", response="She is a great hire.", contexts=[{"id": "i@4", "text": "Hello."}]),
    ]
    write_run(tmp_path / "run", {"seed": 7}, outcomes, {})
    return tmp_path / "run"


def test_without_ragas_one_is_told_the_command_and_nothing_is_written(without_ragas: None, run_folder: Path) -> None:
    with pytest.raises(BadSettings, match=re.escape(f"Run `{HOW}`, then `.venv-ragas/bin/python -m evals.ragas_bridge RUN")):
        judge_run(read_run(run_folder))
    assert not (run_folder / "ragas.json").exists()


@pytest.mark.parametrize("name", ["gpt-5", "anthropic:claude", "openai:"])
def test_a_judge_that_ragas_does_not_reach_is_refused(name: str) -> None:
    with pytest.raises(BadSettings, match="names no judge"):
        judge_named(name)


def test_a_run_that_tells_judges_nothing_is_refused(tmp_path: Path) -> None:
    write_run(tmp_path / "run", {}, [Outcome(suite="toy", case="a", group="g", answer={"claims": []})], {})
    with pytest.raises(NotFound, match="tells what a judge reads"):
        judge_run(read_run(tmp_path / "run"))


@pytest.fixture
def kind_alone(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[str]]:
    """ragas replaced by one rule, and which cases it was asked in order."""
    asked: list[str] = []

    async def score(told: Shown, repeat: int) -> float:
        if told.response.startswith("She") and asked.count(told.response) == 0:
            asked.append(told.response)
            raise KeyboardInterrupt
        asked.append(told.response)
        return 1.0

    monkeypatch.setattr(judging, "ragas_parts", SimpleNamespace)
    monkeypatch.setattr(judging, "rules", lambda parts: [scorer(score, asks=False)])
    monkeypatch.setattr(judging, "version", lambda name: "0")
    return iter([asked])


def test_a_judgement_that_was_broken_off_goes_on_where_it_was(kind_alone: Iterator[list[str]], run_folder: Path) -> None:
    asked = next(kind_alone)
    with pytest.raises(KeyboardInterrupt):
        judge_run(read_run(run_folder), asking=Asking(jobs=1))
    before = len(asked)
    summary = judge_run(read_run(run_folder), asking=Asking(jobs=1))
    assert asked[before:] == ["She is a great hire."]
    assert (summary["toy"]["kind"].n, summary["toy"]["kind"].value) == (3, 1.0)
    written = json.loads((run_folder / "ragas.json").read_text())
    assert written["toy"]["kind"].keys() == json.loads(Figure(value=1, lo=0, hi=1, n=1, unscored=0).model_dump_json()).keys()
    assert len((run_folder / "ragas.jsonl").read_text().splitlines()) == 3
    assert sorted(p.name for p in run_folder.glob("ragas*")) == ["ragas.json", "ragas.jsonl", "ragas.manifest.json"]


# What follows runs where ragas is installed, in an environment of its own.


@pytest.fixture
def ragas() -> SimpleNamespace:
    try:
        return ragas_parts()
    except BadSettings:
        pytest.skip("ragas is not installed here")


def test_ragas_scores_quotes_and_ids_as_they_are(ragas: SimpleNamespace, run_folder: Path) -> None:
    found = judge_run(read_run(run_folder), asking=Asking(controls=False))["toy"]
    # One of two quotes is there, apostrophes apart; of two contexts one is right; where nothing was retrieved, recall is zero.
    assert {name: (f.value, f.n) for name, f in found.items()} == {
        "quoted_spans_alignment": (0.5, 1),
        "id_context_precision": (0.5, 1),
        "id_context_recall": (0.5, 2),
    }


def test_ragas_finds_no_quote_across_two_contexts(ragas: SimpleNamespace, tmp_path: Path) -> None:
    parts = [{"id": "1", "text": "it was"}, {"id": "2", "text": "in March"}]
    write_run(tmp_path / "run", {}, [outcome("a", quotes=["it was in March"], contexts=parts)], {})
    assert judge_run(read_run(tmp_path / "run"))["toy"]["quoted_spans_alignment"].value == 0.0


def test_a_judge_that_is_not_there_is_told_once(ragas: SimpleNamespace, run_folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_BASE_URL", "http://127.0.0.1:9/v1")
    with pytest.raises(ModelDown, match="cannot be asked"):
        judge_run(read_run(run_folder), "openai:nobody", asking=Asking(timeout_s=5))


def test_ragas_reports_nothing_to_its_makers(ragas: SimpleNamespace) -> None:
    assert sys.modules["ragas._analytics"].do_not_track()
