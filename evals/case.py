"""What is asked and what came back: a case, the material that several cases share, and the outcome of one case.

A case holds what the product is given apart from what is expected of it, which only the scorers read. An outcome is data whatever
happened: a crash and a case that cannot be scored have a state of their own, and never a zero.
"""

from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any

from pydantic import Field

from alignment.record import Record, Text

Sums = dict[str, float]
"""What one case adds to its suite's figures: counts and values by name, which are added up over cases before a figure is made of them."""


class Case(Record):
    """One question to the product; `id` tells it from the others of its suite, `group` is what it shares its material with."""

    suite: Text
    id: Text
    group: Text
    slices: dict[str, str] = Field(default_factory=dict)
    given: dict[str, Any] = Field(default_factory=dict)
    expected: dict[str, Any] = Field(default_factory=dict)


@dataclass(frozen=True)
class Batch:
    """Cases over one material, which is opened once for all of them; `digest` tells its content, `kind` who holds it (`suites.HOLDS`)."""

    kind: str
    source: Path
    digest: str
    cases: tuple[Case, ...]


class State(StrEnum):
    """What became of a case: it was scored, it cannot be (and why), or the product failed."""

    SCORED = "scored"
    UNSCORED = "unscored"
    CRASHED = "crashed"


class Cost(Record):
    """What chat models were asked for one case, and the tokens as their providers count them."""

    asked: int = 0
    from_cache: int = 0
    repaired: int = 0
    failed: int = 0
    tokens_in: int = 0
    tokens_out: int = 0


class Step(Record):
    """One step of a case's trace: `kind` is asked, retrieved, claimed, judged, verified, refused, answered or noted."""

    kind: Text
    text: str
    data: dict[str, Any] = Field(default_factory=dict)


class Outcome(Record):
    """What the product answered to one case, and what that is worth.

    `sums` go into the figures; `marks` are single yes-or-no results, by which two runs are compared case by case; `controls` are the
    sums that answers without any understanding reach (`constant`, `random` …); `sureness` pairs how sure the product said it was, 0 to 1,
    with whether it was right. `took_s` is wall-clock time.
    """

    suite: Text
    case: Text
    group: Text
    repeat: int = 0
    slices: dict[str, str] = Field(default_factory=dict)
    state: State = State.SCORED
    why: str = ""
    sums: Sums = Field(default_factory=dict)
    marks: dict[str, bool] = Field(default_factory=dict)
    controls: dict[str, Sums] = Field(default_factory=dict)
    sureness: tuple[tuple[float, bool], ...] = ()
    answer: Any = None
    trace: tuple[Step, ...] = ()
    took_s: float = 0.0
    cost: Cost = Cost()

    @classmethod
    def of(cls, case: Case, **more: Any) -> "Outcome":
        """The outcome of that case."""
        return cls(suite=case.suite, case=case.id, group=case.group, slices=case.slices, **more)

    @classmethod
    def crash(cls, case: Case, error: BaseException, **more: Any) -> "Outcome":
        """The outcome of a case at which the product failed."""
        return cls.of(case, state=State.CRASHED, why=f"{type(error).__name__}: {error}", **more)

    @classmethod
    def unscorable(cls, case: Case, why: str, **more: Any) -> "Outcome":
        """The outcome of a case that nothing can be said of."""
        return cls.of(case, state=State.UNSCORED, why=why, **more)
