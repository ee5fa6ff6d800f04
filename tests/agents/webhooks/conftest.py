"""A workbench for all tests of webhooks, and an organisation of its own for each."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime

import pytest
import pytest_asyncio

from agents.workbench import Workbench, open_workbench
from alignment.people import Search
from alignment.record import SearchId, new_id
from alignment.settings import load_settings
from tests.agents.webhooks.desk import Desk


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def own(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Workbench]:
    async with open_workbench(load_settings(home=tmp_path_factory.mktemp("webhooks"))) as opened:
        yield opened


@pytest_asyncio.fixture(loop_scope="session")
async def desk(own: Workbench) -> AsyncIterator[Desk]:
    org = (await own.store.create_organisation(new_id("Acme"))).id
    search = Search(id=SearchId(new_id("srch")), organisation=org, slug="staff-engineer", title="Staff engineer")
    yield Desk(own, org, await own.store.add_search(org, search), datetime.now(UTC))
    for webhook in await own.store.webhooks(org):
        await own.store.close_webhook(org, webhook.id, datetime.now(UTC))
