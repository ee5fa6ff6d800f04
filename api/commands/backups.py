"""`plumbline backup` and `plumbline restore`: one machine's home in one file."""

import asyncio
from pathlib import Path
from typing import Annotated

import typer

from agents.backing_up import Manifest, back_up
from agents.backing_up import restore as restored
from alignment.settings import load_settings
from api import screen
from api.commands.serve import alone

Json = Annotated[bool, typer.Option("--json", help="Print JSON for scripts.")]


def register(app: typer.Typer) -> None:
    """Add the commands to the app."""
    app.command("backup")(backup)
    app.command("restore")(restore)


def backup(out: Annotated[Path, typer.Option(help="The file to write.")], as_json: Json = False) -> None:
    """Write the home's store, conversations and media to one file; a server may be running on it meanwhile.

    The file holds what people said, and is readable by its owner alone. The index is left out: a restore makes it anew.
    """
    _tell(back_up(load_settings(), out), out, "is in", as_json)


def restore(
    file: Annotated[Path, typer.Argument(help="The backup.")],
    replace: Annotated[bool, typer.Option("--replace", help="Also where something is on record; it is kept beside the new.")] = False,
    as_json: Json = False,
) -> None:
    """Put a backup in place, all of it or nothing, and make the index anew; no server may be running on the home."""
    settings = load_settings()
    with alone(settings), screen.progress("Indexing") as advance:
        manifest = asyncio.run(restored(settings, file, replace=replace, progress=lambda n, of: advance("interviews", n, of)))
    _tell(manifest, file, "is restored from", as_json)


def _tell(manifest: Manifest, file: Path, verb: str, as_json: bool) -> None:
    if as_json:
        screen.as_json(manifest.model_dump(mode="json"))
        return
    rows = manifest.rows.get("store.db", {})
    told = ", ".join(f"{rows.get(table, 0)} {table}" for table in ("organisations", "searches", "interviews", "transcripts", "feedback"))
    screen.say(f"What was on record at {manifest.at:%Y-%m-%d %H:%M:%S} UTC {verb} {file}: {told}.")
