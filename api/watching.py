"""The folder that a server watches for recordings, as its settings name it."""

import asyncio
import logging
from contextlib import suppress
from pathlib import Path

from agents.captures.watching import News, Watch, keep_watching
from agents.desk import organisation_of, search_called
from agents.workbench import Workbench
from alignment.errors import PlumblineError, Underway
from alignment.record import digest
from api.hearing import Hearing

_log = logging.getLogger("plumbline.captures")
LATER_S = 30.0


async def watch_folder(bench: Workbench, hearing: Hearing, over: asyncio.Event) -> None:
    """Take in what appears in the folder of the settings until it is over; among several servers one at a time does."""
    folder, _, slug = bench.settings.jobs.watch.rpartition(":")
    told = ""
    while folder and not over.is_set():
        try:
            organisation = await organisation_of(bench)
            async with bench.store.hold(organisation.id, f"watch {digest(folder)}"):
                search = await search_called(bench, organisation.id, slug)
                await keep_watching(Watch(bench, hearing.jobs, search, Path(folder)), bench.settings.jobs.watch_s, over, _tell)
        except Underway:
            pass
        except PlumblineError as e:
            # A search may be opened later than the server is.
            if e.code != told:
                _log.warning("folder not watched", extra={"code": e.code})
            told = e.code
        except Exception as e:  # what nobody foresaw; the folder is looked at again
            _log.error("folder not watched: unforeseen", extra={"error": type(e).__name__})
        with suppress(TimeoutError):
            await asyncio.wait_for(over.wait(), LATER_S)


def _tell(news: News) -> None:
    """Without the file's name, which may be somebody's."""
    extra = {"file": digest(news.file)[:12], "code": news.code, "capture": news.capture}
    (_log.warning if news.code else _log.info)("watched folder: refused" if news.code else "watched folder", extra=extra)
