"""One workbench for all tests of the agents: a real store, a real index and the bundled embedder, in a folder of its own."""

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from agents.workbench import Workbench, open_workbench
from alignment.settings import load_settings
from tests.agents.cast import Scene, play


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def bench(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Workbench]:
    """The workbench, open for the whole session."""
    async with open_workbench(load_settings(home=tmp_path_factory.mktemp("home"))) as opened:
        yield opened


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def scene(bench: Workbench) -> Scene:
    """Inés' interview with Tomás, on record."""
    return await play(bench)
