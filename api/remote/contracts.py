"""Contracts of a server: read, signed, amended, and what the panel gets of them."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from agents.panel_pack import as_file, write
from api.remote.client import Server, at, known
from api.wire import Changes


def read(server: Server, search: str, version: int = 0) -> dict[str, Any]:
    """The ContractState of a version, the newest where none is named."""
    place = at("searches", search, "contracts", version) if version else at("searches", search, "contract")
    found: dict[str, Any] = server.get(place)
    return found


def differences(server: Server, search: str, old: int, new: int) -> Changes:
    """How two versions differ."""
    return known(Changes, server.get(at("searches", search, "contracts", new, "changes"), since=old))


def sign(server: Server, search: str, name: str) -> dict[str, Any]:
    """The newest version, signed for that person's side."""
    signed: dict[str, Any] = server.post(at("searches", search, "contract", "signatures"), {"as": name}, headers=_seen(server, search))
    return signed


def amend(server: Server, search: str, name: str, changes: Mapping[str, str], reason: str) -> tuple[dict[str, Any], Changes]:
    """The next version, and how it differs from the one before."""
    body = {"as": name, "changes": dict(changes), "reason": reason}
    state: dict[str, Any] = server.post(at("searches", search, "contracts"), body, headers=_seen(server, search))
    made = state["contract"]["version"]
    return state, differences(server, search, made - 1, made)


def export(server: Server, search: str, version: int, out: Path) -> tuple[Path, ...]:
    """The panel's files, all of one version, in a folder."""
    of = read(server, search, version)["contract"]["version"]
    names = ("invite.ics", "invite.md", "scorecard.json", "scorecard.md")
    files = {name: server.file(at("searches", search, name), version=of) for name in names if name != "scorecard.json"}
    files["scorecard.json"] = as_file(server.get(at("searches", search, "scorecard.json"), version=of))
    return write(out, {name: files[name] for name in names})


def _seen(server: Server, search: str) -> dict[str, str]:
    return {"If-Match": server.send("GET", at("searches", search, "contract")).headers["ETag"]}
