"""Nothing of one organisation is ever seen or touched from another."""

import inspect
import re
import uuid
from collections.abc import AsyncIterator, Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, get_args, get_type_hints

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from pydantic import BaseModel
from sqlalchemy import event

from alignment.capture import Happened, Recording, Step
from alignment.erasing import ErasureId, ErasureKind, HoldId, Redacted
from alignment.errors import Conflict, NotFound, PlumblineError
from alignment.events import WebhookId
from alignment.people import Consent
from alignment.record import CaptureId, FeedbackId, InterviewId, KeyId, OrganisationId, PersonId, SearchId, StatementId, TranscriptId
from corpus.store import Store, open_store
from tests.congruence.story import AT, Story, consent, signature, tell, transcript_of

WITHOUT_TENANT = {"create_organisation", "organisations", "organisation_by_name", "key_by_digest", "hold", "is_free", "close"}
WITHOUT_TENANT |= {"organisations_with_events", "webhooks_due", "captures_to_finish", "erasures_to_finish"}
WRITING = ("add_", "set_", "save_", "seat", "sign", "record_", "correct_", "close_", "erase_", "lift_")
METHODS: dict[str, Callable[..., Any]] = {
    name: method for name, method in inspect.getmembers(Store, inspect.isfunction) if not name.startswith("_")
}
READING = sorted(name for name in METHODS if name not in WITHOUT_TENANT and not name.startswith(WRITING))


@dataclass(frozen=True)
class Two:
    """Organisations in one store: `theirs` may not be seen from `ours`, nor may `twin`, whose ids are the same as ours."""

    ours: Story
    theirs: Story
    twin: Story


@pytest.fixture
async def two(shared_url: str) -> AsyncIterator[Two]:
    async with await open_store(shared_url) as store:
        ours, theirs = await tell(store, uuid.uuid4().hex[:12]), await tell(store, uuid.uuid4().hex[:12])
        yield Two(ours, theirs, await tell(store, uuid.uuid4().hex[:12], mark=ours.mark))


def known(story: Story) -> dict[Any, list[Any]]:
    """Every id, name and cursor that somebody could have got hold of, by its type."""
    people = (story.dana, story.priya, story.ines, story.bram, story.tomas)
    return {
        SearchId: [story.search.id],
        InterviewId: [story.interview.id],
        TranscriptId: [story.transcript.id],
        FeedbackId: [story.feedback.id],
        StatementId: [story.shaping.statements[0].id],
        PersonId: [person.id for person in people],
        KeyId: [story.key.id],
        WebhookId: [story.hook.webhook.id],
        CaptureId: [story.capture.id],
        ErasureId: [story.keeping.erasure.id],
        HoldId: [story.keeping.hold.id],
        Consent: [consent(story.tomas)],
        datetime: [AT],
        str: [
            "",
            story.capture.digest,
            story.organisation.name,
            story.search.slug,
            story.interview.name,
            *(person.name for person in people),
        ],
        int: [1, 2, 9],
        type(None): [None],
    }


def arguments(name: str, two: Two) -> st.SearchStrategy[dict[str, Any]]:
    """For each parameter after the organisation, anything of its type: ours, theirs or the twin's."""
    hints = get_type_hints(METHODS[name])
    drawn = {}
    for parameter in list(inspect.signature(METHODS[name]).parameters)[2:]:
        types = get_args(hints[parameter]) or (hints[parameter],)
        drawn[parameter] = st.sampled_from(
            [value for t in types for story in (two.theirs, two.twin, two.ours) for value in known(story)[t]]
        )
    return st.fixed_dictionaries(drawn)


def words_of(result: object) -> str:
    items = result if isinstance(result, tuple) else (result,)
    return " ".join(item.model_dump_json() if isinstance(item, BaseModel) else repr(item) for item in items)


