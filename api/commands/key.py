"""`plumbline key new | list | revoke`: who may call the API; it reads the store alone, and so works beside a running server."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from typing import Annotated

import typer

from agents.keys import make_key, must_fit
from alignment.access import Access, ApiKey, KeyRole
from alignment.errors import BadSettings
from alignment.people import Organisation
from alignment.record import KeyId
from alignment.settings import load_settings
from api import screen
from api.remote import administration
from api.remote.chosen import refuse, server
from api.remote.client import Server
from corpus.store import Store, open_store

Org = Annotated[str, typer.Option("--org", help="The organisation's name; by default the one that PLUMBLINE_ORGANISATION names.")]
Json = Annotated[bool, typer.Option("--json", help="Print JSON for scripts.")]


def register(app: typer.Typer) -> None:
    """Add the commands to the app."""
    group = typer.Typer(no_args_is_help=True, help="API keys: whose they are, and how far they reach.")
    group.command("new")(new)
    group.command("list")(list_)
    group.command("revoke")(revoke)
    app.add_typer(group, name="key")


def new(
    org: Org = "",
    role: Annotated[KeyRole, typer.Option(help="On whose behalf it acts.")] = KeyRole.SERVICE,
    scopes: Annotated[str, typer.Option(help="What it may do, with commas: read, write, admin.")] = "read,write",
    person: Annotated[str, typer.Option(help="Whose it is, by name; a service's key has nobody.")] = "",
    label: Annotated[str, typer.Option(help="What it is for, for whoever looks through the keys later.")] = "",
    as_json: Json = False,
) -> None:
    """Make a key, and print its secret, which is shown this once; an organisation that is not there yet is made."""
    wanted = _scopes(scopes)

    async def work() -> tuple[ApiKey, str]:
        must_fit(role, wanted, person)
        async with _store(org, made=True) as (store, organisation):
            return await make_key(store, organisation, role, wanted, person=person, label=label)

    remote = _remote(org)
    given = {"role": role, "scopes": wanted, "person": person, "label": label}
    key, secret = administration.new_key(remote, given) if remote else asyncio.run(work())
    if as_json:
        screen.as_json({"key": secret, **{k: v for k, v in key.model_dump(mode="json").items() if k != "key"}})
    else:
        screen.say(secret)
        screen.note(f"{key.id}: {key.role}, {', '.join(key.scopes)}. It is shown this once; only its digest is kept.")


def list_(org: Org = "", as_json: Json = False) -> None:
    """List the organisation's keys, without their secrets."""

    async def work() -> tuple[ApiKey, ...]:
        async with _store(org) as (store, organisation):
            return await store.keys(organisation.id)

    remote = _remote(org)
    keys = administration.keys(remote) if remote else asyncio.run(work())
    if as_json:
        screen.as_json([k.model_dump(mode="json") for k in keys])
    elif not keys:
        screen.say("No keys yet. Make one with: plumbline key new")
    for k in () if as_json else keys:
        ended = f"revoked {k.revoked_at:%Y-%m-%d}" if k.revoked_at else "open"
        screen.say(f"{k.id}  {k.role}  {','.join(k.scopes)}  {ended}  {k.label}".rstrip())


def revoke(id: Annotated[str, typer.Argument(help="The key's id, as listed.")], org: Org = "") -> None:
    """Revoke a key: from now on it opens nothing."""

    async def work() -> ApiKey:
        async with _store(org) as (store, organisation):
            return await store.close_key(organisation.id, KeyId(id), datetime.now(UTC))

    remote = _remote(org)
    revoked = administration.revoke_key(remote, id) if remote else asyncio.run(work())
    screen.say(f"{revoked.id} opens nothing any more.")


def _remote(org: str) -> Server | None:
    if (remote := server()) is not None:
        refuse(org=org)
    return remote


def _scopes(told: str) -> tuple[Access, ...]:
    try:
        return tuple(Access(t.strip()) for t in told.split(",") if t.strip())
    except ValueError as e:
        raise BadSettings(f"“{told}” are no scopes", where="--scopes", todo=f"There are: {', '.join(Access)}.") from e


@asynccontextmanager
async def _store(org: str, *, made: bool = False) -> AsyncIterator[tuple[Store, Organisation]]:
    """The store, and the organisation of that name, which is made where it is not there, or is NotFound."""
    settings = load_settings()
    store = await open_store(settings.store)
    try:
        name = org.strip() or settings.organisation
        yield store, await (store.create_organisation(name) if made else store.organisation_by_name(name))
    finally:
        await store.close()
