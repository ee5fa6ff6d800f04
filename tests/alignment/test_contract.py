"""The alignment contract: 3/2/1 or not signed, signed by both sides, and changed only as a new version with a reason."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from alignment.contract import CRITERION_IDS, Contract, Criterion
from alignment.errors import IncompleteContract, Refused
from alignment.record import ContractId, OrganisationId, PersonId, SearchId

AT = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
DANA, PRIYA = PersonId("p-dana"), PersonId("p-priya")


def lines(*ids: str, text: str = "Argues with other teams") -> tuple[Criterion, ...]:
    return tuple(Criterion.model_validate({"id": id, "text": f"{text} ({id})"}) for id in ids)


def contract(*ids: str, **more: object) -> Contract:
    given = {"id": "c-1", "organisation": "o-1", "search": "s-1", "version": 1, "criteria": lines(*(ids or CRITERION_IDS))}
    return Contract.model_validate(given | more)


def signed_by_both(what: Contract) -> Contract:
    return what.sign("recruiter", DANA, "Dana", AT).sign("hiring_manager", PRIYA, "Priya", AT)


@given(st.sets(st.sampled_from(CRITERION_IDS)))
def test_the_gaps_are_exactly_the_lines_that_nobody_has_written(written: set[str]) -> None:
    held = Contract(id=ContractId("c"), organisation=OrganisationId("o"), search=SearchId("s"), version=1, criteria=lines(*sorted(written)))
    assert set(held.gaps()) == set(CRITERION_IDS) - written
    assert list(held.gaps()) == [id for id in CRITERION_IDS if id in held.gaps()]


def test_an_incomplete_contract_is_legal_until_somebody_signs_and_then_hears_what_is_missing() -> None:
    draft = contract("M1", "M3", "T1")
    assert not draft.signed
    with pytest.raises(IncompleteContract) as refused:
        draft.sign("recruiter", DANA, "Dana", AT)
    assert "M2, T2, D1" in str(refused.value)
    assert "three must-haves, two trade-offs and one deal-breaker" in str(refused.value)
    assert "M1" not in str(refused.value)


def test_one_side_alone_does_not_make_a_signed_contract() -> None:
    once = contract().sign("recruiter", DANA, "Dana", AT)
    assert not once.signed
    assert once.sign("hiring_manager", PRIYA, "Priya", AT).signed


def test_signing_twice_is_signing_once() -> None:
    once = contract().sign("recruiter", DANA, "Dana", AT)
    assert once.sign("recruiter", DANA, "Dana", AT) is once


def test_nobody_signs_for_a_side_that_there_is_not() -> None:
    with pytest.raises(ValidationError):
        contract().sign("candidate", PersonId("p-tomas"), "Tomás", AT)  # type: ignore[arg-type]


def test_another_wording_takes_both_signatures_off() -> None:
    signed = signed_by_both(contract())
    reworded = signed.model_copy(update={"criteria": lines(*CRITERION_IDS, text="Never argues")})
    assert signed.signed
    assert len(reworded.signatures) == 2
    assert not reworded.signed
    assert signed_by_both(reworded).signed


def test_the_wording_is_that_of_one_search_and_one_version() -> None:
    one = contract()
    assert one.wording == contract().wording
    assert one.wording != contract(version=2).wording
    assert one.wording != contract(search="s-2").wording
    assert one.wording == contract(criteria=tuple(reversed(one.criteria))).wording


def test_a_change_without_a_reason_is_refused() -> None:
    for reason in ("", "  \n"):
        with pytest.raises(Refused) as refused:
            contract().next_version(lines(*CRITERION_IDS), reason)
        assert "one sentence" in str(refused.value)


def test_the_next_version_starts_unsigned_and_keeps_what_was_agreed_beside_the_criteria() -> None:
    first = signed_by_both(contract(incentives=[{"side": "recruiter", "text": "days open"}], open_questions=["Remote?"]))
    second = first.next_version(lines(*CRITERION_IDS, text="Ships"), " Priya met the team ")
    assert (second.version, second.reason, second.signatures) == (2, "Priya met the team", ())
    assert (second.incentives, second.open_questions, second.search) == (first.incentives, first.open_questions, first.search)
    assert second.id != first.id
    assert second.id == first.next_version(lines("M1"), "another").id
    assert first.version == 1
    assert first.signed


def test_changes_since_name_what_was_changed_added_and_dropped_and_nothing_else() -> None:
    first = contract("M1", "M2", "D1")
    kept = first.criterion("M1")
    assert kept is not None
    second = first.next_version((kept, *lines("M2", text="Ships"), *lines("T1")), "the team grew")
    changes = {c.id: (c.before, c.after, c.reason) for c in second.changes_since(first)}
    assert changes == {
        "M2": ("Argues with other teams (M2)", "Ships (M2)", "the team grew"),
        "T1": (None, "Argues with other teams (T1)", "the team grew"),
        "D1": ("Argues with other teams (D1)", None, "the team grew"),
    }
    assert second.changes_since(second) == ()


def test_one_line_stands_once_and_versions_count_from_one() -> None:
    with pytest.raises(ValidationError, match="stands twice"):
        contract("M1", "M1")
    with pytest.raises(ValidationError, match="count from 1"):
        contract(version=0)
    with pytest.raises(ValidationError):
        contract("M4")


def test_a_line_is_spoken_of_as_people_do() -> None:
    assert [c.spoken for c in contract("M2", "T2", "D1").criteria] == ["must-have #2", "trade-off #2", "the deal-breaker"]


def test_a_line_without_words_is_none() -> None:
    with pytest.raises(ValidationError):
        Criterion(id="M1", text="   ")


def test_one_person_cannot_sign_for_both_sides() -> None:
    once = contract().sign("recruiter", PersonId("p-dana"), "Dana", AT)
    with pytest.raises(Refused, match="other side"):
        once.sign("hiring_manager", PersonId("p-dana"), "Dana", AT)
