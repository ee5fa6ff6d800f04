"""Two runs held against each other, case by case: how far each figure moved, whether that is more than chance, and which cases flipped.

Both are drawn anew with the same cases (a paired bootstrap), so that what makes a case hard cancels out.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from alignment.errors import Conflict
from alignment.record import Record
from evals.case import Outcome, State
from evals.figures import COMMON, Table, drawn, enough_to_draw, interval, table_of
from evals.metrics import Better, Metric
from evals.running.folder import Run
from evals.suites import SUITES

CRASHED = "crashed"


class Moved(Record):
    """One figure in both runs over the cases that both could score; `lo` and `hi` are the 95% interval of the difference."""

    suite: str
    metric: str
    before: float | None
    after: float | None
    difference: float | None
    lo: float | None
    hi: float | None
    better: Better

    @property
    def told(self) -> str:
        """Better, worse, or no difference that chance does not make as well."""
        if self.metric == CRASHED and self.difference:  # counted, not drawn
            return "worse" if self.difference > 0 else "better"
        if self.lo is None or self.hi is None or self.lo <= 0 <= self.hi:
            return "no difference told from chance"
        if not self.better:
            return "more" if self.lo > 0 else "less"
        return "better" if (self.lo > 0) == (self.better == "more") else "worse"


class Flip(Record):
    """One mark of one case that came out otherwise."""

    suite: str
    case: str
    mark: str
    after: bool


@dataclass(frozen=True)
class Comparison:
    """Everything in which two runs differ; `changed` are lines of the manifests that do."""

    before: Run
    after: Run
    moved: tuple[Moved, ...]
    flips: tuple[Flip, ...]
    changed: Mapping[str, tuple[Any, Any]]
    alone: int

    def as_json(self) -> dict[str, Any]:
        """All of it as plain values."""
        return {
            "before": str(self.before.path),
            "after": str(self.after.path),
            "figures": [{**m.model_dump(), "told": m.told} for m in self.moved],
            "flips": [f.model_dump() for f in self.flips],
            "changed": {name: {"before": a, "after": b} for name, (a, b) in self.changed.items()},
            "cases_in_one_alone": self.alone,
        }


def compared(before: Run, after: Run, seed: int = 7) -> Comparison:
    """The comparison of two runs; Conflict where they have no scored case in common."""
    pairs = [_scored(run) for run in (before, after)]
    common = pairs[0].keys() & pairs[1].keys()
    if not common:
        raise Conflict("These two runs have no scored case in common", where=f"{before.path}, {after.path}")
    moved: list[Moved] = []
    for name in dict.fromkeys(suite for suite, _ in sorted(common)):
        metrics = SUITES[name].metrics if name in SUITES else ()
        moved.append(_crashes(name, before, after))
        drawn_ones = [m for m in (*metrics, *COMMON) if m.name != CRASHED]
        moved += _moved(name, tuple(drawn_ones), [[o for k in sorted(common) if k[0] == name for o in p[k]] for p in pairs], seed)
    flips = [f for key in sorted(common) for f in _flips(pairs[0][key], pairs[1][key])]
    alone = len(pairs[0].keys() ^ pairs[1].keys())
    return Comparison(before, after, tuple(moved), tuple(flips), changed(before.manifest, after.manifest), alone)


def _crashes(suite: str, before: Run, after: Run) -> Moved:
    """How many cases of the suite crashed in each run, of all that it has: a case that crashed is in no other figure."""
    a, b = (len({o.case for o in run.outcomes if o.suite == suite and o.state is State.CRASHED}) for run in (before, after))
    return Moved(suite=suite, metric=CRASHED, before=a, after=b, difference=b - a, lo=None, hi=None, better="less")


def _scored(run: Run) -> dict[tuple[str, str], list[Outcome]]:
    """The outcomes by case, of those cases that were scored at every repeat."""
    found: dict[tuple[str, str], list[Outcome]] = {}
    for o in run.outcomes:
        found.setdefault((o.suite, o.case), []).append(o)
    return {key: of for key, of in found.items() if all(o.state is State.SCORED for o in of)}


def _moved(suite: str, metrics: tuple[Metric, ...], outcomes: list[list[Outcome]], seed: int) -> list[Moved]:
    a, b = (table_of(of) for of in outcomes)
    weights = drawn(a.groups, seed)
    whole = np.ones((1, len(a.cases)))
    return [_figure(suite, m, a, b, weights, whole) for m in metrics]


def _figure(suite: str, metric: Metric, a: Table, b: Table, weights: Any, whole: Any) -> Moved:
    before, after = (float(metric.value(t.totals(whole))[0]) for t in (a, b))
    moved = metric.value(b.totals(weights)) - metric.value(a.totals(weights))
    lo, hi = interval(moved) if enough_to_draw(a) else (None, None)
    return Moved(
        suite=suite,
        metric=metric.name,
        before=_known(before),
        after=_known(after),
        difference=_known(after - before),
        lo=lo,
        hi=hi,
        better=metric.better,
    )


def _known(value: float) -> float | None:
    return round(value, 4) if np.isfinite(value) else None


def _flips(before: list[Outcome], after: list[Outcome]) -> list[Flip]:
    a, b = _marks(before), _marks(after)
    return [Flip(suite=after[0].suite, case=after[0].case, mark=m, after=b[m]) for m in a if m in b and a[m] != b[m]]


def _marks(outcomes: list[Outcome]) -> dict[str, bool]:
    """Each mark as most repeats have it."""
    names = dict.fromkeys(m for o in outcomes for m in o.marks)
    return {m: 2 * sum(o.marks.get(m, False) for o in outcomes) > len(outcomes) for m in names}


_TELLING = ("model", "without", "seed", "repeat", "settings", "prompts", "materials", "program", "python", "versions")


def changed(before: Mapping[str, Any], after: Mapping[str, Any]) -> dict[str, tuple[Any, Any]]:
    """The lines of two manifests that differ and that may be why: program, settings, prompts by their hashes, data, versions."""
    told = [_flat({k: m.get(k) for k in _TELLING}) for m in (before, after)]
    names = dict.fromkeys([*told[0], *told[1]])
    return {n: (told[0].get(n), told[1].get(n)) for n in names if told[0].get(n) != told[1].get(n)}


def _flat(told: Mapping[str, Any], prefix: str = "") -> dict[str, Any]:
    flat: dict[str, Any] = {}
    for name, value in told.items():
        at = f"{prefix}{name}"
        flat |= _flat(value, f"{at}: ") if isinstance(value, dict) else {at: value}
    return flat
