"""The organisation and the keys of a server."""

from typing import Any

from alignment.access import ApiKey
from alignment.people import ConsentPolicy, Organisation
from api.remote.client import Server, at, known, told
from api.wire_admin import MadeKey


def organisation(server: Server) -> Organisation:
    """The organisation that the key belongs to."""
    return known(Organisation, server.get(at("organisation"))["organisation"])


def set_policy(server: Server, policy: ConsentPolicy) -> Organisation:
    """Set whether every interview needs its consent in the record."""
    return known(Organisation, told(server.send("PATCH", at("organisation"), json={"consent_policy": policy.value})))


def new_key(server: Server, given: dict[str, Any]) -> tuple[ApiKey, str]:
    """A key and its secret, which the server tells once: it is not asked for again where the answer is lost."""
    made = known(MadeKey, server.post(at("keys"), given, again=False))
    return made.key, made.secret


def keys(server: Server) -> tuple[ApiKey, ...]:
    """The organisation's keys, without their secrets."""
    return tuple(known(ApiKey, row) for row in server.pages(at("keys")))


def revoke_key(server: Server, id: str) -> ApiKey:
    """Revoke a key."""
    return known(ApiKey, told(server.send("DELETE", at("keys", id))))
