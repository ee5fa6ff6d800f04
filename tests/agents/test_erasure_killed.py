"""An erasure that a kill cut short anywhere is finished by whoever opens the home next."""

import asyncio
import shutil
from pathlib import Path

import pytest
import pytest_asyncio

from agents.erasure.asking import Asked, erase_interview
from agents.workbench import Workbench, open_workbench
from alignment.erasing import ErasureKind
from alignment.people import Search
from tests.agents.erasure_cast import GONE, OTHER, WORK, files_with, nowhere, settings_in, told_home
from tests.agents.killing import killed_at
from tests.api.cast import copy_home

pytestmark = pytest.mark.asyncio(loop_scope="session")


async def erase(bench: Workbench, search: Search) -> None:
    """What is killed."""
    await erase_interview(bench, search, WORK, Asked(by="Dana", reason="case 12"))


PARTS = "agents.erasure.carrying_out"
POINTS = (
    (f"{PARTS}:stop_captures", "before"),
    ("corpus.store:Store.erase_rows", "before"),
    ("corpus.store:Store.erase_rows", "after"),
    (f"{PARTS}:_media", "after"),
    ("agents.checkpoints:LiteSaver.adelete_thread", "after"),
    ("agents.ask.replies:KeptReplies.forget", "before"),
    ("retrieval.index.tenant:Tenant._rewrite", "before"),
    ("retrieval.index.tenant:Tenant._sweep", "before"),
    (f"{PARTS}:compact", "before"),
    (f"{PARTS}:compact", "after"),
    ("corpus.store:Store.close_erasure", "before"),
)


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def told(bench: Workbench, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home with everything in it, closed."""
    home = tmp_path_factory.mktemp("told") / "home"
    async with told_home(settings_in(home, bench.settings.home / "models"), jobs=False):
        pass
    return home


@pytest.mark.parametrize(("place", "when"), POINTS, ids=lambda p: str(p).rpartition(":")[2])
async def test_a_kill_anywhere_is_healed_by_the_next_start(told: Path, tmp_path: Path, place: str, when: str) -> None:
    home = await asyncio.to_thread(copy_home, told, tmp_path / "home")
    assert all(files_with(home, *GONE).values())
    await asyncio.to_thread(killed_at, home, place, when, f"{__name__}:erase")
    async with open_workbench(settings_in(home)) as bench:
        (organisation,) = await bench.store.organisations()
        (receipt,) = await bench.store.erasures(organisation.id)
        assert (receipt.kind, receipt.done_at is not None) == (ErasureKind.INTERVIEW, True)
        expected = {"interviews": 1, "transcripts": 1, "feedback": 1, "recordings": 1}
        assert {name: receipt.counts[name] for name in expected} == expected
        assert nowhere(home, *GONE)
        assert [i.name for i in await bench.store.interviews(organisation.id)] != [WORK]
    assert nowhere(home, *GONE)
    assert all(files_with(home, *OTHER).values())
    shutil.rmtree(home)
