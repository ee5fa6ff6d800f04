"""Stretches of time: which of them point at something, and which touch each other."""

from collections.abc import Iterable, Sequence

LONGEST_S = 75.0
"""A stretch longer than this points at nothing in particular, and hits nothing."""

MOST = 6
"""How many stretches one line of a contract may point at; further ones are not looked at."""

Span = Sequence[float]


def overlap_s(a: Span, b: Span) -> float:
    """How long both last together, in seconds; negative where they do not meet."""
    return min(a[1], b[1]) - max(a[0], b[0])


def touches(spans: Iterable[Span], gold: Sequence[Span]) -> bool:
    """Whether any of the stretches meets any of the right ones."""
    return any(overlap_s(s, g) > 0 for s in spans for g in gold)


def pointed(spans: Iterable[Span] | None) -> list[Span]:
    """The stretches that point at something, no more than MOST of them."""
    return [s for s in spans or () if s[1] - s[0] <= LONGEST_S][:MOST]


def iou(a: Span, b: Span) -> float:
    """Intersection over union of two stretches."""
    both = max(0.0, overlap_s(a, b))
    either = max(a[1], b[1]) - min(a[0], b[0])
    return both / either if either > 0 else 0.0
