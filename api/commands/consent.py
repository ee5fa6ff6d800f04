"""`plumbline consent give | withdraw | show`: what a candidate agreed to, and what becomes of it when they no longer do."""

from datetime import UTC, datetime
from typing import Annotated

import typer

from agents.consents import give as given
from agents.consents import withdraw as withdrawn
from agents.desk import interview_id, open_interview
from agents.erasure.asking import Asked
from alignment.erasing import Erasure
from alignment.errors import BadSettings, NotFound
from alignment.people import Interview
from api import screen
from api.commands.erase import AsJson, By, Reason, must_be_told, tell, who
from api.remote import keeping
from api.remote.chosen import server
from api.session import desk, run, search_called
from api.wire_keeping import Consents

Slug = Annotated[str, typer.Option("--search", help="The search's short name.")]
Name = Annotated[str, typer.Option(help="The interview's name.")]


def register(app: typer.Typer) -> None:
    """Add the commands to the app."""
    group = typer.Typer(no_args_is_help=True, help="What a candidate agreed to, for one interview.")
    group.command("give")(give)
    group.command("withdraw")(withdraw)
    group.command("show")(show)
    app.add_typer(group, name="consent")


def give(
    search: Slug,
    interview: Name,
    basis: Annotated[str, typer.Option(help="How they agreed; `notice` where they were told and may object; `recorded-elsewhere`.")],
    scope: Annotated[str, typer.Option(help="To what; recording and processing of this interview by default.")] = "",
    at: Annotated[str, typer.Option(help="When, as 2026-03-22 or with a time and its zone; now by default.")] = "",
    candidate: Annotated[str, typer.Option(help="The candidate's name, for an interview that is not on record: it is opened.")] = "",
    region: Annotated[str, typer.Option(help="Where they are, as far as another policy holds there: DE, US-NY.")] = "",
    as_json: AsJson = False,
) -> None:
    """Put on record that the candidate agreed, or was told; the newest counts, and after a withdrawal only one given since."""
    when = _when(at)

    async def work() -> Interview:
        async with desk() as (bench, organisation):
            found = await search_called(bench, organisation, search)
            if candidate.strip():
                await open_interview(bench, found, interview, candidate.strip(), region=region)
            return await given(bench, found, interview, basis, scope=scope, at=when)

    remote = server()
    about = {"basis": basis, "scope": scope, **({"at": when.isoformat()} if when else {})}
    held = keeping.give(remote, search, interview, about, candidate.strip(), region) if remote else run(work())
    if as_json:
        screen.as_json(held.model_dump(mode="json"))
    elif held.consent:
        screen.say(f"{held.name}: {held.consent.basis}, {held.consent.at:%Y-%m-%d %H:%M} UTC, {held.consent.scope}.")


def withdraw(search: Slug, interview: Name, reason: Reason = "", by: By = "", as_json: AsJson = False) -> None:
    """The candidate withdraws, or objects: the recording and all that was derived from it are erased, and nothing new is processed.

    Under a legal hold processing stops at once, and the erasure is carried out when the hold is lifted.
    """
    must_be_told(reason)
    asked = Asked(by=who(by), reason=reason.strip())

    async def work() -> Erasure:
        async with desk() as (bench, organisation):
            return await withdrawn(bench, await search_called(bench, organisation, search), interview, asked)

    remote = server()
    tell(keeping.withdraw(remote, search, interview, asked) if remote else run(work()), as_json)


def show(search: Slug, interview: Name, as_json: AsJson = False) -> None:
    """Show the interview's consents, and the erasures that reached it."""

    async def work() -> Consents:
        async with desk() as (bench, organisation):
            found = await search_called(bench, organisation, search)
            reached = await bench.store.erasures(organisation.id, interview=interview_id(found.id, interview))
            try:
                held = await bench.store.interview_by_name(organisation.id, found.id, interview)
            except NotFound:
                if not reached:
                    raise
                return Consents(interview=interview, region="", consents=(), erasures=reached)
            consents = await bench.store.consents(organisation.id, held.id)
            return Consents(interview=interview, region=held.region, consents=consents, erasures=reached)

    remote = server()
    found = keeping.consents(remote, search, interview) if remote else run(work())
    if as_json:
        screen.as_json(found.model_dump(mode="json"))
        return
    for consent in found.consents:
        screen.say(f"{consent.at:%Y-%m-%d %H:%M} UTC  {consent.basis}: {consent.scope}")
    if not found.consents:
        screen.say("No consent is on record.")
    for erasure in found.erasures:
        tell(erasure, False)


def _when(told: str) -> datetime | None:
    if not told.strip():
        return None
    try:
        when = datetime.fromisoformat(told.strip())
    except ValueError as e:
        raise BadSettings(f"{told!r} is no time", where="--at", todo="Write it as 2026-03-22, or 2026-03-22T14:30+01:00.") from e
    return when if when.tzinfo else when.replace(tzinfo=UTC)
