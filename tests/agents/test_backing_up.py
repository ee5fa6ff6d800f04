"""Backup and restore: what was on record comes back as it was, all of it or nothing, and whatever is no backup is told."""

import asyncio
import itertools
import os
import shutil
import subprocess
import sys
import zipfile
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio

from agents.asking import find
from agents.backing_up import back_up, restore
from agents.turns import shape
from agents.workbench import open_workbench
from alignment.errors import BadSettings, Conflict, PlumblineError, StoreDown, Unreadable
from alignment.record import OrganisationId
from alignment.settings import Settings, load_settings
from corpus import snapshots
from corpus.store import open_store
from tests.agents.cast import INES, play

pytestmark = pytest.mark.asyncio(loop_scope="session")
RAW = "He could not name one argument with another team."


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def told(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Settings]:
    """A home with a search, an interview, a recording, and feedback that waits for its interviewer."""
    settings = load_settings(home=tmp_path_factory.mktemp("told"))
    async with open_workbench(settings) as bench:
        scene = await play(bench)
        await scene.shaped(RAW, INES)
    (settings.home / "media").mkdir()
    (settings.home / "media" / "1-work.wav").write_bytes(b"RIFF and so on")
    yield settings


async def _everything(settings: Settings) -> list[Any]:
    """All that is on record, what a conversation waits for, and what is found."""
    async with open_workbench(settings) as bench:
        (organisation,) = [o.id for o in await bench.store.organisations()]
        search, held = (await bench.store.searches(organisation))[0], (await bench.store.interviews(organisation))[0]
        (feedback,) = await bench.store.feedback_of(organisation)
        turn = await shape(bench, organisation, feedback.id)
        found = await find(bench, organisation, "an outage on a Friday", search=search.slug)
        record = [search, held, feedback, await bench.store.contracts(organisation, search.id)]
        return [*record, await bench.store.transcript(organisation, held.id), turn.shown, [m["text"] for m in found]]


async def test_what_was_backed_up_is_restored_as_it_was(told: Settings, tmp_path: Path) -> None:
    manifest = back_up(told, tmp_path / "a" / "backup.zip")
    assert manifest.rows["store.db"]["transcripts"] == 1
    assert (tmp_path / "a" / "backup.zip").stat().st_mode & 0o077 == 0
    assert [p.name for p in (tmp_path / "a").iterdir()] == ["backup.zip"]
    fresh = load_settings(home=tmp_path / "fresh")
    await restore(fresh, tmp_path / "a" / "backup.zip")
    assert await _everything(fresh) == await _everything(told)
    assert (fresh.home / "media" / "1-work.wav").read_bytes() == b"RIFF and so on"
    back_up(fresh, tmp_path / "again.zip")
    await restore(load_settings(home=tmp_path / "third"), tmp_path / "again.zip")
    assert await _everything(load_settings(home=tmp_path / "third")) == await _everything(told)


async def test_a_backup_is_one_moment_of_a_store_that_is_being_written(tmp_path: Path) -> None:
    settings = load_settings(home=tmp_path / "home")
    async with open_workbench(settings) as bench:
        org = (await bench.store.create_organisation("Busy")).id
        over = asyncio.Event()

        async def write() -> int:
            n = 0
            while not over.is_set():
                await bench.store.add_person(org, f"Somebody {n}")
                n += 1
            return n

        writing = asyncio.create_task(write())
        backups = [await asyncio.to_thread(back_up, settings, tmp_path / f"{n}.zip") for n in range(4)]
        over.set()
        written = await writing
    people = [b.rows["store.db"]["people"] for b in backups]
    assert people == sorted(people)
    assert people[-1] <= written
    await restore(load_settings(home=tmp_path / "fresh"), tmp_path / "3.zip")


