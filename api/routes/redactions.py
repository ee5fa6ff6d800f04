"""Parts of an interview struck out of every store."""

from urllib.parse import quote

from fastapi import APIRouter, Request, Response

from agents.erasure.redacting import Reach, reach_of, redact
from alignment.access import KeyRole
from alignment.erasing import Erasure
from api.auth import Administering, Bench
from api.once import OnceRoute
from api.routes.interviews import InterviewName
from api.routes.keeping import asked_by, jobs_of, through
from api.routes.searches import SearchWritten
from api.wire_keeping import ToLookAt, ToRedact

router = APIRouter(prefix="/v1/searches/{search}/interviews/{interview}", tags=["keeping"], route_class=OnceRoute)


@router.post("/redactions", status_code=201)
async def strike_out(
    caller: Administering,
    bench: Bench,
    found: SearchWritten,
    interview: InterviewName,
    given: ToRedact,
    request: Request,
    response: Response,
) -> Erasure:
    """Strike parts out of the transcript, the recording and everything that repeats them; the receipt.

    Errors: 409 `on_hold` while a legal hold lasts, 409 while the interview is heard, erased or corrected.
    """
    caller.must_be(KeyRole.RECRUITER)
    asked = asked_by(request, caller, given.acting, given.reason)
    done = await through(request, redact(bench, found, interview, given.parts, asked, jobs=jobs_of(request)))
    response.headers["Location"] = quote(f"/v1/erasures/{done.id}")
    return done


@router.post("/redactions/preview")
async def look_at(caller: Administering, bench: Bench, found: SearchWritten, interview: InterviewName, given: ToLookAt) -> Reach:
    """What striking out these parts would reach; nothing is changed."""
    caller.must_be(KeyRole.RECRUITER)
    return await reach_of(bench, found, interview, given.parts)
