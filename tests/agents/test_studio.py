"""What LangGraph Studio opens: each graph of langgraph.json runs on a home by plain input, stops where its agent does, and goes on."""

import asyncio
import importlib.util
import json
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio
from langchain_core.runnables import RunnableConfig
from langgraph.checkpoint.memory import InMemorySaver
from langgraph.types import Command

from agents.studio import Graph
from agents.workbench import open_workbench
from alignment.settings import load_settings
from tests.agents.cast import DANA, INES, WORK, play

pytestmark = pytest.mark.asyncio(loop_scope="session")
ROOT = Path(__file__).resolve().parents[2]
ENTRIES: dict[str, str] = json.loads((ROOT / "langgraph.json").read_text(encoding="utf-8"))["graphs"]
CONFIG: RunnableConfig = {"configurable": {"thread_id": "studio"}}


def _graph(name: str) -> Graph:
    """The graph as `langgraph dev` loads it: the file by its path, the factory by its name."""
    place, factory = ENTRIES[name].rsplit(":", 1)
    spec = importlib.util.spec_from_file_location(f"studio_{name}", ROOT / place)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    graph: Graph = getattr(module, factory)()
    graph.checkpointer = InMemorySaver()
    return graph


@pytest_asyncio.fixture(loop_scope="session")
async def search(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[str]:
    """The short name of a search on record in the home that the settings name."""
    monkeypatch.setenv("PLUMBLINE_HOME", str(tmp_path))
    async with open_workbench(load_settings()) as bench:
        slug = (await play(bench)).search.slug
    yield slug


async def test_the_three_agents_are_in_the_file() -> None:
    assert list(ENTRIES) == ["intake-agent", "feedback-shaper", "debrief-referee"]


async def test_the_intake_stops_at_each_question_and_hears_the_answer(search: str) -> None:
    graph = _graph("intake-agent")
    asked = await graph.ainvoke({"search": search}, CONFIG)
    first: Any = asked["__interrupt__"][0].value
    answer = {"by": "hiring_manager", "text": "Releases go out on Fridays and nobody is paged.", "at": ""}
    told: Any = (await graph.ainvoke(Command(resume=answer), CONFIG))["__interrupt__"][0].value
    assert told["n"] > first["n"]
    assert told["text"] != first["text"]


async def test_the_shaper_stops_for_the_interviewer_and_settles(search: str) -> None:
    graph = _graph("feedback-shaper")
    given = {"search": search, "person": INES, "interview": WORK, "text": "He could not name one argument with another team."}
    waiting: Any = (await graph.ainvoke(given, CONFIG))["__interrupt__"][0].value
    answers = [{"claim": claim, "reply": "accept"} for claim in waiting["claims"]]
    done = await graph.ainvoke(Command(resume=answers), CONFIG)
    assert [c["reply"] for c in done["came_to"]["claims"]] == ["accept"] * len(answers)


async def test_the_referee_answers_and_remembers(search: str) -> None:
    graph = _graph("debrief-referee")
    for n, question in enumerate(("What did he say about the outage?", "And about the database?"), start=1):
        told = await graph.ainvoke({"search": search, "person": DANA, "question": question}, CONFIG)
        assert len(told["came_to"]["turns"]) == n


async def test_nothing_that_is_tried_in_studio_goes_on_record(search: str) -> None:
    given = {"search": search, "person": INES, "interview": WORK, "text": "He could not name one argument with another team."}
    await _graph("feedback-shaper").ainvoke(given, CONFIG)
    async with open_workbench(load_settings()) as bench:
        (organisation,) = await bench.store.organisations()
        assert await bench.store.feedback_of(organisation.id) == ()


async def test_runs_in_several_event_loops_take_turns_at_the_home(search: str) -> None:
    graph = _graph("debrief-referee")
    given = {"search": search, "person": DANA, "question": "What did he say about the outage?"}

    def ask(thread: str) -> int:
        config: RunnableConfig = {"configurable": {"thread_id": thread}}
        return len(asyncio.run(graph.ainvoke(given, config))["came_to"]["turns"])

    # Studio's server answers runs in the loops of several threads.
    assert await asyncio.gather(*(asyncio.to_thread(ask, str(n)) for n in range(3))) == [1, 1, 1]
