"""The referee in the room: one question about one candidate, answered within what its asker may read, in a conversation that goes on."""

from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from typing import Any, cast

from langchain_core.runnables import RunnableConfig

from agents.debrief_referee.room.asked import TurnState
from agents.debrief_referee.room.context import RoomContext
from agents.debrief_referee.room.sentences import verified
from agents.debriefs import own_part, reading_of, sealed_for
from agents.workbench import Workbench
from alignment.answer import Answer
from alignment.errors import KeyReused, NotFound, Refused
from alignment.people import Search
from alignment.record import InterviewId
from retrieval.nearness import Nearness, nearness

LONGEST_QUESTION = 2000


async def ask(
    bench: Workbench, search: Search, name: str, question: str, *, candidate: str = "", thread: str = "main", key: str = ""
) -> Answer:
    """The answer to a question as the next turn of the asker's own conversation about that candidate.

    A question that comes again under its `key` is answered as it was; another one under the same key is KeyReused. Everything is read as
    the asker may read it now: before the packet opens for them, other people's grades and claims are not looked at. Errors: NotFound,
    NotPermitted for whoever has no part in the candidate's interviews, Refused for an empty or endless question.
    """
    words = _asked(question)
    room, config = await opened(bench, search, name, candidate, thread)
    return await _put(bench, search, room, config, words, key)


async def retell(
    bench: Workbench, search: Search, name: str, questions: Sequence[str], *, candidate: str = "", thread: str = "main"
) -> Answer:
    """The answer to the last of these questions, asked in order in a conversation of that name; what it has is not asked again.

    Of the earlier ones, those that nobody could answer are left out.
    """
    *earlier, last = questions
    words = _asked(last)
    room, config = await opened(bench, search, name, candidate, thread)
    for n, question in enumerate(earlier):
        if told := _plain(question):
            await _put(bench, search, room, config, told[:LONGEST_QUESTION], str(n))
    return await _put(bench, search, room, config, words, str(len(earlier)))


def _asked(question: str) -> str:
    words = _plain(question)
    if not words or len(words) > LONGEST_QUESTION:
        raise Refused(f"A question has 1 to {LONGEST_QUESTION} characters, and this has {len(words)}", todo="Ask it in a sentence or two.")
    return words


def _plain(text: str) -> str:
    return " ".join("".join(c if c.isprintable() else " " for c in text).split())


async def _put(bench: Workbench, search: Search, room: RoomContext, config: RunnableConfig, words: str, key: str) -> Answer:
    async with bench.thread(search.organisation, config["configurable"]["thread_id"]), _unless_erased(bench, room, config):
        before = await bench.room.aget_state(config)
        if known := answered(before.values, words, key):
            return _answer(room, *known)
        # One checkpoint a turn: its steps are quick, and what a crash cuts short is asked again.
        await bench.room.ainvoke({"question": words, "key": key}, config, context=room, durability="exit")
        await bench.tidy(config["configurable"]["thread_id"])
        state = await bench.room.aget_state(config)
    return _answer(room, state.values["turns"][-1], state.values["put"])


@asynccontextmanager
async def _unless_erased(bench: Workbench, room: RoomContext, config: RunnableConfig) -> AsyncIterator[None]:
    """A turn about interviews that are on record: NotFound, and the conversation is gone, where one was erased before or meanwhile."""
    search, wanted = room.material.search, {i.id for i in room.material.interviews}

    async def look() -> None:
        held = {i.id for i in await bench.store.interviews(search.organisation, search.id)}
        if not wanted <= held or await _redacted(bench, room):
            await bench.checkpointer.adelete_thread(config["configurable"]["thread_id"])
            raise NotFound("An interview that the question was about was erased, or parts of it were", where=search.slug, todo="Ask again.")

    await look()
    yield
    await look()


async def _redacted(bench: Workbench, room: RoomContext) -> bool:
    """Whether a transcript that the turn is about is no longer on record as it was read; a correction leaves the older version as it is."""
    org = room.material.search.organisation
    for read in room.material.transcripts.values():
        if await bench.store.newest_transcript(org, read.interview) == read.id:
            continue
        if (await bench.store.transcript_by_id(org, read.id)).utterances != read.utterances:
            return True
    return False


async def said_before(bench: Workbench, search: Search, name: str, *, candidate: str = "", thread: str = "main") -> tuple[Answer, ...]:
    """The turns of a conversation that are remembered, oldest first, their quotes verified anew; empty where there is none."""
    room, config = await opened(bench, search, name, candidate, thread)
    state = (await bench.room.aget_state(config)).values
    turns: list[TurnState] = state.get("turns", [])
    first = state.get("put", len(turns)) - len(turns)
    return tuple(_answer(room, turn, first + n) for n, turn in enumerate(turns, start=1))


def answered(state: Mapping[str, Any], question: str, key: str) -> tuple[TurnState, int] | None:
    """The turn that answered the question under that key, and its number; KeyReused where the key stands for another question."""
    turns: list[TurnState] = state.get("turns", [])
    for back, turn in enumerate(reversed(turns)):
        if key and turn.get("key") == key:
            if turn["question"] != question:
                raise KeyReused("This idempotency key stands for another question", where=key, todo="Use a new key for each new question.")
            return turn, state.get("put", len(turns)) - back
    return None


async def forget(bench: Workbench, search: Search, name: str, *, candidate: str = "", thread: str = "main") -> None:
    """Begin the conversation anew: what was asked before is gone, and no pronoun refers to it."""
    _, config = await opened(bench, search, name, candidate, thread)
    await bench.checkpointer.adelete_thread(config["configurable"]["thread_id"])


async def opened(bench: Workbench, search: Search, name: str, candidate: str, thread: str) -> tuple[RoomContext, RunnableConfig]:
    """What somebody may look at when they ask about a candidate, and where their conversation of that name is kept."""
    reader, packet, material = await reading_of(bench, search, name, candidate)
    sealed = await sealed_for(bench, search, reader, packet, material)
    if sealed:
        packet, material = await own_part(bench, material, reader.id)
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
