"""A recording on its way in: consent first, then its bytes, and then the order to hear it, once for the same content."""

import asyncio
from collections.abc import AsyncIterable, AsyncIterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from pathlib import Path

from agents.desk import consent_from, interview_id, open_interview
from agents.workbench import Workbench
from alignment.capture import OVER, Capture, CaptureState, Progress, Recording
from alignment.errors import BadAudio, Conflict, NotFound, QueueFull
from alignment.people import Consent, Interview, Search
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


async def open_for(
    bench: Workbench, search: Search, name: str, *, candidate: str = "", held_on: date | None = None, region: str = "", basis: str = ""
) -> tuple[Interview, Consent | None]:
    """The interview that a recording belongs to, put on record where there is none, and the consent that comes with it, if one does.

    Whether it may be processed is asked first, so that what may not be leaves no trace: ConsentMissing, Conflict. NotFound where there is
    no such interview and nobody says whose it would be.
    """
    held: Interview | None = None
    with suppress(NotFound):
        held = await bench.store.interview_by_name(search.organisation, search.id, name)
    if held is None and not candidate:
        todo = "Say the candidate's name, and it is put on record."
        raise NotFound(f"There is no interview {name} in the search {search.slug}", todo=todo)
    before = held.consent if held else None
    known, place = (held.id, held.region or region) if held else (interview_id(search.id, name), region)
    consent = before or (consent_from(basis) if basis else None)
    await bench.store.may_process(search.organisation, known, consent, region=place, name=name)
    if candidate:
        held = await open_interview(bench, search, name, candidate, held_on=held_on, region=region)
    assert held is not None, "it is on record, or somebody said whose it is"
    return held, consent_from(basis, held.candidate.id) if basis and before is None else None


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
    except BaseException:
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
