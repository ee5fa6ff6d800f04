"""Redaction: what was struck out is nowhere in any byte of the home, everything else stands, and a kill is healed by the next start."""

import asyncio
import io
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio

from agents import holds
from agents.captures import Order, order_capture, pieces_of
from agents.desk import add_feedback
from agents.erasure.asking import Asked
from agents.erasure.redacting import reach_of, redact
from agents.ingestion import ingest
from agents.listening import recording_of
from agents.turns import answer, shape
from agents.workbench import Workbench, open_workbench
from alignment.erasing import ErasureKind
from alignment.errors import BadRequest, Conflict, NotFound, OnHold
from alignment.people import Search
from alignment.record import FeedbackId
from alignment.redaction import MARK, Parts
from corpus.clips import cut
from corpus.sinks import ClipKind
from retrieval.verify import check_citation
from tests.agents.cast import INES, every, parsed
from tests.agents.erasure_cast import (
    ASKED,
    HEARD,
    KEPT,
    MODEL,
    OTHER,
    SAID,
    SOUNDED,
    TYPED,
    WORK,
    Home,
    files_with,
    let_be,
    lines_of,
    nowhere,
    settings_in,
    told_home,
    without_marks,
)  # fmt: skip
from tests.agents.killing import killed_at
from tests.api.cast import copy_home
from tests.corpus.recordings import tone, wav
from tests.corpus.test_clips import heard

pytestmark = pytest.mark.asyncio(loop_scope="session")
BY = Asked(by="Dana Whitlock", reason="asked for by letter, case 12")
PARTS = Parts(words=(SAID,))
GONE = (SAID, ASKED, HEARD, SOUNDED, KEPT, MODEL)


@pytest_asyncio.fixture(loop_scope="session")
async def home(tmp_path: Path, bench: Workbench) -> AsyncIterator[Home]:
    async with told_home(settings_in(tmp_path / "home", bench.settings.home / "models")) as told:
        yield told


async def settled(home: Home) -> FeedbackId:
    """Feedback that became a statement."""
    feedback = await add_feedback(home.bench, home.search, WORK, INES, "He could not think of an argument with another team.")
    turn = await shape(home.bench, home.org, feedback.id)
    await answer(home.bench, home.org, feedback.id, every(turn, "accept"))
    return feedback.id


async def test_no_byte_of_the_home_holds_a_word_that_was_struck_out(home: Home) -> None:
    await let_be(home)
    before = await home.bench.store.transcript(home.org, home.work.id)
    receipt = await redact(home.bench, home.search, WORK, PARTS, BY, jobs=home.jobs)
    assert nowhere(home.path, *GONE)
    assert (receipt.kind, receipt.done_at is not None) == (ErasureKind.REDACTION, True)
    assert (receipt.counts["utterances"], receipt.counts["recordings"], receipt.counts["transcripts"]) == (2, 1, 1)
    assert not [word for word in (*GONE, WORK) if word in receipt.model_dump_json()]

    after = await home.bench.store.transcript(home.org, home.work.id)
    assert [u.text for u in after.utterances] == [u.text.replace(SAID, MARK) for u in before.utterances]
    assert (after.version, after.reason) == (2, f"redacted: {BY.reason}")
    assert (await home.bench.store.transcript(home.org, home.work.id, 1)).utterances == after.utterances
    assert after.id in await home.bench.index.held(home.org)
    told = [e.data for e in await home.bench.store.events(home.org) if e.data.get("transcript") == after.id]
    assert [d["version"] for d in told] == ["2"]
    # What the interviewer typed is theirs, and so is the other interview.
    assert without_marks(files_with(home.path, TYPED)[TYPED]) == {"plumbline.db"}
    assert all(files_with(home.path, *OTHER).values())


async def test_what_repeats_it_is_shaped_anew_and_no_longer_cites_it(home: Home) -> None:
    await let_be(home)
    store, org = home.bench.store, home.org
    feedback = await settled(home)
    (statement,) = await store.statements(org, interview=home.work.id)
    assert f"{SAID} team" in statement.model_dump_json()
    receipt = await redact(home.bench, home.search, WORK, Parts(utterances=((3, 3),)), BY, jobs=home.jobs)
    assert nowhere(home.path, f"{SAID} team")
    assert receipt.counts["feedback_to_shape"] == 1
    assert await store.shapings(org, feedback) == ()
    assert (await shape(home.bench, org, feedback)).shown
    assert nowhere(home.path, f"{SAID} team")


async def test_a_statement_that_rests_on_other_words_stands_on_the_next_version(home: Home) -> None:
    await let_be(home)
    store, org = home.bench.store, home.org
    await settled(home)
    (before,) = await store.statements(org, interview=home.work.id)
    receipt = await redact(home.bench, home.search, WORK, Parts(utterances=((1, 1),)), BY, jobs=home.jobs)
    (after,) = await store.statements(org, interview=home.work.id)
    assert (after.id, after.text, receipt.counts["utterances"]) == (before.id, before.text, 1)
    newest = await store.transcript(org, home.work.id)
    for citation in after.citations:
        check_citation(citation, newest)


