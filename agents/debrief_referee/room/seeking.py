"""Where the record speaks of what a question is about, and whether it does at all."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from math import exp, log1p

import numpy as np

from agents.debrief_referee.material import Material
from alignment.record import InterviewId
from retrieval.nearness import Nearness
from retrieval.question import stems
from retrieval.stretches import Stretch

Near = Callable[[str, InterviewId], Awaitable[Mapping[int, Nearness]]]
"""Gives how near each utterance of an interview is to a text."""

Alike = Callable[[str, Sequence[str]], Awaitable[list[float]]]
"""Gives the cosine between a text and each of some others."""

HOLDS = 1.15
"""From here on (the share of a question's words that an exchange holds, and twice the cosine, both at their best) the record speaks of it.

On questions about five candidates, asked of their own record and of the others', .81 of the first and .30 of the second lie above."""

NEARS = 0.95
"""Below that nothing comes near enough to be shown: .95 of the first and .61 of the second lie above."""

WEIGHTS = {
    "terms": 1.0,
    "window_terms": 1.0,
    "meaning": 1.0,
    "window_meaning": 1.0,
    "told": 0.5,
    "length": 1.0,
    "beside": 6.0,
    "speaks": 2.0,
}
_SIGNALS = ("terms", "window_terms", "meaning", "window_meaning")
_ZERO = Nearness()


@dataclass(frozen=True)
class Spot:
    """One stretch of one utterance towards a question: `near` is standardised over all that were looked at, `meaning` the raw cosine.

    `shared` is the share of the question's words that its exchange holds, `answers` whether the one interviewed says it.
    """

    interview: InterviewId
    exchange: int
    utterance: int
    stretch: Stretch
    answers: bool
    near: float
    meaning: float
    shared: float
    told: float


@dataclass(frozen=True)
class Sought:
    """What to look for: `about` are its content words, `question` the sentence as it was put, `beside` the exchanges shown before.

    Words are matched by the content words and meaning by the sentence; what stands near the moments of the answer before comes first,
    and what `candidate` or `readers` say, whichever `by` names.
    """

    about: str
    question: str = ""
    beside: tuple[tuple[InterviewId, int], ...] = ()
    by: str = ""


async def seek(material: Material, sought: Sought, interviews: Sequence[InterviewId], near: Near) -> list[Spot]:
    """Every stretch of those interviews, the nearest first; none that speaks to an AI reader."""
    found: list[tuple[Spot, Nearness]] = []
    wanted = wanted_of(sought.about)
    for interview in interviews:
        if interview in material.transcripts:
            words = await near(sought.about, interview)
            meant = await near(sought.question, interview) if sought.question else words
            found += _of_one(material, interview, wanted, words, meant)
    columns = [WEIGHTS[name] * _standardised([getattr(n, name) for _, n in found]) for name in _SIGNALS]
    columns.append(WEIGHTS["told"] * _standardised([s.told for s, _ in found]))
    columns.append(WEIGHTS["length"] * _standardised([log1p(len(s.stretch.text.split())) for s, _ in found]))
    columns.append(WEIGHTS["beside"] * np.array([_beside(s, sought.beside) for s, _ in found], dtype=float))
    columns.append(
        WEIGHTS["speaks"] * np.array([bool(sought.by) and s.answers is (sought.by == "candidate") for s, _ in found], dtype=float)
    )
    total = sum(columns, start=np.zeros(len(found)))
    order = sorted(range(len(found)), key=lambda k: (-total[k], found[k][0].interview, found[k][0].utterance, found[k][0].stretch.start))
    return [replace(found[k][0], near=float(total[k])) for k in order]


def _beside(spot: Spot, beside: Sequence[tuple[InterviewId, int]]) -> float:
    """1 in an exchange that was shown before, falling off with the exchanges in between."""
    return max((exp(-abs(spot.exchange - n) / 2) for i, n in beside if i == spot.interview), default=0.0)


def _of_one(
    material: Material, interview: InterviewId, wanted: frozenset[str], words: Mapping[int, Nearness], meant: Mapping[int, Nearness]
) -> list[tuple[Spot, Nearness]]:
    shared = {n: share_of(wanted, held) for n, held in material.words[interview].items()}
    found = []
    for h in material.heard[interview]:
        by_words, by_meaning = words.get(h.utterance, _ZERO), meant.get(h.utterance, _ZERO)
        own = Nearness(by_words.terms, by_words.window_terms, by_meaning.meaning, by_meaning.window_meaning)
        spot = Spot(interview, h.exchange, h.utterance, h.stretch, h.answers, 0.0, own.meaning, shared[h.exchange], h.told)
        found.append((spot, own))
    return found


def wanted_of(about: str) -> frozenset[str]:
    """What to look for in words: their stems, or the words themselves where they have none."""
    return stems(about) or frozenset(about.casefold().split())


def words_in(text: str) -> frozenset[str]:
    """A text's words and their stems."""
    return stems(text) | frozenset(text.casefold().split())


def share_of(wanted: frozenset[str], held: frozenset[str]) -> float:
    """The share of some words' stems that a text's words and stems hold; 0 of none."""
    return len(wanted & held) / len(wanted) if wanted else 0.0


def _standardised(values: Sequence[float]) -> np.ndarray:
    numbers = np.array(values, dtype=float)
    spread = float(numbers.std()) if len(numbers) else 0.0
    return (numbers - numbers.mean()) / spread if spread > 1e-9 else np.zeros(len(numbers))


def likeness(spots: Sequence[Spot]) -> float:
    """How near the record comes to a question at all: its best share of words and twice its best cosine; 0 to 3."""
    return max((s.shared for s in spots), default=0.0) + 2 * max((s.meaning for s in spots), default=0.0)


def apart(spots: Sequence[Spot], most: int) -> list[Spot]:
    """The first few, each from another exchange."""
    seen: dict[tuple[InterviewId, int], Spot] = {}
    for spot in spots:
        seen.setdefault((spot.interview, spot.exchange), spot)
        if len(seen) == most:
            break
    return list(seen.values())
