"""What sound is written as: WAV, Ogg with Opus, or FLAC."""

import wave
from contextlib import closing
from enum import StrEnum
from typing import Any, BinaryIO, Protocol

import numpy as np
from numpy.typing import NDArray

from alignment.errors import BadRequest

OPUS_RATE = 48_000
Samples = NDArray[np.int16]
"""Samples × channels."""


class ClipKind(StrEnum):
    """WAV of 16 bits at the recording's own rate, Ogg with Opus, or FLAC of 16 bits, which loses nothing of a WAV."""

    WAV = "wav"
    OGG = "ogg"
    FLAC = "flac"


class Sink(Protocol):
    """Takes samples in their order, and is closed after the last."""

    def write(self, samples: Samples) -> None:
        """Take these."""

    def close(self) -> None:
        """Write what is still held back."""


def sink(kind: ClipKind, out: BinaryIO, layout: str, channels: int, rate: int) -> Sink:
    """A file of that kind; BadRequest where it has no place for so many channels."""
    if kind is ClipKind.OGG:
        return _Coded(out, "libopus", kind, layout, OPUS_RATE)
    return _Coded(out, "flac", kind, layout, rate) if kind is ClipKind.FLAC else _Wav(out, channels, rate)


class _Wav:
    """A WAV file of 16 bits."""

    def __init__(self, out: BinaryIO, channels: int, rate: int) -> None:
        self._file = wave.open(out, "wb")  # noqa: SIM115 - closed with the strip
        self._file.setnchannels(channels)
        self._file.setsampwidth(2)
        self._file.setframerate(rate)

    def write(self, samples: Samples) -> None:
        self._file.writeframesraw(samples.astype("<i2").tobytes())

    def close(self) -> None:
        self._file.close()


class _Coded:
    """An Ogg file with Opus, or a FLAC file."""

    def __init__(self, out: BinaryIO, codec: str, kind: ClipKind, layout: str, rate: int) -> None:
        import av

        self._layout, self._rate, self._at = layout, rate, 0
        self._container = av.open(out, "w", format=kind.value)
        stream: Any = self._container.add_stream(codec, rate=rate)
        self._stream = stream
        try:
            stream.layout = layout
            stream.codec_context.open()
        except (av.error.FFmpegError, ValueError) as e:
            what = f"{codec.removeprefix('lib')} has no place for these channels ({layout})"
            raise BadRequest(what, where="format", todo="Ask for WAV.") from e

    def write(self, samples: Samples) -> None:
        import av

        frame = av.AudioFrame.from_ndarray(np.ascontiguousarray(samples).reshape(1, -1), format="s16", layout=self._layout)
        frame.sample_rate, frame.pts = self._rate, self._at
        self._at += len(samples)
        self._container.mux(self._stream.encode(frame))

    def close(self) -> None:
        with closing(self._container):
            self._container.mux(self._stream.encode(None))