async def test_the_recording_that_it_was_heard_from_falls_silent_and_is_not_taken_in_again(home: Home, tmp_path: Path) -> None:
    await let_be(home)
    store, org = home.bench.store, home.org
    (old,) = await store.recordings(org, home.work.id)
    reach = await reach_of(home.bench, home.search, WORK, Parts(times=((0.2, 0.6),)))
    assert (reach.recordings_erased, reach.silent, reach.struck, reach.held_elsewhere) == (0, ((0.2, 0.6),), (), 0)
    receipt = await redact(home.bench, home.search, WORK, Parts(times=((0.2, 0.6),)), BY, jobs=home.jobs)
    (new,) = await store.recordings(org, home.work.id)
    assert (new.digest != old.digest, new.kind, new.at, receipt.counts["media"]) == (True, "audio/flac", old.at, 1)
    _, path, _ = await recording_of(store, home.bench.media, org, home.work.id)
    out = io.BytesIO()
    cut(path, 0, 1, ClipKind.WAV, out)
    (channel,), rate = heard(out.getvalue())
    assert not channel[round(0.2 * rate) : round(0.6 * rate)].any()
    assert nowhere(home.path, SOUNDED)

    sent = wav(tmp_path / "again.wav", tone(1.0))
    sent.write_bytes(sent.read_bytes() + f" {SOUNDED} {home.work.id}".encode() * 3)
    with pytest.raises(Conflict, match="struck out"):
        await order_capture(home.bench, home.work, pieces_of(sent), sent.name, Order(by="tests", correction="again"))
    assert nowhere(home.path, SOUNDED)


async def test_an_older_version_with_other_words_is_emptied(home: Home) -> None:
    await let_be(home)
    await ingest(home.bench, home.org, home.work, parsed(lines_of("tulipstone", "second")), correction="the tool's own was worse")
    await redact(home.bench, home.search, WORK, Parts(utterances=((1, 1),)), BY, jobs=home.jobs)
    assert (await home.bench.store.transcript(home.org, home.work.id, 1)).utterances == ()
    assert nowhere(home.path, SAID)
    assert files_with(home.path, "tulipstone")["tulipstone"]


async def test_it_is_refused_while_held_or_heard_and_where_the_reason_tells_it(home: Home) -> None:
    with pytest.raises(Conflict, match="being heard"):
        await redact(home.bench, home.search, WORK, PARTS, BY, jobs=home.jobs)
    await let_be(home)
    for reason, error in ((f"she said {SAID}", BadRequest), ("Tomás Rivera asked", BadRequest)):
        with pytest.raises(error):
            await redact(home.bench, home.search, WORK, PARTS, Asked(by="Dana", reason=reason))
    for parts in (Parts(), Parts(words=("moonlight",)), Parts(times=((5, 5),))):
        with pytest.raises((BadRequest, NotFound)):
            await redact(home.bench, home.search, WORK, parts, BY)
    await holds.place(home.bench, home.search, WORK, BY)
    with pytest.raises(OnHold):
        await redact(home.bench, home.search, WORK, PARTS, BY)
    assert (await home.bench.store.transcript(home.org, home.work.id)).version == 1
    assert not await home.bench.store.erasures(home.org)


async def test_the_same_time_struck_out_twice_keeps_the_recording(home: Home) -> None:
    await let_be(home)
    await settled(home)
    for _ in range(2):
        await redact(home.bench, home.search, WORK, Parts(times=((0.2, 0.6),)), BY, jobs=home.jobs)
    # Where nothing was said no version is made, and every statement stands as it did.
    assert (await home.bench.store.transcript(home.org, home.work.id)).version == 1
    assert len(await home.bench.store.statements(home.org, interview=home.work.id)) == 1
    (kept,) = await home.bench.store.recordings(home.org, home.work.id)
    assert home.bench.media.path(home.org, kept.digest).is_file()


async def test_a_recording_that_cannot_be_silenced_goes_whole_and_the_words_do_not_wait_for_it(home: Home) -> None:
    await let_be(home)
    (held,) = await home.bench.store.recordings(home.org, home.work.id)
    home.bench.media.path(home.org, held.digest).write_bytes(b"RIFF" + b"\0" * 60)
    receipt = await redact(home.bench, home.search, WORK, Parts(times=((0.2, 0.6), (1200.0, 1300.0))), BY, jobs=home.jobs)
    assert receipt.done_at is not None
    assert await home.bench.store.recordings(home.org, home.work.id) == ()
    assert nowhere(home.path, SAID)


