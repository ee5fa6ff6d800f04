"""Cases over a search that is in none of the folders: told as such, and no crash."""

from collections.abc import AsyncIterator

from evals.case import Batch, Outcome
from evals.running.conditions import Conditions


async def hold(batch: Batch, given: Conditions) -> AsyncIterator[Outcome]:
    """Each case as one that cannot be scored."""
    for case in batch.cases:
        yield Outcome.unscorable(case, f"there is no search {batch.source} in the data")
