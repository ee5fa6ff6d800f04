"""Recordings: taken in once for each content, heard in the queue, and followed until their transcript is on record."""

import json
from collections.abc import AsyncIterator, Callable
from datetime import date
from typing import Annotated, Any
from urllib.parse import quote

from fastapi import APIRouter, Path, Query, Request, Response
from fastapi.responses import StreamingResponse

from agents.access import Caller, is_in
from agents.captures import Jobs, Of, Order, Taken, take_in
from agents.captures.fetching import fetched
from agents.captures.telling import told, with_words
from agents.workbench import Workbench
from alignment.access import KeyRole
from alignment.capture import Progress
from alignment.errors import PlumblineError
from alignment.people import Interview
from alignment.record import CaptureId, SearchId
from api.auth import Bench, Reading, Writing
from api.hearing import Hearing
from api.pages import Cursor, Limit, Page, paged
from api.problems import problem_of
from api.routes.interviews import InterviewName, Region, Told, mapped, must_have_an_address
from api.routes.searches import SearchWritten
from api.wire_captures import CaptureTold, Elsewhere
from corpus.store_captures import no_such_capture

router = APIRouter(tags=["recordings"])
Capture_ = Annotated[str, Path(min_length=1, max_length=100, pattern=r"^[\w-]+$", description="The capture's id.")]
SOUND = ("audio/wav", "audio/mpeg", "audio/mp4", "audio/ogg", "audio/flac", "video/mp4", "video/webm", "application/octet-stream")
BODY = {"requestBody": {"required": True, "content": {kind: {"schema": {"type": "string", "format": "binary"}} for kind in SOUND}}}
STREAM = {"text/event-stream": {"schema": {"type": "string"}}}


@router.put(
    "/v1/searches/{search}/interviews/{interview}/recording",
    openapi_extra=BODY,
    status_code=202,
    responses={200: {"model": CaptureTold, "description": "The recording was taken in before; how its capture stands."}},
)
async def take_in_recording(
    caller: Writing,
    bench: Bench,
    found: SearchWritten,
    interview: InterviewName,
    request: Request,
    response: Response,
    candidate: Told = "",
    held_on: date | None = None,
    consent: Annotated[str, Query(max_length=200, description="The basis on which the candidate agreed, or `recorded-elsewhere`.")] = "",
    region: Region = "",
    language: Annotated[str, Query(max_length=12, pattern=r"^[a-z-]*$", description="The language's code, such as en.")] = "",
    correction: Annotated[str, Query(max_length=600, description="Why its transcript is the next version of one that is there.")] = "",
    speaker: Annotated[list[str] | None, Query(max_length=50, description="Who a label stands for, as LABEL=NAME.")] = None,
    file: Annotated[str, Query(max_length=200, description="The file's name, for sentences alone.")] = "",
) -> CaptureTold:
    """Take a recording in, as the body, and have it heard; the same content again changes nothing and is answered with 200.

    Nothing is read before the candidate's consent is on record. `Location` says where to follow it.
    """
    caller.must_be(KeyRole.RECRUITER)
    must_have_an_address(interview)
    order = Order(caller.key.id, language or None, dict(mapped(s) for s in speaker or []), correction.strip())
    of = Of(found, interview, candidate.strip(), held_on, region, consent.strip())
    return await _told_of(request, response, await take_in(bench, of, request.stream(), file or interview, order))


@router.post(
    "/v1/searches/{search}/interviews/{interview}/recording",
    status_code=202,
    responses={200: {"model": CaptureTold, "description": "The recording was taken in before; how its capture stands."}},
)
async def fetch_recording(
    caller: Writing, bench: Bench, found: SearchWritten, interview: InterviewName, given: Elsewhere, request: Request, response: Response
) -> CaptureTold:
    """Fetch a recording from the address that a conference tool's webhook tells, and have it heard; the same content again changes nothing.

    The address is https on the open internet; it is fetched before this answers, so that whoever sends it sends it again where it fails.
    """
    caller.must_be(KeyRole.RECRUITER)
    must_have_an_address(interview)
    order = Order(caller.key.id, given.language or None, dict(given.speakers), given.correction)
    of = Of(found, interview, given.candidate, given.held_on, given.region, given.consent)
    pieces = fetched(given.url, bench.settings, bearer=given.bearer)
    return await _told_of(request, response, await take_in(bench, of, pieces, interview, order))


async def _told_of(request: Request, response: Response, taken: Taken) -> CaptureTold:
    capture = taken.progress.capture
    await (await _jobs(request)).put(capture.organisation, capture.id)
    response.status_code = 202 if taken.new else 200
    response.headers["Location"] = quote(f"/v1/captures/{capture.id}")
    request.state.detail = {"capture": capture.id}
    return _told(taken.progress, taken.interview)