async def test_an_older_reason_that_repeats_it_goes_and_an_old_put_does_not_bring_it_back(home: Home) -> None:
    await let_be(home)
    store, org = home.bench.store, home.org
    await ingest(home.bench, org, home.work, parsed(lines_of(SAID, "second")), correction=f"u1: {SAID}, not quokka nautic")
    stale = await store.transcript(org, home.work.id)
    await redact(home.bench, home.search, WORK, PARTS, BY, jobs=home.jobs)
    assert nowhere(home.path, SAID)
    await home.bench.indexer.put(org, home.work, stale)
    assert (await store.transcript(org, home.work.id)).id in await home.bench.index.held(org)
    assert stale.id not in await home.bench.index.held(org)


async def test_two_parts_one_after_the_other_both_go(home: Home) -> None:
    await let_be(home)
    await redact(home.bench, home.search, WORK, PARTS, BY, jobs=home.jobs)
    await redact(home.bench, home.search, WORK, Parts(words=("Friday",)), BY, jobs=home.jobs)
    with pytest.raises(NotFound, match="1-work"):
        await redact(home.bench, home.search, WORK, Parts(words=("Friday",)), BY, jobs=home.jobs)
    after = await home.bench.store.transcript(home.org, home.work.id)
    assert after.version == 3
    for version in (1, 2, 3):
        told = (await home.bench.store.transcript(home.org, home.work.id, version)).model_dump_json()
        assert (SAID in told, "Friday" in told, told.count(MARK)) == (False, False, 3)


async def test_that_another_interview_has_the_same_recording_is_told_before_and_it_keeps_its_own(home: Home, tmp_path: Path) -> None:
    await let_be(home)
    path = wav(tmp_path / "both.wav", tone(1.0))
    for interview in (home.work, home.team):
        made = await order_capture(home.bench, interview, pieces_of(path), path.name, Order(by="tests", correction="heard again"))
        await let_be(home)
    reach = await reach_of(home.bench, home.search, WORK, PARTS)
    assert (reach.recordings_erased, reach.held_elsewhere) == (2, 1)
    await redact(home.bench, home.search, WORK, PARTS, BY, jobs=home.jobs)
    assert await home.bench.store.recordings(home.org, home.work.id) == ()
    assert home.bench.media.path(home.org, made.capture.digest).is_file()


async def redact_some(bench: Workbench, search: Search) -> None:
    """What is killed."""
    await redact(bench, search, WORK, Parts(words=(SAID,), times=((0.2, 0.6),)), BY)


CARRYING = "agents.erasure.carrying_out"
POINTS = (
    (f"{CARRYING}:silenced_of", "after"),
    ("corpus.store:Store.erase_parts", "after"),
    (f"{CARRYING}:forget_conversations", "after"),
    (f"{CARRYING}:verify_anew", "after"),
    ("agents.indexing:Indexer.put", "before"),
    ("corpus.store:Store.close_erasure", "before"),
)


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def told(bench: Workbench, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home with everything in it, closed."""
    path = tmp_path_factory.mktemp("told") / "home"
    async with told_home(settings_in(path, bench.settings.home / "models"), jobs=False) as home:
        await let_be(home)
    return path


@pytest.mark.parametrize(("place", "when"), POINTS, ids=lambda p: str(p).rpartition(":")[2])
async def test_a_kill_anywhere_is_healed_by_the_next_start(told: Path, tmp_path: Path, place: str, when: str) -> None:
    home = await asyncio.to_thread(copy_home, told, tmp_path / "home")
    await asyncio.to_thread(killed_at, home, place, when, f"{__name__}:redact_some")
    async with open_workbench(settings_in(home)) as bench:
        (organisation,) = await bench.store.organisations()
        (receipt,) = await bench.store.erasures(organisation.id)
        assert (receipt.kind, receipt.done_at is not None) == (ErasureKind.REDACTION, True)
        (work,) = [i for i in await bench.store.interviews(organisation.id) if i.name == WORK]
        newest = await bench.store.transcript(organisation.id, work.id)
        assert (newest.version, MARK in newest.model_dump_json()) == (2, True)
        assert newest.id in await bench.index.held(organisation.id)
        assert nowhere(home, *GONE)
    assert nowhere(home, *GONE)
    assert all(files_with(home, *OTHER).values())


async def silence_some(bench: Workbench, search: Search) -> None:
    """What is killed while the sound that is to be kept is put beside what goes."""
    await redact(bench, search, WORK, Parts(times=((0.2, 0.6),)), BY)


async def test_a_kill_between_the_new_sound_and_the_record_leaves_one_recording(told: Path, tmp_path: Path) -> None:
    home = await asyncio.to_thread(copy_home, told, tmp_path / "home")
    await asyncio.to_thread(killed_at, home, "corpus.media:Arriving.keep", "after", f"{__name__}:silence_some")
    async with open_workbench(settings_in(home)) as bench:
        (organisation,) = await bench.store.organisations()
        (work,) = [i for i in await bench.store.interviews(organisation.id) if i.name == WORK]
        (kept,) = await bench.store.recordings(organisation.id, work.id)
        assert kept.kind == "audio/flac"
        assert bench.media.path(organisation.id, kept.digest).is_file()
        assert nowhere(home, SOUNDED)
