"""Captures: recordings become transcripts on record, once, whatever ends the process in between."""

import asyncio
import threading
from collections.abc import AsyncIterator
from pathlib import Path

import numpy as np
import pytest

from agents.captures import Order, hearing, open_jobs, order_capture
from agents.captures.hearing import hotwords_of
from agents.indexing import Indexer
from alignment.capture import CaptureState, Step
from alignment.errors import BadAudio, Conflict, ConsentMissing, IndexDown, NotFound, QueueFull
from alignment.settings import Settings, load_settings
from corpus import speech
from tests.agents.capturing import ORDER, captured, interview, opened, over, taken_in
from tests.corpus.recordings import PHONE, TWO_CHANNELS, cut, recorded, tone, wav


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return load_settings(home=tmp_path / "home", jobs={"poll_s": 0.1})


async def test_a_recording_becomes_a_transcript_that_can_be_asked(settings: Settings) -> None:
    async with opened(settings) as (bench, jobs):
        held = await interview(bench)
        done = await captured(bench, jobs, held, TWO_CHANNELS, Order(by="tests", mapping={"Channel 2": "Tomás Rivera"}))
        assert (done.state, done.done_s) == (CaptureState.DONE, done.of_s)
        assert [s.step for s in done.steps] == [Step.ASKED, Step.BEGUN, Step.SURVEYED, Step.HEARD, Step.BEGUN, Step.KEPT]
        transcript = await bench.store.transcript(held.organisation, held.id)
        assert {s.label: s.name for s in transcript.speakers} == {"Channel 1": "", "Channel 2": "Tomás Rivera"}
        assert all(0 < (u.confidence or 0) <= 1 for u in transcript.utterances)
        assert set(await bench.index.held(held.organisation)) == {transcript.id}
        assert await bench.store.stretches(held.organisation, done.capture.id) == ()


async def test_the_same_recording_again_is_the_same_capture_and_is_not_heard_again(settings: Settings) -> None:
    async with opened(settings) as (bench, jobs):
        held = await interview(bench)
        first = await captured(bench, jobs, held, TWO_CHANNELS)
        again = await captured(bench, jobs, held, TWO_CHANNELS)
        assert again == first
        assert (await bench.store.transcript(held.organisation, held.id)).version == 1
        assert len(list((settings.media_folder / held.organisation).iterdir())) == 1


async def test_nothing_is_read_before_a_consent_is_on_record(settings: Settings) -> None:
    async def told() -> AsyncIterator[bytes]:
        raise AssertionError("a byte was read")
        yield b""

    async with opened(settings) as (bench, _):
        held = await interview(bench, consented=False)
        with pytest.raises(ConsentMissing):
            await order_capture(bench, held, told(), "call.wav", ORDER)
        assert not settings.media_folder.exists()


async def test_what_is_no_recording_is_refused_and_nothing_of_it_is_left(settings: Settings, tmp_path: Path) -> None:
    text, empty = tmp_path / "notes.wav", tmp_path / "empty.wav"
    text.write_text("Dana: so, tell me about the oven.\n")
    empty.write_bytes(b"")
    silent_film = recorded(tmp_path / "film.mp4", "aac", None, kind="mp4", pictures_s=2)
    async with opened(settings) as (bench, jobs):
        held = await interview(bench)
        for path, sentence in (
            (text, "is text"),
            (empty, "empty"),
            (silent_film, "no sound"),
            (cut(wav(tmp_path / "a.wav", tone(4))), "cut off"),
        ):
            with pytest.raises(BadAudio, match=sentence) as refused:
                await taken_in(bench, jobs, held, path)
            assert refused.value.where == path.name
        assert [p for p in settings.media_folder.rglob("*") if p.is_file()] == []
        assert await bench.store.captures(held.organisation) == ()


async def test_a_recording_in_which_nobody_speaks_fails_with_a_sentence_and_can_be_asked_for_again(
    settings: Settings, tmp_path: Path
) -> None:
    async with opened(settings) as (bench, jobs):
        held = await interview(bench)
        for n, signal in enumerate((np.zeros((2, 96_000 * 3), np.float32), tone(3, rate=96_000, channels=2))):
            failed = await captured(bench, jobs, held, wav(tmp_path / f"{n}.wav", signal, rate=96_000))
            assert (failed.state, failed.steps[-1].code) == (CaptureState.FAILED, "no_speech")
            assert "Nobody speaks" in failed.why
            assert (await over(jobs, await jobs.retry(held.organisation, failed.capture.id))).attempt == 2
        with pytest.raises(NotFound):
            await bench.store.newest_transcript(held.organisation, held.id)


async def test_a_second_recording_of_an_interview_needs_a_reason_and_is_its_next_version(settings: Settings) -> None:
    async with opened(settings) as (bench, jobs):
        held = await interview(bench)
        await captured(bench, jobs, held, TWO_CHANNELS)
        with pytest.raises(Conflict, match="transcript already"):
            await taken_in(bench, jobs, held, PHONE)
        done = await captured(bench, jobs, held, PHONE, Order(by="tests", correction="the first one was of another call"))
        assert done.state is CaptureState.DONE
        assert (await bench.store.transcript(held.organisation, held.id)).version == 2


