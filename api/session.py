"""How a command runs: settings, an open workbench, an organisation, and async work from a synchronous command."""

import asyncio
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import asynccontextmanager
from typing import Any, TypeVar

from agents.desk import organisation_of
from agents.desk import search_called as search_on_record
from agents.workbench import Workbench, open_workbench
from alignment.people import Organisation, Search
from alignment.settings import load_settings
from api import screen

T = TypeVar("T")


def run(work: Coroutine[Any, Any, T]) -> T:
    """Run a command's work to its end."""
    return asyncio.run(work)


@asynccontextmanager
async def desk(**given: Any) -> AsyncIterator[tuple[Workbench, Organisation]]:
    """The workbench and the organisation that the settings name; tells of interviews that had to be indexed again."""
    with screen.progress("Indexing what the store holds") as advance:
        healing: Callable[[int, int], None] = lambda done, of: advance("interviews", done, of)  # noqa: E731 - one line is what it is
        async with open_workbench(load_settings(**given), progress=healing) as bench:
            yield bench, await organisation_of(bench)


async def search_called(bench: Workbench, organisation: Organisation, slug: str) -> Search:
    """The search of that short name; NotFound lists which there are."""
    return await search_on_record(bench, organisation.id, slug)
