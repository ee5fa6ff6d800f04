"""A second count of what corpus questions count, straight from the store: every scorecard and every shaping is read, no index is asked.

It knows only what the store holds in so many words: grades, claims, who interviewed whom and when. It reads everything, and so takes
seconds where the product takes a fraction of one; it is there to be agreed with.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from agents.workbench import Workbench
from alignment.corpus_answer import Measure
from alignment.feedback import Shaping, Verdict
from alignment.people import Search
from alignment.record import OrganisationId

_BORNE = (Verdict.SUPPORTED,)


class Graded(NamedTuple):
    """One grade as the store holds it."""

    search: Search
    interview: str
    candidate: str
    held_on: date | None
    reader: str
    criterion: str
    grade: int


class Claimed(NamedTuple):
    """One settled claim: where it was made, by whom, and what became of it."""

    search: Search
    interview: str
    held_on: date | None
    reader: str
    criterion: str | None
    verdict: Verdict


@dataclass(frozen=True)
class Everything:
    """All grades and settled claims of an organisation, in plain rows."""

    graded: tuple[Graded, ...]
    claimed: tuple[Claimed, ...]
    interviews: tuple[tuple[Search, str, date | None], ...]


async def read_everything(bench: Workbench, organisation: OrganisationId) -> Everything:
    """The whole store of an organisation; rounds that are still open count for nothing and must be left out by the caller's corpus."""
    graded: list[Graded] = []
    claimed: list[Claimed] = []
    held = []
    after = ""
    while page := await bench.store.searches(organisation, after=after):
        for search in page:
            known = {i.id: i for i in await bench.store.interviews(organisation, search.id)}
            held += [(search, str(i.id), i.held_on) for i in known.values()]
            for card in await bench.store.scorecards(organisation, search.id, None):
                i = known[card.interview]
                graded += [Graded(search, i.id, i.candidate.id, i.held_on, card.interviewer, g.criterion, g.grade) for g in card.grades]
            for feedback in await bench.store.feedback_of(organisation, search=search.id):
                i = known[feedback.interview]
                for shaping in (await bench.store.shapings(organisation, feedback.id))[-1:]:
                    rows = _claims(shaping)
                    claimed += [Claimed(search, i.id, i.held_on, feedback.interviewer, criterion, verdict) for criterion, verdict in rows]
        after = page[-1].slug
    return Everything(tuple(graded), tuple(claimed), tuple(held))


def _claims(shaping: Shaping) -> Iterable[tuple[str | None, Verdict]]:
    yield from ((s.criterion, s.verdict) for s in shaping.statements)
    yield from ((q.criterion, q.verdict) for q in shaping.questions)


def counts(
    everything: Everything, measure: Measure, group: Callable[[Graded | Claimed], str], within: Callable[[Graded | Claimed], bool]
) -> dict[str, tuple[int, int]]:
    """By group, of how many it is so in how many; LOSSES, STRENGTHS, SPLITS and UNSUPPORTED alone."""
    if measure is Measure.SPLITS:
        return _splits(everything, group, within)
    if measure is Measure.UNSUPPORTED:
        return _unborne(everything, group, within)
    wanted = (1, 2) if measure is Measure.LOSSES else (3, 4)
    seen: dict[str, dict[tuple[str, str], bool]] = defaultdict(dict)
    for g in everything.graded:
        if within(g):
            pair = g.interview, g.criterion
            seen[group(g)][pair] = seen[group(g)].get(pair, False) or g.grade in wanted
    return {name: (len(pairs), sum(pairs.values())) for name, pairs in seen.items()}


def _splits(everything: Everything, group: Callable[..., str], within: Callable[..., bool]) -> dict[str, tuple[int, int]]:
    panels: dict[tuple[str, str], dict[str, int]] = defaultdict(dict)
    for g in everything.graded:
        panels[g.candidate + g.search.id, g.criterion][g.reader] = g.grade
    seen: dict[str, dict[tuple[str, str], bool]] = defaultdict(dict)
    for g in everything.graded:
        own = panels[g.candidate + g.search.id, g.criterion]
        if within(g) and len(own) > 1:
            seen[group(g)][g.candidate, g.criterion] = len({grade > 2 for grade in own.values()}) == 2
    return {name: (len(pairs), sum(pairs.values())) for name, pairs in seen.items()}


def _unborne(everything: Everything, group: Callable[..., str], within: Callable[..., bool]) -> dict[str, tuple[int, int]]:
    seen: dict[str, dict[str, bool]] = defaultdict(dict)
    for c in everything.claimed:
        if within(c):
            seen[group(c)][c.interview] = seen[group(c)].get(c.interview, False) or c.verdict not in _BORNE
    return {name: (len(held), sum(held.values())) for name, held in seen.items()}
