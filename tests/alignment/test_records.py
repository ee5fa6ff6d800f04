"""Records: frozen, strict, and unable to hold what the product promises never to say."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from alignment.citation import Citation
from alignment.contract import Criterion
from alignment.feedback import Claim, OpenQuestion, ShapedStatement, Verdict
from alignment.record import derived_id, digest, new_id
from alignment.scorecard import Grade, Scorecard
from retrieval.verify import verify
from tests.retrieval.conversation import PRIYA, TOMAS, quote, record

CALL = record((PRIYA, "Which team did you argue with?"), (TOMAS, "I argued with finance for two weeks."))


def cited() -> Citation:
    return verify(quote("I argued with finance"), CALL)


def about(**more: Any) -> dict[str, Any]:
    given = {"id": "x", "claim": "c", "feedback": "f", "interview": "i-1", "contract_version": 1, "criterion": "M1", "text": "He argued."}
    return given | more


def test_a_record_is_not_altered_and_takes_no_field_that_it_does_not_know() -> None:
    line = Criterion(id="M1", text="Argues")
    with pytest.raises(ValidationError, match="frozen"):
        line.text = "Agrees"  # type: ignore[misc]
    with pytest.raises(ValidationError, match="Extra inputs"):
        Criterion.model_validate({"id": "M1", "text": "Argues", "weight": 3})


def test_a_statement_needs_a_citation() -> None:
    with pytest.raises(ValidationError, match="citations"):
        ShapedStatement(**about(verdict=Verdict.SUPPORTED, citations=()))
    assert ShapedStatement(**about(verdict=Verdict.SUPPORTED, citations=(cited(),))).citations


@pytest.mark.parametrize("verdict", [Verdict.NO_EVIDENCE, Verdict.TOO_VAGUE, Verdict.NOT_JOB_RELATED])
def test_nothing_is_stated_that_the_record_does_not_bear(verdict: Verdict) -> None:
    with pytest.raises(ValidationError, match="supported or contradicted"):
        ShapedStatement(**about(verdict=verdict, citations=(cited(),)))


def test_a_question_offers_at_most_three_moments() -> None:
    assert OpenQuestion(**about(verdict=Verdict.NO_EVIDENCE, moments=(cited(),) * 3))
    with pytest.raises(ValidationError, match="moments"):
        OpenQuestion(**about(verdict=Verdict.NO_EVIDENCE, moments=(cited(),) * 4))


def test_a_claim_is_as_long_as_the_stretch_that_it_was_taken_from() -> None:
    with pytest.raises(ValidationError, match="as long as"):
        Claim.model_validate({"id": "c", "feedback": "f", "span": "Didn't click", "start": 0, "end": 5})


def test_grades_run_from_one_to_four_and_each_line_has_one() -> None:
    for grade in (0, 5):
        with pytest.raises(ValidationError):
            Grade(criterion="M1", grade=grade)
    with pytest.raises(ValidationError, match="graded twice"):
        Scorecard.model_validate(
            {
                "id": "s",
                "organisation": "o",
                "search": "s",
                "interview": "i",
                "interviewer": "p",
                "contract_version": 1,
                "at": "2026-03-02T09:30:00Z",
                "grades": [{"criterion": "M1", "grade": 1}, {"criterion": "M1", "grade": 4}],
            }
        )


def test_an_unmapped_speaker_is_spoken_of_by_the_label() -> None:
    assert cited().spoken == "Tomás Rivera"
    assert cited().model_copy(update={"name": ""}).spoken == "“SPEAKER_01”"


@given(st.lists(st.text()), st.lists(st.text()))
def test_two_lists_of_parts_share_a_digest_only_where_they_are_the_same(one: list[str], other: list[str]) -> None:
    assert (digest(*one) == digest(*other)) == (one == other)


def test_derived_ids_repeat_and_fresh_ones_do_not() -> None:
    assert derived_id("clm", "a", "b") == derived_id("clm", "a", "b")
    assert derived_id("clm", "a", "b") != derived_id("clm", "ab")
    assert new_id("srch") != new_id("srch")
    assert new_id("srch").startswith("srch-")
