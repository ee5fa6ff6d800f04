"""The room's graph: hear the question, look up what answers it, and keep the turn; a conversation lives in the checkpointer.

Nothing is written to the store, and the state holds plain values: quotes are verified anew whenever an answer is shown.
"""

from dataclasses import asdict
from typing import Annotated, Any, TypedDict, cast

from langgraph.checkpoint.base import BaseCheckpointSaver
from langgraph.graph import END, START, StateGraph
from langgraph.graph.state import CompiledStateGraph
from langgraph.runtime import Runtime

from agents.debrief_referee.room import packet, said
from agents.debrief_referee.room.asked import SEALED, Asked, Kind, SentenceState, TurnState
from agents.debrief_referee.room.context import RoomContext
from agents.debrief_referee.room.hearing import read
from agents.debrief_referee.room.sentences import plainly, verified

KEPT = 60
"""Turns that a conversation remembers."""


def _kept(before: list[TurnState], more: list[TurnState]) -> list[TurnState]:
    return [*before, *more][-KEPT:]


class RoomState(TypedDict, total=False):
    """A conversation: the question that was put, how it was understood, and every turn so far."""

    question: str
    asked: dict[str, Any]
    turns: Annotated[list[TurnState], _kept]


async def hear(state: RoomState, runtime: Runtime[RoomContext]) -> RoomState:
    """Understand the question against the turns before it."""
    asked = read(state["question"], runtime.context.cast, state.get("turns", []))
    return {"asked": {**asdict(asked), "kind": asked.kind.value}}


async def reply(state: RoomState, runtime: Runtime[RoomContext]) -> RoomState:
    """Look up what answers it, and put the turn on record in the conversation."""
    asked = Asked(**{**state["asked"], "kind": Kind(state["asked"]["kind"])})
    turns = state.get("turns", [])
    sentences = await _reply(runtime.context, asked, turns[-1] if turns else None)
    turn: TurnState = {
        "question": asked.text,
        "kind": asked.kind.value,
        "about": asked.about,
        "criterion": asked.criterion or _line(runtime.context, asked, sentences),
        "people": list(asked.people),
        "interviews": list(asked.interviews) or list(dict.fromkeys(q["interview"] for s in sentences for q in s["quotes"])),
        "sentences": sentences,
    }
    return {"turns": [turn]}


def _line(room: RoomContext, asked: Asked, sentences: list[SentenceState]) -> str | None:
    """The line that an answer was about: the one that its sentences name, else the one that its moments bear on, else the one before."""
    named = dict.fromkeys(s["criterion"] for s in sentences if s["criterion"])
    if named:
        return next(iter(named)) if len(named) == 1 else asked.carried
    cited = [c for s in verified(room.material, sentences) for c in s.citations]
    return room.line_of(cited) or asked.carried


async def _reply(room: RoomContext, asked: Asked, last: TurnState | None) -> list[SentenceState]:
    if room.sealed and asked.kind in SEALED:
        own = await _looked_up(room, asked, last) if asked.kind in (Kind.GRADES, Kind.CLAIMS) else []
        return [plainly(room.sealed), *[s for s in own if s["held"]]]
    return await _looked_up(room, asked, last)


async def _looked_up(room: RoomContext, asked: Asked, last: TurnState | None) -> list[SentenceState]:
    match asked.kind:
        case Kind.PEOPLE_DECIDE:
            return packet.people_decide(room)
        case Kind.NOT_JOB_RELATED:
            return [plainly(packet.SET_ASIDE)]
        case Kind.ELSEWHERE:
            return [plainly(packet.ELSEWHERE.format(room.material.candidate.name))]
        case Kind.GRADES:
            return await packet.grades(room, asked)
        case Kind.CONFLICT:
            return await packet.conflict(room, asked)
        case Kind.PROBING:
            return await packet.probing(room, asked)
        case Kind.MISSING:
            return packet.missing(room)
        case Kind.CLAIMS:
            return await packet.claims(room, asked)
        case Kind.CRITERION:
            return await packet.criterion(room, asked)
        case Kind.FINDINGS:
            return packet.findings(room, asked)
        case Kind.OVERVIEW:
            return packet.overview(room)
        case Kind.ORDER:
            return await said.order(room, asked, last)
        case Kind.SPEAKER:
            return await said.speaker(room, asked, last)
        case Kind.DURATION:
            return await said.duration(room, asked, last)
        case Kind.MOMENTS:
            return await said.moments(room, asked, last)


def build(checkpointer: BaseCheckpointSaver[Any] | None = None) -> CompiledStateGraph[RoomState, RoomContext, RoomState, RoomState]:
    """The compiled graph; with a checkpointer a conversation goes on where it stood."""
    graph = StateGraph(RoomState, context_schema=RoomContext)
    graph.add_node("hear", hear)
    graph.add_node("reply", reply)
    graph.add_edge(START, "hear")
    graph.add_edge("hear", "reply")
    graph.add_edge("reply", END)
    return cast(CompiledStateGraph[RoomState, RoomContext, RoomState, RoomState], graph.compile(checkpointer=checkpointer))