async def test_a_home_that_holds_something_is_replaced_only_when_asked_and_kept(told: Settings, tmp_path: Path) -> None:
    back_up(told, tmp_path / "backup.zip")
    other = load_settings(home=tmp_path / "other")
    async with open_workbench(other) as bench:
        await bench.store.create_organisation("Before")
    with pytest.raises(Conflict, match="--replace"):
        await restore(other, tmp_path / "backup.zip")
    await restore(other, tmp_path / "backup.zip", replace=True)
    assert await _everything(other) == await _everything(told)
    (kept,) = await asyncio.to_thread(lambda: list(other.home.glob("plumbline.db.replaced-*[0-9]")))
    async with await open_store(f"sqlite+aiosqlite:///{kept}") as before:
        assert [o.name for o in await before.organisations()] == ["Before"]


@pytest.mark.parametrize("where", [0.05, 0.3, 0.6, 0.95])
async def test_a_damaged_backup_is_refused_and_nothing_is_touched(told: Settings, tmp_path: Path, where: float) -> None:
    back_up(told, tmp_path / "backup.zip")
    data = bytearray((tmp_path / "backup.zip").read_bytes())
    place = int(len(data) * where)
    data[place : place + 40] = bytes(40)
    (tmp_path / "damaged.zip").write_bytes(data)
    fresh = load_settings(home=tmp_path / "fresh")
    with pytest.raises(Unreadable):
        await restore(fresh, tmp_path / "damaged.zip")
    assert await asyncio.to_thread(lambda: fresh.home.exists() and list(fresh.home.iterdir())) in (False, [])


@pytest.mark.parametrize("content", [b"", b"PK", b"words", None])
async def test_what_is_no_backup_is_told(told: Settings, tmp_path: Path, content: bytes | None) -> None:
    if content is not None:
        (tmp_path / "x.zip").write_bytes(content)
    with pytest.raises(Unreadable):
        await restore(load_settings(home=tmp_path / "fresh"), tmp_path / "x.zip")


async def test_a_backup_of_a_newer_version_is_refused(told: Settings, tmp_path: Path) -> None:
    manifest = back_up(told, tmp_path / "backup.zip")
    newer = manifest.model_copy(update={"revision": "9999"})
    with zipfile.ZipFile(tmp_path / "backup.zip") as old, zipfile.ZipFile(tmp_path / "newer.zip", "w") as made:
        for name in old.namelist():
            made.writestr(name, newer.model_dump_json() if name == "manifest.json" else old.read(name))
    with pytest.raises(Conflict, match="does not know"):
        await restore(load_settings(home=tmp_path / "fresh"), tmp_path / "newer.zip")


async def test_a_backup_that_names_a_place_outside_itself_is_refused(told: Settings, tmp_path: Path) -> None:
    manifest = back_up(told, tmp_path / "backup.zip")
    bad = manifest.model_copy(update={"parts": {**manifest.parts, "../../escaped": "x"}})
    with zipfile.ZipFile(tmp_path / "backup.zip") as old, zipfile.ZipFile(tmp_path / "bad.zip", "w") as made:
        made.writestr("../../escaped", "out")
        for name in old.namelist():
            made.writestr(name, bad.model_dump_json() if name == "manifest.json" else old.read(name))
    with pytest.raises(Unreadable, match="outside"):
        await restore(load_settings(home=tmp_path / "fresh"), tmp_path / "bad.zip")
    assert not await asyncio.to_thread(lambda: list(tmp_path.rglob("escaped")))


