"""A process with one event loop after the other, as notebooks have them: what one left behind costs the next no answer."""

import asyncio
import os

import pytest

from tests.agents.silent import silence
from tests.agents.wire import dialling


def test_a_connection_that_an_ended_loop_kept_costs_no_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    dial = dialling(monkeypatch)
    with silence(monkeypatch, keeps=True, says='{"colour": "blue"}') as heard:
        url = os.environ["OPENAI_BASE_URL"]
        told = [asyncio.run(dial(url).asks()).reply.colour for _ in range(3)]
    assert told == ["blue"] * 3
    assert len(heard) == 3
