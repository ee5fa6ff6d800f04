"""What a voice network hears: the energy of a signal in eighty mel bands, every ten milliseconds, as Kaldi reckons it."""

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from numpy.typing import NDArray

from corpus.recordings import RATE

Frames = NDArray[np.float32]
"""Log energies: frames × bands."""

FRAMES_A_SECOND = 100
BANDS = 80
_LENGTH, _STEP, _POINTS = RATE // 40, RATE // FRAMES_A_SECOND, 512
_LOWEST_HZ = 20.0
# A telephone lets through 300 to 3400 Hz. Where nothing is above 4 kHz, the bands outside hold a codec's noise: there all are alike.
_OUTSIDE = (slice(0, 9), slice(58, BANDS))
_ABOVE_4_KHZ = slice(66, BANDS)
_SILENT = 7.0


def frames_of(signal: NDArray[np.float32]) -> Frames:
    """The frames of one voice's samples; none where it is shorter than one."""
    if len(signal) < _LENGTH:
        return np.zeros((0, BANDS), np.float32)
    cut = sliding_window_view(signal, _LENGTH)[::_STEP]
    return np.concatenate([_energies(cut[at : at + 6000]) for at in range(0, len(cut), 6000)])


def _energies(cut: NDArray[np.float32]) -> Frames:
    level = cut - cut.mean(axis=1, keepdims=True)
    before = np.concatenate([level[:, :1], level[:, :-1]], axis=1)
    power = np.square(np.abs(np.fft.rfft((level - np.float32(0.97) * before) * _WINDOW, _POINTS)[:, : _POINTS // 2]))
    return np.asarray(np.log(np.maximum(power @ _BANK, np.finfo(np.float32).eps)), dtype=np.float32)


def _mel(hz: NDArray[np.float64]) -> NDArray[np.float64]:
    return np.asarray(1127.0 * np.log1p(hz / 700.0), dtype=np.float64)


def _bank() -> NDArray[np.float32]:
    low, high = _mel(np.array([_LOWEST_HZ, RATE / 2]))
    edges = np.linspace(low, high, BANDS + 2)
    at = _mel(np.arange(_POINTS // 2) * RATE / _POINTS)[:, None]
    rising = (at - edges[:-2]) / (edges[1:-1] - edges[:-2])
    falling = (edges[2:] - at) / (edges[2:] - edges[1:-1])
    return np.asarray(np.maximum(0, np.minimum(rising, falling)), dtype=np.float32)


_BANK = _bank()
_WINDOW = ((0.5 - 0.5 * np.cos(2 * np.pi * np.arange(_LENGTH) / (_LENGTH - 1))) ** 0.85).astype(np.float32)


def is_telephone(frames: Frames) -> bool:
    """Whether the speech in these frames has nothing above 4 kHz."""
    loud = frames.mean(axis=1)
    levels = frames[loud >= np.median(loud)].mean(axis=0)
    return bool(levels[_ABOVE_4_KHZ].max() < levels.max() - _SILENT)


def centred(windows: NDArray[np.float32], *, telephone: bool) -> NDArray[np.float32]:
    """Windows × frames × bands without each window's mean, which is the microphone's; of a telephone, its own bands alone."""
    level = windows - windows.mean(axis=1, keepdims=True)
    if telephone:
        for outside in _OUTSIDE:
            level[:, :, outside] = 0.0
    return np.asarray(level, dtype=np.float32)
