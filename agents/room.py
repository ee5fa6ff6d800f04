"""The referee in the room: one question about one candidate, answered within what its asker may read, in a conversation that goes on."""

from collections.abc import Mapping, Sequence
from typing import Any, cast

from langchain_core.runnables import RunnableConfig

from agents.debrief_referee.room.asked import TurnState
from agents.debrief_referee.room.context import RoomContext
from agents.debrief_referee.room.sentences import verified
from agents.debriefs import own_part, reading_of, sealed_for
from agents.workbench import Workbench
from alignment.answer import Answer
from alignment.errors import Refused
from alignment.people import Search
from alignment.record import InterviewId
from retrieval.nearness import Nearness, nearness

LONGEST_QUESTION = 2000


async def ask(bench: Workbench, search: Search, name: str, question: str, *, candidate: str = "", thread: str = "main") -> Answer:
    """The answer to a question as the next turn of the asker's own conversation about that candidate.

    Everything is read as the asker may read it now: before the packet opens for them, other people's grades and claims are not looked at.
    Errors: NotFound, NotPermitted for whoever has no part in the candidate's interviews, Refused for an empty or endless question.
    """
    words = " ".join("".join(c if c.isprintable() else " " for c in question).split())
    if not words or len(words) > LONGEST_QUESTION:
        raise Refused(f"A question has 1 to {LONGEST_QUESTION} characters, and this has {len(words)}", todo="Ask it in a sentence or two.")
    room, config = await _opened(bench, search, name, candidate, thread)
    async with bench.thread(config["configurable"]["thread_id"]):
        await bench.room.ainvoke({"question": words}, config, context=room)
        state = await bench.room.aget_state(config)
    turns: list[TurnState] = state.values["turns"]
    return _answer(room, turns[-1], state.values["put"])


async def forget(bench: Workbench, search: Search, name: str, *, candidate: str = "", thread: str = "main") -> None:
    """Begin the conversation anew: what was asked before is gone, and no pronoun refers to it."""
    _, config = await _opened(bench, search, name, candidate, thread)
    await bench.checkpointer.adelete_thread(config["configurable"]["thread_id"])


async def _opened(bench: Workbench, search: Search, name: str, candidate: str, thread: str) -> tuple[RoomContext, RunnableConfig]:
    reader, packet, material = await reading_of(bench, search, name, candidate)
    sealed = await sealed_for(bench, search, reader, packet, material)
    if sealed:
        packet, material = await own_part(material, reader.id)
    # The reader stands in the thread's name: nobody goes on with what another was shown. A terminal may hand over what is no text.
    named = thread.encode("utf-8", "backslashreplace").decode()
    place = f"room:{search.organisation}:{search.id}:{material.candidate.id}:{reader.id}:{named}"
    room = RoomContext(
        material=material,
        debrief=packet,
        near=_near(bench, search),
        alike=_alike(bench),
        asker=reader.id,
        sealed=f"{sealed.what}." if sealed else "",
    )
    return room, {"configurable": {"thread_id": place}}


def _near(bench: Workbench, search: Search) -> Any:
    async def near(text: str, interview: InterviewId) -> Mapping[int, Nearness]:
        return await nearness(text, search.organisation, interview, index=bench.index, embedder=bench.embedder)

    return near


def _alike(bench: Workbench) -> Any:
    async def alike(text: str, others: Sequence[str]) -> list[float]:
        vectors = await bench.embedder.embed([text, *others])
        return [float(vectors[0] @ v) for v in vectors[1:]]

    return alike


def _answer(room: RoomContext, turn: TurnState, number: int) -> Answer:
    return Answer(
        search=room.material.search.id,
        candidate=room.material.candidate.id,
        contract_version=room.material.contract.version,
        number=number,
        question=turn["question"],
        kind=turn["kind"],
        about=turn["about"],
        sentences=verified(room.material, cast(Any, turn["sentences"])),
    )
