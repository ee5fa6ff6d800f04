"""One behaviour, two databases: every claim here holds on SQLite and on PostgreSQL."""

import uuid
from datetime import date, datetime, timedelta

import pytest

from alignment.errors import Conflict, ConsentMissing, IncompleteContract, NotFound, Refused, Unreadable
from alignment.people import Consent, ConsentPolicy, Interview, PanelSeat, Person, Role, Search
from alignment.record import InterviewId, PersonId, SearchId, TranscriptId
from corpus.consenting import RECORDED_ELSEWHERE
from corpus.store import Store
from corpus.store_interviews import consent_recorded_elsewhere
from tests.congruence.story import AT, Story, consent, contract_of, shaping_of, signature, transcript_of


def other_interview(story: Story, name: str = "2-onsite", **given: object) -> Interview:
    org, search = story.organisation.id, story.search.id
    blank = Interview(id=InterviewId(f"int-{uuid.uuid4().hex}"), organisation=org, search=search, name=name, candidate=story.tomas)
    return blank.model_copy(update=given)


async def test_everything_that_is_saved_is_read_back_as_it_was(story: Story) -> None:
    store, org = story.store, story.organisation.id
    assert await store.organisation(org) == await store.organisation_by_name(story.organisation.name) == story.organisation
    assert story.organisation in await store.organisations()
    assert await store.person(org, story.dana.id) == story.dana
    assert await store.search(org, story.search.id) == await store.search_by_slug(org, story.search.slug) == story.search
    assert (story.search.recruiter, story.search.hiring_manager) == (story.dana, story.priya)
    assert [(s.person, s.focus) for s in story.search.panel] == [(story.ines.id, ("M1", "T2")), (story.bram.id, ("M1", "T2"))]
    assert await store.contract(org, story.search.id) == contract_of(story.search, story.secret)
    assert await store.interview(org, story.interview.id) == story.interview
    assert story.interview.consent == consent(story.tomas)
    assert await store.transcript(org, story.interview.id) == await store.transcript_by_id(org, story.transcript.id) == story.transcript
    assert await store.feedback(org, story.feedback.id) == story.feedback
    assert await store.shapings(org, story.feedback.id) == (story.shaping,)
    assert await store.scorecards(org, story.search.id, None) == (story.scorecard,)


async def test_an_organisation_is_made_once_and_keeps_the_policy_that_it_was_given(store: Store) -> None:
    name = f"Acme {uuid.uuid4().hex}"
    made = await store.create_organisation(name)
    changed = await store.set_consent_policy(made.id, ConsentPolicy.RECORDED_ELSEWHERE)
    assert await store.create_organisation(name) == changed
    assert changed.consent_policy is ConsentPolicy.RECORDED_ELSEWHERE
    with pytest.raises(NotFound):
        await store.organisation_by_name(f"No such {name}")


async def test_tomás_is_one_person_in_either_unicode_form_and_two_when_somebody_says_so(story: Story) -> None:
    store, org = story.store, story.organisation.id
    first = await store.add_person(org, "Tomás Ruiz")
    assert await store.add_person(org, "tomás  ruiz") == first
    second = await store.add_person(org, "Tomás Ruiz", another=True)
    assert await store.people_by_name(org, "TOMÁS RUIZ") == (first, second)
    with pytest.raises(Conflict, match="2 people are called"):
        await store.add_person(org, "Tomás Ruiz")


async def test_a_search_is_added_once_and_only_its_panel_grows(story: Story) -> None:
    store, org, search = story.store, story.organisation.id, story.search
    assert await store.add_search(org, search) == search
    with pytest.raises(Conflict, match="other content"):
        await store.add_search(org, search.model_copy(update={"title": "Something else"}))
    with pytest.raises(Conflict, match="already a search called"):
        await store.add_search(org, search.model_copy(update={"id": SearchId("srch-other")}))
    seat = PanelSeat(person=story.dana.id, name=story.dana.name, interview=InterviewId("int-planned"), focus=("D1",))
    assert (await store.seat(org, search.id, seat)).panel == (*search.panel, seat)
    moved = seat.model_copy(update={"focus": ("M2", "M3")})
    assert (await store.seat(org, search.id, moved)).panel == (*search.panel, moved)
    roles = await store.people_of(org, search.id)
    assert {role for person, role in roles if person == story.dana} == {Role.RECRUITER, Role.INTERVIEWER}
    assert (story.tomas, Role.CANDIDATE) in roles


