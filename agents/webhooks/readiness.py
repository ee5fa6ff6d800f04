"""When a debrief is ready: every scorecard is in or the round is closed; told once for each candidate and contract version."""

from agents.debriefs import waiting_for
from agents.workbench import Workbench
from alignment.errors import NotFound
from alignment.events import Event, EventId, EventKind
from alignment.record import InterviewId, OrganisationId, PersonId, SearchId, derived_id

READER = "debriefs"
MOVES = (EventKind.SCORECARD_ADDED, EventKind.ROUND_CLOSED)


async def tell_what_is_ready(bench: Workbench, organisation: OrganisationId) -> int:
    """Work through what happened since the last time; how many debriefs are ready that nobody was told of.

    Whoever does the same at the same time, or again after a crash, finds the same events on record.
    """
    store, told = bench.store, 0
    position = await store.event_position(organisation, READER)
    while happened := await store.events(organisation, position):
        candidates = dict.fromkeys([c for e in happened if e.kind in MOVES and (c := await _about(bench, e)) is not None])
        for search, candidate in candidates:
            told += await _tell_if_ready(bench, organisation, search, candidate, happened[-1])
        position = happened[-1].number
        await store.set_event_position(organisation, READER, position)
    return told


async def _about(bench: Workbench, event: Event) -> tuple[SearchId, PersonId] | None:
    """Whose packet the event may open; None where the interview is no longer on record."""
    search = SearchId(event.data["search"])
    if event.kind is EventKind.ROUND_CLOSED:
        return search, PersonId(event.data["candidate"])
    try:
        return search, (await bench.store.interview(event.organisation, InterviewId(event.data["interview"]))).candidate.id
    except NotFound:
        return None


async def _tell_if_ready(bench: Workbench, organisation: OrganisationId, search_id: SearchId, candidate: PersonId, last: Event) -> bool:
    try:
        search = await bench.store.search(organisation, search_id)
        version, waiting = await waiting_for(bench, search, candidate)
    except NotFound:  # erased since
        return False
    if waiting and not await bench.store.round_closed(organisation, search_id, candidate):
        return False
    id = EventId(derived_id("evt", organisation, EventKind.DEBRIEF_READY, search_id, candidate, str(version)))
    data = {"search": search_id, "candidate": candidate, "contract_version": str(version)}
    ready = Event(id=id, organisation=organisation, kind=EventKind.DEBRIEF_READY, at=last.at, data=data)
    return (await bench.store.add_event(organisation, ready)).number > last.number
