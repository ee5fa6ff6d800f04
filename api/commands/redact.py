"""`plumbline redact`: parts of an interview struck out of every store, the rest kept."""

import re
from collections.abc import Callable
from typing import Annotated

import typer

from agents.erasure.asking import Asked
from agents.erasure.redacting import Reach, reach_of, redact
from alignment.erasing import Erasure, Span
from alignment.errors import BadRequest, Refused
from alignment.redaction import Parts
from alignment.transcript import clock
from api import screen
from api.commands.erase import AsJson, By, Reason, must_be_told, tell, who
from api.remote import keeping
from api.remote.chosen import server
from api.session import desk, run, search_called
from api.times import seconds
from api.wire_keeping import run_of

_RUN = re.compile(r"u\d{1,6}(-u\d{1,6})?")


def register(app: typer.Typer) -> None:
    """Add the command to the app."""
    app.command("redact")(strike_out)


def strike_out(
    interview: Annotated[str, typer.Argument(help="The interview's name.")],
    search: Annotated[str, typer.Option("--search", help="The search that it belongs to.")],
    start: Annotated[str, typer.Option("--from", help="Where the part begins, as a player shows it: 1:02, 1:00:02 or 62.5.")] = "",
    end: Annotated[str, typer.Option("--to", help="Where it ends.")] = "",
    utterance: Annotated[list[str] | None, typer.Option(help="A whole utterance, u12, or several, u12-u14.")] = None,
    words: Annotated[list[str] | None, typer.Option(help="Words wherever they are said in a row, in whatever case.")] = None,
    reason: Reason = "",
    by: By = "",
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Show what would be struck out; nothing is.")] = False,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask whether it is meant.")] = False,
    as_json: AsJson = False,
) -> None:
    """Strike parts out of an interview: the words in every version, the sound, and whatever repeats them.

    It cannot be undone. The rest stays, as the transcript's next version; statements that rest on what is struck out are to be shaped
    anew. A video keeps its sound alone. Under a legal hold it is refused.
    """
    parts = Parts(times=_times(start, end), utterances=tuple(_run(u) for u in utterance or ()), words=tuple(words or ()))
    if not dry_run:
        must_be_told(reason)
    if dry_run or not yes:
        reach = _reach(search, interview, parts)
        if dry_run and as_json:
            screen.as_json(reach.model_dump(mode="json"))
            return
        _show(reach, screen.note if as_json else screen.say)
        if dry_run:
            return
        if not typer.confirm("Strike this out of every store? It cannot be undone.", err=True):
            raise Refused("Nothing was struck out", todo="Give --yes, or answer y.")
    asked = Asked(by=who(by), reason=reason.strip())
    remote = server()
    done = keeping.redact(remote, search, interview, parts, asked) if remote else run(_here(search, interview, parts, asked))
    tell(done, as_json)


async def _here(slug: str, name: str, parts: Parts, asked: Asked) -> Erasure:
    async with desk() as (bench, organisation):
        return await redact(bench, await search_called(bench, organisation, slug), name, parts, asked)


def _reach(slug: str, name: str, parts: Parts) -> Reach:
    async def here() -> Reach:
        async with desk() as (bench, organisation):
            return await reach_of(bench, await search_called(bench, organisation, slug), name, parts)

    remote = server()
    return keeping.reach_of(remote, slug, name, parts) if remote else run(here())


def _show(reach: Reach, say: Callable[[str], None]) -> None:
    for line in reach.struck:
        at = f" {clock(line.start_s)}" if line.start_s is not None else ""
        say(f"{line.utterance}{at} {line.speaker}: “{line.text}”")
    for start_s, end_s in reach.silent:
        say(f"silent from {clock(start_s)} to {clock(end_s)}")
    if reach.recordings_erased:
        say(f"Recordings that go whole, since nobody knows where in them it is said: {reach.recordings_erased}.")
    if reach.held_elsewhere:
        say(f"Other interviews that have this recording and keep it as it is: {reach.held_elsewhere}. Strike it out of them, too.")


def _times(start: str, end: str) -> tuple[Span, ...]:
    if bool(start) is not bool(end):
        raise BadRequest("A part has a beginning and an end", where="--from, --to", todo="Give both.")
    return ((seconds(start, "--from"), seconds(end, "--to")),) if start else ()


def _run(told: str) -> tuple[int, int]:
    if not _RUN.fullmatch(told.strip()):
        raise BadRequest(f"“{told}” is no utterance", where="--utterance", todo="Utterances are called u0, u1 and so on: u12, or u12-u14.")
    return run_of(told.strip())
