"""A process with one event loop after the other, as notebooks have them: what one left behind costs the next no answer."""

import subprocess
import sys

import pytest

from tests.agents.silent import silence

# In a process of its own: what its loops leave open goes with it.
LOOPS = """
import asyncio, os, pytest
from tests.agents.wire import dialling

with pytest.MonkeyPatch.context() as patch:
    dial, url = dialling(patch), os.environ["OPENAI_BASE_URL"]
    for _ in range(3):
        print(asyncio.run(dial(url).asks()).reply.colour)
"""


def test_a_connection_that_an_ended_loop_kept_costs_no_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    with silence(monkeypatch, keeps=True, says='{"colour": "blue"}') as heard:
        done = subprocess.run([sys.executable, "-W", "ignore", "-c", LOOPS], capture_output=True, text=True)
    assert done.stdout.split() == ["blue"] * 3, done.stderr
    # The request that goes out over a dead loop's connection may arrive: its answer is nobody's, and it is made once more.
    assert 3 <= len(heard) <= 5
