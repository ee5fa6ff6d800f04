"""A watched folder: what appears in it is taken in once, whole, and with a consent, or said to be unfit once."""

import fcntl
import json
import os
import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from agents.captures import Jobs, open_jobs
from agents.captures.watching import News, Watch
from agents.desk import SearchPlan, open_interview, open_search, organisation_of
from agents.erasure.asking import Asked, erase_interview
from agents.workbench import Workbench, open_workbench
from alignment.contract import Criterion
from alignment.errors import StoreDown
from alignment.people import Search
from alignment.settings import Settings, load_settings
from corpus.tracks import read_written
from corpus.watched import files_in
from tests.corpus.recordings import PHONE, TWO_CHANNELS, tone, wav

TOMAS = {"candidate": "Tomás Rivera"}


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """Recordings are taken in, and not heard here."""
    return load_settings(home=tmp_path / "home", jobs={"poll_s": 0.1, "at_once": 0})


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "recordings"
    made.mkdir()
    return made


@asynccontextmanager
async def opened(settings: Settings) -> AsyncIterator[tuple[Workbench, Jobs, Search]]:
    async with open_workbench(settings) as bench, open_jobs(bench) as jobs:
        criteria = (Criterion(id="M1", text="Has moved a team to other services in one summer"),)
        plan = SearchPlan("buyer", "Buyer", recruiter="Dana Whitlock", criteria=criteria)
        yield bench, jobs, await open_search(bench, (await organisation_of(bench)).id, plan)


def watch(bench: Workbench, jobs: Jobs, search: Search, folder: Path, consent: str = "recorded-elsewhere") -> Watch:
    async def queue() -> Jobs:
        return jobs

    return Watch(bench, queue, search, folder, consent)


async def looked(watched: Watch, times: int = 2) -> list[tuple[str, str]]:
    """Who was told of what: the file, and the code or that it was taken in."""
    news: list[News] = []
    for _ in range(times):
        news += await watched.look()
    return [(n.file, n.code or ("taken in" if n.capture else "known")) for n in news]


async def kept(bench: Workbench, search: Search) -> dict[str, int]:
    """How many captures each interview has."""
    held = await bench.store.interviews(search.organisation, search.id)
    return {i.name: len(await bench.store.captures(search.organisation, i.id)) for i in held}


CAPTIONS = "WEBVTT\n\n00:00.000 --> 00:02.000\n<v Tomás Rivera>What the words are does not count.</v>\n"


async def tracks(bench: Workbench, search: Search) -> list[list[tuple[str, float, float]]]:
    """The turns that wait beside each recording."""
    org = search.organisation
    documents = [await bench.store.track(org, p.capture.id) for p in await bench.store.captures(org)]
    found = [read_written(d) for d in documents]
    return [[(t.label, t.start_s, t.end_s) for t in turns] for turns in found]


def say(folder: Path, name: str, **said: str) -> None:
    (folder / f"{name}.json").write_text(json.dumps(said), encoding="utf-8")


async def test_recordings_become_captures_of_the_interviews_that_they_are_named_after(settings: Settings, folder: Path) -> None:
    async with opened(settings) as (bench, jobs, search):
        await open_interview(bench, search, "1-screen", "Tomás Rivera")
        shutil.copy(PHONE, folder / "1-screen.wav")
        (folder / "2-work").mkdir()
        shutil.copy(TWO_CHANNELS, folder / "2-work" / "Meeting 17.ogg")
        say(folder / "2-work", "Meeting 17", **TOMAS, held_on="2026-10-20", consent="agreed in the call")
        watched = watch(bench, jobs, search, folder)
        assert await looked(watched) == [("1-screen.wav", "taken in"), ("2-work/Meeting 17.ogg", "taken in")]
        assert await kept(bench, search) == {"1-screen": 1, "2-work": 1}
        work = await bench.store.interview_by_name(search.organisation, search.id, "2-work")
        assert (str(work.held_on), work.consent and work.consent.basis) == ("2026-10-20", "agreed in the call")
        assert await looked(watched, 3) == []


