"""The intake of a search: one question at a time, or the transcript of a call."""

import asyncio
from typing import Annotated
from urllib.parse import quote

from fastapi import APIRouter, Query, Request, Response

from agents.intake import capture, open_intake, say, side_of
from alignment.access import KeyRole
from api.auth import Bench, Writing
from api.once import HEADER, OnceRoute
from api.routes.searches import SearchWritten
from api.states import drafted, intake_state
from api.uploads import Upload, upload_body
from api.wire import Answered, Drafted, IntakeState
from corpus.importers import read_transcript

router = APIRouter(prefix="/v1/searches/{search}/intake", tags=["intake"], route_class=OnceRoute)
LEADS = (KeyRole.RECRUITER, KeyRole.HIRING_MANAGER)


@router.post("")
async def open_session(caller: Writing, bench: Bench, found: SearchWritten) -> IntakeState:
    """Begin the intake, or see where it stands; one that ended with gaps goes on with what is missing."""
    caller.must_be(*LEADS)
    if caller.person is not None:
        side_of(found, caller.person.name)
    return intake_state(found, await open_intake(bench, found))


@router.post("/answers")
async def answer(caller: Writing, bench: Bench, found: SearchWritten, given: Answered, request: Request) -> IntakeState:
    """Answer the question of that number as one of the sides; one that no longer waits is a conflict."""
    caller.must_be(*LEADS)
    name = request.state.acting = caller.acting(given.acting)
    side = side_of(found, name)
    key = request.headers.get(HEADER, "")
    return intake_state(found, await say(bench, found, side, given.text, to=given.to, key=f"{caller.key.id} {key}" if key else ""))


@router.post("/transcript", openapi_extra=upload_body(), status_code=201)
async def capture_call(
    caller: Writing,
    bench: Bench,
    found: SearchWritten,
    upload: Upload,
    response: Response,
    speaker: Annotated[list[str] | None, Query(max_length=10, description="Who a label stands for, as LABEL=NAME.")] = None,
) -> Drafted:
    """Draft the next version of the contract from the transcript of an intake call; the same call again changes nothing."""
    caller.must_be(*LEADS)
    given = dict(told.split("=", 1) for told in speaker or [] if "=" in told)
    contract, captured = await capture(bench, found, await asyncio.to_thread(read_transcript, upload, where="intake"), given)
    response.headers["Location"] = quote(f"/v1/searches/{found.slug}/contracts/{contract.version}")
    return drafted(contract, captured)
