"""Speaker tracks in a watched folder: with a recording, before it, later, wrong, and again."""

import json
import os
import shutil
from pathlib import Path
from typing import Any

import pytest

from agents.attribution import track_given
from alignment.errors import StoreDown
from alignment.settings import Settings
from corpus.tracks import TrackTurn
from corpus.watched import files_in
from tests.agents.watched import CAPTIONS, TOMAS, folder, looked, opened, say, settings, tracks, watch
from tests.corpus.recordings import PHONE

__all__ = ["folder", "settings"]


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


async def test_a_restart_does_not_give_an_old_track_again_over_what_came_since(settings: Settings, folder: Path) -> None:
    async with opened(settings) as (bench, jobs, search):
        say(folder, "1-screen", **TOMAS)
        shutil.copy(PHONE, folder / "1-screen.wav")
        (folder / "1-screen.vtt").write_text(CAPTIONS, encoding="utf-8")
        assert await looked(watch(bench, jobs, search, folder)) == [("1-screen.wav", "taken in")]
        (interview,) = await bench.store.interviews(search.organisation, search.id)
        better = (TrackTurn("Dana Whitlock", 0.0, 9.0),)
        await track_given(bench, interview, better)
        assert await looked(watch(bench, jobs, search, folder), 3) == []
        assert await tracks(bench, search) == [[("Dana Whitlock", 0.0, 9.0)]]


async def test_a_track_that_cannot_be_read_under_a_name_of_odd_bytes_is_told_and_ends_nothing(settings: Settings, folder: Path) -> None:
    async with opened(settings) as (bench, jobs, search):
        odd = os.fsdecode(b"caf\xe9")
        shutil.copy(PHONE, folder / f"{odd}.wav")
        (folder / f"{odd}.json").write_text(json.dumps({**TOMAS, "interview": "1-screen"}), encoding="utf-8")
        (folder / f"{odd}.vtt").write_bytes(b"no captions")
        watched = watch(bench, jobs, search, folder)
        told = [n for _ in range(3) for n in await watched.look()]
        assert len(told) == 1
        assert "without its track" in told[0].what


async def test_two_names_that_differ_in_capitals_alone_have_their_own_sidecars_and_tracks(folder: Path) -> None:
    for name in ("Ann", "ann"):
        (folder / f"{name}.wav").write_bytes(name.encode())
        say(folder, name, candidate=name)
        (folder / f"{name}.vtt").write_text(name, encoding="utf-8")
    assert [(f.path.stem, f.sidecar.stem, f.track and f.track.stem) for f in files_in(folder)] == [(n, n, n) for n in ("Ann", "ann")]
