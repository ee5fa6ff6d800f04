"""Kinds of evidence that the rules go by, each of which a run can do without: what it is worth shows in `compare`."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from types import ModuleType

from agents.feedback_shaper.rules import kinds, ties, weighing
from alignment.errors import NotFound

EVIDENCE: dict[str, tuple[ModuleType, str, float | str]] = {
    "panel": (ties, "_FOCUS", 0.0),
    "intake": (ties, "_SAID", 0.0),
    "criterion": (weighing, "_CRITERION", 0.0),
    "substance": (weighing, "_SUBSTANCE", 0.0),
    "question": (weighing, "_ASKED", 0.0),
    "order": (weighing, "_ORDER", 0.0),
    "length": (weighing, "_LENGTH", 0.0),
    "kinds": (kinds, "EMBEDDER", "no embedder has this name"),
}
"""What can be left out: where its weight stands, and what it is without."""


def check_evidence(names: Sequence[str]) -> None:
    """Pass where all of these can be left out; NotFound names one that cannot."""
    if unknown := [name for name in names if name not in EVIDENCE]:
        raise NotFound(f"There is no evidence called {unknown[0]}", where="--without", todo=f"There are: {', '.join(EVIDENCE)}.")


@contextmanager
def left_out(names: Sequence[str]) -> Iterator[None]:
    """Without these kinds of evidence, in this process, until the block ends."""
    before = [(*EVIDENCE[name][:2], getattr(*EVIDENCE[name][:2])) for name in names]
    for name in names:
        setattr(*EVIDENCE[name])
    try:
        yield
    finally:
        for module, weight, value in before:
            setattr(module, weight, value)
