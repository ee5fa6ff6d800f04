"""What a run is going to ask: the suites' batches over the data, those of one material put together, and no more cases than are wanted."""

import random
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import replace

from alignment.errors import BadRequest, NotFound
from evals.case import Batch, Case
from evals.sources import Sources
from evals.suite import Suite


def planned(suites: Iterable[Suite], sources: Sources, seed: int, limit: int = 0, *, lenient: bool = False) -> list[Batch]:
    """The batches of a run, at most `limit` cases a suite (0: all), drawn by the seed.

    Errors: NotFound for a suite without any case in the data (`lenient` leaves it out), BadRequest for two cases of one name.
    """
    found: list[Batch] = []
    for suite in suites:
        own = [b for b in suite.batches(sources, seed) if b.cases]
        if not own and lenient:
            continue
        if not own:
            places = ", ".join(str(root) for root in sources.roots)
            raise NotFound(
                f"The suite {suite.name} finds no case there",
                where=places,
                todo="`python -m evals suites` tells the layouts that it reads.",
            )
        _each_once(own)
        found += _limited(own, seed, limit)
    return _joined(found)


def _each_once(batches: Sequence[Batch]) -> None:
    seen: dict[str, Batch] = {}
    for batch in batches:
        for case in batch.cases:
            if other := seen.get(case.id):
                places = f"{other.source}, {batch.source}"
                raise BadRequest(f"Two cases of {case.suite} are called {case.id}", where=places, todo="Give one of them another name.")
            seen[case.id] = batch


def _limited(batches: Sequence[Batch], seed: int, limit: int) -> list[Batch]:
    ids = sorted(case.id for batch in batches for case in batch.cases)
    if not limit or len(ids) <= limit:
        return list(batches)
    kept = set(random.Random(seed).sample(ids, limit))
    cut = (replace(b, cases=tuple(c for c in b.cases if c.id in kept)) for b in batches)
    return [b for b in cut if b.cases]


def _joined(batches: Iterable[Batch]) -> list[Batch]:
    """Batches of one kind over one material as one, so that it is opened once for several suites."""
    cases: dict[tuple[str, str, str], list[Case]] = defaultdict(list)
    first: dict[tuple[str, str, str], Batch] = {}
    for b in batches:
        key = b.kind, str(b.source), b.digest
        first.setdefault(key, b)
        cases[key] += b.cases
    return [replace(b, cases=tuple(cases[key])) for key, b in first.items()]
