"""A recording on its way in: consent first, then its bytes, and then the order to hear it, once for the same content."""

import asyncio
from collections.abc import AsyncIterable, AsyncIterator, Mapping
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from pathlib import Path

from agents.attribution import track_given
from agents.desk import consent_from, interview_id, open_interview
from agents.workbench import Workbench
from alignment.capture import OVER, Capture, CaptureState, Progress, Recording
from alignment.errors import BadAudio, Conflict, NotFound, QueueFull
from alignment.people import Consent, Interview, Search
from alignment.record import CaptureId, OrganisationId, derived_id
from corpus.media import CHUNK, Arriving, Held, refuse_empty
from corpus.recordings import must_be_sound
from corpus.tracks import Track


@dataclass(frozen=True)
class Order:
    """What is asked of a recording: `by` is whoever brings it, `mapping` whom a label of its transcript stands for.

    `correction` is why it makes the next version of a transcript that is there already, `track` what the conference tool says of who
    spoke when.
    """

    by: str
    language: str | None = None
    mapping: Mapping[str, str] = field(default_factory=dict)
    correction: str = ""
    track: Track = ()


@dataclass(frozen=True)
class Of:
    """The interview that a recording belongs to, by name; what more is told of it counts where it is not on record yet.

    `basis` is the consent that comes with the recording: the basis on which the candidate agreed, or that it is recorded elsewhere.
    """

    search: Search
    name: str
    candidate: str = ""
    held_on: date | None = None
    region: str = ""
    basis: str = ""


@dataclass(frozen=True)
class Taken:
    """What a recording came to: how its capture stands, its interview, and whether the capture is new."""

    progress: Progress
    interview: Interview
    new: bool


async def take_in(bench: Workbench, of: Of, pieces: AsyncIterable[bytes], file: str, order: Order) -> Taken:
    """The capture of a recording; its interview is put on record where there is none, once the bytes are known to be a recording.

    What is refused leaves no trace: errors as in `order_capture`, and NotFound where there is no such interview and nobody says whose.
    """
    held = await must_be_wanted(bench, of)
    async with _arrived(bench, of.search.organisation, of.name, pieces, file) as (arriving, kind):
        if of.candidate:
            interview = await open_interview(bench, of.search, of.name, of.candidate, held_on=of.held_on, region=of.region)
        else:
            interview = await bench.store.interview_by_name(of.search.organisation, of.search.id, of.name)
        known = held.consent if held else None
        consent = consent_from(of.basis, interview.candidate.id) if of.basis and known is None else None
        return await _ordered(bench, interview, arriving, kind, order, consent)


async def must_be_wanted(bench: Workbench, of: Of) -> Interview | None:
    """The interview, None where it is not on record yet; asked before a byte is read whether it may be processed.

    NotFound where there is none and nobody says whose it would be, ConsentMissing and Conflict where it may not be.
    """
    held: Interview | None = None
    with suppress(NotFound):
        held = await bench.store.interview_by_name(of.search.organisation, of.search.id, of.name)
    if held is None and not of.candidate:
        todo = "Say the candidate's name, and it is put on record."
        raise NotFound(f"There is no interview {of.name} in the search {of.search.slug}", todo=todo)
    consent = (held and held.consent) or (consent_from(of.basis) if of.basis else None)
    known, region = (held.id, held.region or of.region) if held else (interview_id(of.search.id, of.name), of.region)
    await bench.store.may_process(of.search.organisation, known, consent, region=region, name=of.name)
    return held


async def order_capture(
    bench: Workbench, interview: Interview, pieces: AsyncIterable[bytes], name: str, order: Order, *, consent: Consent | None = None
) -> Progress:
    """The capture of that recording of that interview, put on record to be heard; the same content again is the same capture.

    Nothing is kept where it is refused: ConsentMissing before a byte is read, QueueFull, BadAudio for what is no recording, Conflict where
    the interview has another transcript and the order tells no correction. `name` is the file's, for sentences alone.
    """
    given = consent or interview.consent
    await bench.store.may_process(interview.organisation, interview.id, given, region=interview.region, name=interview.name)
    async with _arrived(bench, interview.organisation, interview.name, pieces, name) as (arriving, kind):
        return (await _ordered(bench, interview, arriving, kind, order, consent)).progress


@asynccontextmanager
async def _arrived(
    bench: Workbench, organisation: OrganisationId, interview: str, pieces: AsyncIterable[bytes], file: str
) -> AsyncIterator[tuple[Arriving, str]]:
    """The whole recording beside the media, and its kind; nothing of it is left that is not kept."""
    most = bench.settings.jobs.waiting
    if await bench.store.captures_open(organisation) >= most:
        raise QueueFull(f"{most} recordings wait to be heard already", where=interview, todo="Send it again later.")
    arriving = bench.media.arriving(organisation)
    try:
        async for piece in pieces:
            arriving.write(piece)
        refuse_empty(arriving.size, file)
        yield arriving, await asyncio.to_thread(must_be_sound, arriving.path, file)
    finally:
        arriving.drop()


async def _ordered(bench: Workbench, interview: Interview, arriving: Arriving, kind: str, order: Order, consent: Consent | None) -> Taken:
    await _must_fit(bench, interview, arriving.digest, order)
    if consent is not None:
        await bench.store.record_consent(interview.organisation, interview.id, consent)
    async with bench.recording(interview.organisation, arriving.digest):
        held = await asyncio.to_thread(arriving.keep)
        capture, new = await _on_record(bench, interview, held, kind, order)
    if order.track:
        await track_given(bench, interview, order.track, capture.digest)
    return Taken(await bench.store.capture(interview.organisation, capture.id), interview, new)


async def pieces_of(path: Path) -> AsyncIterator[bytes]:
    """A file's bytes, a megabyte at a time; BadAudio where it cannot be read."""
    try:
        with path.open("rb") as file:
            while piece := await asyncio.to_thread(file.read, CHUNK):
                yield piece
    except OSError as e:
        raise BadAudio(f"The file cannot be opened: {e.strerror}", where=path.name, todo="Check its name and rights.") from e


def capture_id(interview: Interview, digest: str) -> CaptureId:
    """The capture of that recording of that interview."""
    return CaptureId(derived_id("cap", interview.id, digest))


async def _on_record(bench: Workbench, interview: Interview, held: Held, kind: str, order: Order) -> tuple[Capture, bool]:
    at = datetime.now(UTC)
    own = {"organisation": interview.organisation, "interview": interview.id, "digest": held.digest, "at": at}
    capture = Capture(
        id=capture_id(interview, held.digest),
        language=order.language,
        mapping=dict(order.mapping),
        correction=order.correction,
        by=order.by,
        **own,
    )
    try:
        new = await bench.store.add_capture(interview.organisation, Recording(size=held.size, kind=kind, **own), capture)
    except BaseException:
        if held.new and not await bench.store.recording_used(interview.organisation, held.digest):
            bench.media.remove(interview.organisation, held.digest)
        raise
    return capture, new


async def _must_fit(bench: Workbench, interview: Interview, digest: str, order: Order) -> None:
    """Conflict where the interview's transcript is of something else, or another recording of it is being heard."""
    known = {p.capture.digest: p for p in await bench.store.captures(interview.organisation, interview.id)}
    if digest in known and known[digest].state is not CaptureState.FAILED:
        return
    if await bench.store.is_redacted(interview.organisation, interview.id, digest):
        what = "Parts of this recording were struck out, and it is kept without them"
        raise Conflict(what, where=interview.name, todo="Nothing need be sent.")
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
