"""Recordings to a server, and how far it is with each."""

import json
import time
from pathlib import Path
from typing import Any

from alignment.capture import OVER
from alignment.errors import BadAudio, Conflict, NotFound
from api import screen
from api.remote import searches
from api.remote.client import Server, at, told
from corpus.tracks import Track, turns_of

POLL_S = 0.5


def put(
    server: Server, search: str, name: str, path: Path, about: dict[str, str], mapping: dict[str, str], track: Track, *, wait: bool
) -> dict[str, Any]:
    """How the capture of that recording stands once it is over, with what was heard; without `wait`, as soon as it is taken in."""
    searches.called(server, search)
    place = at("searches", search, "interviews", name, "recording")
    params = {**about, "speaker": [f"{label}={person}" for label, person in mapping.items()], "file": path.name}
    try:
        with path.open("rb") as file:
            row: dict[str, Any] = told(server.send("PUT", place, params=params, content=file, again=False))
    except OSError as e:
        raise BadAudio(f"The file cannot be opened: {e.strerror}", where=path.name, todo="Check its name and rights.") from e
    if row["state"] in ("failed", "cancelled"):
        row = one(server, row["capture"], "retry")
    if track:
        turns = json.dumps(turns_of(track)).encode()
        place = at("searches", search, "interviews", name, "speakers", "track")
        server.send("PUT", place, params={"recording": row["recording"]}, content=turns)
        row = server.get(at("captures", row["capture"]))
    if not wait:
        return row
    with screen.progress("Hearing") as advance:
        while row["state"] not in OVER:
            advance(name, int(row["done_s"]), int(row["of_s"] or 0))
            time.sleep(POLL_S)
            row = server.get(at("captures", row["capture"]))
    return {**row, "utterances": row["utterances"]} if row["state"] == "done" else row


def listed(server: Server) -> list[dict[str, Any]]:
    """Every capture that the key may see, the newest last."""
    return list(server.pages(at("captures")))


def one(server: Server, id: str, what: str) -> dict[str, Any]:
    """The capture whose id begins so: as it stands, or after it was cancelled or asked for again."""
    found = [r for r in listed(server) if r["capture"].startswith(id)]
    if len(found) != 1:
        much = f"{len(found)} captures begin with {id}" if found else f"There is no capture {id}"
        raise (Conflict if found else NotFound)(much, todo="`plumbline jobs list` has their ids.")
    if what == "show":
        return found[0]
    row: dict[str, Any] = server.post(at("captures", found[0]["capture"], {"cancel": "cancellation"}.get(what, what)))
    return row
