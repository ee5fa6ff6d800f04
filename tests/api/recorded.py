"""Recordings on a served home, as whoever captured them left them: their bytes in the media, their rows in the store, heard or not."""

import asyncio
import sqlite3
from datetime import UTC, datetime
from pathlib import Path

from alignment.capture import Capture, Recording
from alignment.record import CaptureId, derived_id
from alignment.settings import Settings
from corpus.media import Media
from corpus.recordings import must_be_sound
from corpus.store import open_store
from tests.api.served import BAKER, WORK, Served


def put_recording(served: Served, path: Path, interview: str = WORK, *, org: str = "Acme", slug: str = BAKER) -> str:
    """Put a recording of that interview on record; its digest."""
    return asyncio.run(_put(Settings(home=served.home), path, interview, org, slug))


async def _put(settings: Settings, path: Path, interview: str, org: str, slug: str) -> str:
    store = await open_store(settings.store)
    try:
        organisation = await store.organisation_by_name(org)
        search = await store.search_by_slug(organisation.id, slug)
        held = await store.interview_by_name(organisation.id, search.id, interview)
        arriving = Media(settings.media_folder).arriving(organisation.id)
        arriving.write(await asyncio.to_thread(path.read_bytes))
        kept = arriving.keep()
        own = {"organisation": organisation.id, "interview": held.id, "digest": kept.digest, "at": datetime.now(UTC)}
        capture = Capture(id=CaptureId(derived_id("cap", held.id, kept.digest)), by="tests", **own)
        await store.add_capture(organisation.id, Recording(size=kept.size, kind=must_be_sound(path, path.name), **own), capture)
    finally:
        await store.close()
    return kept.digest


def forget_recording(served: Served, digest: str, *, bytes_alone: bool = False) -> None:
    """What an erasure leaves of a recording: nothing on record, and nothing in the media."""
    for place in (served.home / "media").rglob(digest):
        place.unlink()
    if not bytes_alone:
        with sqlite3.connect(served.home / "plumbline.db") as store:
            store.execute("PRAGMA foreign_keys = ON")
            store.execute("DELETE FROM recordings WHERE digest = ?", (digest,))
        store.close()
