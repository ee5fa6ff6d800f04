"""API keys as they are made: chance that nobody can guess, of which a digest alone is kept."""

import hashlib
import secrets
from datetime import UTC, datetime

from alignment.access import Access, ApiKey, KeyRole
from alignment.errors import Refused
from alignment.people import Organisation
from alignment.record import KeyId, new_id
from corpus.store import Store

PREFIX = "plb_"


def digest_of(secret: str) -> str:
    """What is kept of a key. Its secret has 256 bits of chance, which no table of guesses holds: one pass of SHA-256 is enough."""
    return hashlib.sha256(secret.encode()).hexdigest()


def must_fit(role: KeyRole, scopes: tuple[Access, ...], person: str) -> None:
    """Pass where such a key can be made, before anything is put on record for it; else Refused."""
    if role is KeyRole.SERVICE and person:
        raise Refused("A service's key acts for whoever each request names", where="person", todo="Leave the person out, or give the role.")
    if role is not KeyRole.SERVICE and not person.strip():
        raise Refused(f"A key of the role {role} acts for one person", where="person", todo="Name the person.")
    if not scopes:
        raise Refused("A key without a scope opens nothing", where="scopes", todo=f"There are: {', '.join(Access)}.")


async def make_key(
    store: Store,
    organisation: Organisation,
    role: KeyRole,
    scopes: tuple[Access, ...],
    *,
    person: str = "",
    label: str = "",
) -> tuple[ApiKey, str]:
    """A new key and its secret, which is told this once; a personal key names its person, a service's none."""
    must_fit(role, scopes, person)
    whose = await store.add_person(organisation.id, person.strip()) if person else None
    id = KeyId(new_id("key"))
    secret = f"{PREFIX}{secrets.token_urlsafe(32)}"
    key = ApiKey(
        id=id,
        organisation=organisation.id,
        role=role,
        scopes=tuple(dict.fromkeys(scopes)),
        person=whose.id if whose else None,
        label=label.strip(),
        at=datetime.now(UTC),
    )
    return await store.add_key(organisation.id, key, digest_of(secret)), secret
