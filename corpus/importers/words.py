"""Words with a time and a speaker each, as speech services send them, gathered into pieces."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from alignment.transcript import Mark
from corpus.importers.parsed import LONGEST_S, Piece, clean
from corpus.importers.utterances import Word, word_marks

PAUSE_S = 1.0
# Neighbouring words may share a moment; one that begins much earlier than its neighbour ends was placed wrongly.
OVERLAP_S = 0.5
# How far ahead of the last word the next is looked for: a word that the text spells otherwise must not make the search run to its end.
LOOK_AHEAD = 200


@dataclass(frozen=True, slots=True)
class Spoken:
    """One word as sent: seconds or None, and the label of its speaker, empty where nobody is named."""

    text: str
    label: str
    start_s: float | None
    end_s: float | None


def runs(words: Sequence[Spoken]) -> list[Piece]:
    """The words in pieces, a new one at each change of speaker and each pause of a second."""
    groups: list[list[Spoken]] = []
    for word in words:
        if not clean(word.text):
            continue
        last = groups[-1][-1] if groups else None
        paused = last and last.end_s is not None and word.start_s is not None and word.start_s - last.end_s > PAUSE_S
        if last is None or last.label != word.label or paused:
            groups.append([word])
        else:
            groups[-1].append(word)
    return [_piece(group) for group in groups]


def marks_in(text: str, words: Sequence[Spoken], start_s: float | None, end_s: float | None) -> tuple[Mark, ...]:
    """Marks over a text that was said from `start_s` to `end_s`, for those of its words that stand in it and have times inside."""
    if start_s is None or end_s is None:
        return ()
    found: list[Word] = []
    at = 0
    for word in words:
        spelt = clean(word.text)
        place = text.find(spelt, at, at + LOOK_AHEAD) if spelt else -1
        if place < 0:
            continue
        at = place + len(spelt)
        times = usable(word.start_s, word.end_s)
        if times and start_s <= times[0] <= end_s and (not found or times[0] >= found[-1].end_s - OVERLAP_S):
            found.append(Word(place, times[0], min(times[1], end_s)))
    return word_marks(found, len(text))


def usable(start_s: float | None, end_s: float | None) -> tuple[float, float] | None:
    """A word's times where they are times at all: aligners send none, or NaN, for words that they could not place."""
    if start_s is None or end_s is None or not (math.isfinite(start_s) and math.isfinite(end_s)):
        return None
    return (start_s, end_s) if 0 <= start_s <= end_s <= LONGEST_S else None


def _piece(group: Sequence[Spoken]) -> Piece:
    text = " ".join(clean(word.text) for word in group)
    timed = [times for word in group if (times := usable(word.start_s, word.end_s))]
    if not timed:
        return Piece(group[0].label, text)
    start, end = min(s for s, _ in timed), max(e for _, e in timed)
    return Piece(group[0].label, text, start, end, marks_in(text, group, start, end))