async def test_searches_are_paged_by_their_slug_and_none_is_lost_between_pages(story: Story) -> None:
    store, org = story.store, story.organisation.id
    for slug in ("b-two", "Z-upper", "a-one", "ä-umlaut"):
        await store.add_search(org, Search(id=SearchId(f"srch-{slug}"), organisation=org, slug=slug, title=slug))
    seen: list[str] = []
    while page := await store.searches(org, limit=2, after=seen[-1] if seen else ""):
        seen += [search.slug for search in page]
    assert seen == ["Z-upper", "a-one", "b-two", story.search.slug, "ä-umlaut"]


async def test_a_contract_version_is_never_edited_and_never_skipped(story: Story) -> None:
    store, org, first = story.store, story.organisation.id, story.contract
    assert await store.add_contract(org, first) == first
    with pytest.raises(Conflict, match="another content"):
        await store.add_contract(org, contract_of(story.search, "other words"))
    second = first.next_version(first.criteria[:5], "the deal-breaker went")
    with pytest.raises(Conflict, match="cannot follow"):
        await store.add_contract(org, second.next_version(first.criteria, "too early"))
    assert await store.add_contract(org, second) == second
    assert await store.contract(org, story.search.id) == second
    assert await store.contract(org, story.search.id, 1) == first
    assert await store.contracts(org, story.search.id) == (first, second)


async def test_both_sides_sign_once_and_nobody_signs_what_is_not_3_2_1(story: Story) -> None:
    store, org, contract = story.store, story.organisation.id, story.contract
    yes = signature(contract, "recruiter", story.dana)
    assert not (await store.sign(org, contract.id, yes)).signed
    assert (await store.sign(org, contract.id, yes)).signatures == (yes,)
    assert (await store.sign(org, contract.id, signature(contract, "hiring_manager", story.priya))).signed
    with pytest.raises(Conflict, match="already signed"):
        await store.sign(org, contract.id, signature(contract, "recruiter", story.priya))
    partial = await store.add_contract(org, contract.next_version(contract.criteria[:3], "we are not sure yet"))
    with pytest.raises(IncompleteContract):
        await store.sign(org, partial.id, signature(partial, "recruiter", story.dana))
    whole = await store.add_contract(org, partial.next_version(contract.criteria, "now we are"))
    with pytest.raises(Refused, match="another wording"):
        await store.sign(org, whole.id, yes)


async def test_an_interview_is_added_once_and_a_contradiction_is_a_conflict(story: Story) -> None:
    store, org = story.store, story.organisation.id
    first = await store.add_interview(org, other_interview(story))
    again = await store.add_interview(org, other_interview(story, held_on=date(2026, 3, 4), consent=consent(story.tomas)))
    assert (again.id, again.held_on, again.consent) == (first.id, date(2026, 3, 4), consent(story.tomas))
    assert await store.interview_by_name(org, story.search.id, "2-onsite") == again
    with pytest.raises(Conflict, match="another held on"):
        await store.add_interview(org, other_interview(story, held_on=date(2026, 3, 5)))
    with pytest.raises(Conflict, match="another candidate"):
        await store.add_interview(org, other_interview(story, candidate=story.bram))
    assert await store.interviews(org) == await store.interviews(org, story.search.id) == (story.interview, again)


async def test_no_transcript_is_kept_without_a_consent(story: Story) -> None:
    store, org = story.store, story.organisation.id
    interview = await store.add_interview(org, other_interview(story))
    transcript = transcript_of(interview, "hello")
    with pytest.raises(ConsentMissing):
        await store.add_transcript(org, transcript)
    assert interview.id not in {t.interview for t in await store.transcripts_current(org)}
    elsewhere = consent_recorded_elsewhere(AT)
    assert await store.add_transcript(org, transcript, consent=elsewhere) == transcript
    held = (await store.interview(org, interview.id)).consent
    assert held == elsewhere
    assert held.basis == RECORDED_ELSEWHERE
    later = Consent(person=story.tomas.id, at=AT + timedelta(days=1), basis="agreed by mail", scope="recording")
    assert (await store.record_consent(org, interview.id, later)).consent == later


async def test_an_organisation_may_keep_its_consents_elsewhere(story: Story) -> None:
    store, org = story.store, story.organisation.id
    interview = await store.add_interview(org, other_interview(story))
    await store.set_consent_policy(org, ConsentPolicy.RECORDED_ELSEWHERE)
    await store.add_transcript(org, transcript_of(interview, "hello"))
    assert (await store.interview(org, interview.id)).consent is None


async def test_the_same_content_imported_twice_is_one_transcript(story: Story) -> None:
    store, org, first = story.store, story.organisation.id, story.transcript
    again = first.model_copy(update={"id": TranscriptId("trn-other-id")})
    assert await store.add_transcript(org, again) == first
    corrected = transcript_of(story.interview, "corrected", version=2, source_digest=first.source_digest, reason="a name was misheard")
    await store.correct_transcript(org, story.interview.id, corrected)
    assert await store.add_transcript(org, again) == corrected
    with pytest.raises(Conflict, match="first transcript"):
        await store.add_transcript(org, transcript_of(story.interview, "another file"))


