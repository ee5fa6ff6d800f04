"""The live intake as a graph: ask, stop for the answer, hear it, settle it, until both have signed or nothing more is to be had."""

import json
from dataclasses import dataclass
from typing import Any

from langgraph.checkpoint.base import BaseCheckpointSaver
from langgraph.graph import END, START, StateGraph
from langgraph.graph.state import CompiledStateGraph
from langgraph.runtime import Runtime
from langgraph.types import interrupt

from agents.intake_agent import moves
from agents.intake_agent.judgements import HearIn, Judgements, Move
from agents.intake_agent.settling import settled
from agents.intake_agent.state import IntakeState, TurnState, held_by
from agents.language.injections import addressed


@dataclass(frozen=True)
class IntakeContext:
    """What a session may ask: its judges."""

    judgements: Judgements


def begun(people: dict[str, str]) -> IntakeState:
    """A session in which nothing has been said; `people` are the names by side of those who take part."""
    return IntakeState(
        people=people,
        turns=[],
        lines=[],
        conflicts=[],
        pending=None,
        asked={},
        silent={},
        agreed=False,
        signatures=[],
        judged=[],
        done="",
    )


async def ask(state: IntakeState) -> IntakeState:
    """The next question, or the end."""
    pending = moves.next_move(state)
    if pending is None:
        signed = {s["side"] for s in state["signatures"]} == {moves.MANAGER, moves.RECRUITER}
        return {"pending": None, "done": "signed" if signed else "open"}
    key = moves.key_of(pending["move"], pending["about"], pending["to"])
    asked = {**state["asked"], key: state["asked"].get(key, 0) + 1}
    return {"pending": pending, "asked": asked, "turns": [*state["turns"], TurnState(by="", text=pending["text"], at="")]}


async def listen(state: IntakeState) -> IntakeState:
    """Stop for the answer."""
    told = interrupt(state["pending"])
    answer = json.loads(told) if isinstance(told, str) else told
    said = TurnState(by=answer["by"], text=answer["text"], at=answer["at"], key=answer.get("key", ""))
    return {"turns": [*state["turns"], said]}


async def hear(state: IntakeState, runtime: Runtime[IntakeContext]) -> IntakeState:
    """What the answer says, put where it belongs; one that speaks to a machine reader says nothing, whatever else stands in it."""
    pending, turn = state["pending"], state["turns"][-1]
    assert pending is not None, "an answer follows a question"
    if addressed(turn["text"]):
        return state
    given = HearIn.model_validate(
        {
            "move": Move(pending["move"]),
            "about": tuple(pending["about"]),
            "side": turn["by"],
            "message": turn["text"],
            "held": held_by(state),
            "people": tuple(state["people"].values()),
        }
    )
    out = await runtime.context.judgements.hear(given)
    new = settled(state, out, turn["by"], len(state["turns"]) - 1)
    return {**new, "judged": [*new["judged"], out.by.model_dump()]}


def build(checkpointer: BaseCheckpointSaver[Any] | None = None) -> CompiledStateGraph[IntakeState, IntakeContext, IntakeState, IntakeState]:
    """The compiled graph; sessions live in the checkpointer."""
    graph = StateGraph(IntakeState, context_schema=IntakeContext)
    for name, step in (("ask", ask), ("listen", listen), ("hear", hear)):
        graph.add_node(name, step)
    graph.add_edge(START, "ask")
    graph.add_conditional_edges("ask", lambda state: END if state["done"] else "listen", ["listen", END])
    graph.add_edge("listen", "hear")
    graph.add_edge("hear", "ask")
    return graph.compile(checkpointer=checkpointer)
