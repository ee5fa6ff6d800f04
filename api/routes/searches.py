"""Searches, their people and their panels."""

from typing import Annotated
from urllib.parse import quote

from fastapi import APIRouter, Depends, Path, Response

from agents.access import may_open, search_for, searches_for
from agents.desk import SearchPlan, SeatPlan, interview_id, open_search
from alignment.access import KeyRole
from alignment.contract import Criterion
from alignment.people import PanelSeat, Search
from api.auth import Bench, Reading, Writing
from api.once import OnceRoute
from api.pages import Cursor, Limit, Page, page, place_of
from api.wire import NewSearch, Seat

router = APIRouter(prefix="/v1/searches", tags=["searches"], route_class=OnceRoute)
SearchName = Annotated[str, Path(min_length=1, max_length=100, description="The search's short name.")]


async def _search_read(caller: Reading, bench: Bench, search: SearchName) -> Search:
    return await search_for(bench, caller, search)


async def _search_written(caller: Writing, bench: Bench, search: SearchName) -> Search:
    return await search_for(bench, caller, search)


SearchHere = Annotated[Search, Depends(_search_read)]
SearchWritten = Annotated[Search, Depends(_search_written)]


@router.get("")
async def list_searches(caller: Reading, bench: Bench, limit: Limit = 50, cursor: Cursor = "") -> Page[Search]:
    """The searches that the caller may see, by short name."""
    return page(await searches_for(bench, caller, after=place_of(cursor), limit=limit + 1), limit, lambda s: s.slug)


@router.post("", status_code=201)
async def new_search(caller: Writing, bench: Bench, given: NewSearch, response: Response) -> Search:
    """Open a search, with its panel and the first version of its contract; the same again changes nothing."""
    caller.must_be(KeyRole.RECRUITER)
    await may_open(bench, caller, given.slug)
    plan = SearchPlan(
        slug=given.slug,
        title=given.title,
        # Whoever opens a search for oneself recruits for it, unless somebody else is named.
        recruiter=given.recruiter or (caller.person.name if caller.person else ""),
        hiring_manager=given.hiring_manager,
        role_family=given.role_family,
        company_kind=given.company_kind,
        panel=tuple(SeatPlan(s.person, s.interview, s.stage, tuple(s.focus)) for s in given.panel),
        criteria=tuple(Criterion(id=c.id, text=c.text, shown_by=c.shown_by) for c in given.criteria),
        contract_version=given.contract_version,
    )
    made = await open_search(bench, caller.org, plan)
    response.headers["Location"] = quote(f"/v1/searches/{made.slug}")
    return made


@router.get("/{search}")
async def read_search(found: SearchHere) -> Search:
    """One search: its people and its panel."""
    return found


@router.post("/{search}/panel", status_code=201)
async def take_seat(caller: Writing, bench: Bench, found: SearchWritten, seat: Seat, response: Response) -> Search:
    """Seat an interviewer; a seat of the same person and interview takes the new stage and focus."""
    caller.must_be(KeyRole.RECRUITER)
    person = await bench.store.add_person(caller.org, seat.person)
    place = PanelSeat(
        person=person.id,
        name=person.name,
        stage=seat.stage,
        interview=interview_id(found.id, seat.interview),
        interview_name=seat.interview,
        focus=seat.focus,
    )
    response.headers["Location"] = quote(f"/v1/searches/{found.slug}")
    return await bench.store.seat(caller.org, found.id, place)
