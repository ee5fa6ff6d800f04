"""The conversations that go with an interview: about its feedback, with the referee about its candidate, and an intake that quotes it."""

import re
from collections.abc import Iterable

from agents.checkpoints import threads_under
from agents.workbench import Workbench
from alignment.erasing import Plan
from alignment.errors import NotFound
from alignment.people import Search
from alignment.record import InterviewId, OrganisationId, SearchId
from alignment.redaction import RUN, repeats

_WORD = re.compile(r"\w+")


async def forget_conversations(bench: Workbench, organisation: OrganisationId, plan: Plan) -> int:
    """Delete them, each once its turn under way is over; how many there were.

    The record is without the interview by now, so that whoever begins a turn afterwards finds nothing to talk about.
    """
    gone = 0
    for feedback in (*plan.feedback, *plan.citing):
        async with bench.thread(organisation, feedback):
            gone += await _forget(bench, await threads_under(bench.checkpointer, f"shape:{organisation}:{feedback}:"))
    for search, candidate in plan.rooms:
        prefix = f"room:{organisation}:{search}:{candidate}:"
        for thread in await _rooms(bench, organisation, prefix):
            async with bench.thread(organisation, thread):
                gone += await _forget(bench, [t for t in await threads_under(bench.checkpointer, thread) if t == thread])
    for search in plan.intakes:
        thread = intake_thread(organisation, search)
        async with bench.thread(organisation, thread):
            gone += await _forget(bench, [t for t in await threads_under(bench.checkpointer, thread) if t == thread])
    return gone


def intake_thread(organisation: OrganisationId, search: SearchId) -> str:
    """The name of the conversation of a live intake."""
    return f"intake:{organisation}:{search}"


async def intakes_quoting(bench: Workbench, organisation: OrganisationId, interviews: Iterable[InterviewId]) -> tuple[SearchId, ...]:
    """The searches in whose live intake somebody repeated words that were said in one of these interviews."""
    found = []
    for interview in interviews:
        held = await bench.store.interview(organisation, interview)
        thread = intake_thread(organisation, held.search)
        state = await bench.intake_graph.aget_state({"configurable": {"thread_id": thread}})
        typed = {run for turn in state.values.get("turns", []) for run in _runs(turn["text"])}
        if typed and typed & await _said(bench, organisation, interview):
            found.append(held.search)
    return tuple(dict.fromkeys(found))


async def intakes_repeating(bench: Workbench, search: Search, runs: frozenset[tuple[str, ...]]) -> tuple[SearchId, ...]:
    """The search, where somebody repeated one of these long runs of words in its live intake; a few words are the intake's own."""
    long = frozenset(run for run in runs if len(run) >= RUN)
    thread = intake_thread(search.organisation, search.id)
    state = await bench.intake_graph.aget_state({"configurable": {"thread_id": thread}})
    typed = (turn["text"] for turn in state.values.get("turns", []))
    return (search.id,) if long and any(repeats(text, long) for text in typed) else ()


async def _said(bench: Workbench, organisation: OrganisationId, interview: InterviewId) -> set[tuple[str, ...]]:
    try:
        newest = await bench.store.transcript(organisation, interview)
    except NotFound:
        return set()
    versions = [await bench.store.transcript(organisation, interview, n) for n in range(1, newest.version)]
    return {run for t in (*versions, newest) for u in t.utterances for run in _runs(u.text)}


def _runs(text: str) -> Iterable[tuple[str, ...]]:
    words = _WORD.findall(text.casefold())
    return (tuple(words[at : at + RUN]) for at in range(len(words) - RUN + 1))


async def _rooms(bench: Workbench, organisation: OrganisationId, prefix: str) -> tuple[str, ...]:
    """The referee's conversations about a candidate, those too whose first turn is under way here."""
    own = f"{organisation}:"
    under_way = [name.removeprefix(own) for name in list(bench.threads) if name.startswith(f"{own}{prefix}")]
    return tuple(sorted({*await threads_under(bench.checkpointer, prefix), *under_way}))


async def _forget(bench: Workbench, threads: Iterable[str]) -> int:
    gone = 0
    for thread in threads:
        await bench.checkpointer.adelete_thread(thread)
        gone += 1
    return gone
