"""Who speaks on which channel: told from how loud each channel is at each moment, over the whole recording.

Call recorders and studios give each speaker a channel; most stereo files hold the same people on both, and such channels get louder and
quieter together. What leaks from one speaker's channel into another's is silenced, or it would be heard twice, once from the wrong person.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import permutations

import numpy as np
from numpy.typing import NDArray

from corpus.recordings import RATE, Signal

Levels = NDArray[np.float32]
"""How loud each channel is, in decibels below full scale: frames of 50 ms × channels."""

FRAME = RATE // 20
FRAMES_S = RATE / FRAME
QUIETEST_DB = -90.0
SILENT_DB = -60.0
# Speech ranges over some 30 dB; what is quieter than its loudest moments by more is a pause.
SPEECH_RANGE_DB = 30.0
# Copies of one sound get louder and quieter together (0.7 to 1), people who talk on their own do not (below 0.2).
ALIKE = 0.5
APART_DB, LOUDER_DB, RISES_DB = 15.0, 4.0, 10.0
LEAST_S = 0.5
DEAD_DB = 30.0
SMOOTH_FRAMES = 7

STRETCH_S, LOOK_BACK_S = 300.0, 60.0
QUIET_FRAMES = 12


def levels_of(blocks: Iterable[Signal]) -> Levels:
    """How loud each channel is at each moment."""
    return np.concatenate([_levels(block) for block in blocks])


def _levels(signal: Signal) -> Levels:
    channels, samples = signal.shape
    padded = np.pad(signal, ((0, 0), (0, -samples % FRAME)))
    power = np.mean(np.square(padded.reshape(channels, -1, FRAME)), axis=2).T
    return np.asarray(10 * np.log10(np.maximum(power, 10 ** (QUIETEST_DB / 10))), dtype=np.float32)


@dataclass(frozen=True, slots=True)
class Leak:
    """The voice of one group in the channels of another, heard there alone wherever its own are louder by so many decibels."""

    source: int
    into: int
    louder_db: float


@dataclass(frozen=True, slots=True)
class Voices:
    """The channels by who speaks on them: one group for each speaker, or a single one; channels without sound are in none."""

    groups: tuple[tuple[int, ...], ...]
    leaks: tuple[Leak, ...] = ()

    def signals(self, signal: Signal) -> list[Signal]:
        """One voice's samples for each group: its channels' mean, silent where another's leaks into it."""
        mixed = [np.asarray(signal[list(group)].mean(axis=0), dtype=np.float32) for group in self.groups]
        loud = _smoothed(_levels(np.stack(mixed)))
        for leak in self.leaks:
            _silence(mixed[leak.into], loud[:, leak.source] - loud[:, leak.into] > leak.louder_db)
        return mixed


def _smoothed(levels: Levels) -> Levels:
    """Levels of the mean power around each frame, so that a consonant does not change who speaks."""
    power = 10 ** (levels / 10)
    kernel = np.ones(SMOOTH_FRAMES) / SMOOTH_FRAMES
    spread = np.stack([np.convolve(power[:, c], kernel, mode="same")[: len(power)] for c in range(power.shape[1])], axis=1)
    return np.asarray(10 * np.log10(np.maximum(spread, 10 ** (QUIETEST_DB / 10))), dtype=np.float32)


def _silence(signal: Signal, where: NDArray[np.bool_]) -> None:
    signal[np.repeat(where, FRAME)[: len(signal)]] = 0.0


def voices_in(levels: Levels) -> Voices:
    """The groups of channels; one group of all that have sound where nothing says that their speakers differ."""
    loudest = np.percentile(levels, 99.5, axis=0)
    alive = [c for c in range(levels.shape[1]) if loudest[c] > max(SILENT_DB, loudest.max() - DEAD_DB)] or [int(loudest.argmax())]
    groups: list[list[int]] = []
    for c in alive:
        joined = next((g for g in groups if not all(_are_apart(levels[:, m], levels[:, c]) for m in g)), None)
        if joined is None:
            groups.append([c])
        else:
            joined.append(c)
    smooth = _smoothed(_mixed(levels, groups))
    leaks = (_leak(smooth, source, into) for source, into in permutations(range(len(groups)), 2))
    return Voices(tuple(map(tuple, groups)), tuple(found for found in leaks if found))