async def test_a_file_that_is_still_being_written_is_left_alone_until_it_is_whole(settings: Settings, folder: Path) -> None:
    whole = PHONE.read_bytes()
    async with opened(settings) as (bench, jobs, search):
        await open_interview(bench, search, "slow", "Tomás Rivera")
        watched = watch(bench, jobs, search, folder)
        with (folder / "slow.wav").open("wb") as file:
            for at in range(0, len(whole), len(whole) // 5):
                file.write(whole[at : at + len(whole) // 5])
                file.flush()
                assert await looked(watched, 1) == []
        assert await looked(watched) == [("slow.wav", "taken in")]
        (made,) = await bench.store.captures(search.organisation)
        assert bench.media.path(search.organisation, made.capture.digest).read_bytes() == whole


async def test_a_file_that_somebody_locks_is_left_alone(settings: Settings, folder: Path) -> None:
    async with opened(settings) as (bench, jobs, search):
        await open_interview(bench, search, "held", "Tomás Rivera")
        shutil.copy(PHONE, folder / "held.wav")
        watched = watch(bench, jobs, search, folder)
        with (folder / "held.wav").open("r+b") as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            assert await looked(watched, 3) == []
        assert await looked(watched, 1) == [("held.wav", "taken in")]


async def test_the_same_content_twice_is_taken_in_once_whatever_it_is_called(settings: Settings, folder: Path) -> None:
    for name in ("a", "b"):
        shutil.copy(PHONE, folder / f"{name}.wav")
        say(folder, name, **TOMAS)
    async with opened(settings) as (bench, jobs, search):
        assert await looked(watch(bench, jobs, search, folder), 3) == [("a.wav", "taken in"), ("b.wav", "known")]
        assert await looked(watch(bench, jobs, search, folder), 3) == [], "as after a restart"
        assert await kept(bench, search) == {"a": 1}


async def test_what_is_no_recording_is_told_once_even_after_a_restart_and_stays_where_it_is(settings: Settings, folder: Path) -> None:
    (folder / "notes.wav").write_text("Nothing to hear here.", encoding="utf-8")
    (folder / "empty.mp3").touch()
    (folder / "later.wav.part").write_bytes(b"RIFF")
    (folder / ".hidden.wav").write_bytes(b"RIFF")
    for name in ("notes", "empty"):
        say(folder, name, **TOMAS)
    before = files_in(folder)
    async with opened(settings) as (bench, jobs, search):
        told = await looked(watch(bench, jobs, search, folder), 3)
        assert told == [("empty.mp3", "bad_audio"), ("notes.wav", "bad_audio")]
        assert await looked(watch(bench, jobs, search, folder), 3) == []
        assert await kept(bench, search) == {}
        assert files_in(folder) == before
        wav(folder / "notes.wav", tone(3))
        assert await looked(watch(bench, jobs, search, folder), 2) == [("notes.wav", "taken in")]


async def test_without_a_consent_or_a_candidate_nothing_is_read_until_there_is_one(settings: Settings, folder: Path) -> None:
    shutil.copy(PHONE, folder / "1-call.wav")
    async with opened(settings) as (bench, jobs, search):
        watched = watch(bench, jobs, search, folder, consent="")
        assert await looked(watched, 3) == [("1-call.wav", "not_found")]
        say(folder, "1-call", **TOMAS)
        assert await looked(watched, 3) == [("1-call.wav", "consent_missing")]
        assert await kept(bench, search) == {}
        assert not settings.media_folder.exists()
        say(folder, "1-call", **TOMAS, consent="agreed by mail")
        assert await looked(watched, 3) == [("1-call.wav", "taken in")]


@pytest.mark.parametrize(
    "said",
    [
        "{",
        "[]",
        '{"candidat": "x"}',
        '{"held_on": "soon"}',
        '{"interview": "a\\u0000b", "candidate": "x"}',
        '{"interview": "..", "candidate": "x"}',
    ],
)
async def test_a_sidecar_that_cannot_be_read_is_told_and_nothing_is_guessed(settings: Settings, folder: Path, said: str) -> None:
    shutil.copy(PHONE, folder / "1-call.wav")
    (folder / "1-call.json").write_text(said, encoding="utf-8")
    async with opened(settings) as (bench, jobs, search):
        assert await looked(watch(bench, jobs, search, folder), 3) == [("1-call.wav", "bad_search")]
        assert await kept(bench, search) == {}


async def test_a_file_that_was_left_lying_does_not_bring_back_what_was_erased(settings: Settings, folder: Path) -> None:
    shutil.copy(PHONE, folder / "1-call.wav")
    say(folder, "1-call", **TOMAS)
    async with opened(settings) as (bench, jobs, search):
        assert await looked(watch(bench, jobs, search, folder)) == [("1-call.wav", "taken in")]
        await erase_interview(bench, search, "1-call", Asked(by="Dana", reason="asked for"), jobs=jobs)
    async with opened(settings) as (bench, jobs, search):
        assert await looked(watch(bench, jobs, search, folder), 3) == []
        assert await kept(bench, search) == {}
        assert "1-call" not in "".join(p.read_text(encoding="utf-8") for p in (settings.home / "watched").iterdir())


async def test_links_are_not_followed_out_of_the_folder(settings: Settings, folder: Path, tmp_path: Path) -> None:
    wav(tmp_path / "private.wav", np.zeros((1, 16_000), np.float32))
    (folder / "1-call.wav").symlink_to(tmp_path / "private.wav")
    (folder / "2-call").symlink_to(tmp_path)
    say(folder, "1-call", **TOMAS)
    async with opened(settings) as (bench, jobs, search):
        assert await looked(watch(bench, jobs, search, folder), 3) == []


async def test_a_name_in_another_encoding_and_a_folder_that_may_not_be_read_stop_nothing(
    settings: Settings, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    odd = os.fsencode(folder) + b"/caf\xe9.wav"
    shutil.copy(PHONE, os.fsdecode(odd))
    (folder / "private").mkdir()
    shutil.copy(TWO_CHANNELS, folder / "plain.ogg")
    say(folder, "plain", **TOMAS)
    scan = os.scandir

    def forbidden(place: str | Path) -> Any:
        if Path(place).name == "private":
            raise PermissionError(13, "Permission denied")
        return scan(place)

    monkeypatch.setattr("corpus.watched.os.scandir", forbidden)
    async with opened(settings) as (bench, jobs, search):
        assert await looked(watch(bench, jobs, search, folder), 3) == [(r"caf\xe9.wav", "not_found"), ("plain.ogg", "taken in")]


async def test_a_track_beside_a_recording_is_kept_for_its_transcript_also_where_it_comes_later(settings: Settings, folder: Path) -> None:
    async with opened(settings) as (bench, jobs, search):
        say(folder, "1-screen", **TOMAS)
        shutil.copy(PHONE, folder / "1-screen.wav")
        (folder / "1-screen.vtt").write_text(CAPTIONS, encoding="utf-8")
        watched = watch(bench, jobs, search, folder)
        assert await looked(watched) == [("1-screen.wav", "taken in")]
        assert await tracks(bench, search) == [[("Tomás Rivera", 0.0, 2.0)]]
        turns = [{"speaker": "Dana Whitlock", "start": 0, "end": 9}]
        (folder / "1-screen.track.json").write_text(json.dumps(turns), encoding="utf-8")
        later = [n for _ in range(3) for n in await watched.look()]
        assert [n.what for n in later] == ["The track beside it is kept until its transcript is on record"]
        assert await tracks(bench, search) == [[("Dana Whitlock", 0.0, 9.0)]]
        assert await looked(watch(bench, jobs, search, folder)) == []
        (folder / "1-screen.track.json").unlink()
        assert await looked(watched, 3) == [("1-screen.wav", "taken in")]
        assert await tracks(bench, search) == [[("Tomás Rivera", 0.0, 2.0)]]


async def test_a_track_that_comes_later_and_is_none_is_told_once(settings: Settings, folder: Path) -> None:
    async with opened(settings) as (bench, jobs, search):
        say(folder, "1-screen", **TOMAS)
        shutil.copy(PHONE, folder / "1-screen.wav")
        watched = watch(bench, jobs, search, folder)
        assert await looked(watched) == [("1-screen.wav", "taken in")]
        (folder / "1-screen.vtt").mkdir()
        assert await looked(watched, 3) == [("1-screen.wav", "bad_transcript")]
        assert await looked(watch(bench, jobs, search, folder)) == []
        (folder / "1-screen.vtt").rmdir()
        (folder / "1-screen.TRANSCRIPT.VTT").write_text(CAPTIONS, encoding="utf-8")
        assert await looked(watched, 3) == [("1-screen.wav", "taken in")]
        assert await tracks(bench, search) == [[("Tomás Rivera", 0.0, 2.0)]]


async def test_a_track_is_kept_once_the_store_is_back(settings: Settings, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async with opened(settings) as (bench, jobs, search):
        say(folder, "1-screen", **TOMAS)
        shutil.copy(PHONE, folder / "1-screen.wav")
        watched = watch(bench, jobs, search, folder)
        assert await looked(watched) == [("1-screen.wav", "taken in")]
        (folder / "1-screen.vtt").write_text(CAPTIONS, encoding="utf-8")

        async def away(*_: Any) -> bool:
            raise StoreDown("The store is away")

        with monkeypatch.context() as down:
            down.setattr(bench.store, "set_track", away)
            assert await looked(watched, 3) == [("1-screen.wav", "store_down")]
        monkeypatch.setattr("agents.captures.watching.AGAIN_S", 0.0)
        watched._later.clear()
        assert await looked(watched, 3) == [("1-screen.wav", "taken in")]
        assert await tracks(bench, search) == [[("Tomás Rivera", 0.0, 2.0)]]


async def test_a_name_as_long_as_a_name_may_be_does_not_end_the_watch(settings: Settings, folder: Path) -> None:
    async with opened(settings) as (bench, jobs, search):
        (folder / f"{'会' * 82}.ogg").write_bytes(b"no sound")
        say(folder, "1-screen", **TOMAS)
        shutil.copy(PHONE, folder / "1-screen.wav")
        told = await looked(watch(bench, jobs, search, folder))
        assert ("1-screen.wav", "taken in") in told
        assert len(told) == 2


async def test_captions_without_speakers_do_not_keep_a_recording_from_being_heard(settings: Settings, folder: Path) -> None:
    async with opened(settings) as (bench, jobs, search):
        say(folder, "1-screen", **TOMAS)
        shutil.copy(PHONE, folder / "1-screen.wav")
        (folder / "1-screen.srt").write_text("1\n00:00:00,000 --> 00:00:02,000\nnobody's\n", encoding="utf-8")
        (folder / "9-alone.vtt").write_text(CAPTIONS, encoding="utf-8")
        watched = watch(bench, jobs, search, folder)
        told = [n for _ in range(3) for n in await watched.look()]
        assert len(told) == 1
        assert told[0].what.startswith("It is taken in, and is going to be heard; without its track, which cannot be used:")
        assert told[0].capture
        assert await tracks(bench, search) == [[]]
