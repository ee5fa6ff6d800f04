"""Recordings made for tests: tones and silence in any container, and the committed samples of synthetic voices."""

import wave
from pathlib import Path
from typing import Any

import av
import numpy as np
from numpy.typing import NDArray

from corpus.recordings import RATE, Signal, decoded

SAMPLES = Path(__file__).parents[2] / "evals" / "samples" / "speech"
PHONE, TWO_CHANNELS, ONE_VOICE = (SAMPLES / name for name in ("phone-call.wav", "two-channels.ogg", "stereo-one-voice.m4a"))


def voice(path: Path, channel: int = 0) -> NDArray[np.float32]:
    """One channel of a recording."""
    return np.concatenate([block[channel] for block in decoded(path)])


def tone(seconds: float, rate: int = RATE, channels: int = 1) -> Signal:
    """A sound that nobody says."""
    return np.stack([0.2 * np.sin(np.arange(int(seconds * rate)) * 0.05)] * channels).astype(np.float32)


def wav(path: Path, signal: Signal, rate: int = RATE) -> Path:
    """A WAV file of 16 bits."""
    with wave.open(str(path), "wb") as file:
        file.setnchannels(len(signal))
        file.setsampwidth(2)
        file.setframerate(rate)
        file.writeframes((np.clip(signal, -1, 1) * 32767).T.astype("<i2").tobytes())
    return path


def recorded(
    path: Path, codec: str, signal: Signal | None, rate: int = 48_000, *, kind: str, pictures_s: int = 0, starts_s: float = 0
) -> Path:
    """A file of that kind with the sound, which begins after `starts_s`, and pictures of so many seconds; either may be none."""
    with av.open(str(path), "w", format=kind) as container:
        pictures = container.add_stream("mpeg4", rate=10) if pictures_s else None
        if pictures is not None:
            pictures.width = pictures.height = 64
            pictures.pix_fmt = "yuv420p"
        sound: Any = container.add_stream(codec, rate=rate) if signal is not None else None
        if sound is not None and signal is not None:
            sound.layout = "stereo" if len(signal) == 2 else "mono"
        if pictures is not None:
            for _ in range(pictures_s * 10):
                container.mux(pictures.encode(av.VideoFrame(64, 64, "yuv420p")))
            container.mux(pictures.encode(None))
        if sound is not None and signal is not None:
            for at in range(0, signal.shape[1], 960):
                part = (np.clip(signal[:, at : at + 960], -1, 1) * 32767).astype("<i2").T.reshape(1, -1)
                frame = av.AudioFrame.from_ndarray(np.ascontiguousarray(part), format="s16", layout=sound.layout.name)
                frame.sample_rate, frame.pts = rate, at + int(starts_s * rate)
                container.mux(sound.encode(frame))
            container.mux(sound.encode(None))
    return path


def cut(path: Path, share: float = 0.5) -> Path:
    """The beginning of a file."""
    whole = path.read_bytes()
    short = path.with_name(f"cut-{path.name}")
    short.write_bytes(whole[: int(len(whole) * share)])
    return short
