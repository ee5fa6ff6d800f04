"""Finding the moment as a suite: its arithmetic on examples made by hand, and whole runs over small material of our own."""

import asyncio
import json
import random
from collections.abc import Sequence
from dataclasses import replace
from math import log2
from pathlib import Path
from typing import Any

import pytest

from alignment.errors import BadRequest
from alignment.people import Role
from evals.case import Batch, Outcome, State
from evals.figures import Figure, figures
from evals.meetings import read_meetings
from evals.running.conditions import Conditions
from evals.scorers.rankings import in_time, measured, sureness
from evals.sources import SAMPLES, Sources
from evals.suites import looking, retrieval
from retrieval.moments import find_moments
from retrieval.question import Form
from retrieval.ranking import Sheet

WAREHOUSE = SAMPLES / "searches" / "warehouse-shift-lead"


def meetings_batch() -> Batch:
    """The sample's meetings."""
    [batch] = retrieval.batches(Sources((SAMPLES / "retrieval",)), 7)
    return batch


def held(batch: Batch) -> list[Outcome]:
    """The outcomes of a batch."""

    async def outcomes() -> list[Outcome]:
        return [o async for o in retrieval.HOLDS[batch.kind](batch, Conditions())]

    return asyncio.run(outcomes())


def figures_of(outcomes: Sequence[Outcome]) -> dict[str, Figure]:
    """The suite's figures."""
    return figures(retrieval.SUITE.metrics, outcomes, 7)


@pytest.fixture(scope="module")
def found() -> list[Outcome]:
    """The sample's meetings, looked through once for all tests that only read."""
    return held(meetings_batch())


def told(name: str, **more: Any) -> dict[str, Any]:
    """A meeting of three turns as a file tells it."""
    turns = [
        {"i": n, "speaker": "A", "text": t, "start": None, "end": None} for n, t in enumerate(("The pump broke.", "Yes.", "I fixed it."))
    ]
    claim = {"cid": "c0", "claim": "The pump was repaired.", "evidence": [{"turn": 2}]}
    return {"meeting_id": name, "turns": turns, "claims": [claim], "queries": [], **more}


def written(folder: Path, *meetings: dict[str, Any]) -> Path:
    """A folder with these meetings."""
    folder.mkdir(parents=True)
    for meeting in meetings:
        (folder / f"{meeting['meeting_id']}.json").write_text(json.dumps(meeting), encoding="utf-8")
    return folder


def test_measures_of_a_ranking_are_those_that_one_computes_by_hand() -> None:
    values = measured({"own": ["x", "a", "y", "b"], "none": []}, ["a", "b", "c"])
    assert values["own"]["recall@5"] == pytest.approx(2 / 3)
    assert values["own"]["MRR"] == pytest.approx(1 / 2)
    assert values["own"]["nDCG@10"] == pytest.approx((1 / log2(3) + 1 / log2(5)) / (1 + 1 / log2(3) + 1 / log2(4)))
    assert values["none"] == {"recall@5": 0, "recall@10": 0, "nDCG@10": 0, "MRR": 0}


def test_a_turn_that_is_told_twice_counts_once_and_where_it_stands_first() -> None:
    values = measured({"own": ["x", "x", "x", "x", "x", "a"]}, ["a"])["own"]
    assert (values["recall@5"], values["MRR"]) == (1.0, 0.5)


def test_time_shared_with_a_right_moment_is_measured_against_all_that_either_takes() -> None:
    assert in_time([(0.0, 10.0)], [(5.0, 20.0), (100.0, 110.0)]) == {"hit@1": 1.0, "hit@3": 1.0, "time_iou": 0.25}
    late = in_time([(30.0, 40.0), None, (5.0, 6.0)], [(5.0, 20.0)])
    assert late == {"hit@1": 0.0, "hit@3": 1.0, "time_iou": 0.0}


def test_a_stretch_that_only_touches_or_lasts_too_long_hits_nothing() -> None:
    nothing = {"hit@1": 0.0, "hit@3": 0.0, "time_iou": 0.0}
    assert in_time([(0.0, 5.0)], [(5.0, 20.0)]) == nothing
    assert in_time([(0.0, 80.0)], [(5.0, 20.0)]) == nothing


def test_sureness_is_a_share_of_what_was_found() -> None:
    assert sureness([3.0, 3.0, 3.0, 3.0]) == 0.25
    assert sureness([9.0, 1.0]) > 0.99
    assert sureness([]) == 0.0