async def test_what_is_cancelled_stops_at_once_and_goes_on_where_it_was(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("corpus.channels.STRETCH_S", 5.5)
    monkeypatch.setattr("corpus.channels.LOOK_BACK_S", 2.0)
    async with opened(settings) as (bench, jobs):
        held = await interview(bench)
        made = await taken_in(bench, jobs, held, PHONE)
        async for progress, _ in jobs.until_over(held.organisation, made.capture.id):
            if progress.steps[-1].step is Step.HEARD:
                stopped = await jobs.cancel(held.organisation, made.capture.id)
        assert stopped.state is CaptureState.CANCELLED
        await asyncio.wait_for(jobs.runner.idle.wait(), 10)
        assert (await bench.store.capture(held.organisation, made.capture.id)).state is CaptureState.CANCELLED
        with pytest.raises(NotFound):
            await bench.store.newest_transcript(held.organisation, held.id)
        again = await over(jobs, await jobs.retry(held.organisation, made.capture.id))
        assert again.state is CaptureState.DONE
        with pytest.raises(Conflict, match="nothing to try again"):
            await jobs.retry(held.organisation, made.capture.id)


async def test_a_queue_that_is_closed_in_the_middle_goes_on_when_it_is_opened_again(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("corpus.channels.STRETCH_S", 5.5)
    monkeypatch.setattr("corpus.channels.LOOK_BACK_S", 2.0)
    async with opened(settings) as (bench, jobs):
        held = await interview(bench)
        made = await taken_in(bench, jobs, held, PHONE)
        async for progress, _ in jobs.until_over(held.organisation, made.capture.id):
            if progress.steps[-1].step is Step.HEARD:
                break
    async with opened(settings) as (bench, jobs):
        done = await over(jobs, made)
        assert done.state is CaptureState.DONE
        heard = [s.done_s or 0.0 for s in done.steps if s.step is Step.HEARD]
        assert heard == sorted(set(heard)), "no stretch was heard twice"


async def test_a_failure_that_passes_is_tried_again_and_one_that_stays_is_told(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    broken = threading.Event()
    async with opened(settings) as (bench, jobs):
        held = await interview(bench)
        put = Indexer.put

        async def failing(*args: object) -> None:
            if not broken.is_set():
                broken.set()
                raise IndexDown("The index does not answer")
            await put(*args)  # type: ignore[arg-type]  # whatever it was called with

        monkeypatch.setattr(Indexer, "put", failing)
        done = await captured(bench, jobs, held, TWO_CHANNELS)
        assert (done.state, (await bench.store.transcript(held.organisation, held.id)).version) == (CaptureState.DONE, 1)

        async def down(*args: object) -> None:
            raise IndexDown("The index does not answer")

        monkeypatch.setattr(Indexer, "put", down)
        monkeypatch.setattr("agents.captures.queue.BACKOFF_S", 0.01)
        other = await interview(bench, "2-call")
        failed = await captured(bench, jobs, other, PHONE)
        assert (failed.state, failed.steps[-1].code) == (CaptureState.FAILED, "index_down")
        assert "tried 5 times" in failed.why


async def test_no_more_may_wait_than_the_settings_say(tmp_path: Path) -> None:
    settings = load_settings(home=tmp_path / "home", jobs={"waiting": 1, "at_once": 0, "poll_s": 0.1})
    async with opened(settings) as (bench, jobs):
        await taken_in(bench, jobs, await interview(bench), PHONE)
        with pytest.raises(QueueFull):
            await taken_in(bench, jobs, await interview(bench, "2-call"), TWO_CHANNELS)


async def test_a_process_has_one_queue(settings: Settings) -> None:
    async with opened(settings) as (bench, _):
        with pytest.raises(Conflict, match="one queue"):
            async with open_jobs(bench):
                pass


async def test_people_and_what_is_no_plain_word_of_the_contract_are_listened_for(settings: Settings) -> None:
    async with opened(settings) as (bench, jobs):
        made = await taken_in(bench, jobs, await interview(bench), PHONE)
        assert set(await hotwords_of(bench, made.capture)) == {"Dana Whitlock", "Tomás Rivera", "SAP", "Kotlin"}


async def test_the_queue_itself_holds_none_of_the_words(settings: Settings) -> None:
    async with opened(settings) as (bench, jobs):
        held = await interview(bench)
        await captured(bench, jobs, held, TWO_CHANNELS)
        said = " ".join(u.text for u in (await bench.store.transcript(held.organisation, held.id)).utterances)
    held_on_disk = (settings.home / "jobs.db").read_bytes()
    assert "supplier" in said
    assert b"supplier" not in held_on_disk


async def test_nothing_is_listened_for_unless_that_is_asked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    listened: list[tuple[str, ...]] = []
    hear = speech.hear_stretches

    def listening(*args: object, hotwords: tuple[str, ...], **more: object) -> object:
        listened.append(hotwords)
        return hear(*args, hotwords=hotwords, **more)  # type: ignore[arg-type]  # whatever it was called with

    monkeypatch.setattr(hearing, "hear_stretches", listening)
    for asked in (False, True):
        settings = load_settings(home=tmp_path / f"home-{asked}", jobs={"poll_s": 0.1}, speech={"hotwords": asked})
        async with opened(settings) as (bench, jobs):
            await captured(bench, jobs, await interview(bench), TWO_CHANNELS)
    assert [bool(words) for words in listened] == [False, True]
