"""Who speaks in an interview, as people correct it."""

import asyncio
from typing import Annotated
from urllib.parse import quote

from fastapi import APIRouter, Query, Request
from fastapi.responses import JSONResponse
from pydantic import Field, StringConstraints

from agents.attribution import Corrected, attribute, told, track_given
from agents.captures.telling import told as capture_told
from agents.desk import interview_called
from alignment.access import KeyRole
from api.auth import Bench, Reading, Writing
from api.once import OnceRoute
from api.routes.interviews import InterviewName
from api.routes.searches import SearchHere, SearchWritten
from api.wire import PRINTED, Body, MaybeName
from api.wire_captures import CaptureTold, Told
from corpus.tracks import track_in

router = APIRouter(prefix="/v1/searches/{search}/interviews/{interview}/speakers", tags=["interviews"], route_class=OnceRoute)
Label = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=100, pattern=PRINTED)]
TRACK = ("application/json", "text/vtt", "application/octet-stream")
BODY = {"requestBody": {"required": True, "content": {kind: {"schema": {"type": "string", "format": "binary"}} for kind in TRACK}}}
OfRecording = Annotated[
    str, Query(max_length=64, pattern=r"^[0-9a-f]*$", description="The recording that it is of, by the digest that its capture tells.")
]
UtteranceId = Annotated[str, StringConstraints(pattern=r"^u[0-9]{1,7}$")]


class SpeakerTold(Told):
    """A label: whom it stands for, how that is known, how much it says and how it begins."""

    label: str
    name: str
    role: str
    certainty: str
    utterances: int
    begins: str
    nobody: bool


class SpeakersTold(Told):
    """The labels of a transcript; `broken` are statements that a correction no longer bears out, each with why."""

    transcript: str
    version: int
    speakers: tuple[SpeakerTold, ...]
    new: bool = False
    broken: tuple[str, ...] = ()


class Attribution(Body):
    """Whom labels stand for, empty for nobody known, and under which label utterances stand."""

    people: dict[Label, MaybeName] = Field(default_factory=dict, max_length=100)
    utterances: dict[UtteranceId, Label] = Field(default_factory=dict, max_length=20_000)


@router.get("")
async def read_speakers(_: Reading, bench: Bench, found: SearchHere, interview: InterviewName) -> SpeakersTold:
    """Who speaks in the newest version of the transcript."""
    held = await interview_called(bench, found, interview)
    return SpeakersTold.model_validate(told(await bench.store.transcript(found.organisation, held.id)))


@router.post("")
async def correct_speakers(
    caller: Writing, bench: Bench, found: SearchWritten, interview: InterviewName, given: Attribution, request: Request
) -> SpeakersTold:
    """Correct who speaks: the next version of the transcript, under which every citation touched is verified anew."""
    caller.must_be(KeyRole.RECRUITER)
    held = await interview_called(bench, found, interview)
    utterances = {int(u[1:]): label for u, label in given.utterances.items()}
    return _told(request, await attribute(bench, held, people=given.people, utterances=utterances))


@router.put(
    "/track",
    openapi_extra=BODY,
    response_model=SpeakersTold,
    responses={202: {"model": CaptureTold, "description": "The recording has no transcript yet: the track waits for it."}},
)
async def take_track(
    caller: Writing, bench: Bench, found: SearchWritten, interview: InterviewName, request: Request, recording: OfRecording = ""
) -> SpeakersTold | JSONResponse:
    """Tell by a conference tool's own track who speaks, as the body: turns as JSON, or captions with speakers.

    A track for a recording that has no transcript yet is kept until that is on record. The same again changes nothing.
    """
    caller.must_be(KeyRole.RECRUITER)
    held = await interview_called(bench, found, interview)
    track = await asyncio.to_thread(track_in, await request.body(), "the track")
    done = await track_given(bench, held, track, recording)
    if isinstance(done, Corrected):
        return _told(request, done)
    request.state.detail = {"capture": done.capture.id}
    row = CaptureTold.model_validate(capture_told(done, held))
    return JSONResponse(row.model_dump(mode="json"), 202, {"Location": quote(f"/v1/captures/{row.capture}")})


def _told(request: Request, done: Corrected) -> SpeakersTold:
    request.state.detail = {"transcript": f"{done.transcript.id} version {done.transcript.version}"}
    return SpeakersTold.model_validate({**told(done.transcript), "new": done.new, "broken": done.broken})
