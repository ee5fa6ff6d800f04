"""How a command runs: settings, an open workbench, an organisation, and async work from a synchronous command."""

import asyncio
from collections.abc import AsyncIterator, Coroutine
from contextlib import AsyncExitStack, asynccontextmanager
from functools import partial
from typing import Annotated, Any, TypeVar

import typer

from agents.desk import organisation_of
from agents.desk import search_called as search_on_record
from agents.workbench import Workbench, open_workbench
from alignment.people import Organisation, Search
from alignment.settings import load_settings
from api import screen

T = TypeVar("T")

Model = Annotated[str, typer.Option("--model", help="Who judges, as provider:model, or rules; PLUMBLINE_MODEL where it is not given.")]
NoFallback = Annotated[bool, typer.Option("--no-fallback", help="End the run where a model fails, instead of letting the rules stand in.")]


def run(work: Coroutine[Any, Any, T]) -> T:
    """Run a command's work to its end."""
    return asyncio.run(work)


def judge(model: str = "", **ask: Any) -> dict[str, Any]:
    """What `--model` and its like change about the settings."""
    given: dict[str, Any] = {"model": model} if model else {}
    return {**given, "ask": load_settings(**given).ask.model_copy(update=ask)} if ask else given


@asynccontextmanager
async def desk(**given: Any) -> AsyncIterator[tuple[Workbench, Organisation]]:
    """The workbench and the organisation that the settings name; tells of interviews that had to be indexed again."""
    async with AsyncExitStack() as stack:
        # The bar is gone before the command begins: one may be typing.
        with screen.progress("Indexing what the store holds") as advance:
            bench = await stack.enter_async_context(open_workbench(load_settings(**given), progress=partial(advance, "interviews")))
        yield bench, await organisation_of(bench)


async def search_called(bench: Workbench, organisation: Organisation, slug: str) -> Search:
    """The search of that short name; NotFound lists which there are."""
    return await search_on_record(bench, organisation.id, slug)
