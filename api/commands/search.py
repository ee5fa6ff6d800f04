"""`plumbline search new | list | show`."""

import re
from collections import Counter
from pathlib import Path
from typing import Annotated, Any

import typer

from agents.admission import newest_transcript
from agents.desk import SearchPlan, SeatPlan, open_search
from agents.folders import criteria_of, plan_of
from agents.workbench import Workbench
from alignment.contract import CRITERION_IDS, Criterion
from alignment.errors import BadSearch
from alignment.people import Interview, Search
from alignment.transcript import Certainty, Transcript
from api import screen
from api.remote import searches
from api.remote.chosen import server
from api.remote.searches import Shown
from api.session import desk, run, search_called
from api.states import state_of
from corpus.folders import read_contract_file, read_search_folder

Json = Annotated[bool, typer.Option("--json", help="Print JSON for scripts.")]


def register(app: typer.Typer) -> None:
    """Add the commands to the app."""
    group = typer.Typer(no_args_is_help=True, help="Open roles, their panels and contracts.")
    group.command("new")(new)
    group.command("list")(list_)
    group.command("show")(show)
    app.add_typer(group, name="search")


def new(
    slug: Annotated[
        str, typer.Argument(help="A short name for the search, such as harbour-analyst; with --from, the folder's name by default.")
    ] = "",
    title: Annotated[str, typer.Option(help="The role's title.")] = "",
    recruiter: Annotated[str, typer.Option(help="The recruiter's name.")] = "",
    manager: Annotated[str, typer.Option("--manager", help="The hiring manager's name.")] = "",
    family: Annotated[str, typer.Option(help="The role family, for questions over many searches.")] = "",
    panel: Annotated[list[str] | None, typer.Option(help="A seat as NAME:INTERVIEW[:M1,T2]; give one a seat.")] = None,
    contract: Annotated[
        Path | None, typer.Option(help="A contract as JSON: must_haves, trade_offs, deal_breaker, each with id and text.")
    ] = None,
    folder: Annotated[
        Path | None, typer.Option("--from", help="Read search.json, panel and contract from a search folder instead.")
    ] = None,
    as_json: Json = False,
) -> None:
    """Open a search, with its panel and the first version of its contract."""
    plan = _plan_from_folder(folder, slug, contract) if folder else _plan(slug, title, recruiter, manager, family, panel or [], contract)

    async def work() -> Shown:
        async with desk() as (bench, organisation):
            return await _held(bench, await open_search(bench, organisation.id, plan))

    remote = server()
    _show(*(searches.show(remote, searches.new(remote, plan)) if remote else run(work())), as_json)


def list_(as_json: Json = False) -> None:
    """List the organisation's searches."""

    async def work() -> list[Search]:
        found: list[Search] = []
        async with desk() as (bench, organisation):
            while page := await bench.store.searches(organisation.id, after=found[-1].slug if found else ""):
                found += page
        return found

    remote = server()
    found = searches.every(remote) if remote else run(work())
    if as_json:
        screen.as_json([s.model_dump(mode="json") for s in found])
    elif not found:
        screen.say("No searches yet. Open one with: plumbline search new --from FOLDER")
    for s in () if as_json else found:
        screen.say(f"{s.slug}  {s.title}")


def show(slug: Annotated[str, typer.Argument(help="The search's short name.")], as_json: Json = False) -> None:
    """Show a search: people, panel, contract, interviews."""

    async def work() -> Shown:
        async with desk() as (bench, organisation):
            return await _held(bench, await search_called(bench, organisation, slug))

    remote = server()
    _show(*(searches.show(remote, slug) if remote else run(work())), as_json)


async def _held(bench: Workbench, search: Search) -> Shown:
    contract = await bench.store.contract(search.organisation, search.id)
    held = await bench.store.interviews(search.organisation, search.id)
    return search, state_of(contract).model_dump(mode="json"), [(i, await newest_transcript(bench, i)) for i in held]


def _show(search: Search, state: dict[str, Any], held: list[tuple[Interview, Transcript | None]], as_json: bool) -> None:
    interviews = [_interview(*row) for row in held]
    if as_json:
        screen.as_json({"search": search.model_dump(mode="json"), "contract": state["contract"], "interviews": interviews})
    else:
        screen.show_search(search, state, interviews)


def _interview(interview: Interview, transcript: Transcript | None) -> dict[str, Any]:
    return {
        "name": interview.name,
        "candidate": interview.candidate.name,
        "held_on": interview.held_on,
        "utterances": len(transcript.utterances) if transcript else 0,
        "version": transcript.version if transcript else None,
        "unmapped": [s.label for s in transcript.speakers if s.certainty is Certainty.UNMAPPED] if transcript else [],
    }


def _plan(slug: str, title: str, recruiter: str, manager: str, family: str, panel: list[str], contract: Path | None) -> SearchPlan:
    if not re.fullmatch(r"[\w.-]+", slug):
        raise BadSearch(
            "A search needs a short name of letters, digits, dots and dashes", where=repr(slug), todo="Such as harbour-analyst."
        )
    if not title.strip():
        raise BadSearch("A search needs a title", where=slug, todo="Give one with --title, or a folder with --from.")
    return SearchPlan(
        slug=slug,
        title=title.strip(),
        recruiter=recruiter.strip(),
        hiring_manager=manager.strip(),
        role_family=family.strip(),
        panel=_panel(panel),
        criteria=_criteria(contract) if contract else (),
    )


def _panel(told: list[str]) -> tuple[SeatPlan, ...]:
    seats = tuple(_seat(p) for p in told)
    for (person, interview), n in Counter((s.person, s.interview) for s in seats).items():
        if n > 1:
            raise BadSearch(f"{person} sits twice in {interview}", where="--panel", todo="Name all that a seat probes at once, as M1,T2.")
    return seats


def _criteria(file: Path) -> tuple[Criterion, ...]:
    criteria = read_contract_file(file)
    if not criteria:
        raise BadSearch("The contract holds no criterion", where=str(file), todo="Expected: must_haves, trade_offs and deal_breaker.")
    return criteria


def _plan_from_folder(folder: Path, slug: str, contract: Path | None) -> SearchPlan:
    read = read_search_folder(folder, held=False)
    criteria: tuple[Criterion, ...] = ()
    if contract:
        criteria = _criteria(contract)
    elif (folder / "gold" / "contract.json").exists():
        criteria = criteria_of(folder, read)
    plan = plan_of(read, criteria)
    return SearchPlan(**{**vars(plan), "slug": slug}) if slug else plan


def _seat(told: str) -> SeatPlan:
    parts = [p.strip() for p in told.split(":")]
    focus = tuple(dict.fromkeys(c.strip().upper() for c in parts[2].split(",") if c.strip())) if len(parts) == 3 else ()
    if len(parts) not in (2, 3) or not all(parts[:2]) or not set(focus) <= set(CRITERION_IDS):
        raise BadSearch("A seat is NAME:INTERVIEW or NAME:INTERVIEW:M1,T2", where=repr(told), todo="Such as 'Ana Ruiz:1-screen:M1,D1'.")
    return SeatPlan(person=parts[0], interview=parts[1], focus=focus)
