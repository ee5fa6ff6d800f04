"""How likely each word is each voice's: by the windows around it, by its neighbours, and by how far that stands when the bar is moved.

The bar is how like two groups of windows must be to be one voice. Where another bar would split a voice or make two one, the words that it
would give to somebody else are that much less sure.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from corpus.turns.gathering import groupings, voices_of
from corpus.turns.listening import Spans, Voiced

Odds = NDArray[np.float64]
"""How likely each word is each voice's, the last column nobody's: words × (voices + 1)."""

BARS = (0.12, 0.16, 0.20, 0.24, 0.28)
# Over a telephone all voices are liker.
TELEPHONE = 0.06
# A voice has three seconds of speech at least, and half a hundredth of all.
FEWEST, FEWEST_SHARE = 4, 0.005
NOBODY, SHARPNESS = 0.15, 20.0
NEAR_S = 0.5
# How probable it is that somebody else goes on: within a breath, and after a pause or a sentence's end.
CHANGES, CHANGES_AFTER = 0.01, 0.2
PAUSE_S = 0.25


@dataclass(frozen=True, slots=True)
class Word:
    """When a word is said, and whether it ends a sentence."""

    start_s: float
    end_s: float
    ends: bool = False


def odds_of(words: Sequence[Word], spans: Sequence[Spans], vectors: Sequence[Voiced], *, telephone: bool) -> Odds:
    """The odds of each word of a recording, in the order of time; voices in no order, and none where nobody speaks for three seconds."""
    bars = [bar + TELEPHONE * telephone for bar in BARS]
    span, vector = np.concatenate(spans), np.concatenate(vectors)
    fewest = max(FEWEST, round(FEWEST_SHARE * len(vector)))
    changes = _changes(words)
    centres = span.mean(axis=1)
    nearness = [_nearness(word, span, centres) for word in words]
    made = []
    for group in groupings(vectors, bars):
        like = vector @ voices_of(vector, group, fewest, NOBODY).T
        made.append(_smoothed(np.stack([near @ like[at] for at, near in nearness]), changes))
    return _together(made)


def _nearness(word: Word, span: Spans, centres: NDArray[np.float64]) -> tuple[slice, NDArray[np.float64]]:
    """The windows that the word lies in and how much each tells of it; the nearest where it lies in none."""
    middle = (word.start_s + word.end_s) / 2
    first = int(np.searchsorted(span[:, 1], word.start_s - 0.05, side="right"))
    last = int(np.searchsorted(span[:, 0], word.end_s + 0.05, side="left"))
    if last <= first:
        first = int(np.abs(centres - middle).argmin())
        last = first + 1
    off = (centres[first:last] - middle) / NEAR_S
    near = np.exp(np.square(off).min() - np.square(off))
    return slice(first, last), near / near.sum()


def _changes(words: Sequence[Word]) -> list[float]:
    """How probable it is that each word is another's than the one before it."""
    found = [CHANGES_AFTER]
    for before, word in pairwise(words):
        found.append(CHANGES_AFTER if before.ends or word.start_s - before.end_s >= PAUSE_S else CHANGES)
    return found


def _smoothed(like: NDArray[np.float64], changes: Sequence[float]) -> Odds:
    """Forward and backward through the words, as in a hidden Markov model whose states are the voices and nobody."""
    voices = like.shape[1] + 1
    heard = SHARPNESS * np.concatenate([like, np.full((len(like), 1), NOBODY)], axis=1)
    heard = np.exp(heard - heard.max(axis=1, keepdims=True))
    others = max(1, voices - 1)
    forth, back = heard.copy(), np.ones_like(heard)
    forth[0] /= forth[0].sum()
    for i in range(1, len(heard)):
        before, p = forth[i - 1], changes[i]
        forth[i] *= (1 - p) * before + p / others * (before.sum() - before)
        forth[i] /= forth[i].sum()
    for i in range(len(heard) - 2, -1, -1):
        after, p = heard[i + 1] * back[i + 1], changes[i + 1]
        back[i] = (1 - p) * after + p / others * (after.sum() - after)
        back[i] /= back[i].sum()
    both = forth * back
    return np.asarray(both / both.sum(axis=1, keepdims=True), dtype=np.float64)


def _together(made: Sequence[Odds]) -> Odds:
    """The mean odds of all bars, the voices of each taken for those of the middle one that share most words with them."""
    middle = made[len(made) // 2]
    odds = np.zeros_like(middle)
    for one in made:
        shared = middle[:, :-1].T @ one[:, :-1]
        left = set(range(one.shape[1]))
        while shared.size and shared.max() > 0:
            mine, theirs = divmod(int(shared.argmax()), shared.shape[1])
            odds[:, mine] += one[:, theirs]
            left.discard(theirs)
            shared[mine], shared[:, theirs] = 0, 0
        odds[:, -1] += one[:, sorted(left)].sum(axis=1)
    return odds / len(made)