def test_the_samples_claims_and_questions_are_found_far_better_than_at_random(found: list[Outcome]) -> None:
    made = figures_of(found)
    assert [o.state for o in found if o.state is not State.SCORED] == []
    for name in ("claims_own_recall@5", "claims_pooled_recall@5", "questions_own_nDCG@10", "questions_pooled_nDCG@10", "claims_hit@3"):
        figure = made[name]
        assert figure.lo is not None, name
        assert figure.lo > (figure.controls["random"] or 0.0), name
        assert (figure.value or 0.0) > (figure.controls["constant"] or 0.0), name
    assert made["claims_hit@1"].n < made["claims_own_recall@5"].n, "one of the meetings has no times"


def test_an_index_that_ranks_at_random_falls_below_the_interval(found: list[Outcome], monkeypatch: pytest.MonkeyPatch) -> None:
    drawn = random.Random(3)
    ordered = Sheet.order

    def shuffled(self: Sheet, form: Form) -> list[int]:
        rows = ordered(self, form)
        drawn.shuffle(rows)
        return rows

    monkeypatch.setattr(Sheet, "order", shuffled)
    astray = held(meetings_batch())
    assert [o.controls for o in astray] == [o.controls for o in found], "what is found has no say in the controls"
    before, after = figures_of(found), figures_of(astray)
    for name in ("claims_own_recall@5", "claims_own_nDCG@10", "claims_pooled_recall@10", "questions_own_nDCG@10", "claims_hit@3"):
        assert (after[name].value or 0.0) < (before[name].lo or 0.0), name


def test_meetings_held_out_are_taken_and_never_those_that_weights_were_learned_from(tmp_path: Path) -> None:
    written(tmp_path / "moments" / "train", told("learned"))
    written(tmp_path / "moments" / "val", told("held-out"))
    for root in (tmp_path, tmp_path / "moments"):
        assert [c.given["interview"] for b in retrieval.batches(Sources((root,)), 7) for c in b.cases] == ["held-out"]
    assert [m.name for m in read_meetings(tmp_path, "train")] == ["learned"]


def test_a_folder_without_meetings_or_searches_has_no_cases(tmp_path: Path) -> None:
    (tmp_path / "list.json").write_text('["not", "a", "meeting"]', encoding="utf-8")
    assert retrieval.batches(Sources((tmp_path,)), 7) == []


@pytest.mark.parametrize(
    "wrong", [{"claims": [{"cid": "c0", "claim": "x", "evidence": [{"turn": 9}]}]}, {"turns": [{"i": 1}]}, {"claims": [{}]}]
)
def test_a_file_that_tells_no_meeting_is_refused_by_name(tmp_path: Path, wrong: dict[str, Any]) -> None:
    written(tmp_path / "retrieval", told("right"), told("wrong", **wrong))
    with pytest.raises(BadRequest) as refused:
        retrieval.batches(Sources((tmp_path,)), 7)
    assert "wrong.json" in str(refused.value)


def test_a_claim_that_cannot_be_looked_for_is_a_crash_and_leaves_the_others_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    written(tmp_path / "retrieval", told("one"), told("two"))
    whole = find_moments

    async def failing(text: str, scope: Any, **more: Any) -> Any:
        if len(failed) < 1:
            failed.append(text)
            raise RuntimeError("the index is gone")
        return await whole(text, scope, **more)

    failed: list[str] = []
    monkeypatch.setattr(looking, "find_moments", failing)
    first, second = held(retrieval.batches(Sources((tmp_path,)), 7)[0])
    assert (first.state, first.why, first.sums) == (State.CRASHED, "RuntimeError: the index is gone", {})
    assert second.state is State.SCORED


def test_a_claim_of_feedback_is_looked_for_among_the_candidates_words_where_they_are_known(monkeypatch: pytest.MonkeyPatch) -> None:
    scopes = []
    whole = find_moments

    async def listening(text: str, scope: Any, **more: Any) -> Any:
        scopes.append(scope)
        return await whole(text, scope, **more)

    monkeypatch.setattr(looking, "find_moments", listening)
    [batch] = retrieval.batches(Sources((WAREHOUSE,)), 7)
    unnamed, named = (next(c for c in batch.cases if c.given["interview"] == i) for i in ("1-site", "2-coldchain"))
    nowhere = unnamed.model_copy(update={"expected": {"spans": [[90000.0, 90001.0]]}})
    outcomes = held(replace(batch, cases=(named, nowhere)))
    assert [s.roles for s in scopes if s.interviews] == [(Role.CANDIDATE.value,), ()]
    assert [o.state for o in outcomes] == [State.SCORED, State.UNSCORED]
    assert {name for name, _ in outcomes[0].answer["own"]} == {"2-coldchain"}
    assert {s.text.split(":")[0] for s in outcomes[0].trace if s.data.get("scope") == "own"} == {"Marlon Tuilagi"}
    assert outcomes[0].sums["feedback_timed"] == 1.0
