"""Contracts: their versions, signatures and changes, and what the panel gets of them."""

from datetime import UTC, datetime
from typing import Annotated, Any
from urllib.parse import quote

from fastapi import APIRouter, Header, Path, Query, Request, Response

from agents.contracts import amend, sign
from agents.panel_pack import invite_calendar, invite_markdown, scorecard, scorecard_markdown
from alignment.access import KeyRole
from alignment.contract import Contract
from alignment.errors import Refused, StaleContract, Unguarded
from alignment.people import Search
from api.auth import Bench, Writing
from api.once import OnceRoute
from api.pages import Cursor, Limit, Page, paged
from api.routes.searches import SearchHere, SearchWritten
from api.states import changes_between, state_of
from api.wire import Acting, Amendment, Changes, ContractState

router = APIRouter(prefix="/v1/searches/{search}", tags=["contracts"], route_class=OnceRoute)
Version = Annotated[int, Path(ge=1, le=100_000)]
IfNoneMatch = Annotated[str, Header(description="The ETag of the contract that the caller has.")]
IfMatch = Annotated[str, Header(description="The ETag of the contract as the caller has seen it.")]
MaybeVersion = Annotated[int, Query(ge=0, le=100_000, description="Which version; 0 stands for the newest.")]
Since = Annotated[int, Query(ge=0, le=100_000, description="The older version; 0 stands for the one before.")]
CALENDAR: dict[int | str, dict[str, Any]] = {200: {"content": {"text/calendar": {"schema": {"type": "string"}}}}}
MARKDOWN: dict[int | str, dict[str, Any]] = {200: {"content": {"text/markdown": {"schema": {"type": "string"}}}}}


def etag_of(contract: Contract) -> str:
    """What changes with the wording, the version and each signature."""
    return f'"v{contract.version}-{contract.wording[:16]}-{len(contract.signatures)}"'


def _names(tags: str, contract: Contract) -> bool:
    return etag_of(contract) in [tag.strip().removeprefix("W/") for tag in tags.split(",")]


async def _guarded(bench: Bench, search: Search, seen: str) -> Contract:
    newest = await bench.store.contract(search.organisation, search.id)
    if not seen:
        raise Unguarded("A contract changes only from a state that was seen", where="If-Match", todo="Read it, and send its ETag back.")
    if seen.strip() != "*" and not _names(seen, newest):
        raise StaleContract(
            f"The contract stands at version {newest.version} now, not as it was seen", where="If-Match", todo="Read it again, then decide."
        )
    return newest


@router.get("/contract", response_model=ContractState, responses={304: {"description": "It is as the caller has it."}})
async def read_contract(
    bench: Bench, found: SearchHere, request: Request, response: Response, if_none_match: IfNoneMatch = ""
) -> ContractState | Response:
    """The newest version; its ETag is what a change has to name."""
    contract = await bench.store.contract(found.organisation, found.id)
    request.state.detail = {"contract": str(contract.version)}
    told = {"ETag": etag_of(contract), "Cache-Control": "private, no-cache"}
    if if_none_match.strip() == "*" or _names(if_none_match, contract):
        return Response(status_code=304, headers=told)
    response.headers.update(told)
    return state_of(contract)


@router.get("/contracts")
async def list_contracts(bench: Bench, found: SearchHere, limit: Limit = 50, cursor: Cursor = "") -> Page[ContractState]:
    """Every version, oldest first."""
    held = await bench.store.contracts(found.organisation, found.id)
    return paged([state_of(c) for c in held], limit, cursor, lambda s: str(s.contract.version))


@router.get("/contracts/{version}")
async def read_version(bench: Bench, found: SearchHere, version: Version, request: Request, response: Response) -> ContractState:
    """One version."""
    contract = await bench.store.contract(found.organisation, found.id, version)
    request.state.detail = {"contract": str(contract.version)}
    response.headers["ETag"] = etag_of(contract)
    return state_of(contract)


@router.get("/contracts/{version}/changes")
async def read_changes(bench: Bench, found: SearchHere, version: Version, since: Since = 0) -> Changes:
    """What differs from an older version, the one before where none is named, criterion by criterion, with the reason."""
    newer = await bench.store.contract(found.organisation, found.id, version)
    if version == 1 and not since:
        raise Refused("There is no version before the first", where="since")
    older = await bench.store.contract(found.organisation, found.id, since or version - 1)
    return changes_between(older, newer)


@router.post("/contracts", status_code=201)
async def amend_contract(
    caller: Writing, bench: Bench, found: SearchWritten, given: Amendment, request: Request, response: Response, if_match: IfMatch = ""
) -> ContractState:
    """Make the next version in the hiring manager's words, with a reason; nobody has signed it yet."""
    caller.must_be(KeyRole.HIRING_MANAGER)
    name = request.state.acting = caller.acting(given.acting)
    await _guarded(bench, found, if_match)
    _, made = await amend(bench, found, name, dict(given.changes.items()), given.reason)
    response.headers["ETag"] = etag_of(made)
    response.headers["Location"] = quote(f"/v1/searches/{found.slug}/contracts/{made.version}")
    request.state.detail = {"contract": str(made.version)}
    return state_of(made)


@router.post("/contract/signatures", status_code=201)
async def sign_contract(
    caller: Writing, bench: Bench, found: SearchWritten, given: Acting, request: Request, response: Response, if_match: IfMatch = ""
) -> ContractState:
    """Sign the newest version for one's own side."""
    caller.must_be(KeyRole.RECRUITER, KeyRole.HIRING_MANAGER)
    name = request.state.acting = caller.acting(given.acting)
    await _guarded(bench, found, if_match)
    signed = await sign(bench, found, name)
    response.headers["ETag"] = etag_of(signed)
    response.headers["Location"] = quote(f"/v1/searches/{found.slug}/contracts/{signed.version}")
    request.state.detail = {"contract": str(signed.version)}
    return state_of(signed)


async def _held(bench: Bench, search: Search, version: int) -> Contract:
    contract = await bench.store.contract(search.organisation, search.id, version or None)
    if not contract.criteria:
        raise Refused(f"Version {contract.version} has no criterion yet", where=search.slug, todo="Settle it first, in the intake.")
    return contract


@router.get("/invite.ics", response_class=Response, responses=CALENDAR)
async def read_invite(bench: Bench, found: SearchHere, version: MaybeVersion = 0) -> Response:
    """The panel's invite as iCalendar: who probes what, interview by interview."""
    contract = await _held(bench, found, version)
    interviews = await bench.store.interviews(found.organisation, found.id)
    at = max((s.at for s in contract.signatures), default=datetime.now(UTC))
    return Response(invite_calendar(found, contract, interviews, at), media_type="text/calendar")


@router.get("/invite.md", response_class=Response, responses=MARKDOWN)
async def read_invite_text(bench: Bench, found: SearchHere, version: MaybeVersion = 0) -> Response:
    """The same as Markdown."""
    return Response(invite_markdown(found, await _held(bench, found, version)), media_type="text/markdown")


@router.get("/scorecard.md", response_class=Response, responses=MARKDOWN)
async def read_scorecard_text(bench: Bench, found: SearchHere, version: MaybeVersion = 0) -> Response:
    """The scorecard to print: criteria, questions, one scale of grades."""
    return Response(scorecard_markdown(found, await _held(bench, found, version)), media_type="text/markdown")


@router.get("/scorecard.json")
async def read_scorecard_form(bench: Bench, found: SearchHere, version: MaybeVersion = 0) -> dict[str, object]:
    """The scorecard as a form."""
    return scorecard(found, await _held(bench, found, version))
