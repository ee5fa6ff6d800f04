"""The words of a recording given to its speakers, counted from 1 in the order of their first words; to nobody where that is not sure."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace

import numpy as np

from corpus.heard import Attributed, HeardStretch, Said, Survey
from corpus.recordings import RATE
from corpus.stretches import signals_of
from corpus.turns.cutting import cut
from corpus.turns.listening import Listened, VoiceModel, listen
from corpus.turns.weighing import Odds, Word, odds_of

SUREST = 0.95
"""No label is surer: even of the words of which the weighing was certain not all were that speaker's (docs/evaluation.md)."""

Told = Callable[[float, float], None]
_ENDS = (".", "?", "!", "…")


def who_spoke(surveyed: Survey, stretches: Sequence[HeardStretch], model: VoiceModel, told: Told | None = None) -> tuple[Attributed, ...]:
    """Everything that was said, in the order of time and cut where the speaker changes; the speakers of the whole recording are the same.

    The file is gone through once more, never more than a stretch of it in memory. The same words of the same file give the same speakers,
    so that whoever was interrupted tells them anew. `told` hears how many seconds are done, and of how many.
    """
    said = sorted((s for stretch in stretches for s in stretch.said), key=lambda s: s.words[0].start_s)
    places = [(word, at, i) for at, s in enumerate(said) for i, word in enumerate(s.words)]
    places.sort(key=lambda place: (place[0].start_s, *place[1:]))
    heard = list(_listened(surveyed, stretches, model, told))
    if not heard:
        return tuple(Attributed(s, "", 0.0) for s in said)
    telephone = 2 * sum(len(one.spans) for one in heard if one.telephone) > sum(len(one.spans) for one in heard)
    words = [Word(word.start_s, word.end_s, word.text.endswith(_ENDS)) for word, _, _ in places]
    odds = odds_of(words, [one.spans for one in heard], [one.vectors for one in heard], telephone=telephone)
    rows = {(at, i): row for row, (_, at, i) in enumerate(places)}
    ordered = [odds[[rows[at, i] for i in range(len(s.words))]] for at, s in enumerate(said)]
    return tuple(_numbered([one for s, own in zip(said, ordered, strict=True) for one in _cut(s, own)]))


def _listened(surveyed: Survey, stretches: Sequence[HeardStretch], model: VoiceModel, told: Told | None) -> Iterator[Listened]:
    spoken = {stretch.index: [(w.start_s, w.end_s) for s in stretch.said for w in s.words] for stretch in stretches}
    for index, signals, begins_s in signals_of(surveyed):
        found = listen(model, signals[0], begins_s, spoken.get(index, ()))
        if told:
            told(min(surveyed.length_s, begins_s + signals[0].shape[-1] / RATE), surveyed.length_s)
        if found:
            yield found


def _cut(said: Said, odds: Odds) -> Iterator[Attributed]:
    """Cut where somebody else is likelier; labels are the voices' columns for now."""
    if odds.shape[1] < 2:
        return cut(said, [""] * len(odds), [0.0] * len(odds))
    likeliest = odds[:, :-1].argmax(axis=1)
    return cut(said, [str(voice) for voice in likeliest], [float(p) * SUREST for p in odds[np.arange(len(odds)), likeliest]])


def _numbered(attributed: Sequence[Attributed]) -> Iterator[Attributed]:
    numbers: dict[str, int] = {}
    for one in attributed:
        yield replace(one, label=f"Speaker {numbers.setdefault(one.label, len(numbers) + 1)}") if one.label else one
