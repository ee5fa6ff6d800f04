"""Keeping the index in step with the store: one transcript at a time, and all that is missing after a crash."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from agents.standing import verify_anew
from alignment.errors import NotFound
from alignment.people import Interview
from alignment.record import InterviewId, OrganisationId
from alignment.settings import PassageSettings
from alignment.transcript import Transcript
from corpus.store import Store
from retrieval.embedding import Embedder, Vectors
from retrieval.index import Index
from retrieval.moments import entries_for

Progress = Callable[[int, int], None]
"""Called with how many interviews are done and how many there are."""

AT_ONCE = 96
"""Texts that are embedded between two chances to stop: some two seconds' work, where ten hours of talk are a minute's."""


@dataclass(frozen=True)
class _Stoppable:
    """An embedder that takes its texts in slices, because a thread at work hears no Ctrl-C."""

    whole: Embedder

    @property
    def name(self) -> str:
        return self.whole.name

    @property
    def dimensions(self) -> int:
        return self.whole.dimensions

    async def embed(self, texts: Sequence[str]) -> Vectors:
        slices = [await self.whole.embed(texts[at : at + AT_ONCE]) for at in range(0, len(texts), AT_ONCE)]
        return np.concatenate(slices) if slices else await self.whole.embed(texts)


@dataclass(frozen=True)
class Indexer:
    """What it takes to index: the store is the truth, the index a cache of it."""

    store: Store
    index: Index
    embedder: Embedder
    passages: PassageSettings

    async def put(self, organisation: OrganisationId, interview: Interview, transcript: Transcript) -> None:
        """Put one transcript into the index, in place of any older version."""
        entries = await entries_for(
            transcript,
            search=interview.search,
            candidate=interview.candidate.id,
            embedder=_Stoppable(self.embedder),
            settings=self.passages,
        )
        await self.index.put(organisation, transcript.id, entries)
        try:
            newest = await self.store.newest_transcript(organisation, interview.id)
        except NotFound:  # erased meanwhile
            await self.index.erase(organisation, [interview.id])
            raise
        if newest != transcript.id:  # corrected, or struck out of, meanwhile
            await self.put(organisation, interview, await self.store.transcript(organisation, interview.id))

    async def heal(self, progress: Progress | None = None) -> int:
        """Index whatever the store holds and the index does not; the number of interviews that were indexed.

        Statements on a corrected transcript are verified first, since a crash may have come before that was done.
        """
        missing: list[tuple[OrganisationId, InterviewId]] = []
        for organisation in await self.store.organisations():
            held = await self.index.held(organisation.id)
            current = await self.store.transcripts_current(organisation.id)
            missing += [(organisation.id, c.interview) for c in current if not held.get(c.transcript)]
        for n, (owner, interview) in enumerate(missing):
            if progress:
                progress(n, len(missing))
            await self._again(owner, interview)
        if progress and missing:
            progress(len(missing), len(missing))
        return len(missing)

    async def _again(self, organisation: OrganisationId, interview: InterviewId) -> None:
        transcript = await self.store.transcript(organisation, interview)
        if transcript.version > 1:
            await verify_anew(self.store, organisation, transcript)
        await self.put(organisation, await self.store.interview(organisation, interview), transcript)
