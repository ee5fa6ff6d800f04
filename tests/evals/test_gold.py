"""A mistake in gold answers is refused when they are read, with file, line and field, and is never told as a crash of the product."""

import json
from pathlib import Path
from typing import Any

import pytest

from alignment.errors import BadRequest
from evals.case import Batch, Outcome, State
from evals.running.conditions import Conditions
from evals.scorers import claims as claim_scorer
from evals.sources import SAMPLES, Sources
from evals.suites import debrief, intake, searches, shaping
from tests.evals.small_search import small_search

CLAIM: dict[str, Any] = {
    "span": "He closed the upper gate by hand",
    "verdict": "supported",
    "polarity": "positive",
    "criterion": "M1",
    "moments": [[10, 18]],
}


def with_claims(root: Path, *claims: dict[str, Any]) -> Path:
    """A search whose second line of gold has these claims."""
    path = small_search(root)
    rows = [{"id": "F0", "claims": []}, {"id": "F1", "claims": list(claims)}]
    (path / "gold" / "feedback.jsonl").write_text("".join(json.dumps(r) + "\n" for r in rows), encoding="utf-8")
    return path


@pytest.mark.parametrize(
    ("wrong", "why"),
    [
        ({"polarity": None}, "claims 2: polarity is missing"),
        ({"polarity": "good"}, "claims 2, polarity: .*'positive', 'negative' or 'mixed'"),
        ({"verdict": "suported"}, "claims 2, verdict: .*'supported', .*\"suported\""),
        ({"verdict": None}, "claims 2, verdict"),
        ({"span": " "}, "claims 2, span"),
        ({"criterion": "M9"}, "claims 2, criterion: it is none of M1"),
        ({"moments": [[10]]}, "claims 2, moments 1"),
        ({"moments": [[10, 18], [30, 20]]}, "claims 2, moments 2: it ends at 20 s"),
        ({"moments": [["0:10", "0:18"]]}, "claims 2, moments 1"),
    ],
)
def test_a_gold_claim_that_nothing_can_be_held_against_is_refused_with_file_line_and_field(
    tmp_path: Path, wrong: dict[str, Any], why: str
) -> None:
    path = with_claims(tmp_path, CLAIM, {**CLAIM, **wrong})
    with pytest.raises(BadRequest, match=why) as e:
        shaping.SUITE.batches(Sources((tmp_path,)), 7)
    assert e.value.where == f"{path / 'gold' / 'feedback.jsonl'}, line 2"
    assert e.value.todo


def test_a_claim_without_evidence_needs_no_polarity_criterion_or_moments(tmp_path: Path) -> None:
    with_claims(tmp_path, {"span": "He is a nice man", "verdict": "not_job_related"})
    (batch,) = shaping.SUITE.batches(Sources((tmp_path,)), 7)
    assert [c.id for c in batch.cases] == ["lock-keeper/F0", "lock-keeper/F1"]


@pytest.mark.parametrize(
    ("told", "why"),
    [
        ({"conflicts": [{"criterion": "M1"}]}, "conflicts 1, supported_side"),
        ({"conflicts": [{"criterion": "M1", "supported_side": "both"}]}, "conflicts 1, supported_side"),
        ({"missing": None}, "missing"),
        ({"injections": [{"interview": "1-lock"}]}, "injections 1: it names neither"),
    ],
)
def test_a_gold_debrief_that_cannot_be_scored_against_is_refused_with_its_field(tmp_path: Path, told: dict[str, Any], why: str) -> None:
    path = small_search(tmp_path)
    (path / "gold" / "debrief.json").write_text(json.dumps(told), encoding="utf-8")
    with pytest.raises(BadRequest, match=why) as e:
        debrief.SUITE.batches(Sources((tmp_path,)), 7)
    assert e.value.where == str(path / "gold" / "debrief.json")


def test_a_gold_contract_whose_moments_are_none_is_refused_with_its_field(tmp_path: Path) -> None:
    path = small_search(tmp_path)
    (path / "intake.vtt").write_text("WEBVTT\n\n00:01.000 --> 00:02.000\nFenna: Yes.\n", encoding="utf-8")
    gold = json.loads((path / "gold" / "contract.json").read_text())
    gold["must_haves"][1]["said_at"] = [12.0]
    (path / "gold" / "contract.json").write_text(json.dumps(gold), encoding="utf-8")
    with pytest.raises(BadRequest, match="must_haves 2, said_at 1"):
        intake.batches(Sources((tmp_path,)), 7)


def test_our_own_gold_answers_are_as_they_must_be() -> None:
    assert shaping.SUITE.batches(Sources((SAMPLES,)), 7)
    assert debrief.SUITE.batches(Sources((SAMPLES,)), 7)


async def test_a_scorer_that_fails_leaves_a_case_unscored_and_the_rest_of_its_search_whole(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = with_claims(tmp_path, CLAIM)
    (path / "gold" / "debrief.json").write_text("{}", encoding="utf-8")

    def fails(*_: Any) -> None:
        raise KeyError("polarity")

    monkeypatch.setattr(claim_scorer, "scored", fails)
    sources = Sources((tmp_path,))
    (one,), (other,) = shaping.SUITE.batches(sources, 7), debrief.SUITE.batches(sources, 7)
    batch = Batch(one.kind, one.source, one.digest, (*one.cases, *other.cases))
    outcomes: dict[str, Outcome] = {o.case: o async for o in searches.hold(batch, Conditions())}
    assert outcomes["lock-keeper/F1"].state is State.UNSCORED
    assert "KeyError: 'polarity'" in outcomes["lock-keeper/F1"].why
    assert outcomes["lock-keeper"].state is State.SCORED