@pytest.mark.parametrize("moves", range(8))
async def test_a_restore_that_is_cut_short_leaves_all_of_the_old_or_all_of_the_new(
    told: Settings, tmp_path: Path, moves: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    back_up(told, tmp_path / "backup.zip")
    home = tmp_path / "home"
    settings = load_settings(home=home)
    async with open_workbench(settings) as bench:
        await bench.store.create_organisation("Before")
    with _cut_short(home, moves, monkeypatch), suppress(ProcessKilled):
        await restore(settings, tmp_path / "backup.zip", replace=True)
    async with open_workbench(settings) as bench:
        names = {o.name for o in await bench.store.organisations()}
    if moves == 0:  # before the plan is on disk
        assert names == {"Before"}
    else:
        assert await _everything(settings) == await _everything(told)
        assert not [name for name in await asyncio.to_thread(os.listdir, home) if name.startswith(snapshots.UNPACKED)]


class ProcessKilled(BaseException):
    """What no code of ours catches."""


@contextmanager
def _cut_short(home: Path, moves: int, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Inside, the process dies at its n-th move within the home; the first puts the plan on disk."""
    done = itertools.count()

    def dying(real: Any) -> Any:
        def move(self: Path, target: Path) -> Path:
            if home in self.parents and next(done) == moves:
                raise ProcessKilled
            moved: Path = real(self, target)
            return moved

        return move

    with monkeypatch.context() as patch:
        for name in ("rename", "replace"):
            patch.setattr(Path, name, dying(getattr(Path, name)))
        yield


async def test_a_server_databases_backup_is_left_to_its_own_tools(tmp_path: Path) -> None:
    settings = load_settings(home=tmp_path, store_url="postgresql+psycopg://x@/y", checkpoints_url="postgresql://x@/y")
    with pytest.raises(BadSettings, match="pg_dump"):
        back_up(settings, tmp_path / "backup.zip")
    with pytest.raises(BadSettings, match="pg_dump"):
        await restore(settings, tmp_path / "backup.zip")


async def test_where_nothing_is_on_record_there_is_nothing_to_back_up(tmp_path: Path) -> None:
    with pytest.raises(StoreDown):
        back_up(load_settings(home=tmp_path / "nowhere"), tmp_path / "backup.zip")
    assert not (tmp_path / "backup.zip").exists()


async def test_kept_replies_are_not_backed_up(told: Settings, tmp_path: Path) -> None:
    home = tmp_path / "home"
    shutil.copytree(told.home, home)
    settings = load_settings(home=home)
    async with await open_store(settings.store) as store:
        (organisation,) = await store.organisations()
        given: dict[str, Any] = {"owner": "o", "at": datetime.now(UTC), "lease": timedelta(minutes=1)}
        await store.record_request(OrganisationId(organisation.id), "key", "a-word-in-a-reply", "digest", **given)
    manifest = back_up(settings, tmp_path / "backup.zip")
    assert manifest.rows["store.db"]["kept_requests"] == 0
    with zipfile.ZipFile(tmp_path / "backup.zip") as made:
        assert b"a-word-in-a-reply" not in made.read("store.db")


OLD = """
import asyncio
from alembic import command
from corpus.store_connections import make_migrating_engine, read_url
from corpus.store_migrating import alembic_config
from sqlalchemy import text
with make_migrating_engine(read_url("sqlite+aiosqlite:///PATH")).begin() as c:
    command.upgrade(alembic_config(c), "0003")
    c.execute(text("INSERT INTO organisations (organisation, name, consent_policy) VALUES ('org-1', 'Old', 'required')"))
    c.execute(text("INSERT INTO people (organisation, id, name, name_key, namesake) VALUES ('org-1', 'person-1', 'Dana', 'dana', 0)"))
"""


async def test_a_home_of_an_older_version_opens_with_all_that_it_held(tmp_path: Path) -> None:
    path = tmp_path / "plumbline.db"
    await asyncio.to_thread(subprocess.run, [sys.executable, "-c", OLD.replace("PATH", str(path))], check=True)
    assert snapshots.revision_of(path) == "0003"
    async with open_workbench(load_settings(home=tmp_path)) as bench:
        assert [o.name for o in await bench.store.organisations()] == ["Old"]
        assert [p.name for p in await bench.store.people_by_name(OrganisationId("org-1"), "dana")] == ["Dana"]
        with pytest.raises(PlumblineError):
            await bench.store.key_by_digest("nothing")
    assert snapshots.revision_of(path) > "0003"
