"""One moment of an SQLite file, taken while others write; and files put in another's place so that a crash leaves all old or all new."""

import json
import os
import shutil
import sqlite3
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path
from tempfile import mkdtemp
from typing import Any

from alembic.script import ScriptDirectory

from alignment.errors import StoreDown, Unreadable
from corpus.store_migrating import alembic_config

PENDING = "restore.pending"
"""Beside the store, while files are put in place: what goes where, to be finished by whoever opens the store next."""

UNPACKED = ".restore-"
"""How folders begin into which a backup is unpacked."""


def take_snapshot(source: Path, target: Path) -> None:
    """Copy the database as it is at one moment; StoreDown where it cannot be read."""
    try:
        with closing(_opened(source)) as held, closing(sqlite3.connect(target)) as copy:
            held.backup(copy)
            copy.execute("PRAGMA journal_mode = DELETE")  # one file, with nothing beside it
    except sqlite3.Error as e:
        raise StoreDown(f"The database cannot be copied: {e}", where=str(source), todo="Check the file, the disk, and try again.") from e


def forget_kept_replies(path: Path) -> None:
    """Empty a copy's cache of replies, which holds words and lasts a day."""
    with closing(sqlite3.connect(path)) as copy:
        copy.execute("PRAGMA secure_delete = ON")
        if copy.execute("SELECT 1 FROM sqlite_master WHERE name = 'kept_requests'").fetchone():
            copy.execute("DELETE FROM kept_requests")
        copy.commit()
        copy.execute("VACUUM")


def rows_in(path: Path) -> dict[str, int]:
    """How many rows each table of a database has; Unreadable where the file is none, or is damaged."""
    try:
        with closing(_opened(path)) as held:
            if held.execute("PRAGMA quick_check").fetchone() != ("ok",):
                raise Unreadable("The database is damaged", where=path.name, todo="Use another backup.")
            names = [row[0] for row in held.execute("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name")]
            return {name: int(held.execute(f'SELECT count(*) FROM "{name}"').fetchone()[0]) for name in names}
    except sqlite3.DatabaseError as e:
        raise Unreadable(f"The file is no database: {e}", where=path.name, todo="Use another backup.") from e


def revision_of(path: Path) -> str:
    """The revision of a store's tables, empty where it has none."""
    with closing(_opened(path)) as held:
        if not held.execute("SELECT 1 FROM sqlite_master WHERE name = 'alembic_version'").fetchone():
            return ""
        row = held.execute("SELECT version_num FROM alembic_version").fetchone()
        return str(row[0]) if row else ""


def _opened(path: Path) -> sqlite3.Connection:
    return sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True)


def knows_revision(revision: str) -> bool:
    """Whether this code knows a store of that revision, its own or an older one."""
    return revision in {s.revision for s in ScriptDirectory.from_config(alembic_config()).walk_revisions()}


def put_in_place(beside: Path, moves: Sequence[tuple[Path, Path]], mark: str, *, aside: Sequence[Path] = ()) -> None:
    """Move each file or folder to its place; what stood there, and whatever is to go aside, is kept beside it under the mark.

    Sources are on the file system of their targets. From the moment in which the plan is on disk it is carried out, by this call or by
    `finish_restore`; before it nothing is touched.
    """
    plan = {"mark": mark, "moves": [[str(source), str(target)] for source, target in moves], "aside": [str(p) for p in aside]}
    part = beside / f"{PENDING}.part"
    with part.open("w", encoding="utf-8") as file:
        json.dump(plan, file)
        file.flush()
        os.fsync(file.fileno())
    part.replace(beside / PENDING)
    finish_restore(beside)


def finish_restore(beside: Path) -> None:
    """Carry out what a restore had begun in that folder; nothing where none was cut short. StoreDown where it cannot be."""
    pending = beside / PENDING
    try:
        _carry_out(json.loads(pending.read_text(encoding="utf-8")))
        pending.unlink()
    except FileNotFoundError:
        return
    except OSError as e:
        told = f"A restore that was begun cannot be finished: {e.strerror}"
        raise StoreDown(told, where=str(pending), todo="Mend that, and run any command: it is finished then.") from e


def _carry_out(plan: dict[str, Any]) -> None:
    for source, target in ((Path(s), Path(t)) for s, t in plan["moves"]):
        if not source.exists():
            continue  # moved before the crash
        _set_aside(target, plan["mark"])
        source.rename(target)
    for old in plan["aside"]:
        _set_aside(Path(old), plan["mark"])
    for source, _ in plan["moves"]:
        if Path(source).parent.name.startswith(UNPACKED):
            shutil.rmtree(Path(source).parent, ignore_errors=True)


def _set_aside(path: Path, mark: str) -> None:
    # A database's own files beside it hold what was committed last, and are read only under the name that it has.
    for tail in ("", "-wal", "-shm"):
        old = path.with_name(path.name + tail)
        if old.exists():
            old.rename(path.with_name(f"{path.name}.{mark}{tail}"))


def clear_unpacked(*folders: Path) -> None:
    """Remove what a restore had unpacked that was cut short before it touched anything; no restore is pending."""
    for left in (found for folder in folders for found in folder.glob(f"{UNPACKED}*")):
        shutil.rmtree(left, ignore_errors=True)


def staged_beside(source: Path, target: Path) -> Path:
    """The file or folder on its target's file system, where one move puts it in place: as it is, or as a copy beside the target."""
    target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    if source.stat().st_dev == target.parent.stat().st_dev:
        return source
    place = Path(mkdtemp(prefix=UNPACKED, dir=target.parent)) / source.name
    return Path(shutil.move(source, place))
