"""A suite: what it asks of the product, where its cases come from, and which figures it makes of the outcomes."""

from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from pathlib import Path

from evals.case import Batch, Outcome
from evals.metrics import Metric
from evals.running.conditions import Conditions
from evals.sources import Sources


@dataclass(frozen=True)
class Suite:
    """One suite; `batches` finds its cases in the data, and raises BadRequest for a file that cannot be read."""

    name: str
    about: str
    metrics: tuple[Metric, ...]
    batches: Callable[[Sources, int], list[Batch]]
    samples: Path | None = None


Hold = Callable[[Batch, Conditions], AsyncIterator[Outcome]]
"""Opens a batch's material by the product's own path and yields the outcome of each of its cases as it comes; a case that fails is an
outcome as well. What cannot be opened at all may be raised: then every case of the batch crashed."""
