"""Counting: from groups of cells to rows, exact to the interview, the surest first."""

from collections.abc import Mapping
from dataclasses import dataclass
from statistics import median

from agents.corpus_questions.groups import Group
from agents.corpus_questions.measures import GRADED, Counted
from agents.corpus_questions.reach import Reach, narrowed
from agents.corpus_questions.statistics import mean_of, wilson
from alignment.corpus_answer import CALIBRATED, FEWEST, CorpusRow, Measure, Severity
from retrieval.index import CellScope


@dataclass(frozen=True)
class Row:
    """A group with its counts, before it has a name and citations; `enough` says whether it may be shown."""

    group: Group
    row: CorpusRow
    enough: bool
    order: float


async def count(reach: Reach, measure: Measure, counted: Counted, group: Group, scope: CellScope) -> Row | None:
    """The group's row; None where nothing in it is counted at all."""
    own = narrowed(scope, group.having)
    interviews = await reach.how_many(narrowed(own, counted.of), "interview")
    if not interviews and measure is not Measure.CALIBRATION:
        return None
    if measure is Measure.CALIBRATION:
        return await _calibrated(reach, counted, group, own)
    of = await _units(reach, counted, narrowed(own, counted.of))
    independent = await reach.how_many(narrowed(own, counted.of), counted.unit)
    row = CorpusRow(group="", of=of, interviews=interviews, parts=await _parts(reach, measure, counted, own))
    if measure is Measure.GRADES:
        row = row.model_copy(update={"median": _median(row.parts)})
    if counted.so is not None:
        row = _shared(row, await _units(reach, counted, narrowed(own, counted.so)), independent)
    return Row(group, row, await _enough(reach, measure, narrowed(own, counted.of), min(interviews, independent)), _order(row, counted))


async def _enough(reach: Reach, measure: Measure, scope: CellScope, many: int) -> bool:
    """A count of what there is always is; readings need three interviews, and two candidates, or it would be one person's debrief."""
    if measure is Measure.COUNTS:
        return many > 0
    if many < FEWEST:
        return False
    return measure in (Measure.PROBING, Measure.SPLITS) or len(await reach.values(scope, "candidate")) > 1


async def _units(reach: Reach, counted: Counted, scope: CellScope) -> int:
    return await reach.readings(scope, counted.unit) if counted.readings else await reach.how_many(scope, counted.unit)


def _shared(row: CorpusRow, so: int, independent: int) -> CorpusRow:
    """The share of so many, with an interval as wide as that many independent ones give."""
    share = so / row.of if row.of else None
    lo, hi = wilson((share or 0.0) * independent, independent)
    return row.model_copy(update={"so": so, "share": share, "lo": lo, "hi": hi})


def _order(row: CorpusRow, counted: Counted) -> float:
    """The surest first: by the near end of the interval, so that one of one does not stand above forty of fifty."""
    if row.lo is None or row.hi is None:
        return -float(row.of)
    return -row.lo if counted.highest else row.hi


async def _parts(reach: Reach, measure: Measure, counted: Counted, own: CellScope) -> dict[str, int]:
    if measure is Measure.GRADES:
        held = await reach.cells.facet(narrowed(own, GRADED), "grade")
        return {grade: held.get(grade, 0) for grade in GRADED["grade"]}
    if measure is Measure.COUNTS:
        return {f"{name}{'es' if name == 'search' else 's'}": await reach.how_many(own, name) for name in ("candidate", "search")}
    found = {name: await _units(reach, counted, narrowed(own, having)) for name, having in counted.parts.items()}
    return {name: n for name, n in found.items() if n}


def _median(parts: Mapping[str, int]) -> float:
    return float(median([int(grade) for grade, n in parts.items() for _ in range(n)]))


async def _calibrated(reach: Reach, counted: Counted, group: Group, own: CellScope) -> Row | None:
    """How a reader's grades lie beside the panel's and beside what settled claims show; shown from so many interviews on."""
    beside = await reach.cells.facet(own, "beside")
    compared = await reach.how_many(own.also(beside=tuple(beside)), "interview")
    interviews = await reach.how_many(narrowed(own, counted.of), "interview")
    if not compared and not interviews:
        return None
    row = CorpusRow(group="", of=interviews, interviews=max(compared, interviews))
    if compared >= CALIBRATED:
        halves = {int(value) / 2: n for value, n in beside.items()}
        mean, lo, hi, spread = mean_of(halves, compared)
        searches = await reach.how_many(own.also(beside=tuple(beside)), "search")
        told = Severity(
            mean=mean, lo=lo, hi=hi, spread=spread, readings=sum(beside.values()), interviews=compared, searches=searches
        )  # fmt: skip
        row = row.model_copy(update={"severity": told})
    if interviews >= CALIBRATED:
        row = _shared(row, await reach.how_many(narrowed(own, counted.so or {}), "interview"), interviews)
        readings = {name: await reach.cells.count(narrowed(own, having)) for name, having in counted.parts.items()}
        row = row.model_copy(update={"parts": readings})
    enough = max(compared, interviews) >= CALIBRATED
    return Row(group, row, enough, row.severity.mean if row.severity else -(row.lo or 0.0))
