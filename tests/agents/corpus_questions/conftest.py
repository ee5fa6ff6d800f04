"""A made company of sixty interviews, on record once for all tests of corpus questions."""

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from agents.workbench import Workbench, open_workbench
from alignment.record import OrganisationId
from alignment.settings import load_settings
from evals.corpora import Company, make

TODAY_AND = 60


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def house(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[tuple[Workbench, OrganisationId, Company]]:
    """The workbench, its organisation, and what the company was drawn from."""
    async with open_workbench(load_settings(home=tmp_path_factory.mktemp("company"), organisation="Company")) as bench:
        company = await make(bench, TODAY_AND)
        yield bench, (await bench.store.organisation_by_name("Company")).id, company
