"""Many readers, many writers, several processes, one that is killed, and what is left when something is erased."""

import asyncio
import gc
import os
import signal
import subprocess
import sys
import textwrap
import uuid
from pathlib import Path

import pytest
from sqlalchemy import delete, insert

from alignment.errors import Conflict
from alignment.record import FeedbackId, InterviewId, OrganisationId
from alignment.transcript import Transcript, Utterance
from corpus import tables, tables_captures
from corpus.store import Store, open_store
from corpus.store_connections import of
from tests.congruence.story import AT, Story, signature, tell, transcript_of

ROOT = Path(__file__).parents[2]

WRITER = """
    import asyncio, sys
    from corpus.store import open_store

    async def main(url, organisation, mark):
        print("ready", flush=True)
        sys.stdin.readline()
        async with await open_store(url) as store:
            org = (await store.create_organisation(organisation)).id
            for i in range(25):
                await store.add_person(org, f"{mark} {i}")
                await store.add_person(org, f"everybody {i}")
                await store.people_by_name(org, f"{mark} {i}")

    asyncio.run(main(*sys.argv[1:]))
"""

INGESTER = """
    import asyncio, sys
    from datetime import datetime, UTC
    from alignment.people import Interview
    from alignment.record import InterviewId
    from corpus.store import open_store
    from corpus.store_interviews import consent_recorded_elsewhere

    async def main(url, organisation):
        async with await open_store(url) as store:
            org = (await store.organisation_by_name(organisation)).id
            (search,) = await store.searches(org)
            (first,) = await store.interviews(org)
            whole = await store.transcript(org, first.id)
            for i in range(10_000):
                id = InterviewId(f"int-{i}")
                await store.add_interview(org, first.model_copy(update={"id": id, "name": f"n{i}", "consent": None}))
                copy = whole.model_copy(update={"id": f"trn-{i}", "interview": id, "version": 1})
                await store.add_transcript(org, copy, consent=consent_recorded_elsewhere(datetime.now(UTC)))
                print(i, flush=True)

    asyncio.run(main(*sys.argv[1:]))
"""


def start(program: str, *arguments: str) -> subprocess.Popen[str]:
    command = [sys.executable, "-c", textwrap.dedent(program), *arguments]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    return subprocess.Popen(
        command, cwd=ROOT, env=environment, text=True, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    )


def long_transcript(story: Story, utterances: int, version: int) -> Transcript:
    marks = tuple((6 * word, word * 0.4, word * 0.4 + 0.3) for word in range(11))
    said = tuple(
        Utterance(index=i, speaker="Tomás", text="words " * 11, start_s=i * 4.5, end_s=i * 4.5 + 4.25, marks=marks)
        for i in range(utterances)
    )
    return transcript_of(story.interview, "ten hours", version=version, utterances=said)


async def left_of(store: Store, org: OrganisationId) -> set[str]:
    """The tables in which the organisation has a row."""
    async with store._read() as tx:
        return {name for name, table in tables.METADATA.tables.items() if (await tx.execute(of(table, org).limit(1))).first()}


async def test_readers_and_writers_of_one_process_do_not_disturb_each_other(store: Store) -> None:
    stories = [await tell(store, uuid.uuid4().hex[:8]) for _ in range(2)]

    async def write(story: Story, i: int) -> None:
        given = story.feedback.model_copy(update={"id": FeedbackId(f"fbk-{i}")})
        await store.add_feedback(story.organisation.id, given)
        await store.add_person(story.organisation.id, "one and the same")

    async def read(story: Story) -> None:
        for _ in range(3):
            assert (await store.search(story.organisation.id, story.search.id)).panel
            assert await store.transcript(story.organisation.id, story.interview.id) == story.transcript

    await asyncio.gather(*(write(story, i) for i in range(12) for story in stories), *(read(s) for s in stories * 6))
    for story in stories:
        assert len(await store.feedback_of(story.organisation.id)) == 13
        assert len(await store.people_by_name(story.organisation.id, "one and the same")) == 1


async def test_of_two_people_who_make_the_next_version_at_once_one_hears_of_the_conflict(story: Story) -> None:
    drafts = [story.contract.next_version(story.contract.criteria[:5], reason) for reason in ("Dana's reason", "Priya's reason")]
    org = story.organisation.id
    outcome = await asyncio.gather(*(story.store.add_contract(org, draft) for draft in drafts), return_exceptions=True)
    assert sorted(type(each).__name__ for each in outcome) == ["Conflict", "Contract"]
    assert len(await story.store.contracts(org, story.search.id)) == 2


async def test_the_same_file_imported_by_many_at_once_is_one_transcript(story: Story) -> None:
    org, interview = story.organisation.id, story.interview.model_copy(update={"id": InterviewId("int-new"), "name": "new"})
    await story.store.add_interview(org, interview)
    copies = [transcript_of(interview, "hello", id=f"trn-{i}") for i in range(8)]
    saved = await asyncio.gather(*(story.store.add_transcript(org, copy) for copy in copies))
    assert len({transcript.id for transcript in saved}) == 1


async def test_many_that_open_an_empty_database_at_once_all_get_a_store(empty_url: str) -> None:
    async def open_and_write() -> OrganisationId:
        async with await open_store(empty_url) as store:
            return (await store.create_organisation("Acme")).id

    made = await asyncio.gather(*(open_and_write() for _ in range(6)), return_exceptions=True)
    assert len(set(made)) == 1, made


