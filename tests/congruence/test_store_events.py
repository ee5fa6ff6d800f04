"""Events go on record with what they tell, once and in order; webhooks, claims and the delivery log, the same on every database."""

import asyncio
import json
import uuid
from collections import Counter
from collections.abc import Awaitable, Callable
from contextlib import suppress
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from alignment.errors import NotFound, PlumblineError, Refused
from alignment.events import BACKOFF_S, Attempt, Event, EventId, EventKind, Webhook, WebhookId
from alignment.record import OrganisationId, new_id
from corpus.store import Store, open_store
from corpus.store_webhooks import MOST_WEBHOOKS, Due
from tests.congruence.story import AT, WHSEC, Story, contract_of, shaping_of, signature, tell, transcript_of

MINUTE = timedelta(minutes=1)


def a_webhook(org: OrganisationId, *kinds: EventKind) -> Webhook:
    return Webhook(
        id=WebhookId(new_id("whk")), organisation=org, url="https://example.com/hook", kinds=kinds or tuple(EventKind), label="ATS", at=AT
    )


async def happen(story: Story, *names: str) -> list[Event]:
    """Events of no further meaning, by name."""
    org, about = story.organisation.id, {"search": story.search.id}
    made = [Event(id=EventId(name), organisation=org, kind=EventKind.DEBRIEF_READY, at=AT, data=about) for name in names]
    return [await story.store.add_event(org, event) for event in made]


async def tried(store: Store, due: Due, at: Any, error: str = "") -> Attempt:
    status = 500 if error else 204
    org = due.event.organisation
    attempt = Attempt(organisation=org, webhook=due.webhook, event=due.event.id, at=at, status=status, error=error, took_s=0)
    return await store.save_attempt(org, attempt, 7)


async def test_what_goes_on_record_is_told_in_its_order_and_without_a_word_of_it(story: Story) -> None:
    told = await story.store.events(story.organisation.id)
    kinds = ["interview.ingested", "feedback.added", "feedback.shaped", "scorecard.added", "round.closed", "debrief.ready"]
    assert [(e.number, e.kind) for e in told] == list(enumerate(kinds, 1))
    said = json.dumps([e.data for e in told[:-1]])
    assert "conflict" not in said
    assert story.tomas.name not in said
    assert told[3].data == {
        "search": story.search.id,
        "interview": story.interview.id,
        "interviewer": story.ines.id,
        "scorecard": story.scorecard.id,
    }


async def test_events_are_read_on_from_the_last_one_that_was_seen(story: Story) -> None:
    org = story.organisation.id
    everything = await story.store.events(org)
    assert await story.store.events(org, 0, 2) == everything[:2]
    assert await story.store.events(org, everything[1].number) == everything[2:]


async def test_a_contract_is_told_of_once_it_is_amended_and_once_both_sides_have_signed(story: Story) -> None:
    store, org = story.store, story.organisation.id
    second = await store.add_contract(org, contract_of(story.search, story.secret, version=2, reason="the market moved"))
    before = len(await store.events(org))
    await store.sign(org, second.id, signature(second, "recruiter", story.dana))
    assert len(await store.events(org)) == before
    await store.sign(org, second.id, signature(second, "hiring_manager", story.priya))
    about = {"search": story.search.id, "contract": second.id, "version": "2"}
    assert [(e.kind, e.data) for e in (await store.events(org))[-2:]] == [("contract.amended", about), ("contract.signed", about)]


async def test_a_write_that_fails_tells_nothing(story: Story) -> None:
    store, org = story.store, story.organisation.id
    before = await store.events(org)
    for wrong in (
        store.add_feedback(org, story.feedback.model_copy(update={"id": "x", "contract_version": 9})),
        store.correct_transcript(org, story.interview.id, transcript_of(story.interview, "x", version=7)),
        store.close_round(org, story.search.id, story.tomas.id, story.ines.id, AT),
    ):
        with pytest.raises(PlumblineError):
            await wrong
    assert await store.events(org) == before


def writes(story: Story) -> dict[str, Callable[[], Awaitable[Any]]]:
    """Everything that is told of, each as a write that may be made again."""
    store, org = story.store, story.organisation.id
    second = contract_of(story.search, story.secret, version=2, reason="the market moved")
    later = shaping_of(story.feedback, story.transcript, story.secret, story.mark, turn=2)
    return {
        "amend": lambda: store.add_contract(org, second),
        "sign": lambda: store.sign(org, story.contract.id, signature(story.contract, "recruiter", story.dana)),
        "sign too": lambda: store.sign(org, story.contract.id, signature(story.contract, "hiring_manager", story.priya)),
        "ingest": lambda: store.add_transcript(org, story.transcript),
        "correct": lambda: store.correct_transcript(org, story.interview.id, transcript_of(story.interview, "again", version=2)),
        "write": lambda: store.add_feedback(org, story.feedback),
        "shape": lambda: store.save_shaping(org, later),
        "grade": lambda: store.add_scorecard(org, story.scorecard),
        "close": lambda: store.close_round(org, story.search.id, story.tomas.id, story.dana.id, AT),
    }


