"""Consents: given, shown and withdrawn, and the policies of regions."""

from typing import Annotated

from fastapi import APIRouter, Path, Request

from agents.consents import give, withdraw
from agents.desk import interview_id
from agents.erasure.asking import Asked
from alignment.access import KeyRole
from alignment.erasing import Erasure
from alignment.errors import NotFound
from alignment.people import Interview
from api.auth import Administering, Bench, Writing
from api.once import OnceRoute
from api.routes.interviews import InterviewName
from api.routes.keeping import asked_by, jobs_of, through
from api.routes.searches import SearchHere, SearchWritten
from api.wire import NewConsent
from api.wire_admin import Policy
from api.wire_keeping import Consents, Regions, Withdrawn

router = APIRouter(prefix="/v1/searches/{search}/interviews/{interview}/consents", tags=["consents"], route_class=OnceRoute)
regions = APIRouter(prefix="/v1/organisation/regions", tags=["organisation"], route_class=OnceRoute)
Region = Annotated[str, Path(min_length=1, max_length=20, pattern=r"^[A-Za-z][A-Za-z0-9-]*$", description="Such as DE or US-NY.")]


@router.get("")
async def read_consents(bench: Bench, found: SearchHere, interview: InterviewName) -> Consents:
    """The interview's consents, and the erasures that reach it, also where it is no longer on record."""
    reached = await bench.store.erasures(found.organisation, interview=interview_id(found.id, interview))
    try:
        held = await bench.store.interview_by_name(found.organisation, found.id, interview)
    except NotFound:
        if not reached:
            raise
        return Consents(interview=interview, region="", consents=(), erasures=reached)
    given = await bench.store.consents(found.organisation, held.id)
    return Consents(interview=interview, region=held.region, consents=given, erasures=reached)


@router.post("", status_code=201)
async def record_consent(caller: Writing, bench: Bench, found: SearchWritten, interview: InterviewName, given: NewConsent) -> Interview:
    """Put on record that the candidate agreed, on which basis, when and to what; the newest consent counts."""
    caller.must_be(KeyRole.RECRUITER)
    return await give(bench, found, interview, given.basis, scope=given.scope, at=given.at)


@router.post("/withdrawal")
async def withdraw_consent(
    caller: Writing, bench: Bench, found: SearchWritten, interview: InterviewName, given: Withdrawn, request: Request
) -> Erasure:
    """Withdraw the candidate's consent, or object: the recording and all that was derived are erased, and the receipt is told.

    Under a legal hold it is 409 `on_hold`: processing has stopped, and the erasure follows when the hold is lifted.
    """
    caller.must_be(KeyRole.RECRUITER)
    asked: Asked = asked_by(request, caller, given.acting, given.reason)
    return await through(request, withdraw(bench, found, interview, asked, jobs=jobs_of(request)))


@regions.get("")
async def read_regions(caller: Administering, bench: Bench) -> Regions:
    """The regions in which another policy holds than the organisation's own."""
    return Regions(regions=await bench.store.consent_regions(caller.org))


@regions.put("/{region}")
async def set_region(caller: Administering, bench: Bench, region: Region, policy: Policy) -> Regions:
    """Have that policy hold for interviews that are opened with the region."""
    await bench.store.set_consent_region(caller.org, region, policy.consent_policy)
    return await read_regions(caller, bench)


@regions.delete("/{region}")
async def end_region(caller: Administering, bench: Bench, region: Region) -> Regions:
    """Have the organisation's own policy hold there again."""
    await bench.store.set_consent_region(caller.org, region, None)
    return await read_regions(caller, bench)
