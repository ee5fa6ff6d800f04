"""Others' scorecards stay hidden until one's own is in, on both databases."""

from typing import Any

import pytest

from alignment.errors import Conflict, NotFound, NotPermitted
from alignment.people import Interview, PanelSeat, Person
from alignment.record import InterviewId, PersonId, ScorecardId
from alignment.scorecard import Grade, Scorecard
from tests.congruence.story import AT, Story


def card(story: Story, interviewer: Person, interview: InterviewId | None = None, grade: int = 3) -> Scorecard:
    where = interview or story.interview.id
    given: dict[str, Any] = {"organisation": story.organisation.id, "search": story.search.id, "contract_version": 1, "at": AT}
    grades = (Grade(criterion="T2", grade=grade),)
    return Scorecard(id=ScorecardId(f"crd-{interviewer.id}-{where}"), interview=where, interviewer=interviewer.id, grades=grades, **given)


async def read_by(story: Story, reader: Person) -> set[PersonId]:
    cards = await story.store.scorecards(story.organisation.id, story.search.id, reader.id)
    return {c.interviewer for c in cards}


async def with_interview(story: Story, name: str, candidate: Person, *interviewers: Person) -> InterviewId:
    org, search = story.organisation.id, story.search.id
    id = InterviewId(f"int-{name}-{story.secret}")
    await story.store.add_interview(org, Interview(id=id, organisation=org, search=search, name=name, candidate=candidate))
    for person in interviewers:
        await story.store.seat(org, search, PanelSeat(person=person.id, name=person.name, interview=id))
    return id


async def test_bram_reads_inés_only_once_his_own_is_in(story: Story) -> None:
    assert await read_by(story, story.ines) == {story.ines.id}
    assert await read_by(story, story.bram) == set()
    await story.store.add_scorecard(story.organisation.id, card(story, story.bram))
    assert await read_by(story, story.bram) == await read_by(story, story.ines) == {story.ines.id, story.bram.id}


async def test_one_of_two_seats_with_the_same_candidate_is_not_enough(story: Story) -> None:
    second = await with_interview(story, "2-onsite", story.tomas, story.bram)
    await story.store.add_scorecard(story.organisation.id, card(story, story.bram))
    assert await read_by(story, story.bram) == {story.bram.id}
    await story.store.add_scorecard(story.organisation.id, card(story, story.bram, second))
    assert await read_by(story, story.bram) == {story.ines.id, story.bram.id}


async def test_an_open_seat_with_another_candidate_hides_only_that_candidate(story: Story) -> None:
    store, org = story.store, story.organisation.id
    mira = await store.add_person(org, "Mira")
    other = await with_interview(story, "1-mira", mira, story.ines, story.bram)
    await store.add_scorecard(org, card(story, story.bram))
    await store.add_scorecard(org, card(story, story.ines, other))
    cards = await store.scorecards(org, story.search.id, story.bram.id)
    assert {(c.interviewer, c.interview) for c in cards} == {(story.ines.id, story.interview.id), (story.bram.id, story.interview.id)}


async def test_recruiter_and_hiring_manager_see_all_unless_they_sit_on_the_panel_themselves(story: Story) -> None:
    assert await read_by(story, story.dana) == await read_by(story, story.priya) == {story.ines.id}
    second = await with_interview(story, "3-final", story.tomas, story.priya)
    assert await read_by(story, story.priya) == set()
    await story.store.add_scorecard(story.organisation.id, card(story, story.priya, second))
    assert await read_by(story, story.priya) == {story.ines.id, story.priya.id}


async def test_a_seat_whose_interview_is_not_on_record_yet_could_be_with_anybody_and_hides_all(story: Story) -> None:
    seat = PanelSeat(person=story.priya.id, name=story.priya.name, interview=InterviewId("int-planned"))
    await story.store.seat(story.organisation.id, story.search.id, seat)
    assert await read_by(story, story.priya) == set()


async def test_neither_the_candidate_nor_a_stranger_reads_a_scorecard(story: Story) -> None:
    stranger = await story.store.add_person(story.organisation.id, "Somebody")
    for person in (story.tomas, stranger):
        with pytest.raises(NotPermitted):
            await read_by(story, person)
    with pytest.raises(NotFound):
        await story.store.scorecards(story.organisation.id, story.search.id, PersonId("person-unknown"))


async def test_a_scorecard_is_handed_in_once(story: Story) -> None:
    store, org = story.store, story.organisation.id
    first = await store.add_scorecard(org, card(story, story.bram))
    assert await store.add_scorecard(org, first.model_copy(update={"id": ScorecardId("crd-again")})) == first
    with pytest.raises(Conflict, match="other grades"):
        await store.add_scorecard(org, card(story, story.bram, grade=1))
