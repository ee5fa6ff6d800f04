"""What a restore meets on a real machine: killed processes, homes in use, other disks, files that grow, and the one before it."""

import asyncio
import os
import sqlite3
import subprocess
import sys
import threading
from collections.abc import AsyncIterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
import pytest_asyncio

from agents.backing_up import back_up, restore
from agents.workbench import open_workbench
from alignment.errors import IndexBusy
from alignment.settings import Settings, load_settings
from corpus.store import open_store

pytestmark = pytest.mark.asyncio(loop_scope="session")
MEMORY = Path("/dev/shm")


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def told(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Settings]:
    """A home with one organisation on record."""
    settings = load_settings(home=tmp_path_factory.mktemp("told"))
    async with open_workbench(settings) as bench:
        await bench.store.create_organisation("Told")
    yield settings


async def _names(settings: Settings) -> list[str]:
    async with open_workbench(settings) as bench:
        return [o.name for o in await bench.store.organisations()]


KILLED = """
import asyncio, os, signal, sys
from corpus.store import open_store
async def write():
    await (await open_store(sys.argv[1])).create_organisation("Written last")
    os.kill(os.getpid(), signal.SIGKILL)
asyncio.run(write())
"""


async def test_what_is_kept_holds_what_a_killed_process_had_written_last(told: Settings, tmp_path: Path) -> None:
    back_up(told, tmp_path / "backup.zip")
    other = load_settings(home=tmp_path / "other")
    await asyncio.to_thread(subprocess.run, [sys.executable, "-c", KILLED, other.store], check=False)
    assert (other.home / "plumbline.db-wal").stat().st_size > 0
    await restore(other, tmp_path / "backup.zip", replace=True)
    (kept,) = await asyncio.to_thread(lambda: list(other.home.glob("plumbline.db.replaced-*[0-9]")))
    async with await open_store(f"sqlite+aiosqlite:///{kept}") as before:
        assert [o.name for o in await before.organisations()] == ["Written last"]
    assert await _names(other) == ["Told"]


async def test_nothing_of_the_old_record_stays_beside_one_that_has_no_such_part(tmp_path: Path) -> None:
    bare, other = load_settings(home=tmp_path / "bare"), load_settings(home=tmp_path / "other")
    await (await open_store(bare.store)).close()
    assert list(back_up(bare, tmp_path / "backup.zip").parts) == ["store.db"]
    async with open_workbench(other):
        pass
    with closing(sqlite3.connect(other.checkpoints)) as held, held:
        held.execute("INSERT INTO checkpoints (thread_id, checkpoint_ns, checkpoint_id) VALUES ('old', '', '1')")
    (other.home / "media").mkdir()
    (other.home / "media" / "old.wav").write_bytes(b"old")
    await restore(other, tmp_path / "backup.zip", replace=True)
    assert not (other.home / "media").exists()
    with closing(sqlite3.connect(other.checkpoints)) as held:
        assert held.execute("SELECT count(*) FROM checkpoints").fetchone() == (0,)


async def test_restores_in_quick_succession_each_keep_what_they_replaced(told: Settings, tmp_path: Path) -> None:
    back_up(told, tmp_path / "backup.zip")
    other = load_settings(home=tmp_path / "other")
    for n in range(3):
        await restore(other, tmp_path / "backup.zip", replace=True)
        assert len(await asyncio.to_thread(lambda: list(other.home.glob("plumbline.db.replaced-*[0-9]")))) == n
    assert await _names(other) == ["Told"]


async def test_a_home_that_somebody_works_on_is_not_replaced_under_them(told: Settings, tmp_path: Path) -> None:
    back_up(told, tmp_path / "backup.zip")
    other = load_settings(home=tmp_path / "other")
    async with open_workbench(other) as bench:
        with pytest.raises(IndexBusy):
            await restore(other, tmp_path / "backup.zip", replace=True)
        await bench.store.create_organisation("Still here")
    assert await _names(other) == ["Still here"]


@pytest.mark.skipif(not MEMORY.is_dir(), reason="there is no file system in memory here")
async def test_a_store_on_another_disk_than_its_home_is_restored(told: Settings, tmp_path: Path) -> None:
    back_up(told, tmp_path / "backup.zip")
    with TemporaryDirectory(dir=MEMORY) as elsewhere:
        settings = load_settings(home=tmp_path / "fresh", store_url=f"sqlite+aiosqlite:///{elsewhere}/plumbline.db")
        await restore(settings, tmp_path / "backup.zip")
        assert await _names(settings) == ["Told"]
        assert sorted(os.listdir(elsewhere)) == ["plumbline.db"]


async def test_a_recording_that_grows_while_it_is_backed_up_can_be_restored(tmp_path: Path) -> None:
    settings = load_settings(home=tmp_path / "home")
    await (await open_store(settings.store)).close()
    (settings.home / "media").mkdir()
    recording = settings.home / "media" / "1.wav"
    recording.write_bytes(os.urandom(8_000_000))
    over = threading.Event()

    def record() -> None:
        while not over.wait(0.001):
            with recording.open("ab") as more:
                more.write(b"more")

    with ThreadPoolExecutor(1) as other:
        recorded = other.submit(record)
        back_up(settings, tmp_path / "backup.zip")
        over.set()
        recorded.result()
    await restore(load_settings(home=tmp_path / "fresh"), tmp_path / "backup.zip")


async def test_a_home_may_have_any_name(tmp_path: Path) -> None:
    settings = load_settings(home=tmp_path / "Dana's #1 home, 100%")
    await (await open_store(settings.store)).close()
    assert "organisations" in back_up(settings, tmp_path / "backup.zip").rows["store.db"]