@settings(max_examples=15, deadline=None, phases=[Phase.generate], suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
async def test_the_same_write_twice_gives_one_event_in_whatever_order(store: Store, data: st.DataObject) -> None:
    story = await tell(store, uuid.uuid4().hex[:12])
    made = writes(story)
    for name in data.draw(st.lists(st.sampled_from(sorted(made)), max_size=25)):
        with suppress(PlumblineError):
            await made[name]()
    told = await store.events(story.organisation.id)
    assert [e.number for e in told] == list(range(1, len(told) + 1))
    assert max(Counter((e.kind, json.dumps(e.data)) for e in told).values()) == 1
    assert len(told) <= 6 + 4  # amended, signed, corrected and shaped again


async def test_many_writers_number_their_events_without_a_gap(story: Story) -> None:
    await asyncio.gather(*(happen(story, f"evt-{n % 10}") for n in range(30)))
    numbers = [e.number for e in await story.store.events(story.organisation.id)]
    assert numbers == list(range(1, 17))


async def test_a_webhook_is_told_of_its_kinds_from_when_it_was_made(story: Story) -> None:
    store, org = story.store, story.organisation.id
    webhook = await store.add_webhook(org, a_webhook(org, EventKind.DEBRIEF_READY), WHSEC)
    assert (org, webhook.id) not in await store.webhooks_due(AT)
    await store.add_feedback(org, story.feedback.model_copy(update={"id": "fbk-another"}))
    (event,) = await happen(story, "evt-a")
    assert (org, webhook.id) in await store.webhooks_due(AT)
    (due,) = await store.record_claim(org, webhook.id, AT, MINUTE, 10)
    assert (due.event, due.url, due.secret) == (event, webhook.url, WHSEC)
    await tried(store, due, AT)
    assert (org, webhook.id) not in await store.webhooks_due(AT + timedelta(days=9))


async def test_the_secret_is_in_no_listing_and_goes_with_the_webhook(story: Story) -> None:
    store, org, webhook = story.store, story.organisation.id, story.hook.webhook
    assert WHSEC not in repr(await store.webhooks(org))
    assert WHSEC not in repr(await store.record_claim(org, webhook.id, AT + timedelta(hours=1), MINUTE, 10))
    ended = await store.close_webhook(org, webhook.id, AT + MINUTE)
    assert await store.close_webhook(org, webhook.id, AT + 2 * MINUTE) == ended
    assert await store.webhooks(org) == (ended,)
    await happen(story, "evt-later")
    assert (org, webhook.id) not in await store.webhooks_due(AT + timedelta(days=1))
    assert await store.record_claim(org, webhook.id, AT + timedelta(days=1), MINUTE, 10) == ()
    assert await store.attempts(org, webhook.id) == (story.hook.attempt,)


async def test_an_organisation_has_so_many_webhooks_and_no_more(story: Story) -> None:
    store, org = story.store, story.organisation.id
    for _ in range(MOST_WEBHOOKS - 1):
        await store.add_webhook(org, a_webhook(org), WHSEC)
    with pytest.raises(Refused, match="at most"):
        await store.add_webhook(org, a_webhook(org), WHSEC)
    await store.close_webhook(org, story.hook.webhook.id, AT)
    await store.add_webhook(org, a_webhook(org), WHSEC)


async def test_what_is_claimed_is_nobody_elses_until_the_lease_is_over(story: Story) -> None:
    store, org = story.store, story.organisation.id
    webhook = await store.add_webhook(org, a_webhook(org), WHSEC)
    await happen(story, *(f"evt-{n}" for n in range(12)))
    claims = await asyncio.gather(*(store.record_claim(org, webhook.id, AT, MINUTE, 4) for _ in range(5)))
    numbers = [due.event.number for claim in claims for due in claim]
    assert len(numbers) == len(set(numbers)) == 12
    assert await store.record_claim(org, webhook.id, AT + MINUTE / 2, MINUTE, 4) == ()
    again = [await store.record_claim(org, webhook.id, AT + 2 * MINUTE, MINUTE, 6) for _ in range(3)]
    assert sorted(due.event.number for claim in again for due in claim) == sorted(numbers)


async def test_two_processes_do_not_claim_the_same(story: Story, shared_url: str) -> None:
    org = story.organisation.id
    webhook = await story.store.add_webhook(org, a_webhook(org), WHSEC)
    await happen(story, *(f"evt-{n}" for n in range(20)))
    async with await open_store(shared_url) as other:
        stores = (story.store, other) * 5
        claims = await asyncio.gather(*(store.record_claim(org, webhook.id, AT, MINUTE, 3) for store in stores))
    numbers = [due.event.number for claim in claims for due in claim]
    assert len(numbers) == len(set(numbers)) == 20


async def test_what_failed_is_due_again_later_and_later_and_then_given_up(story: Story) -> None:
    store, org = story.store, story.organisation.id
    webhook = await store.add_webhook(org, a_webhook(org), WHSEC)
    await happen(story, "evt-a")
    now = AT
    for wait_s in BACKOFF_S:
        (due,) = await store.record_claim(org, webhook.id, now, MINUTE, 4)
        await tried(store, due, now, "status 500")
        now += timedelta(seconds=wait_s)
        assert await store.record_claim(org, webhook.id, now - timedelta(seconds=1), MINUTE, 4) == ()
    (due,) = await store.record_claim(org, webhook.id, now, MINUTE, 4)
    last = await tried(store, due, now, "status 500")
    assert (last.nth, last.number, last.again_at(7)) == (7, 7, None)
    assert await store.record_claim(org, webhook.id, now + timedelta(days=30), MINUTE, 4) == ()
    assert [a.nth for a in await store.attempts(org, webhook.id, 2, 3)] == [3, 4, 5]


async def test_one_that_was_delivered_meanwhile_is_not_sent_again_because_another_attempt_failed_late(story: Story) -> None:
    store, org = story.store, story.organisation.id
    webhook = await store.add_webhook(org, a_webhook(org), WHSEC)
    await happen(story, "evt-a")
    (slow,) = await store.record_claim(org, webhook.id, AT, MINUTE, 4)
    (second,) = await store.record_claim(org, webhook.id, AT + 2 * MINUTE, MINUTE, 4)
    assert slow.event == second.event
    await tried(store, second, AT + 2 * MINUTE)
    await tried(store, slow, AT + 3 * MINUTE, "timed out")
    assert await store.record_claim(org, webhook.id, AT + timedelta(days=1), MINUTE, 4) == ()


async def test_an_attempt_at_nothing_is_not_found(story: Story) -> None:
    store, org = story.store, story.organisation.id
    with pytest.raises(NotFound):
        await store.save_attempt(org, story.hook.attempt.model_copy(update={"event": "evt-unknown"}), 7)
    with pytest.raises(NotFound):
        await store.attempts(org, WebhookId("whk-unknown"))


async def test_how_far_a_reader_has_come_in_one_organisation_says_nothing_of_another(store: Store) -> None:
    stories = [await tell(store, uuid.uuid4().hex[:12]) for _ in range(3)]
    everyone = [story.organisation.id for story in stories]
    reader = f"reader {everyone[0]}"
    for org, number in zip(everyone, (6, 3, 0), strict=True):
        await store.set_event_position(org, reader, number)
        await store.set_event_position(org, "another reader", 6)
    found = set(await store.organisations_with_events(reader)) & set(everyone)
    assert found == set(everyone[1:])
    assert not set(await store.organisations_with_events("another reader")) & set(everyone)


async def test_what_is_due_in_one_organisation_is_not_due_in_another(store: Store) -> None:
    stories = [await tell(store, uuid.uuid4().hex[:12], mark="twins") for _ in range(3)]
    hooks = {story.organisation.id: story.hook.webhook.id for story in stories}
    later = AT + timedelta(seconds=10)
    for story in stories[1:]:
        await store.record_claim(story.organisation.id, story.hook.webhook.id, later, MINUTE, 5)
    await happen(stories[2], "evt-new")
    found = {org for org, webhook in await store.webhooks_due(later) if hooks.get(org) == webhook}
    assert found == {stories[0].organisation.id, stories[2].organisation.id}


async def test_a_reader_of_events_never_goes_back(story: Story) -> None:
    store, org = story.store, story.organisation.id
    assert org in await store.organisations_with_events("somebody")
    await store.set_event_position(org, "somebody", 6)
    await store.set_event_position(org, "somebody", 2)
    assert await store.event_position(org, "somebody") == 6
    assert org not in await store.organisations_with_events("somebody")
