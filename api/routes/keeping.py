"""What is kept and for how long: erasures with their receipts, legal holds, and rules of retention."""

from collections.abc import Coroutine
from typing import Annotated, Any, TypeVar
from urllib.parse import quote

from fastapi import APIRouter, Path, Query, Request, Response

from agents import holds, retention
from agents.access import Caller, is_in, search_for
from agents.captures import Jobs
from agents.erasure.asking import Asked, erase_interview, erase_person
from agents.workbench import Workbench
from alignment.access import KeyRole
from alignment.erasing import Erasure, ErasureId, Hold, Kept
from alignment.errors import BadRequest, NotFound
from api.auth import Administering, Bench
from api.hearing import Hearing
from api.once import HEADER, OnceRoute
from api.pages import Cursor, Limit, Page, paged
from api.running import Running
from api.wire_keeping import Applied, Days, Lifted, Rules, ToApply, ToErase, ToHold

router = APIRouter(prefix="/v1", tags=["keeping"], route_class=OnceRoute)
Id = Annotated[str, Path(min_length=1, max_length=100, pattern=r"^[\w-]+$")]
T = TypeVar("T")


def asked_by(request: Request, caller: Caller, named: str, reason: str) -> Asked:
    """Who asks and why: the key's own person, whom a service names, or the key by its label."""
    who = caller.person.name if caller.person else named.strip() or caller.key.label or caller.key.id
    request.state.acting = who
    return Asked(by=who, reason=reason, request=(caller.key.id, request.headers.get(HEADER, "")))


def jobs_of(request: Request) -> Jobs | None:
    """The queue of recordings where this process has it open."""
    found: Hearing = request.app.state.hearing
    return found.opened


async def through(request: Request, work: Coroutine[Any, Any, T]) -> T:
    """What the work comes to; it goes on to its end also where nobody waits for it any more."""
    running: Running = request.app.state.running
    return await running.through(work)


@router.post("/erasures", status_code=201)
async def erase(caller: Administering, bench: Bench, given: ToErase, request: Request, response: Response) -> Erasure:
    """Erase an interview, or a candidate across all searches, from every store; what is erased already has its receipt.

    Errors: 409 `on_hold` while a legal hold lasts.
    """
    caller.must_be(KeyRole.RECRUITER)
    if bool(given.person) is bool(given.search or given.interview) or bool(given.search) is not bool(given.interview):
        raise BadRequest("An erasure names a search and an interview, or a person", where="interview", todo="Give the one or the other.")
    asked, jobs = asked_by(request, caller, given.acting, given.reason), jobs_of(request)
    if given.person:
        must_reach_all(caller)
        done = await through(request, erase_person(bench, caller.org, given.person, asked, jobs=jobs))
    else:
        search = await search_for(bench, caller, given.search)
        done = await through(request, erase_interview(bench, search, given.interview, asked, jobs=jobs))
    response.headers["Location"] = quote(f"/v1/erasures/{done.id}")
    return done


def must_reach_all(caller: Caller) -> None:
    """Pass for a service's key; BadRequest for a personal one, which reaches its person's searches alone."""
    if caller.person is not None:
        raise BadRequest("A personal key reaches its person's searches, and a candidate's may lie beyond them", where="person")


@router.get("/erasures")
async def list_erasures(caller: Administering, bench: Bench, limit: Limit = 50, cursor: Cursor = "") -> Page[Erasure]:
    """The receipts of what was erased, oldest first."""
    return paged(await bench.store.erasures(caller.org), limit, cursor, lambda e: e.id)


@router.get("/erasures/{erasure}")
async def read_erasure(caller: Administering, bench: Bench, erasure: Id) -> Erasure:
    """One receipt."""
    return await bench.store.erasure(caller.org, ErasureId(erasure))


@router.post("/holds", status_code=201)
async def place_hold(caller: Administering, bench: Bench, given: ToHold, request: Request, response: Response) -> Hold:
    """Place a legal hold on an interview: until it is lifted nothing of it is erased."""
    search = await search_for(bench, caller, given.search)
    made = await holds.place(bench, search, given.interview, asked_by(request, caller, given.acting, given.reason))
    response.headers["Location"] = quote(f"/v1/holds/{made.id}")
    return made


@router.get("/holds")
async def list_holds(
    caller: Administering,
    bench: Bench,
    limit: Limit = 50,
    cursor: Cursor = "",
    lasting: Annotated[bool, Query(description="Only those that are not lifted.")] = False,
) -> Page[Hold]:
    """The holds that the caller may see, lifted ones too."""
    found = [h for h in await _seen(bench, caller) if not (lasting and h.lifted_at)]
    return paged(found, limit, cursor, lambda h: h.id)


@router.get("/holds/{hold}")
async def read_hold(caller: Administering, bench: Bench, hold: Id) -> Hold:
    """One hold."""
    found = next((h for h in await _seen(bench, caller) if h.id == hold), None)
    if found is None:
        raise NotFound(f"There is no hold {hold} in this organisation")
    return found


async def _seen(bench: Workbench, caller: Caller) -> list[Hold]:
    """Every hold, and of a personal key's those in its person's searches."""
    held = await bench.store.holds(caller.org)
    if caller.person is None:
        return list(held)
    of = {i.id: i.search for i in await bench.store.interviews(caller.org)}
    own = {s for s in set(of.values()) if await is_in(bench, caller.org, s, caller.person.id)}
    return [h for h in held if of.get(h.interview) in own]


@router.delete("/holds/{hold}")
async def lift_hold(caller: Administering, bench: Bench, hold: Id, request: Request) -> Lifted:
    """Lift a hold; what a candidate withdrew meanwhile is erased now, unless another hold lasts."""
    found = await read_hold(caller, bench, hold)
    lifted, erased = await through(request, holds.lift(bench, caller.org, found.id, jobs=jobs_of(request)))
    return Lifted(hold=lifted, erased=erased)


@router.get("/retention")
async def read_retention(caller: Administering, bench: Bench) -> Rules:
    """The rules of retention."""
    return Rules(rules=await bench.store.retention(caller.org))


@router.put("/retention/{what}")
async def set_retention(caller: Administering, bench: Bench, what: Kept, given: Days, request: Request) -> Rules:
    """Have recordings, or whole interviews, go after so many days; the server applies it once a day."""
    await retention.set_rule(bench, caller.org, what, given.days, asked_by(request, caller, given.acting, "retention").by)
    return await read_retention(caller, bench)


@router.delete("/retention/{what}")
async def end_retention(caller: Administering, bench: Bench, what: Kept) -> Rules:
    """End a rule: nothing goes by it any more."""
    await bench.store.set_retention(caller.org, what, None)
    return await read_retention(caller, bench)


@router.post("/retention/applications")
async def apply_retention(caller: Administering, bench: Bench, given: ToApply, request: Request) -> Applied:
    """Apply the rules now, or with `dry_run` only tell what would go and what stays and why."""
    must_reach_all(caller)
    by = asked_by(request, caller, given.acting, "retention").by
    work = retention.apply(bench, caller.org, by, dry_run=given.dry_run, jobs=jobs_of(request))
    return Applied(come=await through(request, work))
