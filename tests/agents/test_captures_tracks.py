"""Speaker tracks of recordings on their way: given with one, while it is heard, at its end, and after a crash."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from agents import attribution, ingestion
from agents.attribution import Corrected, attribute, track_given
from agents.captures import Jobs, order_capture, pieces_of, running
from agents.copies import copy_of
from agents.erasure.asking import Asked, erase_interview
from agents.workbench import Workbench
from alignment.capture import CaptureState, Progress
from alignment.errors import Conflict, NotFound
from alignment.people import Interview
from alignment.settings import Settings, load_settings
from corpus.tracks import TrackTurn
from tests.agents.capturing import ORDER, captured, interview, opened, over, taken_in
from tests.agents.erasure_cast import files_with, nowhere
from tests.corpus.recordings import PHONE, TWO_CHANNELS, tone, wav

DANA, TOMAS = "Dana Whitlock", "Tomás Rivera"
TRACK = (TrackTurn(DANA, 0, 10.4), TrackTurn(TOMAS, 10.4, 16))
OTHER = (TrackTurn(TOMAS, 0, 16),)


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return load_settings(home=tmp_path / "home", jobs={"poll_s": 0.1})


async def told(bench: Workbench, held: Interview, made: Progress) -> tuple[int, set[str]]:
    """The newest version and who speaks in it; nothing waits beside the recording any more."""
    assert await bench.store.track(held.organisation, made.capture.id) == ""
    newest = await bench.store.transcript(held.organisation, held.id)
    assert {s.name for s in newest.speakers} == {s.label for s in newest.speakers}
    return newest.version, {u.speaker for u in newest.utterances}


async def killed_before_the_end(jobs: Jobs, made: Progress, monkeypatch: pytest.MonkeyPatch) -> None:
    """The transcript is put on record, and then the process ends."""
    ingest = ingestion.ingest

    async def killed(*a: Any, **more: Any) -> Any:
        await ingest(*a, **more)
        raise KeyboardInterrupt

    with monkeypatch.context() as once:
        once.setattr(running, "ingest", killed)
        with pytest.raises(KeyboardInterrupt):
            await jobs.runner.keep(made.capture.organisation, made.capture.id)


async def test_a_track_that_comes_with_a_recording_tells_its_first_version_apart(settings: Settings) -> None:
    async with opened(settings) as (bench, jobs):
        held = await interview(bench)
        made = await captured(bench, jobs, held, PHONE, replace(ORDER, track=TRACK))
        assert made.state is CaptureState.DONE
        assert await told(bench, held, made) == (1, {DANA, TOMAS})
        await order_capture(bench, held, pieces_of(PHONE), PHONE.name, replace(ORDER, track=TRACK))
        assert await told(bench, held, made) == (1, {DANA, TOMAS})
        await order_capture(bench, held, pieces_of(PHONE), PHONE.name, replace(ORDER, track=OTHER))
        assert await told(bench, held, made) == (2, {TOMAS})


async def test_a_track_that_comes_while_it_is_heard_waits_for_its_transcript(settings: Settings) -> None:
    async with opened(settings) as (bench, jobs):
        held = await interview(bench)
        with pytest.raises(NotFound):
            await track_given(bench, held, TRACK)
        made = await order_capture(bench, held, pieces_of(PHONE), PHONE.name, ORDER)
        for track in (OTHER, TRACK):
            waiting = await track_given(bench, held, track)
            assert isinstance(waiting, Progress)
            assert waiting.capture.id == made.capture.id
        await jobs.put(held.organisation, made.capture.id)
        assert await told(bench, held, await over(jobs, made)) == (1, {DANA, TOMAS})
        again = await track_given(bench, held, TRACK)
        assert isinstance(again, Corrected)
        assert not again.new


async def test_a_track_that_comes_at_the_last_moment_is_not_lost(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    async with opened(settings) as (bench, jobs):
        held = await interview(bench)
        ingest = ingestion.ingest

        async def given_meanwhile(*a: Any, **more: Any) -> Any:
            done = await ingest(*a, **more)
            assert isinstance(await track_given(bench, held, TRACK), Progress)
            return done

        monkeypatch.setattr(running, "ingest", given_meanwhile)
        made = await captured(bench, jobs, held, PHONE)
        assert made.state is CaptureState.DONE
        assert await told(bench, held, made) == (2, {DANA, TOMAS})
        assert made.steps[-1].code == (await bench.store.transcript(held.organisation, held.id)).id


async def test_a_track_that_comes_after_a_crash_tells_apart_what_was_on_record_already(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with opened(settings) as (bench, jobs):
        held = await interview(bench)
        made = await order_capture(bench, held, pieces_of(PHONE), PHONE.name, ORDER)
        assert await jobs.runner.hear(held.organisation, made.capture.id)
        await killed_before_the_end(jobs, made, monkeypatch)
        assert isinstance(await track_given(bench, held, TRACK), Progress)
        assert await jobs.runner.keep(held.organisation, made.capture.id)
        assert await told(bench, held, made) == (2, {DANA, TOMAS})


async def test_a_person_who_corrected_between_a_crash_and_the_end_is_not_undone(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with opened(settings) as (bench, jobs):
        held = await interview(bench)
        made = await order_capture(bench, held, pieces_of(PHONE), PHONE.name, replace(ORDER, track=TRACK))
        assert await jobs.runner.hear(held.organisation, made.capture.id)
        await killed_before_the_end(jobs, made, monkeypatch)
        await attribute(bench, held, people={}, utterances={0: TOMAS})
        assert await jobs.runner.keep(held.organisation, made.capture.id)
        newest = await bench.store.transcript(held.organisation, held.id)
        assert (newest.version, newest.utterances[0].speaker, newest.utterances[0].attribution) == (2, TOMAS, None)


async def test_who_corrects_while_a_late_track_is_put_on_record_does_not_make_the_capture_fail(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with opened(settings) as (bench, jobs):
        held = await interview(bench)
        ingest, by_track, times = ingestion.ingest, attribution.attribute_by_track, iter(range(9))

        async def given_meanwhile(*a: Any, **more: Any) -> Any:
            done = await ingest(*a, **more)
            assert isinstance(await track_given(bench, held, TRACK), Progress)
            return done

        async def corrected_meanwhile(*a: Any, **more: Any) -> Any:
            if next(times) < 2:
                raise Conflict("The transcript was corrected meanwhile")
            return await by_track(*a, **more)

        monkeypatch.setattr(running, "ingest", given_meanwhile)
        monkeypatch.setattr(running, "attribute_by_track", corrected_meanwhile)
        made = await captured(bench, jobs, held, PHONE)
        assert made.state is CaptureState.DONE
        assert await told(bench, held, made) == (2, {DANA, TOMAS})


async def test_a_track_never_tells_another_recordings_transcript_apart(settings: Settings, tmp_path: Path) -> None:
    async with opened(settings) as (bench, jobs):
        held = await interview(bench)
        first = await captured(bench, jobs, held, PHONE)
        await captured(bench, jobs, held, TWO_CHANNELS, replace(ORDER, correction="recorded anew"))
        newest = await bench.store.transcript(held.organisation, held.id)
        with pytest.raises(Conflict, match="another recording"):
            await order_capture(bench, held, pieces_of(PHONE), PHONE.name, replace(ORDER, track=TRACK))
        with pytest.raises(Conflict, match="another recording"):
            await track_given(bench, held, TRACK, first.capture.digest)
        with pytest.raises(NotFound, match="no such recording"):
            await track_given(bench, held, TRACK, "0" * 64)
        silent = wav(tmp_path / "silent.wav", 0.001 * tone(3))
        made = await captured(bench, jobs, held, silent, replace(ORDER, correction="once more"))
        assert made.state is CaptureState.FAILED
        assert isinstance(await track_given(bench, held, TRACK, made.capture.digest), Progress)
        assert await bench.store.transcript(held.organisation, held.id) == newest


async def test_a_waiting_track_is_in_the_copy_and_goes_with_the_interview(settings: Settings, tmp_path: Path) -> None:
    async with opened(settings) as (bench, jobs):
        held = await interview(bench)
        track = (TrackTurn("Quokka Person", 0, 9),)
        await order_capture(bench, held, pieces_of(PHONE), PHONE.name, replace(ORDER, track=track))
        counts = await copy_of(bench, held.organisation, TOMAS, tmp_path / "copy.zip")
        assert counts["track"] == 1
        assert files_with(settings.home, "Quokka")["Quokka"]
        search = await bench.store.search(held.organisation, held.search)
        await erase_interview(bench, search, held.name, Asked(by=DANA, reason="case 12"), jobs=jobs)
        assert nowhere(settings.home, "Quokka")
    assert nowhere(settings.home, "Quokka")


async def test_a_track_outlives_a_recording_that_could_not_be_heard_until_it_can(settings: Settings, tmp_path: Path) -> None:
    async with opened(settings) as (bench, jobs):
        held = await interview(bench)
        silent = wav(tmp_path / "silent.wav", 0.001 * tone(3))
        made = await taken_in(bench, jobs, held, silent, replace(ORDER, track=TRACK))
        assert (await over(jobs, made)).state is CaptureState.FAILED
        assert await bench.store.track(held.organisation, made.capture.id) != ""
        await order_capture(bench, held, pieces_of(PHONE), PHONE.name, replace(ORDER, track=TRACK))
        await taken_in(bench, jobs, held, PHONE, ORDER)
        newest = (await bench.store.captures(held.organisation, held.id))[-1]
        assert await told(bench, held, await over(jobs, newest)) == (1, {DANA, TOMAS})
