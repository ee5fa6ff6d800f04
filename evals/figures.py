"""From outcomes to figures with their intervals, and beside each what needs no understanding to be reached.

Intervals are 95% percentile intervals of a two-stage bootstrap: groups (a search, a meeting) are drawn anew with replacement, and within
each the cases. Cases of one group resemble each other, so drawing cases alone would make the intervals too narrow; with few groups
these are wide, which is the truth about few groups. Repeats of a case are averaged first: they are not further cases.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from pydantic import Field

from alignment.record import Record
from evals.case import Outcome, State, Sums
from evals.metrics import Better, Metric, Ratio, Total, Values

DRAWS = 2000
LEVELS = (2.5, 97.5)
FEWEST = 5
"""Of fewer cases there is no interval."""


class Figure(Record):
    """One figure: its value and 95% interval (None where it is made of nothing), of how many, and how many cases could not be scored.

    `controls` are what answers without understanding reach; `sd` is the standard deviation over repeats, where there are several.
    """

    value: float | None
    lo: float | None
    hi: float | None
    n: float
    unscored: int
    better: Better = ""
    controls: dict[str, float | None] = Field(default_factory=dict)
    sd: float | None = None


Summary = dict[str, dict[str, Figure]]
"""Figures by suite and name, as summary.json has them."""

COMMON: tuple[Metric, ...] = (
    Total("crashed", "crashed", "cases", told="cases at which the product failed"),
    Ratio("model_failures", "failed", "asked", "less", "requests to a chat model that failed"),
    Ratio("tokens_in", "tokens_in", "cases", "less", "tokens sent to chat models, a case"),
    Ratio("tokens_out", "tokens_out", "cases", "less", "tokens that chat models wrote, a case"),
    Ratio("seconds", "seconds", "cases", "less", "seconds of wall clock, a case"),
)
"""What every suite has beside its own."""


@dataclass(frozen=True)
class Table:
    """The sums of a suite's cases, a row a case: `columns` by name, which group each belongs to, and their ids."""

    cases: tuple[str, ...]
    groups: tuple[str, ...]
    columns: Mapping[str, Values]

    def totals(self, weights: Values) -> dict[str, Values]:
        """Every column summed, each case counted as often as `weights` (… × cases) says."""
        return {name: weights @ values for name, values in self.columns.items()}


def table_of(outcomes: Iterable[Outcome], control: str = "") -> Table:
    """The table of outcomes, repeats averaged; with `control`, of what that control reaches. Crashed and unscored cases keep their row."""
    rows: dict[str, list[Sums]] = defaultdict(list)
    groups: dict[str, str] = {}
    for o in outcomes:
        rows[o.case].append(_sums(o, control))
        groups[o.case] = o.group
    names = sorted({name for repeats in rows.values() for row in repeats for name in row})
    columns = {name: np.zeros(len(rows)) for name in names}
    for n, repeats in enumerate(rows.values()):
        for row in repeats:
            for name, value in row.items():
                columns[name][n] += value / len(repeats)
    return Table(tuple(rows), tuple(groups.values()), columns or {"cases": np.zeros(len(rows))})


def _sums(outcome: Outcome, control: str) -> Sums:
    own = {"cases": 1.0, "crashed": float(outcome.state is State.CRASHED)}
    if control:
        return {**own, **outcome.controls.get(control, {})}
    cost = outcome.cost
    spent = {"asked": cost.asked, "failed": cost.failed, "tokens_in": cost.tokens_in, "tokens_out": cost.tokens_out}
    return {**own, **{k: float(v) for k, v in spent.items()}, "seconds": outcome.took_s, **outcome.sums}


def drawn(groups: Sequence[str], seed: int, draws: int = DRAWS) -> NDArray[np.float64]:
    """How often each case is taken in each drawing (draws × cases): groups first, then the cases within each."""
    random = np.random.default_rng(seed)
    names, at = np.unique(np.asarray(groups), return_inverse=True)
    often = random.multinomial(len(names), np.full(len(names), 1 / len(names)), size=draws)
    weights = np.zeros((draws, len(groups)))
    for g in range(len(names)):
        members = np.flatnonzero(at == g)
        # Drawn as often as the group is, so that a group taken twice brings twice as many cases, each drawn on its own.
        weights[:, members] = random.multinomial(often[:, g] * len(members), np.full(len(members), 1 / len(members)))
    return weights


def summed_up(metrics: Mapping[str, Sequence[Metric]], outcomes: Sequence[Outcome], seed: int) -> Summary:
    """The figures of every suite that has outcomes."""
    of: dict[str, list[Outcome]] = defaultdict(list)
    for o in outcomes:
        of[o.suite].append(o)
    return {suite: figures(own, of[suite], seed) for suite, own in metrics.items() if of[suite]}


def figures(metrics: Sequence[Metric], outcomes: Sequence[Outcome], seed: int) -> dict[str, Figure]:
    """The figures of one suite by name."""
    table = table_of(outcomes)
    weights, enough = drawn(table.groups, seed), enough_to_draw(table)
    whole, parts = table.totals(np.ones((1, len(table.cases)))), table.totals(weights)
    controls = {name: table_of(outcomes, name) for name in sorted({c for o in outcomes for c in o.controls})}
    reached = {name: t.totals(np.ones((1, len(t.cases)))) for name, t in controls.items()}
    repeats = [table_of([o for o in outcomes if o.repeat == r]) for r in sorted({o.repeat for o in outcomes})]
    unscored = len({o.case for o in outcomes if o.state is not State.SCORED})
    made = {}
    for m in (*metrics, *COMMON):
        spread = [_one(m.value(t.totals(np.ones((1, len(t.cases)))))) for t in repeats] if len(repeats) > 1 else []
        lo, hi = interval(m.value(parts)) if enough else (None, None)
        made[m.name] = Figure(
            value=_one(m.value(whole)),
            lo=lo,
            hi=hi,
            n=round(float(m.count(whole)[0]), 3),
            unscored=unscored,
            better=m.better,
            controls={name: _one(m.value(r)) for name, r in reached.items()} if m in metrics else {},
            sd=round(float(np.std([s for s in spread if s is not None], ddof=1)), 4) if sum(s is not None for s in spread) > 1 else None,
        )
    return made


def enough_to_draw(table: Table) -> bool:
    """Whether there are cases enough for an interval to mean anything: of one or two, drawing makes no more than there is."""
    return len(table.cases) >= FEWEST


def interval(values: Values) -> tuple[float | None, float | None]:
    """The 95% interval of drawn figures; none where the figure is made of nothing."""
    known = values[np.isfinite(values)]
    if not len(known):
        return None, None
    low, high = np.percentile(known, LEVELS)
    return round(float(low), 4), round(float(high), 4)


def _one(values: Values) -> float | None:
    return round(float(values[0]), 4) if np.isfinite(values[0]) else None
