"""Two rounds of one candidate, on record once for all tests of the room: one is open to the panel, one is not yet."""

import pytest
import pytest_asyncio

from agents.workbench import Workbench
from tests.agents.debrief.room_cast import Round, two_organisations


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def rounds(bench: Workbench, tmp_path_factory: pytest.TempPathFactory) -> tuple[Round, Round]:
    """The round that is open, and the one that is sealed."""
    return await two_organisations(bench, tmp_path_factory.mktemp("rounds"))


@pytest.fixture(scope="session")
def opened(rounds: tuple[Round, Round]) -> Round:
    """The round whose packet everybody on the panel may read."""
    return rounds[0]


@pytest.fixture(scope="session")
def sealed(rounds: tuple[Round, Round]) -> Round:
    """The round in which Ana's scorecard is still missing."""
    return rounds[1]
