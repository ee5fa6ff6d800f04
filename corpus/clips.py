"""A part of a recording by itself, at the player's clock, out of any container; what lies outside it is not decoded."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np

from alignment.erasing import Span
from alignment.errors import BadRequest
from corpus.recordings import GAP_S, LONGEST_S, opened, sound_in
from corpus.sinks import OPUS_RATE, ClipKind, Samples, Sink, sink

LONGEST_CLIP_S, SHORTEST_CLIP_S = 300.0, 0.01
# Decoders need a little of what came before.
LEAD_S = 1.0
HIGHEST_RATE = 48_000
# The others have no times in them: theirs are counted from the beginning, which takes reading, and no decoding.
_TIMED = ("mov,mp4", "matroska", "ogg", "wav", "w64", "flac", "aiff", "caf", "avi", "asf", "mpegts")


def cut(path: Path, start_s: float, end_s: float, kind: ClipKind, out: BinaryIO) -> float:
    """Write the sound from `start_s` to `end_s` of the recording, its channels kept, and say how many seconds it is.

    It is shorter where the sound ends before. Errors: BadRequest for a span that is none, is longer than five minutes or begins where
    the sound is over; BadAudio for what cannot be opened.
    """
    must_be_span(start_s, end_s)
    done = _cut(path, start_s, end_s, kind, out, wound=True)
    if done is None:
        out.seek(0)
        out.truncate()
        done = _cut(path, start_s, end_s, kind, out, wound=False)
    if not done:
        raise BadRequest("The sound is over by then", where=f"start {start_s:g}", todo="Begin before its end.")
    return done


def must_be_span(start_s: float, end_s: float) -> None:
    """Pass where these are seconds of a clip; else BadRequest."""
    if not 0 <= start_s < end_s <= LONGEST_S:
        raise BadRequest("A clip begins before it ends, within four hours", where=f"{start_s:g} to {end_s:g}", todo="Times are seconds.")
    if not SHORTEST_CLIP_S <= end_s - start_s <= LONGEST_CLIP_S:
        what = f"A clip lasts from {SHORTEST_CLIP_S:g} to {LONGEST_CLIP_S:g} s"
        raise BadRequest(what, where=f"{start_s:g} to {end_s:g}", todo="Ask for several where it is longer.")


def _cut(path: Path, start_s: float, end_s: float, kind: ClipKind, out: BinaryIO, *, wound: bool) -> float | None:
    """How many seconds were written; None where winding forward did not lead to a place before the clip."""
    with opened(path) as container:
        sound = sound_in(container, path)
        if wound and not (wound := _wind(container, sound, start_s)):
            return None
        strip: Strip | None = None
        for at_s, frame in frames(container, sound, start_s - LEAD_S):
            if strip is None:
                if wound and at_s > start_s and start_s > 0:
                    return None
                strip = Strip(start_s, end_s, kind, out, frame)
            strip.add(at_s, frame)
            if strip.full or at_s >= end_s:
                break
        return strip.end() if strip else (None if wound else 0.0)


def _wind(container: Any, sound: Any, start_s: float) -> bool:
    """Go to shortly before the moment without reading what lies before it; whether that is how to go there."""
    import av

    if not container.format.name.startswith(_TIMED):
        return False
    if start_s <= 2 * LEAD_S:
        return True
    try:
        container.seek(round((start_s - LEAD_S + _begins_s(container)) / sound.time_base), stream=sound, backward=True)
    except av.error.FFmpegError:
        return False
    return True


def _begins_s(container: Any) -> float:
    return (container.start_time or 0) / 1e6


def frames(container: Any, sound: Any, from_s: float) -> Iterator[tuple[float, Any]]:
    """Each frame of sound that ends after `from_s`, with when it begins on the player's clock; what is damaged is passed over."""
    import av

    begins_s, next_s = _begins_s(container), 0.0
    try:
        for packet in container.demux(sound):
            if packet.pts is not None and float((packet.pts + (packet.duration or 0)) * packet.time_base) - begins_s < from_s:
                continue
            try:
                frames = packet.decode()
            except av.error.FFmpegError:
                continue
            for frame in frames:
                at_s = next_s if frame.pts is None else float(frame.pts * frame.time_base) - begins_s
                next_s = at_s + frame.samples / frame.sample_rate
                yield at_s, frame
    except av.error.FFmpegError:
        return


@dataclass
class Strip:
    """The clip as it grows, `silent` at those times; `at` is where the next sample stands in it, before its beginning at first."""

    start_s: float
    end_s: float
    kind: ClipKind
    out: BinaryIO
    first: Any
    silent: tuple[Span, ...] = ()
    at: int | None = None
    written: int = 0
    resampler: Any = None
    made_for: tuple[Any, ...] = ()
    rate: int = field(init=False)
    total: int = field(init=False)
    channels: int = field(init=False)
    sink: Sink = field(init=False)

    def __post_init__(self) -> None:
        self.rate = OPUS_RATE if self.kind is ClipKind.OGG else min(self.first.sample_rate, HIGHEST_RATE)
        self.total = round(self.end_s * self.rate) - round(self.start_s * self.rate)
        self.channels = self.first.layout.nb_channels
        self.sink = sink(self.kind, self.out, self.first.layout.name, self.channels, self.rate)

    @property
    def full(self) -> bool:
        """Whether there is no room for more."""
        return self.written >= self.total

    def add(self, at_s: float, frame: Any) -> None:
        """Put the frame where it belongs, and silence into a hole before it."""
        begins = round(at_s * self.rate) - round(self.start_s * self.rate)
        if self.at is None:
            self.at = min(begins, 0)
        if begins - self.at > GAP_S * self.rate:
            self._flush()
            self._silence(begins - self.at)
        for piece in self._resampled(frame):
            self._put(piece)

    def end(self) -> float:
        """Write what is still held back; how many seconds there are in all."""
        self._flush()
        self.sink.close()
        return self.written / self.rate

    def _put(self, piece: Samples) -> None:
        assert self.at is not None, "the first frame says where it stands"
        kept = piece[max(0, -self.at) : max(0, self.total - self.at)]
        self.at += len(piece)
        if len(kept):
            self.sink.write(self._hushed(kept))
            self.written += len(kept)

    def _hushed(self, kept: Samples) -> Samples:
        """The samples that come next, silent where they are to be."""
        hushed = kept.copy() if self.silent else kept
        for start_s, end_s in self.silent:
            first, last = (round(s * self.rate) - round(self.start_s * self.rate) - self.written for s in (start_s, end_s))
            hushed[max(0, first) : max(0, last)] = 0
        return hushed

    def _silence(self, length: int) -> None:
        assert self.at is not None, "the first frame says where it stands"
        room = max(0, min(self.at + length, self.total) - max(self.at, 0))
        self.at += length
        if room:
            self.sink.write(np.zeros((room, self.channels), np.int16))
            self.written += room

    def _flush(self) -> None:
        if self.resampler is not None:
            for piece in self.resampler.resample(None):
                self._put(piece.to_ndarray().reshape(-1, self.channels))
            self.resampler = None

    def _resampled(self, frame: Any) -> Iterator[Samples]:
        from av.audio.resampler import AudioResampler

        made_for = (frame.format.name, frame.layout.name, frame.sample_rate)
        if self.resampler is None or made_for != self.made_for:
            self._flush()
            self.resampler = AudioResampler(format="s16", layout=self.first.layout.name, rate=self.rate)
            self.made_for = made_for
        frame.pts = None  # the resampler would fill or drop by its own reckoning
        for piece in self.resampler.resample(frame):
            yield piece.to_ndarray().reshape(-1, self.channels)
