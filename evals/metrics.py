"""Figures as functions of sums: each kind says which columns it reads, and computes one value from each row of summed columns.

Because a figure depends on sums alone, drawing cases anew for an interval is a product of matrices, and any figure can be paired.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal, Protocol

import numpy as np
from numpy.typing import NDArray

Values = NDArray[np.float64]
Columns = Mapping[str, Values]
"""Summed columns by name, each of the same shape: one number for each drawing."""

Better = Literal["more", "less", ""]


class Metric(Protocol):
    """A figure of a suite: its name, which way is better (empty: neither), what it says in a sentence, and its value."""

    @property
    def name(self) -> str:
        """The name in summary.json."""

    @property
    def better(self) -> Better:
        """Whether more of it is better, or less."""

    @property
    def told(self) -> str:
        """What it says, in one sentence."""

    def value(self, sums: Columns) -> Values:
        """The figure for each drawing; NaN where it is made of nothing."""

    def count(self, sums: Columns) -> Values:
        """How many things it is made of."""


def column(sums: Columns, name: str) -> Values:
    """A column; zeros where no case has it."""
    found = sums.get(name)
    return found if found is not None else np.zeros_like(next(iter(sums.values())))


def _share(top: Values, bottom: Values) -> Values:
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.asarray(np.where(bottom > 0, top / bottom, np.nan), dtype=np.float64)


@dataclass(frozen=True)
class Ratio:
    """One column over another: a share of hits, or a mean where `of` counts."""

    name: str
    hit: str
    of: str
    better: Better = "more"
    told: str = ""

    def value(self, sums: Columns) -> Values:
        """The ratio."""
        return _share(column(sums, self.hit), column(sums, self.of))

    def count(self, sums: Columns) -> Values:
        """What it is a ratio of."""
        return column(sums, self.of)


@dataclass(frozen=True)
class F1:
    """F1 from three columns: what was rightly found, all that was told, all that is there; 0 where either of the last two is nothing."""

    name: str
    hit: str
    told_of: str
    there: str
    better: Better = "more"
    told: str = ""

    def value(self, sums: Columns) -> Values:
        """F1."""
        return _share(2 * column(sums, self.hit), column(sums, self.told_of) + column(sums, self.there))

    def count(self, sums: Columns) -> Values:
        """How many there are to find."""
        return column(sums, self.there)


def pair(label: str, gold: str, told: str | None) -> str:
    """The column that counts how often `told` was said where `gold` is right."""
    return f"{label}:{gold}>{told or ''}"


@dataclass(frozen=True)
class MacroF1:
    """The mean F1 over the classes that are right somewhere, from columns made by `pair`."""

    name: str
    label: str
    better: Better = "more"
    told: str = ""

    def _pairs(self, sums: Columns) -> dict[tuple[str, str], Values]:
        mark = f"{self.label}:"
        split = {name: name.removeprefix(mark).partition(">") for name in sums if name.startswith(mark)}
        return {(gold, said): sums[name] for name, (gold, _, said) in split.items()}

    def value(self, sums: Columns) -> Values:
        """Macro-F1; a class that a drawing has nowhere as the right one counts for nothing in it."""
        pairs = self._pairs(sums)
        classes = sorted({gold for gold, _ in pairs})
        if not classes:
            return np.full_like(next(iter(sums.values())), np.nan)
        nothing = np.zeros_like(next(iter(sums.values())))
        scores = []
        for c in classes:
            gold = sum((v for (g, _), v in pairs.items() if g == c), nothing)
            said = sum((v for (_, s), v in pairs.items() if s == c), nothing)
            scores.append(np.where(gold > 0, _share(2 * pairs.get((c, c), nothing), gold + said), np.nan))
        stacked = np.stack(scores)
        there = np.isfinite(stacked).sum(axis=0)
        return _share(np.nansum(stacked, axis=0), there.astype(np.float64))

    def count(self, sums: Columns) -> Values:
        """How many pairs there are."""
        nothing = np.zeros_like(next(iter(sums.values())))
        return np.asarray(sum(self._pairs(sums).values(), nothing), dtype=np.float64)


@dataclass(frozen=True)
class Total:
    """A plain count over all cases, such as of quotes that nobody said; `of` is what it is counted among."""

    name: str
    hit: str
    of: str
    better: Better = "less"
    told: str = ""

    def value(self, sums: Columns) -> Values:
        """The count."""
        return column(sums, self.hit)

    def count(self, sums: Columns) -> Values:
        """How many were looked at."""
        return column(sums, self.of)