async def test_a_correction_stands_beside_what_it_corrects(story: Story) -> None:
    store, org, first = story.store, story.organisation.id, story.transcript
    second = transcript_of(story.interview, "corrected", version=2, reason="a name was misheard")
    assert await store.correct_transcript(org, story.interview.id, second) == second
    assert await store.correct_transcript(org, story.interview.id, second) == second
    assert await store.transcript(org, story.interview.id) == second
    assert await store.transcript(org, story.interview.id, 1) == first
    assert [(t.transcript, t.version, t.candidate) for t in await store.transcripts_current(org)] == [(second.id, 2, story.tomas.id)]
    with pytest.raises(Conflict, match="cannot come next"):
        await store.correct_transcript(org, story.interview.id, transcript_of(story.interview, "gap", version=4))
    with pytest.raises(Conflict, match="cannot come next"):
        await store.correct_transcript(org, story.interview.id, transcript_of(story.interview, "other", version=2))


async def test_feedback_is_kept_word_for_word_and_never_replaced(story: Story) -> None:
    store, org, given = story.store, story.organisation.id, story.feedback
    assert await store.add_feedback(org, given.model_copy(update={"at": AT + timedelta(hours=1)})) == given
    with pytest.raises(Conflict):
        await store.add_feedback(org, given.model_copy(update={"raw": "Loved her"}))
    with pytest.raises(NotFound, match="contract version"):
        await store.add_feedback(org, given.model_copy(update={"id": "fbk-other", "contract_version": 9}))
    assert await store.feedback_of(org, search=story.search.id) == await store.feedback_of(org, interview=story.interview.id) == (given,)


async def test_a_shaping_is_saved_once_a_turn_and_the_last_one_holds(story: Story) -> None:
    store, org, first = story.store, story.organisation.id, story.shaping
    assert await store.save_shaping(org, first) == first
    with pytest.raises(Conflict, match="This turn"):
        await store.save_shaping(org, first.model_copy(update={"answers": ()}))
    assert await store.statements(org, search=story.search.id) == first.statements
    edited = first.statements[0].model_copy(update={"text": "The candidate named no conflict", "edited": True})
    second = first.model_copy(update={"turn": 2, "statements": (edited,)})
    await store.save_shaping(org, second)
    assert await store.shapings(org, story.feedback.id) == (first, second)
    assert await store.statements(org, interview=story.interview.id) == await store.statements(org) == (edited,)
    assert await store.statement(org, edited.id) == edited
    await store.save_shaping(org, first.model_copy(update={"thread": "withdrawn", "statements": ()}))
    assert await store.statements(org) == ()
    assert await store.statement(org, edited.id) == edited


async def test_a_shaping_that_cites_an_unknown_transcript_leaves_nothing_behind(story: Story) -> None:
    store, org = story.store, story.organisation.id
    unknown = transcript_of(story.interview, "never saved", version=7)
    shaping = shaping_of(story.feedback, unknown, story.secret, story.mark, thread="other")
    with pytest.raises(NotFound, match="no transcript"):
        await store.save_shaping(org, shaping)
    statement = story.shaping.statements[0].model_copy(update={"feedback": "fbk-other"})
    mixed = story.shaping.model_copy(update={"thread": "other", "statements": (statement,)})
    with pytest.raises(Conflict, match="one piece of feedback"):
        await store.save_shaping(org, mixed)
    assert await store.shapings(org, story.feedback.id) == (story.shaping,)


async def test_a_time_without_a_zone_and_a_nul_are_refused_alike(story: Story) -> None:
    store, org = story.store, story.organisation.id
    with pytest.raises(Refused, match="time zone"):
        await store.record_consent(org, story.interview.id, consent(story.tomas).model_copy(update={"at": datetime(2026, 3, 2)}))
    with pytest.raises(Unreadable, match="NUL"):
        await store.add_person(org, "Tom\x00s")
    with pytest.raises(Unreadable, match="NUL"):
        await store.person(org, PersonId("person\x00"))


async def test_a_stranger_takes_no_part(story: Story) -> None:
    store, org = story.store, story.organisation.id
    stranger = Person(id=PersonId("person-unknown"), organisation=org, name="Nobody")
    with pytest.raises(NotFound, match="no person"):
        await store.add_interview(org, other_interview(story, candidate=stranger))
    with pytest.raises(NotFound, match="no person"):
        await store.seat(org, story.search.id, PanelSeat(person=stranger.id, name="Nobody", interview=story.interview.id))
    assert await store.interviews(org) == (story.interview,)
