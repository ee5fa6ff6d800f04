"""`plumbline contract show | diff | sign | amend | export`: what was agreed, version by version, and what the panel gets of it."""

from pathlib import Path
from typing import Annotated, Any

import typer

from agents.contracts import amend as amended
from agents.contracts import sign as signed
from agents.panel_pack import export as exported
from alignment.contract import CRITERION_IDS, Contract
from alignment.errors import BadSearch
from alignment.transcript import clock
from api import screen
from api.remote import contracts as remote_contracts
from api.remote.chosen import server
from api.session import desk, run, search_called
from api.states import changes_between, state_of
from api.wire import Changes

SearchName = Annotated[str, typer.Option("--search", help="The search's short name.")]
Json = Annotated[bool, typer.Option("--json", help="Print JSON for scripts.")]
As = Annotated[str, typer.Option("--as", help="Who is acting, by name.")]


def register(app: typer.Typer) -> None:
    """Add the commands to the app."""
    group = typer.Typer(no_args_is_help=True, help="The alignment contract, version by version.")
    for name, command in (("show", show), ("diff", diff), ("sign", sign), ("amend", amend), ("export", export)):
        group.command(name)(command)
    app.add_typer(group, name="contract")


def show(
    search: SearchName,
    version: Annotated[int, typer.Option(min=0, help="Which version; the newest where it is not given.")] = 0,
    as_json: Json = False,
) -> None:
    """Show the contract: its criteria with the words that they rest on, what was let go, and what is open."""
    remote = server()
    state = remote_contracts.read(remote, search, version) if remote else run(_state(search, version))
    if as_json:
        screen.as_json(state["contract"])
    else:
        show_contract(state)


def diff(
    search: SearchName,
    old: Annotated[int, typer.Option(min=0, help="The older version; the one before by default.")] = 0,
    new: Annotated[int, typer.Option(min=0, help="The newer version; the newest by default.")] = 0,
    as_json: Json = False,
) -> None:
    """Show what differs between two versions, criterion by criterion, with the reason."""
    remote = server()
    newer = new or (remote_contracts.read(remote, search) if remote else run(_state(search)))["contract"]["version"]
    if newer == 1 and not old:
        raise BadSearch("There is only one version of the contract", where=search, todo="Make the next with: plumbline contract amend.")
    between = old or newer - 1, newer
    told = remote_contracts.differences(remote, search, *between) if remote else run(_differences(search, *between))
    if as_json:
        screen.as_json([c.model_dump(mode="json") for c in told.changes])
    else:
        tell_changes(told)


def sign(search: SearchName, as_: As, as_json: Json = False) -> None:
    """Sign the newest version for the side that one is on; refused with what is missing while it is not three, two and one."""

    async def work() -> dict[str, Any]:
        async with desk() as (bench, organisation):
            return _told(await signed(bench, await search_called(bench, organisation, search), as_))

    remote = server()
    state = remote_contracts.sign(remote, search, as_) if remote else run(work())
    if as_json:
        screen.as_json(state["contract"])
    else:
        screen.say(f"Version {state['contract']['version']}: {_signed(state)}.")


def amend(
    search: SearchName,
    as_: As,
    changes: Annotated[list[str], typer.Option("--set", help="ID=TEXT, such as M2='Has let a supplier go'; as often as needed.")],
    reason: Annotated[str, typer.Option(help="Why it changes, in one sentence.")],
    as_json: Json = False,
) -> None:
    """Make the next version in the hiring manager's words, show what changed, and ask both to sign anew.

    What was shaped under older versions stays under them.
    """
    told = dict(_change(c) for c in changes)

    async def work() -> tuple[dict[str, Any], Changes]:
        async with desk() as (bench, organisation):
            older, newer = await amended(bench, await search_called(bench, organisation, search), as_, told, reason)
            return _told(newer), changes_between(older, newer)

    remote = server()
    state, differ = remote_contracts.amend(remote, search, as_, told, reason) if remote else run(work())
    if as_json:
        screen.as_json(state["contract"])
        return
    tell_changes(differ)
    screen.note(f"Both sign anew: plumbline contract sign --search {search} --as NAME")


