"""An SQLite file from which what was deleted is gone for good: its free pages and its log are rewritten."""

import sqlite3
import time
from contextlib import closing
from pathlib import Path

from alignment.errors import StoreDown
from corpus.store_connections import BUSY_S

STEP_S = 0.05


def compact(path: Path) -> bool:
    """Rewrite the file without free pages and empty its log, while others may read and write; whether there is such a file.

    StoreDown where somebody keeps reading it for too long: what was deleted stands in the log until then.
    """
    if not path.exists():
        return False
    try:
        with closing(sqlite3.connect(path, timeout=BUSY_S, isolation_level=None)) as held:
            held.execute("PRAGMA secure_delete = ON")
            held.execute("VACUUM")
    except sqlite3.Error as e:
        raise _down(path, str(e)) from e
    return empty_log(path)


def empty_log(path: Path, patience_s: float = BUSY_S) -> bool:
    """Put what the log holds into the file and cut the log to nothing; whether there is such a file. StoreDown as in `compact`."""
    if not path.exists():
        return False
    deadline = time.monotonic() + patience_s
    try:
        with closing(sqlite3.connect(path, timeout=patience_s, isolation_level=None)) as held:
            # Busy where a reader still stands in the log.
            while held.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0]:
                if time.monotonic() > deadline:
                    raise _down(path, "somebody reads it without an end")
                time.sleep(STEP_S)
    except sqlite3.Error as e:
        raise _down(path, str(e)) from e
    return True


def _down(path: Path, why: str) -> StoreDown:
    return StoreDown(
        f"What was deleted is still in the file: {why}", where=str(path), todo="It is tried again at the next start, or ask once more."
    )
