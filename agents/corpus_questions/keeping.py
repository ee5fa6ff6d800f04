"""Keeping the cells in step with the store: whatever changed since they were made is made again before anything is counted."""

from itertools import groupby

from agents.corpus_questions.cells import cells_of, wording_of
from agents.debriefs import gather
from agents.indexing import Progress
from agents.workbench import Workbench
from alignment.record import OrganisationId, PersonId, SearchId

MADE_AS = "2"
"""Raised whenever what a cell holds changes, so that cells of an older release are made again."""


async def keep(bench: Workbench, organisation: OrganisationId, progress: Progress | None = None) -> int:
    """Make the cells agree with the store; the number of candidates that were read again.

    The index is a cache: what is counted in it is what the store holds at the time of the question.
    """
    traces = await bench.store.traces(organisation)
    held = await bench.index.cells.held(organisation)
    stale = [t for t in traces if held.get(t.interview) != _state(t.state)]
    gone = set(held) - {t.interview for t in traces}
    if gone:
        await bench.index.cells.erase(organisation, sorted(gone))
    groups = [(key, list(of)) for key, of in groupby(stale, key=lambda t: (t.search, t.candidate))]
    for n, ((search, candidate), of) in enumerate(groups):
        if progress:
            progress(n, len(groups))
        await _again(bench, organisation, search, candidate, of[0].state)
    if progress and groups:
        progress(len(groups), len(groups))
    return len(groups)


async def _again(bench: Workbench, organisation: OrganisationId, search_id: SearchId, candidate: PersonId, state: str) -> None:
    search = await bench.store.search(organisation, search_id)
    material = await gather(bench, search, candidate, settled=True)
    waiting = bool(material.waiting) and not await bench.store.round_closed(organisation, search_id, candidate)
    own = {i.id: i.contract_version or material.contract.version for i in material.interviews if i.id in material.transcripts}
    for version in sorted(set(own.values())):
        if version != material.contract.version:
            material = await gather(bench, search, candidate, settled=True, version=version)
        lines = material.contract.criteria
        vectors = await bench.embedder.embed([c.text for c in lines])
        await bench.index.cells.put_wordings(organisation, {wording_of(c): v for c, v in zip(lines, vectors, strict=True)})
        for interview, cells in cells_of(material, waiting).items():
            if own.get(interview) == version:
                await bench.index.cells.put(organisation, interview, _state(state), cells)


def _state(trace: str) -> str:
    return f"{MADE_AS}.{trace}"