@settings(max_examples=20, deadline=None, phases=[Phase.generate], suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
async def test_no_read_with_any_id_of_theirs_shows_a_word_of_theirs(two: Two, data: st.DataObject) -> None:
    foreign = (two.theirs.secret, two.twin.secret, two.theirs.tomas.id, two.twin.tomas.id)
    for name in READING:
        given_arguments = data.draw(arguments(name, two), label=name)
        with suppress(PlumblineError):
            shown = words_of(await getattr(two.ours.store, name)(two.ours.organisation.id, **given_arguments))
            assert not [mark for mark in foreign if mark in shown], name


async def everything(story: Story) -> str:
    """All that an organisation can read of itself."""
    store, org, search = story.store, story.organisation.id, story.search.id
    found: list[object] = [await store.organisation(org), await store.searches(org), await store.people_of(org, search)]
    found += [await store.contracts(org, search), await store.interviews(org), await store.transcript(org, story.interview.id)]
    found += [await store.intakes(org, search), await store.webhooks(org), await store.events(org)]
    found += [await store.captures(org), await store.stretches(org, story.capture.id), await store.recordings(org, story.interview.id)]
    found += [await store.holds(org), await store.erasures(org), await store.retention(org), await store.consent_regions(org)]
    found += [await store.transcripts_current(org), await store.feedback_of(org), await store.shapings(org, story.feedback.id)]
    return "\n".join(words_of(item) for item in [*found, await store.scorecards(org, search, None)])


def recording(story: Story) -> Recording:
    own = story.capture.model_dump(include={"organisation", "interview", "digest", "at"})
    return Recording(size=7, kind="audio/wav", **own)


def foreign_writes(ours: Story, theirs: Story) -> dict[str, tuple[Any, ...]]:
    """By method, arguments that name theirs from ours, each record forged to say that it is ours."""
    org = {"organisation": ours.organisation.id}

    def fresh(record: Any, **other: Any) -> Any:
        own = {"id": f"{record.id}-forged"} if hasattr(record, "id") else {}
        return record.model_copy(update=org | own | other)

    correction = transcript_of(theirs.interview, "forged", version=2, **org)
    return {
        "add_search": (fresh(ours.search, slug="forged", recruiter=theirs.dana),),
        "seat": (theirs.search.id, ours.search.panel[0]),
        "add_contract": (fresh(theirs.contract),),
        "sign": (theirs.contract.id, signature(theirs.contract, "recruiter", ours.dana)),
        "add_interview": (fresh(theirs.interview, contract_version=None, consent=None),),
        "record_consent": (theirs.interview.id, consent(ours.tomas)),
        "add_transcript": (fresh(theirs.transcript),),
        "correct_transcript": (theirs.interview.id, correction),
        "add_intake": (theirs.search.id, fresh(ours.transcript), AT),
        "add_feedback": (fresh(theirs.feedback),),
        "save_shaping": (theirs.shaping.model_copy(update={"thread": "forged"}),),
        "add_scorecard": (fresh(theirs.scorecard),),
        "close_round": (theirs.search.id, theirs.tomas.id, theirs.dana.id, AT),
        "add_key": (fresh(ours.key, person=theirs.dana.id), "forged"),
        "close_key": (theirs.key.id, AT),
        "add_event": (fresh(theirs.hook.event),),
        "add_webhook": (theirs.hook.webhook, "whsec_forged"),
        "close_webhook": (theirs.hook.webhook.id, AT),
        "record_claim": (theirs.hook.webhook.id, AT, timedelta(minutes=1), 5),
        "add_capture": (fresh(recording(theirs)), fresh(theirs.capture)),
        "add_step": (theirs.capture.id, Happened(at=AT, step=Step.BEGUN)),
        "add_stretch": (theirs.capture.id, 1, "forged", Happened(at=AT, step=Step.HEARD)),
        "set_track": (theirs.capture.id, "forged"),
        "save_track_applied": (theirs.capture.id, "forged"),
        "close_capture": (theirs.capture.id, Happened(at=AT, step=Step.CANCELLED)),
        "set_asked_again": (theirs.capture.id, Happened(at=AT, step=Step.ASKED)),
        "set_length": (theirs.interview.id, theirs.capture.digest, 9.0),
        "save_attempt": (theirs.hook.attempt.model_copy(update=org), 7),
    } | foreign_keeping(ours, theirs)


def foreign_keeping(ours: Story, theirs: Story) -> dict[str, tuple[Any, ...]]:
    """The same for what keeps and erases."""
    own = {"organisation": ours.organisation.id}
    hold, erasure = theirs.keeping.hold, theirs.keeping.erasure
    return {
        "add_hold": (hold.model_copy(update=own | {"id": "hld-forged"}),),
        "lift_hold": (hold.id, AT),
        "add_erasure": (erasure.model_copy(update=own | {"id": "ers-forged"}),),
        "add_redaction": (erasure.model_copy(update=own | {"id": "ers-forged", "kind": ErasureKind.REDACTION}), Redacted(version=1)),
        "erase_rows": (erasure.id,),
        "erase_parts": (erasure.id, None),
        "save_erased": (erasure.id, {"media": 1}),
        "close_erasure": (erasure.id, AT),
    }


async def test_no_write_reaches_into_another_organisation(two: Two) -> None:
    writes = foreign_writes(two.ours, two.theirs)
    before = await everything(two.ours), await everything(two.theirs)
    for name, given_arguments in writes.items():
        with pytest.raises(NotFound):
            await getattr(two.ours.store, name)(two.ours.organisation.id, *given_arguments)
    assert (await everything(two.ours), await everything(two.theirs)) == before
    own = {
        "set_consent_policy",
        "add_person",
        "add_audit",
        "record_request",
        "save_reply",
        "set_event_position",
        "set_retention",
        "set_consent_region",
    }  # these name nothing but the organisation itself
    assert {name for name in METHODS if name.startswith(WRITING)} == set(writes) | own


async def test_a_record_of_another_organisation_is_not_kept_under_ours(two: Two) -> None:
    ours, theirs = two.ours, two.theirs
    store, org = ours.store, ours.organisation.id
    writes = {"add_search": theirs.search, "add_contract": theirs.contract, "add_interview": theirs.interview}
    more = {"add_transcript": theirs.transcript, "add_feedback": theirs.feedback, "add_scorecard": theirs.scorecard}
    for name, record in (writes | more).items():
        with pytest.raises(NotFound):
            await getattr(store, name)(org, record)


async def test_our_records_may_not_name_their_people_or_cite_their_transcripts(two: Two) -> None:
    ours, theirs = two.ours, two.theirs
    store, org = ours.store, ours.organisation.id
    with pytest.raises(NotFound):
        await store.add_feedback(org, ours.feedback.model_copy(update={"id": "fbk-x", "interviewer": theirs.ines.id}))
    with pytest.raises(NotFound):
        await store.add_scorecard(org, ours.scorecard.model_copy(update={"id": "crd-x", "interviewer": theirs.bram.id}))
    with pytest.raises(NotFound):
        await store.record_consent(org, ours.interview.id, consent(theirs.tomas).model_copy(update={"at": AT + timedelta(1)}))
    stolen = transcript_of(ours.interview, "x", version=2, speakers=theirs.transcript.speakers)
    with pytest.raises(NotFound):
        await store.correct_transcript(org, ours.interview.id, stolen)
    with pytest.raises(NotFound):
        await store.add_intake(org, ours.search.id, stolen, AT)
    statement = ours.shaping.statements[0].model_copy(update={"citations": theirs.shaping.statements[0].citations})
    with pytest.raises(NotFound):
        await store.save_shaping(org, ours.shaping.model_copy(update={"thread": "x", "statements": (statement,)}))


async def test_an_organisation_that_does_not_exist_has_nothing_and_takes_nothing(two: Two) -> None:
    store, nobody = two.ours.store, OrganisationId("org-unknown")
    assert (await store.searches(nobody), await store.interviews(nobody), await store.feedback_of(nobody)) == ((), (), ())
    with pytest.raises(NotFound):
        await store.add_person(nobody, "Dana")
    with pytest.raises((NotFound, Conflict)):
        await store.add_search(nobody, two.ours.search.model_copy(update={"organisation": nobody, "panel": ()}))


def test_every_public_method_takes_the_organisation_first() -> None:
    for name, method in METHODS.items():
        parameters = list(inspect.signature(method).parameters.values())[1:]
        if name not in WITHOUT_TENANT:
            assert inspect.iscoroutinefunction(method), name
            assert parameters, name
            assert parameters[0].name == "organisation", name
            assert get_type_hints(method)["organisation"] is OrganisationId, name


async def test_every_statement_that_is_sent_names_an_organisation(store: Store) -> None:
    sent: list[str] = []
    event.listen(store._engine.sync_engine, "before_cursor_execute", lambda c, cursor, sql, *_: sent.append(" ".join(sql.split())))
    story = await tell(store, uuid.uuid4().hex[:12])
    await everything(story)
    await store.statements(story.organisation.id, search=story.search.id)
    allowed = re.compile(
        r"^(BEGIN|SELECT pg_|INSERT INTO \w+ \((.*, )?organisation\b|SELECT .* FROM organisations WHERE)|\borganisation = "
    )
    assert len(sent) > 50
    assert [sql for sql in sent if not allowed.search(sql)] == []