def export(
    search: SearchName,
    out: Annotated[Path, typer.Option(help="The folder to write into.")],
    version: Annotated[int, typer.Option(min=0, help="Which version; the newest where it is not given.")] = 0,
) -> None:
    """Write what the panel gets: the invite (iCalendar and Markdown) and the scorecard (JSON and Markdown), all of one version."""

    async def work() -> tuple[Path, ...]:
        async with desk() as (bench, organisation):
            found = await search_called(bench, organisation, search)
            contract = await bench.store.contract(organisation.id, found.id, version or None)
            return await exported(bench, found, contract, out)

    remote = server()
    for file in remote_contracts.export(remote, search, version, out) if remote else run(work()):
        screen.say(str(file))


def show_contract(state: dict[str, Any]) -> None:
    """The contract as people read it: each criterion with what was said, when and by whom; `state` is a ContractState as JSON has it."""
    contract = state["contract"]
    screen.say(f"Contract, version {contract['version']}: {_signed(state)}", "bold")
    if contract["reason"]:
        screen.note(contract["reason"])
    for c in contract["criteria"]:
        screen.say(f"\n{c['id']}  {c['text']}")
        for said in c["said"]:
            at = f", {clock(said['start_s'])}" if said["start_s"] is not None else ""
            spoken = said["name"] or f"“{said['speaker']}”"
            screen.note(f"    {screen.shortened(said['text'])} {spoken}{at}")
    if state["gaps"]:
        screen.say(f"\nStill open: {', '.join(state['gaps'])}", "yellow")
    for i in contract["incentives"]:
        screen.say(f"\nWhat the {i['side'].replace('_', ' ')} is measured on: {screen.shortened(i['text'], 40)}")
    if contract["demoted"]:
        screen.say("\nVoiced, and not on the contract:")
    for d in contract["demoted"]:
        screen.note(f"    {screen.shortened(d['text'])}: {d['reason']}.")
    if contract["open_questions"]:
        screen.say("\nOpen questions:")
    for q in contract["open_questions"]:
        screen.note(f"    {q}")


def tell_changes(told: Changes) -> None:
    """What changed between two versions, in lines."""
    screen.say(f"Version {told.older} to {told.newer}: {told.reason or 'no reason on record'}", "bold")
    if not told.changes:
        screen.say("No criterion differs.")
    for c in told.changes:
        screen.say(f"{c.id}  - {c.before or '(nothing)'}")
        screen.say(f"    + {c.after or '(nothing)'}")


def _signed(state: dict[str, Any]) -> str:
    if state["signed"]:
        return f"signed by {' and '.join(state['signed_by'])}"
    return f"signed by {state['signed_by'][0]} alone" if state["signed_by"] else "not signed"


def _change(told: str) -> tuple[str, str]:
    id, sign, text = told.partition("=")
    if not sign or id.strip().upper() not in CRITERION_IDS or not text.strip():
        raise BadSearch(f"--set {told} changes nothing", where="--set", todo=f"Write ID=TEXT, with one of {', '.join(CRITERION_IDS)}.")
    return id.strip().upper(), text.strip()


async def _state(search: str, version: int = 0) -> dict[str, Any]:
    async with desk() as (bench, organisation):
        found = await search_called(bench, organisation, search)
        return _told(await bench.store.contract(organisation.id, found.id, version or None))


async def _differences(search: str, old: int, new: int) -> Changes:
    async with desk() as (bench, organisation):
        found = await search_called(bench, organisation, search)
        older, newer = [await bench.store.contract(organisation.id, found.id, n) for n in (old, new)]
        return changes_between(older, newer)


def _told(contract: Contract) -> dict[str, Any]:
    return state_of(contract).model_dump(mode="json")
