"""The moment, heard: an interview's recording, whole, by ranges or a part alone, and links that a browser's player opens without a key."""

import asyncio
from collections.abc import Iterator
from tempfile import TemporaryFile
from typing import Annotated, Any, BinaryIO

from fastapi import APIRouter, Path, Query, Request, Response
from fastapi.responses import FileResponse, StreamingResponse
from starlette.background import BackgroundTask
from starlette.types import Message, Receive, Scope, Send

from agents.desk import interview_called
from agents.listening import follow_link, fragment, make_link, recording_of
from alignment.errors import BadRequest
from alignment.record import InterviewId, OrganisationId
from api.auth import Bench, Reading
from api.problems import respond
from api.rates import Rates
from api.routes.interviews import InterviewName
from api.routes.searches import SearchHere
from api.wire_media import LONGEST_S, Digest, MadeLink, NewLink
from corpus.clips import cut, must_be_span
from corpus.sinks import ClipKind

# A link is never kept with what was answered: it opens a recording to whoever has it.
router = APIRouter(prefix="/v1/searches/{search}/interviews/{interview}/media", tags=["media"])
links = APIRouter(prefix="/v1/media", tags=["media"])
Which = Annotated[Digest, Query(description="The recording's SHA-256, where it is not the newest that is meant.")]
_SOUND: dict[str, Any] = {
    kind: {"schema": {"type": "string", "format": "binary"}} for kind in ("audio/*", "video/*", "application/octet-stream")
}
PLAYED: dict[int | str, dict[str, Any]] = {
    200: {"description": "The whole recording.", "content": _SOUND},
    206: {"description": "The ranges that were asked for.", "content": {**_SOUND, "multipart/byteranges": _SOUND["audio/*"]}},
    416: {
        "description": "No such range: bad_request",
        "content": {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}},
    },
}

Clock = Annotated[float, Query(ge=0, le=LONGEST_S, allow_inf_nan=False, description="Seconds on the recording's own clock.")]
Written = Annotated[ClipKind, Query(alias="format", description="WAV of 16 bits, Ogg with Opus, or FLAC.")]
CLIP: dict[int | str, dict[str, Any]] = {
    200: {"description": "The part alone.", "content": dict.fromkeys(("audio/wav", "audio/ogg", "audio/flac"), _SOUND["audio/*"])}
}
PRIVATE = {"Cache-Control": "private, no-store", "Referrer-Policy": "no-referrer"}
PIECE = 1 << 18
AT_ONCE = 2
"""How many clips a process cuts side by side; the others wait for their turn."""
_ENDINGS = {"mpeg": "mp3", "x-msvideo": "avi", "mp2t": "ts", "octet-stream": ""}


class Played(FileResponse):
    """A recording as it lies on disk, whole or by ranges; a range that cannot be is told as any other problem is."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Send it; of an answer to HEAD, nothing of the file is read."""
        scope = {**scope, "method": "HEAD"} if scope["state"].get("head") else scope
        refused: Message = {}

        async def told(message: Message) -> None:
            if message["type"] == "http.response.start" and message["status"] >= 400:
                refused.update(message)
            if not refused:
                await send(message)

        await super().__call__(scope, receive, told)
        if refused:
            range_ = dict(scope["headers"]).get(b"range", b"").decode("latin-1")[:80]
            problem = BadRequest(f"The recording has no such range: {range_}", where="Range", todo="Such as bytes=0-1023.")
            response = respond(Request(scope), problem, refused["status"])
            response.headers["Content-Range"] = f"bytes */{self.headers['content-length']}"
            await response(scope, receive, send)


@router.get("", response_class=Response, responses=PLAYED)
async def play(_: Reading, bench: Bench, found: SearchHere, interview: InterviewName, request: Request, recording: Which = "") -> Response:
    """The interview's newest recording, or the one of that digest, as it was recorded; ranges of it where they are asked for."""
    held = await interview_called(bench, found, interview)
    return await _played(bench, request, held.organisation, held.id, held.name, recording)


@router.post("/links", status_code=201)
async def new_link(
    caller: Reading, bench: Bench, found: SearchHere, interview: InterviewName, request: Request, given: NewLink = NewLink()
) -> MadeLink:
    """A link that a browser's player opens without a key, until it ends; with times, the player plays that part."""
    held = await interview_called(bench, found, interview)
    recording, _, _ = await recording_of(bench.store, bench.media, held.organisation, held.id, given.recording)
    part = fragment(given.start_s, given.end_s, recording.length_s)
    link, ends = await make_link(bench, caller, recording)
    request.state.detail = {"recording": recording.digest, "until": ends.isoformat()}
    return MadeLink(url=f"{request.url_for('listen', link=link)}{part}", expires_at=ends)


@router.get("/clip", response_class=Response, responses=CLIP)
async def clip(
    _: Reading,
    bench: Bench,
    found: SearchHere,
    interview: InterviewName,
    request: Request,
    start: Clock,
    end: Clock,
    form: Written = ClipKind.WAV,
    recording: Which = "",
) -> Response:
    """A part of the recording alone, at most five minutes, as a player counts them; of a video its sound."""
    must_be_span(start, end)
    held = await interview_called(bench, found, interview)
    chosen, path, _stat = await recording_of(bench.store, bench.media, held.organisation, held.id, recording)
    request.state.detail = {"recording": chosen.digest, "start": f"{start:g}", "end": f"{end:g}"}
    file = TemporaryFile()  # noqa: SIM115 - without a name, and gone with the answer
    try:
        async with request.app.state.cutting:
            await asyncio.to_thread(cut, path, start, end, form, file)
    except BaseException:
        file.close()
        raise
    headers = {**PRIVATE, "Content-Length": str(file.seek(0, 2)), "Content-Disposition": f'inline; filename="clip.{form}"'}
    return StreamingResponse(_read(file), headers=headers, media_type=f"audio/{form}", background=BackgroundTask(file.close))


@links.get("/{link}", response_class=Response, responses=PLAYED)
async def listen(bench: Bench, request: Request, link: Annotated[str, Path(max_length=1000)]) -> Response:
    """The recording that the link opens; every use is on the audit log under the key that made it."""
    opened, maker = await follow_link(bench, link)
    rates: Rates = request.app.state.rates
    request.state.caller, request.state.target = maker, f"interview {opened.interview}"
    if refusal := rates.taken(maker.key.id).refusal:
        raise refusal
    return await _played(bench, request, opened.organisation, opened.interview, "interview", opened.digest)


async def _played(bench: Bench, request: Request, organisation: OrganisationId, interview: InterviewId, name: str, digest: str) -> Response:
    recording, path, stat = await recording_of(bench.store, bench.media, organisation, interview, digest)
    request.state.detail = {"recording": recording.digest}
    headers = {"ETag": f'"{recording.digest}"', **PRIVATE}
    of = recording.kind.partition("/")[2]
    return Played(
        path,
        headers=headers,
        media_type=recording.kind,
        filename=f"{name}.{_ENDINGS.get(of, of)}".removesuffix("."),
        stat_result=stat,
        content_disposition_type="inline",
    )


def _read(file: BinaryIO) -> Iterator[bytes]:
    file.seek(0)
    while piece := file.read(PIECE):
        yield piece
