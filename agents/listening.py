"""The moment, heard: which recording of an interview is meant, and signed links to it that end by themselves."""

import asyncio
import base64
import hashlib
import hmac
import json
import os
from datetime import UTC, datetime, timedelta
from pathlib import Path

from agents.access import Caller
from agents.workbench import Workbench
from alignment.access import Access
from alignment.capture import Recording
from alignment.errors import BadRequest, LinkExpired, MediaDown, NotFound
from alignment.record import InterviewId, KeyId, OrganisationId, Record
from corpus.link_secret import link_secret
from corpus.media import Media
from corpus.store import Store

PURPOSE = b"plumbline media link 1\n"
AGAIN = "Ask for a new one."


class MediaLink(Record):
    """What a link opens, until when, and whose key it was made with; `until` in seconds since 1970."""

    organisation: OrganisationId
    interview: InterviewId
    digest: str
    key: KeyId
    until: int


async def recording_of(
    store: Store, media: Media, organisation: OrganisationId, interview: InterviewId, digest: str = ""
) -> tuple[Recording, Path, os.stat_result]:
    """The interview's recording with that digest, or its newest, where it lies, and what the file system says of it.

    Errors: NotFound where there is none, or not any more; MediaDown where its folder cannot be read.
    """
    held = await store.recordings(organisation, interview)
    found = next((r for r in reversed(held) if digest in ("", r.digest)), None)
    if found is None:
        what = "The interview has no recording of that digest" if held else "The interview has no recording"
        raise NotFound(what, where=digest[:12], todo=f"There are: {', '.join(r.digest for r in held)}." if held else "Capture one first.")
    path, stat = await asyncio.to_thread(_where, media, organisation, found.digest)
    return found, path, stat


def _where(media: Media, organisation: OrganisationId, digest: str) -> tuple[Path, os.stat_result]:
    try:
        path = media.path(organisation, digest)
        return path, path.stat()
    except FileNotFoundError as e:
        raise NotFound("The recording is not held any more", where=digest[:12], todo="Capture it again from its source.") from e
    except OSError as e:
        raise MediaDown(f"The media cannot be read: {e.strerror}", where=digest[:12], todo="Look at the folder of the recordings.") from e


async def make_link(bench: Workbench, caller: Caller, recording: Recording) -> tuple[str, datetime]:
    """A link's signed text, which opens that recording to whoever has it, and when it ends."""
    ends = (datetime.now(UTC) + timedelta(seconds=bench.settings.serve.link_s)).replace(microsecond=0)
    link = MediaLink(
        organisation=caller.org, interview=recording.interview, digest=recording.digest, key=caller.key.id, until=int(ends.timestamp())
    )
    body = _text(json.dumps(list(dict(link).values()), separators=(",", ":")).encode())
    return f"{body}.{_signature(await _secret(bench), body)}", ends


async def follow_link(bench: Workbench, told: str) -> tuple[MediaLink, Caller]:
    """What the link opens, and whose key made it; LinkExpired where it is over, was altered, or its key reads no more."""
    body, _, signature = told.rpartition(".")
    if not hmac.compare_digest(signature.encode("utf-8", "replace"), _signature(await _secret(bench), body).encode()):
        raise LinkExpired("The link is not one that was given out here", todo=AGAIN)
    values = json.loads(base64.urlsafe_b64decode(body + "=" * (-len(body) % 4)))
    link = MediaLink.model_validate(dict(zip(MediaLink.model_fields, values, strict=True)))
    if datetime.now(UTC).timestamp() >= link.until:
        raise LinkExpired("The link is over", todo=AGAIN)
    key = next((k for k in await bench.store.keys(link.organisation) if k.id == link.key), None)
    if key is None or key.revoked_at is not None or Access.READ not in key.scopes:
        raise LinkExpired("The key that made the link opens nothing any more", todo=AGAIN)
    person = await bench.store.person(link.organisation, key.person) if key.person else None
    return link, Caller(key=key, organisation=await bench.store.organisation(link.organisation), person=person)


def fragment(start_s: float | None, end_s: float | None, length_s: float | None = None) -> str:
    """What a player reads of an address to play a part alone (W3C Media Fragments), such as #t=12.5,20; empty for the whole.

    BadRequest where the part ends before it begins, or begins after the recording ends.
    """
    if end_s is not None and end_s <= (start_s or 0):
        raise BadRequest("The part ends before it begins", where="end_s", todo="Times are seconds on the recording's own clock.")
    if length_s is not None and start_s is not None and start_s >= length_s:
        raise BadRequest(f"The recording lasts {length_s:.1f} s", where="start_s", todo="Begin before its end.")
    if start_s is None and end_s is None:
        return ""
    return f"#t={_seconds(start_s or 0)}" + (f",{_seconds(end_s)}" if end_s is not None else "")


def _seconds(value: float) -> str:
    return f"{value:.3f}".rstrip("0").rstrip(".")


async def _secret(bench: Workbench) -> bytes:
    return await asyncio.to_thread(link_secret, bench.settings.media_folder)


def _signature(secret: bytes, body: str) -> str:
    return _text(hmac.digest(secret, PURPOSE + body.encode("utf-8", "replace"), hashlib.sha256))


def _text(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).decode().rstrip("=")
