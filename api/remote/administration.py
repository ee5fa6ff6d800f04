"""The organisation and the keys of a server."""

from typing import TYPE_CHECKING

from alignment.access import ApiKey
from alignment.people import ConsentPolicy, Organisation
from api.wire_admin import MadeKey, NewKey

if TYPE_CHECKING:
    from api.remote.client import Server


def organisation(server: "Server") -> Organisation:
    """The organisation that the key belongs to."""
    return Organisation.model_validate(server.get("/v1/organisation")["organisation"])


def set_policy(server: "Server", policy: ConsentPolicy) -> Organisation:
    """Set whether every interview needs its consent in the record."""
    return Organisation.model_validate(server.send("PATCH", "/v1/organisation", json={"consent_policy": policy.value}).json())


def new_key(server: "Server", given: NewKey) -> tuple[ApiKey, str]:
    """A key and its secret, which the server tells once: it is not asked for again where the answer is lost."""
    made = MadeKey.model_validate(server.post("/v1/keys", given.model_dump(mode="json"), again=False))
    return made.key, made.secret


def keys(server: "Server") -> tuple[ApiKey, ...]:
    """The organisation's keys, without their secrets."""
    return tuple(ApiKey.model_validate(row) for row in server.pages("/v1/keys"))


def revoke_key(server: "Server", id: str) -> ApiKey:
    """Revoke a key."""
    from api.remote.client import at

    return ApiKey.model_validate(server.send("DELETE", at("keys", id)).json())
