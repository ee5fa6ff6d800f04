"""Stretches: an utterance as pieces short enough to cite, so that a citation points at something."""

import re
from dataclasses import dataclass
from functools import lru_cache

from alignment.transcript import Utterance

LONGEST_S = 45.0
LONGEST_WORDS = 110
_SENTENCE = re.compile(r"\S.*?(?:[.!?\u2026]+[\"'\u201d\u2019)]*(?=\s|$)|$)", re.DOTALL)
_RUN_ON_WORDS = 40


@dataclass(frozen=True)
class Stretch:
    """The characters [start, end) of one utterance; `label` is `u14` for a whole one, `u14.2` for a piece."""

    utterance: int
    start: int
    end: int
    label: str
    text: str


def stretches_of(utterance: Utterance) -> list[Stretch]:
    """The utterance whole where it is short, else runs of its sentences of up to 45 seconds and 110 words each."""
    text = utterance.text
    if not text.strip():
        return []
    if _fits(utterance, 0, len(text)):
        return [Stretch(utterance.index, 0, len(text), utterance.id, text)]
    runs: list[list[int]] = []
    for start, end in _sentences(text):
        if runs and _fits(utterance, runs[-1][0], end):
            runs[-1][1] = end
        else:
            runs.append([start, end])
    return [Stretch(utterance.index, a, b, f"{utterance.id}.{n}", text[a:b]) for n, (a, b) in enumerate(runs, start=1)]


def _fits(utterance: Utterance, start: int, end: int) -> bool:
    at = utterance.time_at(start, end)
    return len(utterance.text[start:end].split()) <= LONGEST_WORDS and (at is None or at[1] - at[0] <= LONGEST_S)


@lru_cache(maxsize=4096)
def _sentences(text: str) -> tuple[tuple[int, int], ...]:
    """Where sentences stand; speech without full stops is cut every 40 words."""
    found: list[tuple[int, int]] = []
    for m in _SENTENCE.finditer(text):
        words = list(re.finditer(r"\S+", m.group()))
        for i in range(0, len(words), _RUN_ON_WORDS):
            part = words[i : i + _RUN_ON_WORDS]
            found.append((m.start() + part[0].start(), m.start() + part[-1].end()))
    return tuple(found)