@router.get("/v1/captures")
async def list_captures(caller: Reading, bench: Bench, limit: Limit = 50, cursor: Cursor = "") -> Page[CaptureTold]:
    """The captures of every search that the caller may see, the oldest first, without their words."""
    held = {i.id: i for i in await bench.store.interviews(caller.org)}
    known = [p for p in await bench.store.captures(caller.org) if p.capture.interview in held]
    searches = {held[p.capture.interview].search for p in known}
    seen = {s for s in searches if await _may_see(bench, caller, s)}
    rows = [_told(p, held[p.capture.interview]) for p in known if held[p.capture.interview].search in seen]
    return paged(rows, limit, cursor, lambda row: row.capture)


@router.get("/v1/captures/{capture}")
async def read_capture(caller: Reading, bench: Bench, capture: Capture_, request: Request) -> CaptureTold:
    """How a capture stands, and what was heard once it is done."""
    progress, held = await _found(bench, caller, capture)
    row = told(progress, held, await _done_s(request, progress))
    if progress.state == "done":
        row = await with_words(bench, row, held)
        request.state.detail = {"transcript": f"{row['transcript']} version {row['version']}"}
    return CaptureTold.model_validate(row)


@router.post("/v1/captures/{capture}/cancellation")
async def cancel_capture(caller: Writing, bench: Bench, capture: Capture_, request: Request) -> CaptureTold:
    """Stop a capture, be it waiting or under way; harmless where it is over. The recording stays."""
    caller.must_be(KeyRole.RECRUITER)
    progress, held = await _found(bench, caller, capture)
    return _told(await (await _jobs(request)).cancel(caller.org, progress.capture.id), held)


@router.post("/v1/captures/{capture}/retry", status_code=202)
async def retry_capture(caller: Writing, bench: Bench, capture: Capture_, request: Request) -> CaptureTold:
    """Have a capture that failed or was cancelled heard once more."""
    caller.must_be(KeyRole.RECRUITER)
    progress, held = await _found(bench, caller, capture)
    return _told(await (await _jobs(request)).retry(caller.org, progress.capture.id), held)


@router.get(
    "/v1/captures/{capture}/events", response_class=StreamingResponse, responses={200: {"content": STREAM, "description": "Progress"}}
)
async def follow_capture(caller: Reading, bench: Bench, capture: Capture_, request: Request) -> StreamingResponse:
    """How a capture comes on, as server-sent events: `progress` whenever it does, then `over`; or `error`, and the end."""
    progress, held = await _found(bench, caller, capture)
    jobs = await _jobs(request)
    headers = {"Cache-Control": "no-cache", "X-Accel-Buffering": "no"}
    return StreamingResponse(_events(jobs, progress, held, request), media_type="text/event-stream", headers=headers)


async def _events(jobs: Jobs, progress: Progress, held: Interview, request: Request) -> AsyncIterator[str]:
    row: dict[str, Any] = {}
    try:
        async for now, done_s in jobs.until_over(held.organisation, progress.capture.id, enough=_stopping(request)):
            row = told(now, held, done_s)
            yield _event("progress", row)
        if not request.app.state.running.stopping:
            yield _event("over", row)
    except PlumblineError as e:
        yield _event("error", problem_of(e).model_dump())


def _stopping(request: Request) -> Callable[[], bool]:
    return lambda: bool(request.app.state.running.stopping)


def _event(kind: str, row: dict[str, Any]) -> str:
    return f"event: {kind}\ndata: {json.dumps(row, ensure_ascii=False, default=str)}\n\n"


async def _jobs(request: Request) -> Jobs:
    hearing: Hearing = request.app.state.hearing
    return await hearing.jobs()


async def _done_s(request: Request, progress: Progress) -> float:
    hearing: Hearing = request.app.state.hearing
    return max(progress.done_s, hearing.done_s(progress.capture.id))


def _told(progress: Progress, held: Interview) -> CaptureTold:
    return CaptureTold.model_validate(told(progress, held))


async def _found(bench: Workbench, caller: Caller, capture: str) -> tuple[Progress, Interview]:
    """The capture and its interview; NotFound, in the same words, where there is none or it is not for the caller."""
    progress = await bench.store.capture(caller.org, CaptureId(capture))
    held = await bench.store.interview(caller.org, progress.capture.interview)
    if not await _may_see(bench, caller, held.search):
        raise no_such_capture(capture)
    return progress, held


async def _may_see(bench: Workbench, caller: Caller, search: SearchId) -> bool:
    return caller.person is None or await is_in(bench, caller.org, search, caller.person.id)
