"""`plumbline watch`: recordings that appear in a folder are taken in and heard, until it is ended."""

import asyncio
import signal
from functools import partial
from pathlib import Path
from typing import Annotated

import typer

from agents.captures import Jobs, open_jobs
from agents.captures.watching import News, Watch, keep_watching
from alignment.errors import BadSettings
from api import screen
from api.session import desk, run, search_called


def register(app: typer.Typer) -> None:
    """Add the command to the app."""
    app.command("watch")(watch)


def watch(
    folder: Annotated[Path, typer.Argument(help="The folder that recordings are put into.")],
    search: Annotated[str, typer.Option("--search", help="The search that they belong to.")],
    consent: Annotated[str, typer.Option(help="`recorded-elsewhere`, or the basis on which the candidates agreed.")] = "",
    every: Annotated[float, typer.Option(min=0.1, max=3600, help="Seconds from one look to the next.")] = 5,
) -> None:
    """Take in recordings that appear in a folder, and hear them, until Ctrl-C.

    `NAME.ext` is a recording of the interview NAME, `INTERVIEW/anything.ext` one of INTERVIEW. `NAME.json` beside it may say `interview`,
    `candidate` (for an interview that is not on record), `held_on`, `consent` and `language`; `NAME.track.json`,
    `NAME.transcript.vtt`, `NAME.vtt` or `NAME.srt` is its speaker track. A file is taken in once it stands as it
    did at the look before and nobody locks it; the same content is taken in once. Nothing in the folder is moved or changed.
    """
    run(_watched(folder, search, consent, every))


async def _watched(folder: Path, slug: str, consent: str, every: float) -> None:
    must_be_folder(folder, "FOLDER")
    async with desk() as (bench, organisation):
        found = await search_called(bench, organisation, slug)
        over = asyncio.Event()
        for ending in (signal.SIGINT, signal.SIGTERM):
            asyncio.get_running_loop().add_signal_handler(ending, partial(_end, over))
        async with open_jobs(bench) as jobs:

            async def queue() -> Jobs:
                return jobs

            screen.note(f"Watching {folder} for {found.slug}. Ctrl-C ends it.")
            await keep_watching(Watch(bench, queue, found, folder, consent), every, over, _tell)
    screen.note("Stopped. What is being heard goes on when the queue is next opened.")


def must_be_folder(folder: Path, where: str) -> None:
    """Pass for a folder that is there; else BadSettings."""
    if not folder.is_dir():
        raise BadSettings("There is no such folder to watch", where=where, todo="Make it, or name another.")


def _end(over: asyncio.Event) -> None:
    """End it once; asked a second time, the process ends as any other does."""
    over.set()
    for ending in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().remove_signal_handler(ending)


def _tell(news: News) -> None:
    place = f"{news.file}: " if news.file else ""
    screen.say(f"{place}{f'[{news.code}] ' if news.code else ''}{news.what}.", "yellow" if news.code else "")
