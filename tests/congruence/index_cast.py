"""What the index is asked about in the congruence suites: interviews of a few sentences with vectors that a seed gives."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from retrieval.index import Entry, Hit, Index, Level, Vector, open_index

EMBEDDER, DIMENSIONS = "test/8", 8
SAID = (
    "we argued about the roadmap with product for a week",
    "the migration to the queue took two quarters",
    "I told the payments team that the date would slip",
    "nobody wrote down why the incident happened",
    "hiring for the platform group was frozen",
    "she asked me to name a recent conflict",
    "Tomás rewrote the ledger in the spring",
    "the roadmap was mine and the conflict was ours",
)


def unit(seed: int) -> Vector:
    """A unit vector that the same seed always gives, shape (8,)."""
    x = np.random.default_rng(seed).normal(size=DIMENSIONS)
    return np.asarray(x / np.linalg.norm(x), dtype=np.float32)


def said(interview: str, transcript: str, index: int, level: Level = Level.UTTERANCE) -> Entry:
    """One entry of an interview: odd indexes are the candidate's, ten seconds each."""
    return Entry(
        level=level,
        interview=interview,
        search="search-2" if interview == "two" else "search-1",
        candidate=f"candidate-{interview}",
        transcript=transcript,
        first=index,
        last=index + (level is Level.PASSAGE),
        roles=("candidate",) if index % 2 else ("interviewer",),
        people=(f"person-{index % 3}",),
        start_s=index * 10.0,
        end_s=index * 10.0 + 9.0,
        words=9,
        text=f"{SAID[index % len(SAID)]} in round {index} of {interview}",
        vector=unit(sum(f"{interview}{level}".encode()) * 1000 + index),
    )


def interview(name: str, transcript: str = "", count: int = 12, text: str = "") -> list[Entry]:
    """An interview's utterances, and passages of two; `text` stands for all of them where it is given."""
    levels = [(Level.UTTERANCE, count), (Level.PASSAGE, count - 1)]
    entries = [said(name, transcript or f"t-{name}", i, level) for level, many in levels for i in range(many)]
    return [replace(e, text=text) for e in entries] if text else entries


async def opened(place: str) -> Index:
    return await open_index(place, embedder=EMBEDDER, dimensions=DIMENSIONS)


def places(hits: Sequence[Hit]) -> list[tuple[str, int, int]]:
    return [h.place for h in hits]
