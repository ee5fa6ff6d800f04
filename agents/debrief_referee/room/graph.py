"""The room's graph: hear the question, look up what answers it, and keep the turn; a conversation lives in the checkpointer.

Nothing is written to the store, and the state holds plain values: quotes are verified anew whenever an answer is shown.
"""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import asdict
from typing import Annotated, Any, TypedDict

from langgraph.graph import END, START, StateGraph
from langgraph.graph.state import CompiledStateGraph
from langgraph.runtime import Runtime
from langgraph.types import Checkpointer

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
    """A conversation: the question that was put, how it was understood, how many were put, and the turns that are remembered."""

    question: str
    key: str
    asked: dict[str, Any]
    put: int
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
        "key": state.get("key", ""),
    }
    return {"turns": [turn], "put": state.get("put", len(turns)) + 1}


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
    if asked.kind in _OF_THE_RECORD:
        return await _OF_THE_RECORD[asked.kind](room, asked, last)
    if asked.kind in _OF_THE_PACKET:
        return await _OF_THE_PACKET[asked.kind](room, asked)
    return _AT_ONCE[asked.kind](room)


_OF_THE_RECORD: Mapping[Kind, Callable[[RoomContext, Asked, TurnState | None], Awaitable[list[SentenceState]]]] = {
    Kind.ORDER: said.order,
    Kind.SPEAKER: said.speaker,
    Kind.DURATION: said.duration,
    Kind.MOMENTS: said.moments,
}
_OF_THE_PACKET: Mapping[Kind, Callable[[RoomContext, Asked], Awaitable[list[SentenceState]]]] = {
    Kind.GRADES: packet.grades,
    Kind.CONFLICT: packet.conflict,
    Kind.PROBING: packet.probing,
    Kind.CLAIMS: packet.claims,
    Kind.CRITERION: packet.criterion,
    Kind.FINDINGS: packet.findings,
}
_AT_ONCE: Mapping[Kind, Callable[[RoomContext], list[SentenceState]]] = {
    Kind.PEOPLE_DECIDE: packet.people_decide,
    Kind.NOT_JOB_RELATED: packet.set_aside,
    Kind.ELSEWHERE: packet.elsewhere,
    Kind.MISSING: packet.missing,
    Kind.OVERVIEW: packet.overview,
}


def build(checkpointer: Checkpointer = None) -> CompiledStateGraph[RoomState, RoomContext, RoomState, RoomState]:
    """The compiled graph; with a checkpointer a conversation goes on where it stood."""
    graph = StateGraph(RoomState, context_schema=RoomContext)
    graph.add_node("hear", hear)
    graph.add_node("reply", reply)
    graph.add_edge(START, "hear")
    graph.add_edge("hear", "reply")
    graph.add_edge("reply", END)
    return graph.compile(checkpointer=checkpointer)
