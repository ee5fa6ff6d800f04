"""What a corpus question is answered from: one organisation's cells, store, index and embedder."""

from collections.abc import Mapping
from dataclasses import dataclass

from agents.corpus_questions.cells import OUTSIDE
from agents.workbench import Workbench
from alignment.record import OrganisationId
from corpus.store import Store
from retrieval.index import Cells, CellScope


@dataclass(frozen=True)
class Reach:
    """One organisation's record as questions to the whole corpus reach it; every read goes through here."""

    bench: Workbench
    organisation: OrganisationId

    @property
    def cells(self) -> Cells:
        """What is counted."""
        return self.bench.index.cells

    @property
    def store(self) -> Store:
        """What is cited and named."""
        return self.bench.store

    async def values(self, scope: CellScope, name: str) -> frozenset[str]:
        """The values that a field has in the scope."""
        return await self.cells.values(scope, name)

    async def how_many(self, scope: CellScope, name: str, **having: tuple[str, ...]) -> int:
        """How many values a field has in the scope, narrowed further."""
        return len(await self.cells.values(scope.also(**having), name))

    async def readings(self, scope: CellScope, unit: str) -> int:
        """How many pairs of a criterion and a unit (an interview, a candidate) the scope has; a pair that two people read is one."""
        return sum([await self.how_many(scope, unit, criterion=(c,)) for c in await self.values(scope, "criterion") if c != OUTSIDE])


def narrowed(scope: CellScope, having: Mapping[str, tuple[str, ...]]) -> CellScope:
    """The scope with these fields narrowed too."""
    return scope.also(**dict(having))