def _mixed(levels: Levels, groups: list[list[int]]) -> Levels:
    power = 10 ** (levels / 10)
    return np.asarray(10 * np.log10(np.stack([power[:, g].mean(axis=1) for g in groups], axis=1)), dtype=np.float32)


def _speaking(one: Levels, other: Levels) -> NDArray[np.bool_]:
    """The frames in which somebody speaks on either."""
    both = np.maximum(one, other)
    return both > max(SILENT_DB, float(np.percentile(both, 98)) - SPEECH_RANGE_DB)


def _are_apart(one: Levels, other: Levels) -> bool:
    """Whether the two go their own ways while somebody speaks, and each has something to say: a steady noise goes nowhere."""
    speaking = _speaking(one, other)
    if speaking.sum() < LEAST_S * FRAMES_S:
        return False
    if min(float(np.percentile(c, 99.5) - np.percentile(c, 20)) for c in (one, other)) < RISES_DB:
        return False
    return _alike(one[speaking], other[speaking]) < ALIKE or _take_turns(one[speaking] - other[speaking])


def _take_turns(difference: Levels) -> bool:
    """Whether each is far louder than the other at times: so it is where the one says little and the other leaks all the time."""
    sides = _sides(difference)
    return sides is not None and sides[0] < -LOUDER_DB and sides[1] > LOUDER_DB and sides[1] - sides[0] > APART_DB


def _sides(difference: Levels) -> tuple[float, float] | None:
    """The two values around which the differences in loudness gather; None where one of them is met for a moment only."""
    if not len(difference):
        return None
    low, high = (float(p) for p in np.percentile(difference, [0.5, 99.5]))
    for _ in range(20):
        upper = difference > (low + high) / 2
        if min(upper.sum(), (~upper).sum()) < LEAST_S * FRAMES_S:
            return None
        low, high = float(difference[~upper].mean()), float(difference[upper].mean())
    return low, high


def _alike(one: Levels, other: Levels) -> float:
    """How far two channels get louder and quieter together, -1 to 1, by ranks: a knock on one of them must not outweigh the rest.

    0 where one of them does not change.
    """
    if len(one) < 2 or min(float(one.std()), float(other.std())) < 0.1:
        return 0.0
    return float(np.corrcoef(one.argsort().argsort(), other.argsort().argsort())[0, 1])


def _leak(levels: Levels, source: int, into: int) -> Leak | None:
    """Where the one speaks alone and the other follows it more quietly, it is the one that is heard there."""
    one, other = levels[:, source], levels[:, into]
    speaking = _speaking(one, other)
    one, other = one[speaking], other[speaking]
    sides = _sides(one - other)
    if sides is None or sides[1] < LOUDER_DB or sides[1] - sides[0] < APART_DB:
        return None
    low, high = sides
    alone = one - other > (low + high) / 2
    if _alike(one[alone], other[alone]) < ALIKE:
        return None
    return Leak(source, into, high - (high - low) / 4)


def stretches_in(levels: Levels) -> tuple[tuple[int, int], ...]:
    """The recording in stretches of at most five minutes, (first, last + 1) frame, each cut in the quietest moment of its last minute."""
    power = 10 ** (levels.max(axis=1) / 10)
    found = []
    start, longest, back = 0, int(STRETCH_S * FRAMES_S), int(LOOK_BACK_S * FRAMES_S)
    while len(power) - start > longest:
        last = power[start + longest - back : start + longest]
        around = np.convolve(last, np.ones(QUIET_FRAMES), mode="valid")
        cut = start + longest - back + int(around.argmin()) + QUIET_FRAMES // 2
        found.append((start, cut))
        start = cut
    return (*found, (start, len(power)))
