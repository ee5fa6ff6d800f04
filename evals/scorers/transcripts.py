"""What was heard held against what was said: word errors, when words begin, and who is said to have spoken them.

Words are compared after Whisper's normaliser (numbers, contractions, spelling, hesitations), as its authors' figures are; in languages
other than English, after its plain one (letter case, punctuation).
"""

import random
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import cache
from itertools import permutations
from typing import Any

import jiwer
import numpy as np

from evals.case import Sums
from evals.metrics import Better, Columns, Values

MOST_VOICES = 7
NEAR_S = 0.2
EDGES_S = (*(round(0.02 * n, 2) for n in range(1, 51)), 1.5, 2.0, 3.0, 5.0, 10.0, 100.0)
"""Where times that are off are counted: the upper ends of stretches of 20 ms up to a second, and longer ones beyond."""
_PLAIN = re.compile(r"[^\w]|_")


@dataclass(frozen=True)
class SaidWord:
    """A word of the reference or of what was heard: who said it (empty: not told) and when it begins in seconds, where that is known."""

    text: str
    speaker: str = ""
    start_s: float | None = None

    @property
    def plain(self) -> str:
        """The word without case and punctuation."""
        return _PLAIN.sub("", self.text).casefold()


@cache
def _normaliser(english: bool) -> Any:
    from whisper_normalizer.basic import BasicTextNormalizer
    from whisper_normalizer.english import EnglishTextNormalizer

    return EnglishTextNormalizer() if english else BasicTextNormalizer()


def normalised(text: str, language: str = "en") -> str:
    """The text as Whisper's normaliser leaves it: words and single spaces."""
    straight = text.replace("’", "'")  # which the normaliser does not know, and splits "it’s" at
    return " ".join(_normaliser(language == "en")(straight).split())


def word_errors(said: str, heard: str) -> Sums:
    """Substituted, deleted and inserted words, and how many were said, of two normalised texts."""
    if not said:
        return {"substituted": 0.0, "deleted": 0.0, "inserted": float(len(heard.split())), "words": 0.0}
    found = jiwer.process_words(said, heard)
    told = {"substituted": found.substitutions, "deleted": found.deletions, "inserted": found.insertions, "words": len(said.split())}
    return {name: float(n) for name, n in told.items()}


def edits(sums: Mapping[str, float]) -> float:
    """All word errors."""
    return sums["substituted"] + sums["deleted"] + sums["inserted"]


def voices_errors(said: Mapping[str, str], heard: Mapping[str, str], language: str = "en") -> Sums:
    """Word errors voice by voice, in the pairing of voices that has the fewest; a voice without a partner is deleted or inserted whole."""
    gold, told = ([normalised(text, language) for text in voices.values()] for voices in (said, heard))
    size = max(len(gold), len(told))
    gold, told = ([*texts, *[""] * (size - len(texts))] for texts in (gold, told))
    table = [[word_errors(g, t) for t in told] for g in gold]
    best = _best([[-edits(cell) for cell in row] for row in table])
    return _added(table[g][t] for g, t in enumerate(best))


def _added(sums: Any) -> Sums:
    whole: Sums = {}
    for each in sums:
        for name, value in each.items():
            whole[name] = whole.get(name, 0.0) + value
    return whole


def _best(worth: Sequence[Sequence[float]]) -> tuple[int, ...]:
    """Which column goes with each row, so that the worth of all is greatest."""
    size = len(worth)
    if size > MOST_VOICES:
        raise ValueError(f"{size} voices are more than can be paired")
    return max(permutations(range(size)), key=lambda columns: sum(worth[r][c] for r, c in enumerate(columns)))


def matched(said: Sequence[SaidWord], heard: Sequence[SaidWord]) -> list[tuple[SaidWord, SaidWord]]:
    """The words that stand in both, in their order."""
    blocks = SequenceMatcher(None, [w.plain for w in said], [w.plain for w in heard], autojunk=False).get_matching_blocks()
    return [(said[b.a + n], heard[b.b + n]) for b in blocks for n in range(b.size) if said[b.a + n].plain]


def attributed(pairs: Sequence[tuple[SaidWord, SaidWord]]) -> float:
    """How many of the matched words are given to the right speaker, by the naming of speakers that makes most of them right."""
    gold, told = (sorted({pair[side].speaker for pair in pairs}) for side in (0, 1))
    size = max(len(gold), len(told))
    worth = [[0.0] * size for _ in range(size)]
    for g, t in pairs:
        worth[gold.index(g.speaker)][told.index(t.speaker)] += 1
    return sum(worth[r][c] for r, c in enumerate(_best(worth)))


def given_out(pairs: Sequence[tuple[SaidWord, SaidWord]], drawn: random.Random | None) -> list[tuple[SaidWord, SaidWord]]:
    """The same pairs with the heard words' speakers drawn by lot from among those who spoke, or all given to one."""
    speakers = sorted({g.speaker for g, _ in pairs})
    return [(g, SaidWord(t.text, drawn.choice(speakers) if drawn else "one", t.start_s)) for g, t in pairs]


def starts(pairs: Sequence[tuple[SaidWord, SaidWord]]) -> Sums:
    """How far the heard words begin from where they were said: counted by `EDGES_S`, and those within a fifth of a second."""
    off = [abs(t.start_s - g.start_s) for g, t in pairs if g.start_s is not None and t.start_s is not None]
    sums: Sums = {"timed": float(len(off)), "near": float(sum(o <= NEAR_S for o in off))}
    for o in off:
        name = f"off:{next((e for e in EDGES_S if o <= e), EDGES_S[-1])}"
        sums[name] = sums.get(name, 0.0) + 1
    return sums


@dataclass(frozen=True)
class MedianStart:
    """The median of how far words begin from where they were said, in seconds, from the counts that `starts` makes."""

    name: str
    better: Better = "less"
    told: str = ""

    def value(self, sums: Columns) -> Values:
        """The median, shared out evenly within the stretch of 20 ms that it falls into."""
        nothing = np.zeros_like(next(iter(sums.values())))
        counts = np.stack([sums.get(f"off:{edge}", nothing) for edge in EDGES_S], axis=-1)
        reached = np.cumsum(counts, axis=-1)
        half = reached[..., -1:] / 2
        at = np.minimum((reached < half).sum(axis=-1), len(EDGES_S) - 1)
        upper = np.asarray(EDGES_S)[at]
        lower = np.asarray((0.0, *EDGES_S))[at]
        inside = np.take_along_axis(counts, at[..., None], axis=-1)[..., 0]
        before = np.take_along_axis(reached, at[..., None], axis=-1)[..., 0] - inside
        with np.errstate(divide="ignore", invalid="ignore"):
            value = lower + (upper - lower) * (half[..., 0] - before) / inside
        return np.asarray(np.where(reached[..., -1] > 0, value, np.nan), dtype=np.float64)

    def count(self, sums: Columns) -> Values:
        """How many words have times on both sides."""
        return sums.get("timed", np.zeros_like(next(iter(sums.values()))))
