"""Packets at hand: gathering one reads a whole round, and nothing in it changes until something on record does."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import TypeVar, cast

from langchain_core.runnables import RunnableConfig

from agents.turns import thread_of
from agents.workbench import Workbench
from alignment.people import Search
from alignment.record import digest

T = TypeVar("T")
KEPT = 64


async def kept(bench: Workbench, search: Search, of: str, make: Callable[[], Awaitable[T]]) -> T:
    """What is made of the search under that name, made anew where anything that it rests on has changed since."""
    key = (search.organisation, search.id, of)
    # Of many who ask at once the first gathers it, and the others are told what it came to.
    lock = bench.gathering.setdefault(key, asyncio.Lock())
    async with lock:
        # Looked at before it is made: what changes meanwhile makes it anew the next time.
        state = await state_of(bench, search)
        held = bench.packets.get(key)
        if held is None or held[0] != state:
            held = (state, await make())
            bench.packets[key] = held
        bench.packets.move_to_end(key)
    while len(bench.packets) > KEPT:
        bench.packets.popitem(last=False)
    return cast(T, held[1])


async def state_of(bench: Workbench, search: Search) -> str:
    """The state of all that a packet of the search rests on: the record, and where unsettled feedback stands in its conversation."""
    trace = await bench.store.trace_of(search.organisation, search.id)
    standing = []
    for feedback, transcript in trace.unsettled:
        config: RunnableConfig = {"configurable": {"thread_id": thread_of(search.organisation, feedback, transcript)}}
        found = await bench.checkpointer.aget_tuple(config)
        standing.append(found.checkpoint["id"] if found else "")
    return digest(trace.state, *standing)
