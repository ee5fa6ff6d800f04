"""An erasure that a kill cut short anywhere is finished by whoever opens the home next."""

import asyncio
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import pytest
import pytest_asyncio

from agents.workbench import Workbench, open_workbench
from alignment.erasing import ErasureKind
from tests.agents.erasure_cast import GONE, OTHER, WORK, files_with, nowhere, settings_in, told_home
from tests.api.cast import copy_home

pytestmark = pytest.mark.asyncio(loop_scope="session")

ERASE = """
import asyncio, os, signal, sys
from importlib import import_module
from pathlib import Path

from agents.desk import organisation_of, search_called
from agents.erasure.asking import Asked, erase_interview
from agents.workbench import open_workbench
from tests.agents.erasure_cast import settings_in

home, where, name, when = Path(sys.argv[1]), *sys.argv[2].split(":"), sys.argv[3]

async def work():
    async with open_workbench(settings_in(home)) as bench:
        *path, last = name.split(".")
        place = import_module(where)
        for part in path:
            place = getattr(place, part)
        real = getattr(place, last)
        def killed(*given, **more):
            if when == "before":
                os.kill(os.getpid(), signal.SIGKILL)
            made = real(*given, **more)
            if not asyncio.iscoroutine(made):
                os.kill(os.getpid(), signal.SIGKILL)
            async def waited():
                await made
                os.kill(os.getpid(), signal.SIGKILL)
            return waited()
        setattr(place, last, killed)
        search = await search_called(bench, (await organisation_of(bench)).id, "diver")
        await erase_interview(bench, search, "1-work", Asked(by="Dana", reason="case 12"))

asyncio.run(work())
"""
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
    command = [sys.executable, "-c", ERASE, str(home), place, when]
    ran = await asyncio.to_thread(subprocess.run, command, capture_output=True, text=True)
    assert ran.returncode == -signal.SIGKILL, ran.stderr
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
