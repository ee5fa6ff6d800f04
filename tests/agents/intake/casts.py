"""Counterparts for a live intake, each by its name from the samples that the evaluation holds sessions with too."""

from evals.counterparts import MANAGER, RECRUITER, Counterpart, Line, counterpart_of
from evals.sources import SAMPLES, read_cases

R, M = RECRUITER, MANAGER


def cast_of(number: str) -> tuple[Counterpart, ...]:
    """One cast whole, in its order."""
    return tuple(counterpart_of(c.id, c.given) for c in read_cases(SAMPLES / "intake" / f"{number}.jsonl", "intake"))


def expected_of(number: str) -> dict[str, str]:
    """How a fair human would have each session of a cast end, by the counterpart's name."""
    return {c.id: c.expected["done"] for c in read_cases(SAMPLES / "intake" / f"{number}.jsonl", "intake")}


CASTS = cast_of("first")
PLAIN, VAGUE, NINE, PAIR, SILENT, AHEAD, LATE, PASTED, YOUNG = CASTS

__all__ = ["CASTS", "Counterpart", "Line", "M", "R", "cast_of", "expected_of"]
