"""`plumbline replay`: whole searches told in files, run through the product's own path."""

from enum import StrEnum
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Annotated

import typer

from agents.replay import make_room, replay_search, write_shaped
from alignment.errors import BadSearch
from api import screen
from api.session import desk, run
from corpus.folders import read_search_folder


class ContractSource(StrEnum):
    """Where the contract of a replayed search comes from."""

    GOLD = "gold"


def register(app: typer.Typer) -> None:
    """Add the command to the app."""
    app.command("replay")(replay)


def replay(
    searches: Annotated[list[Path], typer.Argument(help="Search folders.")],
    out: Annotated[Path, typer.Option(help="Where the results are written, a folder a search.")],
    contract: Annotated[ContractSource, typer.Option(help="Take the contract in gold/contract.json as given.")] = ContractSource.GOLD,
) -> None:
    """Run whole searches from their folders and write what came out.

    Each runs in a home of its own that is removed afterwards. The consents of the interviews are stated to be recorded elsewhere.
    """
    folders = [read_search_folder(path) for path in searches]
    if len({f.slug for f in folders}) < len(folders):
        raise BadSearch("Two of the folders have the same name", todo="Results are written a folder a search: rename one.")
    for folder in folders:
        make_room(out / folder.slug)
    for path, folder in zip(searches, folders, strict=True):
        run(_one(path, folder.slug, out / folder.slug, len(folder.interviews) + len(folder.feedback)))
        screen.say(f"{folder.slug}: {len(folder.feedback)} pieces of feedback shaped, in {out / folder.slug / 'shaped.jsonl'}")


async def _one(path: Path, slug: str, out: Path, steps: int) -> None:
    with TemporaryDirectory(prefix="plumbline-replay-") as home:
        async with desk(home=Path(home), store_url="", index="", checkpoints_url="") as (bench, _):
            with screen.progress(slug, steps) as advance:
                write_shaped(out, await replay_search(bench, path, advance))
