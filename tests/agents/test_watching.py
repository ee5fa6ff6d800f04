"""A watched folder: what appears in it is taken in once, whole, and with a consent, or said to be unfit once."""

import fcntl
import os
import shutil
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from agents.desk import open_interview
from agents.erasure.asking import Asked, erase_interview
from alignment.settings import Settings
from corpus.watched import files_in
from tests.agents.watched import CAPTIONS, TOMAS, folder, kept, looked, opened, say, settings, tracks, watch
from tests.corpus.recordings import PHONE, TWO_CHANNELS, tone, wav

__all__ = ["folder", "settings"]


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
