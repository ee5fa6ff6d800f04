"""The three graphs as LangGraph Studio opens them (langgraph.json): plain input, the real agents inside, on the home of the settings.

What they need beside their state, transcripts and judges, is opened for each step and closed after it, for the embedded index belongs to
one process. Nothing that is said here goes on record: a conversation lives in Studio's own checkpoints.
"""

import asyncio
import threading
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from itertools import chain, repeat
from typing import Any

from langchain_core.runnables import RunnableConfig
from langgraph.graph import END, START, StateGraph
from langgraph.graph.state import CompiledStateGraph
from typing_extensions import TypedDict

from agents.debrief_referee.room import graph as room_graph
from agents.desk import interview_called, organisation_of, person_on, search_called
from agents.feedback_shaper import graph as shaper_graph
from agents.intake import people_of
from agents.intake_agent import graph as intake_graph
from agents.intake_agent.graph import IntakeContext, begun
from agents.room import opened
from agents.turns import shaping_context
from agents.workbench import Workbench, open_workbench
from alignment.feedback import Feedback
from alignment.people import Search
from alignment.record import FeedbackId, digest
from alignment.settings import load_settings

STEPS = 400
Graph = CompiledStateGraph[Any, Any, Any, Any]


class IntakeAsked(TypedDict, total=False):
    """An intake to hold: the search's short name; `came_to` is the state that it ended in."""

    search: str
    came_to: dict[str, Any]


class ShapingAsked(TypedDict, total=False):
    """Feedback to shape: whose, on which interview of which search, and its words; `came_to` is the state that it ended in."""

    search: str
    person: str
    interview: str
    text: str
    came_to: dict[str, Any]


class QuestionAsked(TypedDict, total=False):
    """A question to the referee: who asks, about whom, in which search; `came_to` holds the turns of the conversation."""

    search: str
    person: str
    candidate: str
    question: str
    came_to: dict[str, Any]


def intake() -> Graph:
    """The intake agent: it stops at each question; resume with {"by": "hiring_manager", "text": "…", "at": ""}."""
    inner = intake_graph.build()

    async def hold(state: IntakeAsked, config: RunnableConfig) -> IntakeAsked:
        """Ask, listen and hear until both have signed."""
        async with _search(state["search"]) as (bench, search):
            names = {side: p.name for side, p in people_of(search).items()}
            came_to = await inner.ainvoke(begun(names), _long(config), context=IntakeContext(bench.intake))
        return {"came_to": dict(came_to)}

    return _around(IntakeAsked, hold)


def shaper() -> Graph:
    """The feedback shaper: it stops for the interviewer; resume with [{"claim": "…", "reply": "accept"}, …]."""
    inner = shaper_graph.build()

    async def shape(state: ShapingAsked, config: RunnableConfig) -> ShapingAsked:
        """Split, screen, tie, weigh, word and verify, then ask."""
        async with _search(state["search"]) as (bench, search):
            held = await interview_called(bench, search, state["interview"])
            contract = await bench.store.contract(search.organisation, search.id)
            feedback = Feedback(
                id=FeedbackId(f"studio-{digest(state['text'])[:16]}"),
                organisation=search.organisation,
                search=search.id,
                interview=held.id,
                interviewer=(await person_on(bench, search, state["person"])).id,
                contract_version=contract.version,
                raw=state["text"],
                at=datetime.now(UTC),
            )
            given: Any = {"feedback": feedback.id, "raw": feedback.raw}
            came_to = await inner.ainvoke(given, _long(config), context=await shaping_context(bench, feedback))
        return {"came_to": dict(came_to)}

    return _around(ShapingAsked, shape)


def referee() -> Graph:
    """The debrief referee in its room: one question a run; a thread remembers those before."""
    inner = room_graph.build(True)

    async def answer(state: QuestionAsked, config: RunnableConfig) -> QuestionAsked:
        """Hear the question and look up what answers it, within what its asker may read."""
        async with _search(state["search"]) as (bench, search):
            room, _ = await opened(bench, search, state["person"], state.get("candidate", ""), "studio")
            came_to = await inner.ainvoke({"question": state["question"]}, config, context=room)
        return {"came_to": dict(came_to)}

    return _around(QuestionAsked, answer)


def _around(state: Any, step: Any) -> Graph:
    graph = StateGraph(state)
    graph.add_node(step.__name__, step)
    graph.add_edge(START, step.__name__)
    graph.add_edge(step.__name__, END)
    return graph.compile()


def _long(config: RunnableConfig) -> RunnableConfig:
    return {**config, "recursion_limit": STEPS}


_one_at_a_time = threading.Lock()  # Studio's server runs several event loops, and asyncio's lock belongs to one
TURN_S = 0.02


@asynccontextmanager
async def _search(slug: str) -> AsyncIterator[tuple[Workbench, Search]]:
    for wait_s in chain([0.0], repeat(TURN_S)):
        await asyncio.sleep(wait_s)
        if _one_at_a_time.acquire(blocking=False):
            break
    try:
        async with open_workbench(load_settings()) as bench:
            yield bench, await search_called(bench, (await organisation_of(bench)).id, slug)
    finally:
        _one_at_a_time.release()
