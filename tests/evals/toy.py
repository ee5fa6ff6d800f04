"""A toy suite, whose answers tests decide, held by the harness itself."""

from collections.abc import AsyncIterator, Callable
from pathlib import Path

import pytest

from evals import suites
from evals.case import Batch, Case, Outcome
from evals.metrics import Ratio, Total
from evals.running.conditions import Conditions
from evals.running.folder import Run
from evals.running.run import Wanted, run
from evals.sources import Sources
from evals.suite import Suite

NAME = "toy"
METRICS = (Ratio("right", "hit", "n"), Total("invented", "invented", "n"))
Answer = Callable[[Case, Conditions], Outcome]


def right(case: Case, given: Conditions, hit: bool = True, invented: int = 0) -> Outcome:
    """An outcome that is right or not."""
    sums = {"n": 1.0, "hit": float(hit), "invented": float(invented)}
    return Outcome.of(case, sums=sums, marks={"right": hit}, controls={"constant": {"n": 1.0, "hit": 0.0}}, repeat=given.repeat)


class Toy:
    """The suite, and which cases it was asked in order."""

    def __init__(self, cases: int = 6, groups: int = 3) -> None:
        self.answer: Answer = right
        self.asked: list[str] = []
        self.cases = tuple(Case(suite=NAME, id=f"c{n}", group=f"g{n % groups}") for n in range(cases))

    def batches(self, sources: Sources, seed: int) -> list[Batch]:
        """All cases over one material."""
        return [Batch(NAME, Path("nowhere"), "0", self.cases)]

    async def hold(self, batch: Batch, given: Conditions) -> AsyncIterator[Outcome]:
        """Each case as the test has it answered."""
        for case in batch.cases:
            self.asked.append(case.id)
            yield self.answer(case, given)

    def put(self, patch: pytest.MonkeyPatch) -> "Toy":
        """Among the suites, until the test ends."""
        patch.setitem(suites.SUITES, NAME, Suite(NAME, "toys", METRICS, self.batches))
        patch.setitem(suites.HOLDS, NAME, self.hold)
        return self

    def run(self, out: Path, kept: Path | None = None, repeats: int = 1, conditions: Conditions | None = None) -> Run:
        """One run of it in this process."""
        return run(Wanted((NAME,), repeats=repeats, jobs=1, kept=kept), conditions or Conditions(), out)


@pytest.fixture
def toy(monkeypatch: pytest.MonkeyPatch) -> Toy:
    """A toy suite of six cases in three groups."""
    return Toy().put(monkeypatch)
