"""A process of its own that is killed before or after one step of what it does over a home."""

import signal
import subprocess
import sys
from pathlib import Path

WORK = """
import asyncio, os, signal, sys
from importlib import import_module
from pathlib import Path

from agents.desk import organisation_of, search_called
from agents.workbench import open_workbench
from tests.agents.erasure_cast import settings_in

home, where, name, when, action = Path(sys.argv[1]), *sys.argv[2].split(":"), *sys.argv[3:]

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
        module, _, function = action.partition(":")
        search = await search_called(bench, (await organisation_of(bench)).id, "diver")
        await getattr(import_module(module), function)(bench, search)

asyncio.run(work())
"""


def killed_at(home: Path, place: str, when: str, action: str) -> None:
    """Do `action` (`module:function` of a workbench and a search) over the home, killed `when` (before, after) the `place` is called."""
    command = [sys.executable, "-c", WORK, str(home), place, when, action]
    ran = subprocess.run(command, capture_output=True, text=True)
    assert ran.returncode == -signal.SIGKILL, ran.stderr
