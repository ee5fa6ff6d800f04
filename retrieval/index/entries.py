"""What goes into the index, what comes out of it, and the protocol that both engines keep."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Protocol

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from retrieval.index.cells import Cells

Vector = NDArray[np.float32]


class Level(StrEnum):
    """What one point stands for."""

    UTTERANCE = "utterance"
    PASSAGE = "passage"


@dataclass(frozen=True)
class Scope:
    """Where to look: always one organisation, narrowed by whatever else is given; an empty tuple does not narrow.

    `interviews`, `roles` and `people` match any of theirs. `from_s` and `until_s` keep what overlaps [from_s, until_s) in seconds, and
    leave out what has no times.
    """

    organisation: str
    search: str | None = None
    interviews: tuple[str, ...] = ()
    candidate: str | None = None
    roles: tuple[str, ...] = ()
    people: tuple[str, ...] = ()
    from_s: float | None = None
    until_s: float | None = None


@dataclass(frozen=True)
class Entry:
    """One utterance or passage to index; `text` only makes the sparse vector and is not kept.

    `first` and `last` are utterance indexes, `piece` counts the passages made of one long utterance, `roles` and `people` are those of the
    mapped speakers, times are seconds or None, `words` is the length, `vector` has shape (d,).
    """

    level: Level
    interview: str
    search: str
    candidate: str
    transcript: str
    first: int
    last: int
    roles: tuple[str, ...]
    people: tuple[str, ...]
    start_s: float | None
    end_s: float | None
    words: int
    text: str
    vector: Vector
    piece: int = 0


@dataclass(frozen=True, slots=True)
class Hit:
    """One utterance or passage that was found; `score` is a cosine, a BM25 sum or a fused rank, by the method that was asked."""

    interview: str
    transcript: str
    level: Level
    first: int
    last: int
    words: int
    score: float

    @property
    def place(self) -> tuple[str, int, int]:
        """What tells one hit of a level from another: interview, first and last utterance."""
        return self.interview, self.first, self.last


@dataclass(frozen=True)
class Gathered:
    """The four rankings of one question, each best first."""

    utterance_dense: list[Hit]
    utterance_sparse: list[Hit]
    passage_dense: list[Hit]
    passage_sparse: list[Hit]


class Index(Protocol):
    """Vectors, ids and filter fields of one organisation at a time; never words. Every method may raise IndexDown."""

    @property
    def cells(self) -> "Cells":
        """How criteria were read, to be counted."""
        ...

    async def put(self, organisation: str, transcript: str, entries: Sequence[Entry]) -> None:
        """Index one transcript in place of whatever its interview had; when this returns it survives a killed process.

        All entries are of one interview (ValueError otherwise). Until then the interview is found in part or not at all, and a crash
        leaves it so, which `held` tells.
        """
        ...

    async def held(self, organisation: str) -> dict[str, bool]:
        """The transcripts that are there, and whether each is there whole."""
        ...

    async def erase(self, organisation: str, interviews: Sequence[str]) -> None:
        """Remove these interviews; the embedded engine rewrites its files, so that no vector of theirs is left on disk."""
        ...

    async def dense(self, scope: Scope, level: Level, vector: Vector, limit: int) -> list[Hit]:
        """The nearest by cosine, best first."""
        ...

    async def sparse(self, scope: Scope, level: Level, text: str, limit: int) -> list[Hit]:
        """The best by BM25 with the organisation's own word statistics, best first; only what shares a word with the text."""
        ...

    async def hybrid(self, scope: Scope, level: Level, text: str, vector: Vector, limit: int) -> list[Hit]:
        """Both rankings fused by reciprocal rank, best first."""
        ...

    async def gather(self, scope: Scope, text: str, vector: Vector, limit: int) -> Gathered:
        """Both rankings at both levels in one call, up to `limit` hits each."""
        ...

    async def count(self, scope: Scope) -> int:
        """How many points of both levels are in the scope."""
        ...

    async def close(self) -> None:
        """Write everything out and let go of the index; closing twice is harmless."""
        ...
