"""Who speaks on which channel: told apart where each has one, together where both hold the same, and cut where nobody speaks."""

import numpy as np
import pytest
from numpy.typing import NDArray

from corpus.channels import FRAME, FRAMES_S, Voices, levels_of, stretches_in, voices_in
from corpus.recordings import RATE, Signal
from tests.corpus.recordings import PHONE, TWO_CHANNELS, voice

Samples = NDArray[np.float32]
DANA, TOMAS = voice(PHONE), voice(TWO_CHANNELS, 1)[int(2.0 * RATE) : int(8.0 * RATE)]


def hiss(signal: Signal, loud: float = 0.001) -> Signal:
    return (signal + loud * np.random.default_rng(7).standard_normal(signal.shape)).astype(np.float32)


def call(*, leak: float = 0.0, gain: float = 1.0, turns: int = 3) -> Signal:
    """Two people in turns on a channel each, of whom the second hears the first as well, and the other way round."""
    first = np.concatenate([DANA, np.zeros_like(TOMAS)] + [DANA] * (turns - 1))
    second = np.zeros_like(first)
    second[len(DANA) : len(DANA) + len(TOMAS)] = TOMAS
    return hiss(np.stack([first + leak * second, gain * (second + leak * first)]))


def voices(signal: Signal) -> Voices:
    return voices_in(levels_of([signal]))


@pytest.mark.parametrize("signal", [call(), call(leak=0.1), call(leak=0.3), call(leak=0.1, gain=0.3), call(turns=8, leak=0.05)])
def test_people_who_have_a_channel_each_are_told_apart(signal: Signal) -> None:
    assert voices(signal).groups == ((0,), (1,))


def test_people_who_talk_at_the_same_time_are_told_apart() -> None:
    both = np.stack([DANA[RATE // 2 :][: len(TOMAS)], TOMAS])
    assert voices(hiss(both)).groups == ((0,), (1,))


@pytest.mark.parametrize(
    "signal",
    [
        np.stack([DANA, DANA]),
        np.stack([DANA, 0.1 * DANA]),
        hiss(np.stack([DANA, 0.7 * np.roll(DANA, 40)]), 0.003),
        hiss(np.stack([DANA, np.zeros_like(DANA)]), 0.02),
        call(leak=0.5),
    ],
    ids=["copy", "quieter copy", "two microphones", "a channel of noise", "a room"],
)
def test_channels_that_hold_the_same_people_are_one(signal: Signal) -> None:
    assert voices(signal.astype(np.float32)).groups == ((0, 1),)


def test_a_knock_on_one_microphone_does_not_make_two_speakers() -> None:
    signal = np.stack([DANA, DANA])
    signal[1, RATE : 2 * RATE] += 0.3 * np.random.default_rng(7).standard_normal(RATE)
    assert voices(signal.astype(np.float32)).groups == ((0, 1),)


def test_a_channel_without_sound_is_left_out() -> None:
    assert voices(np.stack([np.zeros_like(DANA), DANA])).groups == ((1,),)


def test_four_channels_of_two_people_are_two_groups() -> None:
    signal = call()
    assert voices(np.stack([signal[0], signal[1], 0.8 * signal[0], 0.8 * signal[1]])).groups == ((0, 2), (1, 3))


def test_what_leaks_is_silenced_and_what_is_said_is_kept() -> None:
    signal = call(leak=0.1)
    first, second = voices(signal).signals(signal)
    theirs = slice(len(DANA), len(DANA) + len(TOMAS))
    assert np.square(second[: len(DANA)]).sum() < 0.1 * np.square(signal[1, : len(DANA)]).sum()
    assert np.square(second[theirs]).sum() > 0.95 * np.square(signal[1, theirs]).sum()
    assert np.square(first[: len(DANA)]).sum() > 0.95 * np.square(signal[0, : len(DANA)]).sum()


def test_a_long_recording_is_cut_in_a_quiet_moment_and_nothing_is_lost() -> None:
    loud = np.full((int(700 * FRAMES_S), 1), -20.0, np.float32)
    pauses = [int(270 * FRAMES_S), int(540 * FRAMES_S)]
    for at in pauses:
        loud[at : at + 20] = -60.0
    stretches = stretches_in(loud)
    assert [start for start, _ in stretches[1:]] == [stop for _, stop in stretches[:-1]]
    assert (stretches[0][0], stretches[-1][1]) == (0, len(loud))
    assert all(at <= start < at + 20 for at, (start, _) in zip(pauses, stretches[1:], strict=True))


def test_a_short_recording_is_one_stretch() -> None:
    assert stretches_in(levels_of([DANA[None]])) == ((0, -(-len(DANA) // FRAME)),)
