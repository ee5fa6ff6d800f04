"""Whose words were taken for whose in one channel, and what answers reach that hear nothing: one label, a lot, a change at each pause."""

import random
from collections.abc import Sequence
from itertools import pairwise

import numpy as np

from corpus.heard import PlacedWord
from corpus.importers import UNKNOWN_SPEAKER
from evals.case import Sums
from evals.scorers.transcripts import SaidWord

Pairs = Sequence[tuple[SaidWord, SaidWord]]
PAUSE_S = 0.25


def turns_told(pairs: Pairs) -> Sums:
    """Words given to somebody and to the right one, by the naming of speakers that makes most of them right; each speaker's share of that.

    Words that are given to nobody are right for nobody. Whether as many speakers were found as speak is counted as well.
    """
    gold = sorted({g.speaker for g, _ in pairs})
    told = sorted({t.speaker for _, t in pairs if t.speaker != UNKNOWN_SPEAKER})
    shared = np.zeros((len(gold), len(told)))
    for g, t in pairs:
        if t.speaker != UNKNOWN_SPEAKER:
            shared[gold.index(g.speaker), told.index(t.speaker)] += 1
    right = _right(shared)
    words = np.array([sum(g.speaker == speaker for g, _ in pairs) for speaker in gold])
    return {
        "speaker_right": float(right.sum()),
        "speaker_named": float(shared.sum()),
        "speaker_words": float(len(pairs)),
        "speaker_share": float((right / words).sum()),
        "speakers": float(len(gold)),
        "speakers_right": float(len(gold) == len(told)),
        "recordings": 1.0,
    }


def _right(shared: np.ndarray) -> np.ndarray:
    """How many words of each speaker are right where names are dealt out so that most words are."""
    from scipy.optimize import linear_sum_assignment

    rows, columns = linear_sum_assignment(-shared)
    right = np.zeros(len(shared))
    right[rows] = shared[rows, columns]
    return right


def by_lot(pairs: Pairs, drawn: random.Random | None) -> Pairs:
    """The same words given to speakers drawn by lot from among those who speak, or all to one."""
    speakers = sorted({g.speaker for g, _ in pairs})
    return [(g, SaidWord(t.text, drawn.choice(speakers) if drawn else "one", t.start_s)) for g, t in pairs]


def by_pause(pairs: Pairs, words: Sequence[PlacedWord]) -> Pairs:
    """The same words given to one of two, who take turns at each pause and each end of a sentence."""
    heard = sorted((w.heard for w in words), key=lambda w: w.start_s)
    turn, at = 0, {heard[0].start_s: "0"} if heard else {}
    for before, word in pairwise(heard):
        turn += word.start_s - before.end_s >= PAUSE_S or before.text.endswith((".", "?", "!"))
        at[word.start_s] = str(turn % 2)
    return [(g, SaidWord(t.text, at.get(t.start_s or 0.0, "0"), t.start_s)) for g, t in pairs]
