"""What was said in a row, cut where the speaker changes."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import groupby

from corpus.heard import Attributed, Said

SURE = 0.7
"""Below this nobody is named: of the words between 0.5 and 0.7 barely half were that speaker's (docs/evaluation.md)."""


def cut(said: Said, labels: Sequence[str], sure: Sequence[float]) -> Iterator[Attributed]:
    """Pieces of one speaker each, by each word's label and how sure that is; a piece that is not sure enough is nobody's."""
    first, at = 0, 0
    for label, run in groupby(labels):
        last = first + sum(1 for _ in run)
        own = said.words[first:last]
        mean = sum(sure[first:last]) / len(own)
        upto = _begins(said, last, at + sum(len(w.text) for w in own))
        if text := said.text[at:upto].strip():
            yield Attributed(replace(said, text=text, words=own), label if mean >= SURE else "", round(mean, 4))
        first, at = last, upto


def _begins(said: Said, word: int, after: int) -> int:
    """Where that word begins in the text, or the next one that stands there; the text's end where none does."""
    found = (said.text.find(w.text, after) for w in said.words[word:] if w.text)
    return next((place for place in found if place >= 0), len(said.text))
