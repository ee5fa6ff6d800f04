"""Cells in the index: how one reader read one criterion in one interview, as filter fields to be counted, and the criteria's vectors."""

import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal, NamedTuple, Protocol

from retrieval.index.entries import Vector
from retrieval.index.points import held_from

KEYWORDS = (
    "search", "family", "interview", "candidate", "interviewer", "criterion", "line", "wording",
    "grade", "beside", "probing", "claims", "against", "flags", "kind", "whole",
)  # fmt: skip
"""What can be filtered and faceted by; `kind` tells a cell from a wording."""

CELL, WORDING = "cell", "wording"
EVERY = 10_000_000
_NAMESPACE = uuid.UUID("0d8a3c61-55b4-5a7e-8f0e-6a7d0b8e4c12")


@dataclass(frozen=True)
class CellPoint:
    """One cell: who read which criterion in which interview, `day` as a proleptic ordinal (0 where unknown), and its filter fields."""

    interview: str
    interviewer: str
    criterion: str
    day: int
    fields: Mapping[str, str | tuple[str, ...]]


@dataclass(frozen=True)
class CellScope:
    """Which cells: of one organisation, where each field in `having` has one of its values, none in `lacking` has, and days lie in
    [from_day, until_day)."""

    organisation: str
    having: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    lacking: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    from_day: int | None = None
    until_day: int | None = None

    def also(self, **having: tuple[str, ...]) -> "CellScope":
        """The same scope narrowed further; a field that is narrowed already is narrowed to what both allow."""
        merged = dict(self.having)
        for name, values in having.items():
            merged[name] = tuple(v for v in values if v in merged[name]) if name in merged else values
        return CellScope(self.organisation, merged, self.lacking, self.from_day, self.until_day)

    @property
    def empty(self) -> bool:
        """Whether nothing can be in it: a field may have no value at all."""
        return any(not values for values in self.having.values())


class Cells(Protocol):
    """The cells of one organisation at a time; every method may raise IndexDown."""

    async def put(self, organisation: str, interview: str, state: str, cells: Sequence[CellPoint]) -> None:
        """Put an interview's cells in place of whatever it had; `state` says what they were made from."""
        ...

    async def held(self, organisation: str) -> dict[str, str]:
        """The interviews whose cells are there whole, with their state."""
        ...

    async def erase(self, organisation: str, interviews: Sequence[str]) -> None:
        """Remove the cells of these interviews, and the vectors of criteria that nothing is left of."""
        ...

    async def count(self, scope: CellScope) -> int:
        """How many cells are in the scope, exactly."""
        ...

    async def facet(self, scope: CellScope, name: str) -> dict[str, int]:
        """Every value of a field in the scope with how many cells have it, exactly."""
        ...

    async def values(self, scope: CellScope, name: str) -> frozenset[str]:
        """Every value that a field has in the scope, exactly; far cheaper than a facet where there are thousands."""
        ...

    async def put_wordings(self, organisation: str, wordings: Mapping[str, Vector]) -> None:
        """Keep the vectors of criteria by the digest of their wording."""
        ...

    async def wordings(self, organisation: str) -> dict[str, Vector]:
        """Every wording's vector."""
        ...


class CellCondition(NamedTuple):
    """One narrowing in neither engine's words."""

    field: str
    kind: Literal["any", "none", "from", "until"]
    value: Any


def cell_conditions(scope: CellScope, kind: str = CELL) -> list[CellCondition]:
    """What a point must meet to be in the scope, the organisation aside."""
    found = [CellCondition("kind", "any", [kind])]
    found += [CellCondition(name, "any", list(values)) for name, values in scope.having.items()]
    found += [CellCondition(name, "none", list(values)) for name, values in scope.lacking.items() if values]
    if scope.from_day is not None:
        found.append(CellCondition("day", "from", float(scope.from_day)))
    if scope.until_day is not None:
        found.append(CellCondition("day", "until", float(scope.until_day)))
    return found


def cell_id(organisation: str, *parts: str) -> str:
    """The id that the same cell or wording always gets."""
    return str(uuid.uuid5(_NAMESPACE, "\x1f".join((organisation, *parts))))


def cell_payload(organisation: str, state: str, cell: CellPoint, total: int) -> dict[str, Any]:
    """Ids and filter fields of one cell; `total` is how many its interview has."""
    fields = {name: list(value) if isinstance(value, tuple) else value for name, value in cell.fields.items()}
    own = {"interview": cell.interview, "interviewer": cell.interviewer, "criterion": cell.criterion, "day": float(cell.day)}
    return {"organisation": organisation, "kind": CELL, "whole": f"{cell.interview}|{state}:{total}", **fields, **own}


def wording_payload(organisation: str, wording: str) -> dict[str, Any]:
    """What stands beside a criterion's vector."""
    return {"organisation": organisation, "kind": WORDING, "wording": wording}


def states_from(counts: Iterable[tuple[str, int]]) -> dict[str, str]:
    """Interview to state, of those that are whole, from how many points carry each `interview|state:total`."""
    pairs = (key.partition("|") for key, whole in held_from(counts).items() if whole)
    return {interview: state for interview, _, state in pairs}
