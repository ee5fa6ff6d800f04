"""Yes-or-no signals as counts that add up, and the figures made of them: balanced accuracy, also of a score that has to be parted."""

import random
from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from evals.case import Sums
from evals.metrics import Better, Columns, Values, column

BINS = 100
"""How finely a score from 0 to 1 is counted."""

HALVES = ("one", "other")


def counted(signal: str, told: Iterable[bool], true: Iterable[bool]) -> Sums:
    """Columns that count what a signal said where it was so (`tp`, `fn`) and where it was not (`fp`, `tn`)."""
    sums = {f"{signal} {name}": 0.0 for name in ("tp", "fp", "fn", "tn")}
    for said, so in zip(told, true, strict=True):
        sums[f"{signal} {('t' if said == so else 'f') + ('p' if said else 'n')}"] += 1
    return sums


def binned(signal: str, scores: Iterable[float], true: Iterable[bool], half: str) -> Sums:
    """Columns that count how often a score came out where it was so and where it was not, apart for each half of the groups."""
    sums: Sums = {}
    for score, so in zip(scores, true, strict=True):
        name = f"{signal} {half} {'so' if so else 'not'} {_bin(score):02d}"
        sums[name] = sums.get(name, 0.0) + 1
    return sums


def half_of(group: str, seed: int) -> str:
    """To which half a group belongs: by the seed and its name alone, so that no other group has a say in it."""
    return random.Random(f"{seed} {group}").choice(HALVES)


def _bin(score: float) -> int:
    return min(BINS - 1, max(0, int(score * BINS)))


def _balanced(tp: Values, fp: Values, fn: Values, tn: Values) -> Values:
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.asarray((tp / (tp + fn) + tn / (tn + fp)) / 2, dtype=np.float64)


@dataclass(frozen=True)
class BalancedAccuracy:
    """The mean of the shares that a signal is right on where it is so and where it is not; 0.5 is what a constant reaches."""

    name: str
    signal: str
    better: Better = "more"
    told: str = ""

    def value(self, sums: Columns) -> Values:
        """Balanced accuracy; NaN where one of the two is nowhere."""
        tp, fp, fn, tn = (column(sums, f"{self.signal} {name}") for name in ("tp", "fp", "fn", "tn"))
        return _balanced(tp, fp, fn, tn)

    def count(self, sums: Columns) -> Values:
        """How many things it is made of."""
        return np.asarray(sum(column(sums, f"{self.signal} {name}") for name in ("tp", "fp", "fn", "tn")), dtype=np.float64)


@dataclass(frozen=True)
class PartedAccuracy:
    """Balanced accuracy of a score: each half of the groups is parted where the other half is parted best.

    The threshold is found anew in every drawing, so that the interval holds what it costs not to know it.
    """

    name: str
    signal: str
    better: Better = "more"
    told: str = ""

    def value(self, sums: Columns) -> Values:
        """Balanced accuracy over both halves."""
        cells = {half: [self._above(sums, half, label) for label in ("so", "not")] for half in HALVES}
        counts = [self._counts(cells[own], cells[other]) for own, other in (HALVES, HALVES[::-1])]
        tp, fp, fn, tn = (np.asarray(a + b) for a, b in zip(*counts, strict=True))
        return _balanced(tp, fp, fn, tn)

    def count(self, sums: Columns) -> Values:
        """How many things it is made of."""
        return np.asarray(sum(self._above(sums, h, label)[..., 0] for h in HALVES for label in ("so", "not")), dtype=np.float64)

    def _above(self, sums: Columns, half: str, label: str) -> Values:
        """How many lie at each threshold or above it: one more axis, of thresholds."""
        cells = np.stack([column(sums, f"{self.signal} {half} {label} {n:02d}") for n in range(BINS)], axis=-1)
        return np.asarray(np.cumsum(cells[..., ::-1], axis=-1)[..., ::-1])

    @staticmethod
    def _counts(own: list[Values], other: list[Values]) -> tuple[Values, Values, Values, Values]:
        so, no = other
        reached = _balanced(so, no, so[..., :1] - so, no[..., :1] - no)
        known = np.where(np.isfinite(reached), reached, 0.0)
        # Of equals the highest, which is a score that occurs and not the empty space below it.
        best = BINS - 1 - np.argmax(known[..., ::-1], axis=-1)[..., None]
        tp, fp = (np.take_along_axis(cells, best, axis=-1)[..., 0] for cells in own)
        return tp, fp, own[0][..., 0] - tp, own[1][..., 0] - fp
