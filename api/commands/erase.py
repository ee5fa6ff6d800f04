"""`plumbline erase`: one interview or one person out of every store, and the receipts of it."""

import getpass
from contextlib import suppress
from typing import Annotated

import typer

from agents.erasure.asking import Asked, erase_interview, erase_person
from alignment.erasing import Erasure, ErasureKind
from alignment.errors import BadRequest, Refused
from api import screen
from api.remote import keeping
from api.remote.chosen import server
from api.session import desk, run, search_called

By = Annotated[str, typer.Option(help="Who asks for it; the account's name by default. It stays on record.")]
Reason = Annotated[str, typer.Option(help="Why, in a case's or a rule's words: it stays on record, and may not name the candidate.")]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON for scripts.")]
SHOWN = {
    "interviews": "interviews",
    "transcripts": "transcript versions",
    "recordings": "recordings",
    "feedback": "pieces of feedback",
    "scorecards": "scorecards",
    "conversations": "conversations",
    "people": "names",
    "utterances": "utterances",
    "feedback_to_shape": "pieces of feedback to shape anew",
}


def register(app: typer.Typer) -> None:
    """Add the command to the app."""
    app.command("erase")(erase)


def erase(
    search: Annotated[str, typer.Option("--search", help="The search of the interview.")] = "",
    interview: Annotated[str, typer.Option(help="The interview's name.")] = "",
    person: Annotated[str, typer.Option(help="A candidate, by name or id: every interview of theirs in every search, then the name.")] = "",
    reason: Reason = "",
    by: By = "",
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask whether it is meant.")] = False,
    receipts: Annotated[bool, typer.Option("--receipts", help="List the receipts of what was erased; nothing is erased.")] = False,
    as_json: AsJson = False,
) -> None:
    """Erase an interview, or a person, from every store: record, recordings, conversations, index, queue, caches.

    It cannot be undone. What is left is a receipt of ids and counts. Under a legal hold it is refused.
    """
    if receipts:
        _list(as_json)
        return
    if bool(person) is bool(search or interview) or bool(search) is not bool(interview):
        raise BadRequest("An erasure names --search and --interview, or --person", todo="Give the one or the other.")
    must_be_told(reason)
    _must_be_meant(person or f"{interview} of {search}", yes)
    asked = Asked(by=who(by), reason=reason.strip())
    remote = server()
    tell(keeping.erase(remote, search, interview, person, asked) if remote else run(_here(search, interview, person, asked)), as_json)


async def _here(slug: str, interview: str, person: str, asked: Asked) -> Erasure:
    async with desk() as (bench, organisation):
        if person:
            return await erase_person(bench, organisation.id, person, asked)
        return await erase_interview(bench, await search_called(bench, organisation, slug), interview, asked)


def _list(as_json: bool) -> None:
    async def work() -> tuple[Erasure, ...]:
        async with desk() as (bench, organisation):
            return await bench.store.erasures(organisation.id)

    remote = server()
    found = keeping.receipts(remote) if remote else run(work())
    if as_json:
        screen.as_json([e.model_dump(mode="json") for e in found])
        return
    for erasure in found:
        tell(erasure, False)
    if not found:
        screen.say("Nothing was erased yet.")


def tell(erasure: Erasure, as_json: bool) -> None:
    """One receipt."""
    if as_json:
        screen.as_json(erasure.model_dump(mode="json"))
        return
    gone = ", ".join(f"{erasure.counts[name]} {told}" for name, told in SHOWN.items() if erasure.counts.get(name))
    done = (
        f"{erasure.done_at:%Y-%m-%d %H:%M} UTC" if erasure.done_at else "not finished: it waits for the end of a legal hold, or for a start"
    )
    screen.say(f"{erasure.id}  {erasure.kind} {erasure.subject}  {done}  by {erasure.by}: {erasure.reason}")
    struck = "struck out of " if gone and erasure.kind is ErasureKind.REDACTION else ""
    screen.say(f"  {struck}{gone or 'nothing was left of it'}")


def who(by: str) -> str:
    """Who asks: as given, else the account's name."""
    name = by.strip()
    with suppress(OSError, KeyError, ImportError):
        name = name or getpass.getuser()
    return name or "an operator"


def must_be_told(reason: str) -> None:
    """Refused without a reason: it is what a receipt is read for."""
    if not reason.strip():
        raise Refused("An erasure without a reason is not done", where="--reason", todo="Name a case or a rule; do not name the candidate.")


def _must_be_meant(what: str, yes: bool) -> None:
    if not yes and not typer.confirm(f"Erase {what} from every store? It cannot be undone.", err=True):
        raise Refused("Nothing was erased", todo="Give --yes, or answer y.")