async def test_processes_that_start_together_on_nothing_make_one_store_and_share_it(empty_url: str) -> None:
    writers = [start(WRITER, empty_url, "Acme", f"writer {n}") for n in range(3)]
    for writer in writers:
        assert writer.stdout is not None
        assert writer.stdout.readline() == "ready\n"
    for writer in writers:
        assert writer.stdin is not None
        writer.stdin.write("go\n")
        writer.stdin.flush()
    for writer in writers:
        _, complaint = writer.communicate(timeout=60)
        assert writer.returncode == 0, complaint
    async with await open_store(empty_url) as store:
        (organisation,) = await store.organisations()
        for i in range(25):
            for name in (*(f"writer {n} {i}" for n in range(3)), f"everybody {i}"):
                assert len(await store.people_by_name(organisation.id, name)) == 1


async def test_what_a_killed_process_was_writing_is_whole_or_not_there(empty_url: str) -> None:
    async with await open_store(empty_url) as store:
        story = await tell(store, "before")
        org = story.organisation.id
        whole = await store.correct_transcript(org, story.interview.id, long_transcript(story, 2_000, version=2))
        ingester = start(INGESTER, empty_url, story.organisation.name)
        assert ingester.stdout is not None
        done = [int(ingester.stdout.readline()) for _ in range(3)]
        ingester.send_signal(signal.SIGKILL)
        rest, _ = ingester.communicate(timeout=30)
        done += [int(line) for line in rest.split()]
        held = {t.interview: await store.transcript(org, t.interview) for t in await store.transcripts_current(org)}
        assert {f"int-{i}" for i in done} <= set(held)
        assert all(transcript.utterances == whole.utterances for transcript in held.values())


async def test_ten_hours_come_back_as_they_went_in(story: Story) -> None:
    org, long = story.organisation.id, long_transcript(story, 8_000, version=2)
    await story.store.correct_transcript(org, story.interview.id, long)
    assert await story.store.transcript(org, story.interview.id) == long


async def put_redacted(story: Story) -> None:
    """A recording of the story's interview of which parts were struck out."""
    row = {"organisation": story.organisation.id, "interview": story.interview.id, "digest": "before", "at": AT}
    async with story.store._write(story.organisation.id) as tx:
        await tx.execute(insert(tables_captures.redacted_recordings).values(row))


async def test_what_hangs_below_an_interview_goes_with_it_and_the_rest_stays(story: Story) -> None:
    store, org = story.store, story.organisation.id
    await put_redacted(story)
    async with store._write(org) as tx:
        await tx.execute(
            delete(tables.interviews).where(tables.interviews.c.organisation == org, tables.interviews.c.id == story.interview.id)
        )
    assert await left_of(store, org) == {
        "organisations",
        "people",
        "searches",
        "search_roles",
        "panel_seats",
        "contracts",
        "intakes",
        "rounds_closed",
        "api_keys",
        "audit_log",
        "kept_requests",
        "events",
        "event_positions",
        "webhooks",
        "deliveries",
        "attempts",
        # What is kept for how long, and what was, outlives what it is about.
        "legal_holds",
        "erasures",
        "erased_interviews",
        "retention_rules",
        "consent_regions",
    }


async def test_an_organisation_goes_as_a_whole(story: Story) -> None:
    store, org = story.store, story.organisation.id
    await store.sign(org, story.contract.id, signature(story.contract, "recruiter", story.dana))
    await put_redacted(story)
    assert await left_of(store, org) == set(tables.METADATA.tables)
    async with store._write(org) as tx:
        await tx.execute(delete(tables.organisations).where(tables.organisations.c.organisation == org))
    assert await left_of(store, org) == set()


async def test_a_cancelled_write_leaves_nothing_behind(story: Story) -> None:
    org, long = story.organisation.id, long_transcript(story, 2_000, version=2)
    for delay_s in (0.0, 0.001, 0.003, 0.01):
        saving = asyncio.create_task(story.store.correct_transcript(org, story.interview.id, long))
        await asyncio.sleep(delay_s)
        saving.cancel()
        await asyncio.gather(saving, return_exceptions=True)
        version = (await story.store.transcripts_current(org))[0].version
        assert (await story.store.transcript(org, story.interview.id)) == {1: story.transcript, 2: long}[version]
    await story.store.add_person(org, "still writable")
    with pytest.raises(Conflict):
        await story.store.correct_transcript(org, story.interview.id, long_transcript(story, 3, version=9))


async def test_a_cancelled_write_leaves_the_next_writer_its_place(story: Story) -> None:
    org, long = story.organisation.id, long_transcript(story, 500, version=2)
    gc.disable()  # what the collector would let go sooner or later may not be what frees the store
    try:
        for i in range(40):
            saving = asyncio.create_task(story.store.correct_transcript(org, story.interview.id, long))
            await asyncio.sleep(i * 0.0003)
            saving.cancel()
            await asyncio.sleep(0)
            saving.cancel()  # a caller in a hurry cancels twice
            await asyncio.gather(saving, return_exceptions=True)
            async with asyncio.timeout(10):
                await story.store.add_person(org, f"still writable {i}")
    finally:
        gc.enable()
