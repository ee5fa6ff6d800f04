import pytest

from alignment.errors import Conflict, NotFound
from alignment.people import Person, Role
from alignment.record import OrganisationId, PersonId
from alignment.transcript import Certainty
from corpus.importers import UNKNOWN_SPEAKER
from corpus.speakers import Seat, map_speakers


def seat(id: str, name: str, role: Role) -> Seat:
    return Person(id=PersonId(id), organisation=OrganisationId("o"), name=name), role


DANA = seat("p-dana", "Dana Reyes", Role.RECRUITER)
PRIYA = seat("p-priya", "Priya Rao", Role.HIRING_MANAGER)
HAMID = seat("p-hamid", "Hamid Sarraf", Role.INTERVIEWER)
GRACE = seat("p-grace", "Grace Montoya-Pruitt", Role.INTERVIEWER)
TOMAS = seat("p-tomas", "Tomás Vidal", Role.CANDIDATE)
PANEL = (DANA, PRIYA, HAMID, GRACE, TOMAS)


def named(label: str, people: tuple[Seat, ...] = PANEL) -> str | None:
    return map_speakers([label], people)[0].person


@pytest.mark.parametrize(
    ("label", "person"),
    [
        ("Tomás Vidal", "p-tomas"),
        ("tomas  VIDAL", "p-tomas"),
        ("Vidal, Tomás", "p-tomas"),
        ("Tomás", "p-tomas"),
        ("Tomás Vidal (Guest)", "p-tomas"),
        ("Dana Reyes (she/her)", "p-dana"),
        ("Dana Reyes | Acme Talent", "p-dana"),
        ("Acme - Dana Reyes", "p-dana"),
        ("Dana Reyes, Acme", "p-dana"),
        ("Dr. Hamid Sarraf", "p-hamid"),
        ("Dr Sarraf", "p-hamid"),
        ("Hamid S.", "p-hamid"),
        ("Hamid K. Sarraf", "p-hamid"),
        ("Grace Montoya Pruitt", "p-grace"),
        ("Grace Montoya", "p-grace"),
    ],
)
def test_a_label_that_fits_one_person_is_that_person(label: str, person: str) -> None:
    speaker = map_speakers([label], PANEL)[0]
    assert (speaker.label, speaker.person, speaker.certainty) == (label, person, Certainty.NAMED)


@pytest.mark.parametrize(
    "label",
    ["SPEAKER_00", "Speaker 1", "A", "", UNKNOWN_SPEAKER, "Sarraf", "Dana's iPhone", "Dan", "Dana Smith", "Hamid Sarraf and Priya Rao",
     "Dana Reyes | Priya Rao", "Hamid, Priya Rao", "Priya & Hamid", "Hamid B.", "Meeting Room 4", "Vidal Tomás Reyes Rao Extra"],
)  # fmt: skip
def test_a_label_that_names_nobody_or_two_people_stays_unmapped(label: str) -> None:
    speaker = map_speakers([label], PANEL)[0]
    assert (speaker.label, speaker.person, speaker.name, speaker.role) == (label, None, "", None)
    assert speaker.certainty is Certainty.UNMAPPED


def test_a_first_name_that_two_people_share_names_neither() -> None:
    other = seat("p-hamid-2", "Hamid Osei", Role.CANDIDATE)
    assert named("Hamid", (*PANEL, other)) is None
    assert named("Hamid Sarraf", (*PANEL, other)) == "p-hamid"


def test_two_people_of_one_name_are_not_told_apart_by_it() -> None:
    assert named("Tomás Vidal", (*PANEL, seat("p-other", "Tomas Vidal", Role.INTERVIEWER))) is None


def test_a_person_may_have_several_labels() -> None:
    speakers = map_speakers(["Tomás", "Tomás Vidal", "Tomás"], PANEL)
    assert [(s.label, s.person) for s in speakers] == [("Tomás", "p-tomas"), ("Tomás Vidal", "p-tomas")]


def test_a_hiring_manager_on_the_panel_speaks_as_an_interviewer() -> None:
    twice = (PRIYA, (PRIYA[0], Role.INTERVIEWER), TOMAS)
    assert map_speakers(["Priya Rao"], twice)[0].role is Role.INTERVIEWER
    assert map_speakers(["Priya Rao"], (DANA, PRIYA))[0].role is Role.HIRING_MANAGER


def test_a_given_mapping_wins_over_the_name_and_takes_ids_or_names() -> None:
    speakers = map_speakers(["SPEAKER_00", "Tomás"], PANEL, {"SPEAKER_00": "tomas vidal", "Tomás": "p-hamid"})
    assert [(s.person, s.name, s.role, s.certainty) for s in speakers] == [
        ("p-tomas", "Tomás Vidal", Role.CANDIDATE, Certainty.GIVEN),
        ("p-hamid", "Hamid Sarraf", Role.INTERVIEWER, Certainty.GIVEN),
    ]


def test_a_given_mapping_of_a_label_that_is_not_there_says_which_are() -> None:
    with pytest.raises(NotFound, match=r"SPEAKER_07.*The labels are: SPEAKER_00, SPEAKER_01\."):
        map_speakers(["SPEAKER_00", "SPEAKER_01"], PANEL, {"SPEAKER_07": "p-tomas"})


def test_a_given_mapping_to_a_stranger_says_who_takes_part() -> None:
    with pytest.raises(NotFound, match=r"Ghost.*SPEAKER_00.*Who does: Tomás Vidal, "):
        map_speakers(["SPEAKER_00"], PANEL, {"SPEAKER_00": "Ghost"})


def test_a_given_name_that_two_people_bear_asks_for_an_id() -> None:
    people = (*PANEL, seat("p-other", "Tomas Vidal", Role.INTERVIEWER))
    with pytest.raises(Conflict, match=r"p-tomas, p-other|p-other, p-tomas"):
        map_speakers(["A"], people, {"A": "Tomás Vidal"})
    assert map_speakers(["A"], people, {"A": "p-other"})[0].person == "p-other"
