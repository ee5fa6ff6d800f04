"""What stands for no consent of the candidate's own is known however it is spelt, and nobody's words can be made somebody's."""

import pytest

from alignment.errors import Conflict
from alignment.people import Person, Role
from alignment.record import OrganisationId, PersonId
from corpus.consenting import NOTICE, RECORDED_ELSEWHERE, basis_of
from corpus.importers.parsed import UNKNOWN_SPEAKER
from corpus.speakers import map_speakers


@pytest.mark.parametrize("told", ["recorded-elsewhere", "Recorded Elsewhere", "recorded_elsewhere", "  RECORDED-ELSEWHERE "])
def test_that_a_consent_lies_elsewhere_is_never_a_consent_in_the_candidates_name(told: str) -> None:
    assert basis_of(told) == RECORDED_ELSEWHERE


def test_a_notice_is_a_notice_and_a_basis_stays_as_it_was_told() -> None:
    assert basis_of("Notice") == NOTICE
    assert basis_of(" Signed form of 3 May ") == "Signed form of 3 May"


def test_whoever_could_not_be_told_apart_stands_for_no_person() -> None:
    tomas = Person(id=PersonId("p-1"), organisation=OrganisationId("o-1"), name="Tomás Rivera")
    with pytest.raises(Conflict, match="no one person"):
        map_speakers([UNKNOWN_SPEAKER], [(tomas, Role.CANDIDATE)], {UNKNOWN_SPEAKER: "Tomás Rivera"})
