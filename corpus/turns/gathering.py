"""Which windows are one voice: gathered from the likest on, first within each stretch, then over the whole recording.

How like two groups are is the mean cosine over all pairs of their windows. Their sums tell it, which keeps a recording of hours small.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from corpus.turns.listening import Voiced

Groups = NDArray[np.int64]
"""The group of each item, counted from 0."""

MOST = 1200
"""So many groups are gathered over the recording; the smallest are left out, and their words are heard by those of the rest."""

_NEVER = -9.0


@dataclass(frozen=True, slots=True)
class Merge:
    """Two items become one, `kept`, at that likeness."""

    kept: int
    gone: int
    likeness: float


def merges(sums: NDArray[np.float64], counts: NDArray[np.float64], least: float) -> tuple[Merge, ...]:
    """All mergers, the likest first, down to the `least` likeness."""
    sums, counts = sums.copy(), counts.copy()
    live = np.ones(len(counts), dtype=bool)
    like = sums @ sums.T / np.outer(counts, counts)
    np.fill_diagonal(like, _NEVER)
    found: list[Merge] = []
    while len(found) < len(counts) - 1:
        kept, gone = divmod(int(like.argmax()), len(counts))
        likeness = float(like[kept, gone])
        if likeness < least:
            break
        found.append(Merge(kept, gone, likeness))
        sums[kept] += sums[gone]
        counts[kept] += counts[gone]
        live[gone] = False
        row = sums @ sums[kept] / (counts * counts[kept])
        row[~live] = row[kept] = _NEVER
        like[kept], like[:, kept] = row, row
        like[gone], like[:, gone] = _NEVER, _NEVER
    return tuple(found)


def groups_at(size: int, merged: Sequence[Merge], bar: float) -> Groups:
    """The groups that there are where all mergers at or above the bar are made."""
    group = np.arange(size)
    for merge in merged:
        if merge.likeness < bar:
            break
        group[group == merge.gone] = merge.kept
    return np.asarray(np.unique(group, return_inverse=True)[1], dtype=np.int64)


def groupings(stretches: Sequence[Voiced], bars: Sequence[float]) -> list[Groups]:
    """For each bar the group of each window of all stretches; -1 where it is in none."""
    fine: list[Groups] = []
    sums: list[NDArray[np.float64]] = []
    counts: list[NDArray[np.float64]] = []
    for vectors in stretches:
        group = groups_at(len(vectors), merges(vectors.astype(np.float64), np.ones(len(vectors)), max(bars)), max(bars))
        fine.append(group + sum(len(c) for c in counts))
        summed = np.zeros((group.max() + 1, vectors.shape[1]))
        np.add.at(summed, group, vectors)
        sums.append(summed)
        counts.append(np.bincount(group).astype(np.float64))
    window, summed, counted = np.concatenate(fine), np.concatenate(sums), np.concatenate(counts)
    kept = np.sort(np.argsort(-counted, kind="stable")[:MOST])
    merged = merges(summed[kept], counted[kept], min(bars))
    found = []
    for bar in bars:
        group = np.full(len(counted), -1)
        group[kept] = groups_at(len(kept), merged, bar)
        found.append(group[window])
    return found


def voices_of(vectors: Voiced, group: Groups, fewest: int, nobody: float) -> Voiced:
    """The mean vector of each group that is large enough, made anew of the windows that are likest to it; shape (voices, dimensions)."""
    sizes = np.bincount(group[group >= 0])
    means = [vectors[group == g].sum(axis=0) for g in np.flatnonzero(sizes >= fewest)]
    if not means:
        return np.zeros((0, vectors.shape[1]), np.float32)
    voices = _unit(np.stack(means))
    for _ in range(2):
        like = vectors @ voices.T
        own = like.argmax(axis=1)
        mine = [(own == v) & (like[:, v] > nobody) for v in range(len(voices))]
        voices = _unit(np.stack([vectors[m].sum(axis=0) if m.any() else voices[v] for v, m in enumerate(mine)]))
    return voices


def _unit(vectors: Voiced) -> Voiced:
    return np.asarray(vectors / np.maximum(np.linalg.norm(vectors, axis=1, keepdims=True), 1e-9), dtype=np.float32)
