"""Interviews and their transcripts: what was said, taken in from any of the known formats."""

import asyncio
from datetime import date
from typing import Annotated
from urllib.parse import quote

from fastapi import APIRouter, Path, Query, Request, Response

from agents.admission import Arrival
from agents.arriving import take_in_transcripts
from agents.desk import consent_from, interview_called, open_interview
from agents.workbench import Workbench
from alignment.access import KeyRole
from alignment.errors import BadRequest
from alignment.people import Interview, Search
from alignment.transcript import Transcript
from api.auth import Bench, Reading, Writing
from api.once import OnceRoute
from api.pages import Cursor, Limit, Page, paged
from api.routes.contracts import MaybeVersion
from api.routes.searches import SearchHere, SearchWritten
from api.uploads import Upload, upload_body
from api.wire import PRINTED, MaybeRegion, NewInterview, TakenIn
from corpus.importers import read_transcript

router = APIRouter(prefix="/v1/searches/{search}/interviews", tags=["interviews"], route_class=OnceRoute)
InterviewName = Annotated[str, Path(min_length=1, max_length=200, pattern=PRINTED, description="The interview's name in its search.")]
Told = Annotated[str, Query(max_length=200)]
Region = Annotated[MaybeRegion, Query(description="Where the candidate is, as far as another policy on consents holds there: DE, US-NY.")]


@router.get("")
async def list_interviews(bench: Bench, found: SearchHere, limit: Limit = 50, cursor: Cursor = "") -> Page[Interview]:
    """The search's interviews, by name."""
    return paged(await bench.store.interviews(found.organisation, found.id), limit, cursor, lambda i: i.id)


@router.post("", status_code=201)
async def new_interview(caller: Writing, bench: Bench, found: SearchWritten, given: NewInterview, response: Response) -> Interview:
    """Put an interview on record before its transcript; the same again changes nothing."""
    caller.must_be(KeyRole.RECRUITER)
    made = await open_interview(bench, found, given.name, given.candidate, held_on=given.held_on, region=given.region)
    if given.consent and made.consent is None:
        made = await bench.store.record_consent(caller.org, made.id, consent_from(given.consent, made.candidate.id))
    response.headers["Location"] = quote(f"/v1/searches/{found.slug}/interviews/{made.name}")
    return made


@router.get("/{interview}")
async def read_interview(bench: Bench, found: SearchHere, interview: InterviewName) -> Interview:
    """One interview: its candidate, date and newest consent."""
    return await interview_called(bench, found, interview)


@router.get("/{interview}/transcript")
async def read_transcript_(
    _: Reading, bench: Bench, found: SearchHere, interview: InterviewName, request: Request, version: MaybeVersion = 0
) -> Transcript:
    """What was said, utterance by utterance: the newest version, or the one that is named."""
    held = await interview_called(bench, found, interview)
    transcript = await bench.store.transcript(found.organisation, held.id, version or None)
    request.state.detail = {"transcript": f"{transcript.id} version {transcript.version}"}
    return transcript


@router.put("/{interview}/transcript", openapi_extra=upload_body(), status_code=201, responses={200: {"model": TakenIn}})
async def take_in(
    caller: Writing,
    bench: Bench,
    found: SearchWritten,
    interview: InterviewName,
    upload: Upload,
    response: Response,
    candidate: Told = "",
    held_on: date | None = None,
    consent: Annotated[str, Query(max_length=200, description="The basis on which the candidate agreed, or `recorded-elsewhere`.")] = "",
    correction: Annotated[str, Query(max_length=600, description="Why other content for a known interview is its next version.")] = "",
    speaker: Annotated[list[str] | None, Query(max_length=50, description="Who a label stands for, as LABEL=NAME.")] = None,
    region: Region = "",
) -> TakenIn:
    """Take a transcript in, as the body or as the file of a form, in any of the known formats; told apart by content.

    The same content again changes nothing and is answered with 200.
    """
    caller.must_be(KeyRole.RECRUITER)
    must_have_an_address(interview)
    parsed = await asyncio.to_thread(read_transcript, upload, where=interview)  # nobody else waits while it is read
    name = candidate.strip() or await _candidate_of(bench, found, interview)
    given = dict(mapped(s) for s in speaker or [])
    arrival = Arrival(interview, parsed, name, held_on, given, region)
    ((_, done),) = await take_in_transcripts(bench, found, [arrival], consent=consent.strip(), correction=correction.strip())
    response.status_code = 201 if done.new else 200
    response.headers["Location"] = quote(f"/v1/searches/{found.slug}/interviews/{interview}/transcript")
    kept = done.transcript
    return TakenIn(
        interview=interview,
        transcript=kept.id,
        version=kept.version,
        format=kept.source_format,
        utterances=len(kept.utterances),
        new=done.new,
        unmapped=done.unmapped,
        broken=done.broken,
    )


async def _candidate_of(bench: Workbench, search: Search, interview: str) -> str:
    known = next((i for i in await bench.store.interviews(search.organisation, search.id) if i.name == interview), None)
    if known is None:
        raise BadRequest("An interview that is not on record needs its candidate's name", where="candidate")
    return known.candidate.name


def must_have_an_address(interview: str) -> None:
    """Pass where the name can stand in an address; else BadRequest."""
    if not interview.strip(". "):
        raise BadRequest("An interview needs a name that an address has a place for", where="interview", todo="Such as 1-screen.")


def mapped(told: str) -> tuple[str, str]:
    """The label and the name of LABEL=NAME; BadRequest for anything else."""
    label, equals, name = told.partition("=")
    if not equals or not label.strip() or not name.strip():
        raise BadRequest(f"“{told[:80]}” maps nobody", where="speaker", todo="Write it as LABEL=NAME.")
    return label.strip(), name.strip()
