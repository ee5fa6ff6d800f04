"""`plumbline debrief`: the panel's readings of one candidate beside the record."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Any

import typer

from agents.debrief_referee.telling import markdown
from agents.debriefs import close_round, debrief_for
from alignment.errors import BadSettings
from api import screen
from api.remote import debriefs
from api.remote.chosen import server
from api.session import desk, run, search_called


def register(app: typer.Typer) -> None:
    """Add the command to the app."""
    app.command("debrief")(debrief)


def debrief(
    search: Annotated[str, typer.Option("--search", help="The search's short name.")],
    as_: Annotated[str, typer.Option("--as", help="Who is asking, by name: the recruiter, the hiring manager or an interviewer.")],
    candidate: Annotated[str, typer.Option(help="The candidate's name, where the search has several.")] = "",
    close: Annotated[bool, typer.Option("--close", help="As the recruiter: close the round with scorecards missing.")] = False,
    out: Annotated[Path | None, typer.Option(help="Write the packet as Markdown to this file.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON for scripts.")] = False,
) -> None:
    """Lay the panel's readings of a candidate beside the record: where they are apart, what nobody tested, what rests on nothing.

    It opens once every interviewer's scorecard is in, or the recruiter has closed the round. It recommends nothing.
    """

    async def work() -> tuple[Any, str]:
        async with desk() as (bench, organisation):
            found = await search_called(bench, organisation, search)
            if close:
                await close_round(bench, found, as_, candidate, datetime.now(UTC))
            packet, material = await debrief_for(bench, found, as_, candidate)
            return packet.model_dump(mode="json"), markdown(packet, material)

    remote = server()
    packet, text = debriefs.packet(remote, search, as_, candidate, close) if remote else run(work())
    if out:
        try:
            out.write_text(text, encoding="utf-8")
        except OSError as e:
            raise BadSettings(f"The packet cannot be written: {e.strerror}", where=str(out), todo="Name a file that can be written.") from e
    if as_json:
        screen.as_json(packet)
    elif out:
        screen.say(f"The packet is in {out}")
    else:
        screen.say(text)
