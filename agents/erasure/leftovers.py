"""What a kill leaves lying that no record knows of: half-arrived recordings, contents without a row, copies that nobody fetched whole.

No erasure could reach them, since nothing says whose they are. So they go: at once where a home is one process's, else once they are old.
"""

import asyncio
import shutil
from datetime import UTC, datetime, timedelta
from pathlib import Path

from agents.workbench import Workbench

OLD = timedelta(days=1)
COPIES = ".copy-*"


async def clear_leftovers(bench: Workbench) -> int:
    """Delete them; how many there were."""
    settings = bench.settings
    # An embedded index is held by one process alone, which has begun nothing yet.
    alone = not settings.store_url and not settings.index and settings.media is None
    before = datetime.now(UTC) - (timedelta(0) if alone else OLD)
    known = {o.id: await bench.store.recording_digests(o.id) for o in await bench.store.organisations()}
    return await asyncio.to_thread(_clear, bench, {str(k): v for k, v in known.items()}, before)


def _clear(bench: Workbench, known: dict[str, frozenset[str]], before: datetime) -> int:
    left = bench.media.left_over(known, before)
    for place in left:
        place.unlink(missing_ok=True)
    copies = [p for p in bench.settings.home.glob(COPIES) if p.stat().st_mtime < before.timestamp()]
    for folder in copies:
        _remove(folder)
    return len(left) + len(copies)


def _remove(place: Path) -> None:
    if place.is_dir() and not place.is_symlink():
        shutil.rmtree(place, ignore_errors=True)
    else:
        place.unlink(missing_ok=True)
