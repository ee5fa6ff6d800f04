"""A recording on its way in: consent first, then its bytes, and then the order to hear it, once for the same content."""

import asyncio
from collections.abc import AsyncIterable, AsyncIterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from agents.workbench import Workbench
from alignment.capture import OVER, Capture, CaptureState, Progress, Recording
from alignment.errors import BadAudio, Conflict, NotFound, QueueFull
from alignment.people import Consent, Interview
from alignment.record import CaptureId, derived_id
from corpus.media import CHUNK, Held, refuse_empty
from corpus.recordings import must_be_sound


@dataclass(frozen=True)
class Order:
    """What is asked of a recording: `by` is whoever brings it, `mapping` whom a label of its transcript stands for.

    `correction` is why it makes the next version of a transcript that is there already.
    """

    by: str
    language: str | None = None
    mapping: Mapping[str, str] = field(default_factory=dict)
    correction: str = ""


async def order_capture(
    bench: Workbench, interview: Interview, pieces: AsyncIterable[bytes], name: str, order: Order, *, consent: Consent | None = None
) -> Progress:
    """The capture of that recording of that interview, put on record to be heard; the same content again is the same capture.

    Nothing is kept where it is refused: ConsentMissing before a byte is read, QueueFull, BadAudio for what is no recording, Conflict where
    the interview has another transcript and the order tells no correction. `name` is the file's, for sentences alone.
    """
    await _must_be_consented(bench, interview, consent)
    await _must_have_room(bench, interview)
    arriving = bench.media.arriving(interview.organisation)
    try:
        async for piece in pieces:
            arriving.write(piece)
        refuse_empty(arriving.size, name)
        kind = await asyncio.to_thread(must_be_sound, arriving.path, name)
        await _must_fit(bench, interview, arriving.digest, order)
        if consent is not None:
            await bench.store.record_consent(interview.organisation, interview.id, consent)
        held = await asyncio.to_thread(arriving.keep)
    finally:
        arriving.drop()
    capture = await _on_record(bench, interview, held, kind, order)
    return await bench.store.capture(interview.organisation, capture.id)


async def pieces_of(path: Path) -> AsyncIterator[bytes]:
    """A file's bytes, a megabyte at a time; BadAudio where it cannot be read."""
    try:
        with path.open("rb") as file:
            while piece := await asyncio.to_thread(file.read, CHUNK):
                yield piece
    except OSError as e:
        raise BadAudio(f"The file cannot be opened: {e.strerror}", where=path.name, todo="Check its name and rights.") from e


async def _on_record(bench: Workbench, interview: Interview, held: Held, kind: str, order: Order) -> Capture:
    at = datetime.now(UTC)
    own = {"organisation": interview.organisation, "interview": interview.id, "digest": held.digest, "at": at}
    capture = Capture(
        id=CaptureId(derived_id("cap", interview.id, held.digest)),
        language=order.language,
        mapping=dict(order.mapping),
        correction=order.correction,
        by=order.by,
        **own,
    )
    try:
        await bench.store.add_capture(interview.organisation, Recording(size=held.size, kind=kind, **own), capture)
    except Exception:
        if held.new and not await bench.store.recording_used(interview.organisation, held.digest):
            bench.media.remove(interview.organisation, held.digest)
        raise
    return capture


async def _must_be_consented(bench: Workbench, interview: Interview, consent: Consent | None) -> None:
    given = consent or interview.consent
    await bench.store.may_process(interview.organisation, interview.id, given, region=interview.region, name=interview.name)


async def _must_have_room(bench: Workbench, interview: Interview) -> None:
    most = bench.settings.jobs.waiting
    if await bench.store.captures_open(interview.organisation) >= most:
        raise QueueFull(f"{most} recordings wait to be heard already", where=interview.name, todo="Send it again later.")


async def _must_fit(bench: Workbench, interview: Interview, digest: str, order: Order) -> None:
    """Conflict where the interview's transcript is of something else, or another recording of it is being heard."""
    known = {p.capture.digest: p for p in await bench.store.captures(interview.organisation, interview.id)}
    if digest in known and known[digest].state is not CaptureState.FAILED:
        return
    if any(p.state not in OVER for d, p in known.items() if d != digest):
        raise Conflict("Another recording of this interview is being heard", where=interview.name, todo="Wait for it, or cancel it.")
    if order.correction:
        return
    try:
        await bench.store.newest_transcript(interview.organisation, interview.id)
    except NotFound:
        return
    raise Conflict(
        "The interview has a transcript already", where=interview.name, todo="Say why this one is to replace it (`--correction REASON`)."
    )
