"""The caller's organisation, its keys, and its audit log."""

from datetime import UTC, datetime
from typing import Annotated
from urllib.parse import quote

from fastapi import APIRouter, Path, Response

from agents.keys import make_key
from alignment.access import ApiKey, AuditEntry
from alignment.errors import Conflict
from alignment.people import Organisation
from alignment.record import KeyId
from api.auth import Administering, Bench, Reading
from api.once import OnceRoute
from api.pages import Cursor, Limit, Page, number_of, page, paged
from api.wire_admin import Chain, MadeKey, NewKey, OrganisationState, Policy

router = APIRouter(prefix="/v1", tags=["organisation"], route_class=OnceRoute)
# A key is never kept with what was answered: its secret is told once.
keys = APIRouter(prefix="/v1/keys", tags=["keys"])


@router.get("/organisation")
async def read_organisation(caller: Reading) -> OrganisationState:
    """The organisation that the key belongs to, and what the key may do."""
    return OrganisationState(organisation=caller.organisation, key=caller.key, person=caller.person.name if caller.person else "")


@router.patch("/organisation")
async def set_policy(caller: Administering, bench: Bench, policy: Policy) -> Organisation:
    """Set whether every interview needs its consent in this record."""
    return await bench.store.set_consent_policy(caller.org, policy.consent_policy)


@router.get("/audit")
async def read_audit(caller: Administering, bench: Bench, limit: Limit = 50, cursor: Cursor = "") -> Page[AuditEntry]:
    """Who read or changed what, oldest first."""
    entries = await bench.store.audit(caller.org, limit=limit + 1, after=number_of(cursor))
    return page(entries, limit, lambda e: str(e.number))


@router.get("/audit/chain")
async def check_audit(caller: Administering, bench: Bench) -> Chain:
    """Whether each line of the audit log follows from the one before it."""
    broken = await bench.store.audit_broken(caller.org)
    return Chain(whole=broken is None, broken_at=broken)


@keys.get("")
async def list_keys(caller: Administering, bench: Bench, limit: Limit = 50, cursor: Cursor = "") -> Page[ApiKey]:
    """The organisation's keys, without their secrets."""
    return paged(await bench.store.keys(caller.org), limit, cursor, lambda k: k.id)


@keys.post("", status_code=201)
async def new_key(caller: Administering, bench: Bench, given: NewKey, response: Response) -> MadeKey:
    """Make a key; its secret is in this answer and nowhere again."""
    made, secret = await make_key(bench.store, caller.organisation, given.role, given.scopes, person=given.person, label=given.label)
    response.headers["Location"] = quote(f"/v1/keys/{made.id}")
    return MadeKey(key=made, secret=secret)


@keys.delete("/{key}")
async def revoke_key(caller: Administering, bench: Bench, key: Annotated[str, Path(max_length=200)]) -> ApiKey:
    """Revoke a key: it opens nothing from now on, and stays on record. The key that asks is not revoked with itself."""
    if key == caller.key.id:
        raise Conflict("The key that asks would shut itself out", where=key, todo="Revoke it with another key, or on the command line.")
    return await bench.store.close_key(caller.org, KeyId(key), datetime.now(UTC))
