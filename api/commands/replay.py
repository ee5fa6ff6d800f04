"""`plumbline replay`: whole searches told in files, run through the product's own path."""

from enum import StrEnum
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Annotated, Any

import typer

from agents.replay import draft_search, make_room, replay_search, write_contract, write_debrief, write_shaped
from agents.trial import costs
from alignment.errors import BadSearch
from alignment.settings import RULES, load_settings
from api import screen
from api.commands.models import costs_table
from api.session import Model, NoFallback, desk, judge, run
from corpus.folders import SearchFolder, read_search_folder


class ContractSource(StrEnum):
    """Where the contract of a replayed search comes from."""

    GOLD = "gold"
    DRAFT = "draft"


def register(app: typer.Typer) -> None:
    """Add the command to the app."""
    app.command("replay")(replay)


def replay(
    searches: Annotated[list[Path], typer.Argument(help="Search folders.")],
    out: Annotated[Path, typer.Option(help="Where the results are written, a folder a search.")],
    contract: Annotated[ContractSource, typer.Option(help="As given in gold/, or drafted from the intake call.")] = ContractSource.GOLD,
    model: Model = "",
    no_fallback: NoFallback = False,
) -> None:
    """Run whole searches from their folders; write shaped.jsonl and debrief.json, or with --contract draft contract.json alone.

    Each runs in a home of its own that is removed afterwards. The consents of the interviews are stated to be recorded elsewhere.
    A model's replies are kept in replies.jsonl in the home folder, unless PLUMBLINE_ASK__CACHE names another file: what was asked once
    costs nothing again.
    """
    given = _judges(model, no_fallback)
    folders = [read_search_folder(path, held=contract is ContractSource.GOLD) for path in searches]
    if len({f.slug for f in folders}) < len(folders):
        raise BadSearch("Two of the folders have the same name", todo="Results are written a folder a search: rename one.")
    for folder in folders:
        make_room(out / folder.slug)
    run(_each(list(zip(searches, folders, strict=True)), out, contract, given))


async def _each(searches: list[tuple[Path, SearchFolder]], out: Path, contract: ContractSource, given: dict[str, Any]) -> None:
    """All of them in one event loop: a provider's client keeps its connections, and they end with the loop that opened them."""
    for path, folder in searches:
        if contract is ContractSource.DRAFT:
            rows = await _draft(path, out / folder.slug, given)
            screen.say(f"{folder.slug}: contract drafted, in {out / folder.slug / 'contract.json'}")
        else:
            rows = await _shaped(path, folder, out / folder.slug, given)
            screen.say(f"{folder.slug}: {len(folder.feedback)} pieces of feedback shaped, in {out / folder.slug / 'shaped.jsonl'}")
        _tell_costs(rows)


def _tell_costs(rows: list[dict[str, Any]]) -> None:
    if rows:
        screen.out.print(costs_table(rows))


async def _draft(path: Path, out: Path, given: dict[str, Any]) -> list[dict[str, Any]]:
    with TemporaryDirectory(prefix="plumbline-replay-") as home:
        async with desk(**given, home=Path(home), store_url="", index="", checkpoints_url="") as (bench, _):
            write_contract(out, await draft_search(bench, path))
            return costs(bench.ledger)


def _judges(model: str, no_fallback: bool) -> dict[str, Any]:
    settings = load_settings(**judge(model))
    judges = {settings.model, *(m for m in settings.models.model_dump().values() if m)}
    kept = settings.ask.cache or (settings.home / "replies.jsonl" if judges != {RULES} else None)
    return judge(model, cache=kept, fallback="none" if no_fallback else settings.ask.fallback)


async def _shaped(path: Path, folder: SearchFolder, out: Path, given: dict[str, Any]) -> list[dict[str, Any]]:
    steps = len(folder.interviews) + len(folder.feedback)
    with TemporaryDirectory(prefix="plumbline-replay-") as home:
        async with desk(**given, home=Path(home), store_url="", index="", checkpoints_url="") as (bench, _):
            with screen.progress(folder.slug, steps) as advance:
                lines, debrief = await replay_search(bench, path, advance)
            write_shaped(out, lines)
            write_debrief(out, debrief)
            return costs(bench.ledger)
