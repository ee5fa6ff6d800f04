"""`plumbline copy`: everything that is held about one person, as one archive."""

from pathlib import Path
from typing import Annotated

import typer

from agents.copies import copy_of
from alignment.errors import Conflict
from api import screen
from api.remote.chosen import server
from api.remote.client import at
from api.session import desk, run


def register(app: typer.Typer) -> None:
    """Add the command to the app."""
    app.command("copy")(copy)


def copy(
    person: Annotated[str, typer.Argument(help="The person's name, or id.")],
    out: Annotated[Path, typer.Option("--out", help="The archive to write (.zip).")],
    force: Annotated[bool, typer.Option("--force", help="Write over a file that is there.")] = False,
) -> None:
    """Write a person's copy: interviews with transcripts and recordings, feedback, scorecards, conversations, across all searches."""
    if out.exists() and not force:
        raise Conflict("There is such a file already", where=str(out), todo="Name another, or say --force.")
    if remote := server():
        remote.download(at("people", person, "copy"), out)
        screen.say(f"The copy of {person} is in {out}.")
        return
    counts = run(_copied(person, out))
    listed = ", ".join(f"{n} {kind}" for kind, n in sorted(counts.items()) if kind not in ("README", "person"))
    screen.say(f"The copy of {person} is in {out}: {listed or 'nothing but the name'}.")


async def _copied(person: str, out: Path) -> dict[str, int]:
    async with desk() as (bench, organisation):
        return await copy_of(bench, organisation.id, person, out)
