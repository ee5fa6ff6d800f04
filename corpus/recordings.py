"""The sound of a recording, audio or video: decoded in blocks at 16 kHz on the recording's own clock, or refused in one sentence.

The content decides what a file is, never its name. The file is opened here and handed over as a stream of bytes, and nothing else may be
opened on its behalf: playlists and the like, which lead a decoder to other files and addresses, are no recordings.
"""

import struct
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import chain
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from alignment.errors import BadAudio

Signal = NDArray[np.float32]
"""Samples between -1 and 1 at 16 kHz: channels × samples."""

RATE = 16_000
LONGEST_S = 4 * 3600.0
BLOCK = 10 * RATE
# Clocks of recorders tremble; what is a hole in the sound is longer than that.
GAP_S = 0.1
# Encoders pad and trim, and headers round: what is shorter by less is whole.
MISSING_S, MISSING_SHARE = 0.5, 0.01
DAMAGED_SHARE = 0.05
# Elsewhere the length is guessed from the file's size, which says nothing of whether the file is whole.
_SAY_HOW_LONG = ("mov,mp4", "matroska", "flac", "avi", "asf", "aiff", "caf", "w64")
_TYPES = {
    **{"wav": "wav", "w64": "wav", "mp3": "mpeg", "mp4": "mp4", "matroska": "webm", "webm": "webm", "ogg": "ogg", "flac": "flac"},
    **{"aac": "aac", "aiff": "aiff", "amr": "amr", "mpegts": "mp2t", "avi": "x-msvideo"},
}
_NO_OTHER_FILE = {"protocol_whitelist": "none"}
_AGAIN = "Copy or upload the file again, from where it was recorded."
_CONVERT = "Check that it plays; convert it to WAV, MP3, M4A or OGG."


def decoded(path: Path) -> Iterator[Signal]:
    """The sound in blocks of ten seconds, the last one shorter; holes are silence, so that samples count the player's seconds.

    Raises BadAudio for what is no recording, has no sound, is damaged, cut off or longer than four hours; the last two at the latest after
    the last block.
    """
    with opened(path) as container:
        sound = sound_in(container, path)
        waiting: list[Signal] = []
        held = 0
        for piece in _Clock(container, sound, path).pieces():
            waiting.append(piece)
            held += piece.shape[1]
            while held >= BLOCK:
                whole = np.concatenate(waiting, axis=1)
                yield whole[:, :BLOCK]
                waiting, held = [whole[:, BLOCK:]], held - BLOCK
        if held:
            yield np.concatenate(waiting, axis=1)


def must_be_sound(path: Path, name: str) -> str:
    """The media type of the recording in a file that is called `name`; BadAudio for what is none, has no sound, or says it is too long.

    Whether it is whole is known only once it is decoded.
    """
    try:
        with opened(path) as container:
            sound_in(container, path)
            pictures = any(not s.disposition & s.disposition.attached_pic for s in container.streams.video)
            kinds = container.format.name.split(",")
    except BadAudio as e:
        raise BadAudio(e.what, where=name, todo=e.todo) from e
    return next((f"{'video' if pictures else 'audio'}/{_TYPES[k]}" for k in kinds if k in _TYPES), "application/octet-stream")


@contextmanager
def opened(path: Path) -> Iterator[Any]:
    """The container, opened through a file of ours; BadAudio for what is none."""
    import av  # 0.1 s: only who hears pays for it

    try:
        with path.open("rb") as file:
            head = file.read(65_536)
            _refuse_at_once(head, path)
            file.seek(0)
            try:
                container = av.open(file, options=dict(_NO_OTHER_FILE), metadata_errors="ignore")
            except (av.error.FFmpegError, ValueError) as e:
                raise _unknown(head, path) from e
            with container:
                yield container
    except OSError as e:
        raise BadAudio(f"The file cannot be opened: {e.strerror or type(e).__name__}", where=path.name, todo="Name a file.") from e


def _refuse_at_once(head: bytes, path: Path) -> None:
    if not head:
        raise BadAudio("The file is empty", where=path.name, todo=_AGAIN)
    if head[:4] in (b"RIFF", b"RIFX") and head[8:12] == b"WAVE":
        (told,) = struct.unpack("<I" if head[:4] == b"RIFF" else ">I", head[4:8])
        there = path.stat().st_size - 8
        # A recorder that could not go back to write the size leaves nought or the greatest number.
        if 0 < told < 0xFFFF_FF00 and there < told - 1:
            raise _cut_off(path, f"{there + 8:,} of {told + 8:,} bytes are there")


def _unknown(head: bytes, path: Path) -> BadAudio:
    if head[4:8] == b"ftyp":
        return _cut_off(path, "it begins as an MP4 does, and its index is missing")
    kind = "The file is text, not a recording" if _is_text(head) else "The file is no recording that is known here"
    return BadAudio(kind, where=path.name, todo=_CONVERT)


def _is_text(head: bytes) -> bool:
    try:
        return b"\0" not in head and bool(head[:-4].decode("utf-8").strip())
    except UnicodeDecodeError:
        return False


def _cut_off(path: Path, how: str) -> BadAudio:
    return BadAudio(f"The recording is cut off: {how}", where=path.name, todo=_AGAIN)


def _too_long(path: Path, length_s: float) -> BadAudio:
    hours = length_s / 3600
    return BadAudio(f"The recording lasts {hours:.1f} hours, and four are the most", where=path.name, todo="Cut it into parts.")


def sound_in(container: Any, path: Path) -> Any:
    """The sound that a player would play; BadAudio where there is none."""
    if not container.streams.audio:
        what = "The video has no sound" if container.streams.video else "The file is text, not a recording"
        raise BadAudio(what, where=path.name, todo="Record it again with sound." if container.streams.video else _CONVERT)
    length_s = (container.duration or 0) / 1e6
    if length_s > LONGEST_S:
        raise _too_long(path, length_s)
    return container.streams.best("audio") or container.streams.audio[0]


@dataclass
class _Clock:
    """Where the sound stands in time while it is decoded, and how much of it was lost."""

    container: Any
    sound: Any
    path: Path
    at: int = 0
    ended_s: float = 0.0
    packets: int = 0
    broken: int = 0
    resampler: Any = None
    made_for: tuple[Any, ...] = ()
    layout: str = ""
    channels: int = 0
    begins_s: float = field(init=False)

    def __post_init__(self) -> None:
        self.begins_s = (self.container.start_time or 0) / 1e6

    def pieces(self) -> Iterator[Signal]:
        """The sound as it comes, holes filled; BadAudio at its end where it is not whole."""
        for frame in self._frames():
            for piece in chain(list(self._hole(frame)), self._resampled(frame)):
                yield self._counted(piece)
        for piece in self._resampled(None):
            yield self._counted(piece)
        self._refuse_what_is_missing()

    def _counted(self, piece: Signal) -> Signal:
        self.at += piece.shape[1]
        if self.at > LONGEST_S * RATE:
            raise _too_long(self.path, self.at / RATE)
        return piece

    def _frames(self) -> Iterator[Any]:
        """Each frame of sound; what cannot be decoded is counted, and what follows it is at its own time."""
        import av

        try:
            for packet in self.container.demux():
                if packet.pts is not None and packet.time_base is not None:
                    self.ended_s = max(self.ended_s, float((packet.pts + (packet.duration or 0)) * packet.time_base))
                if packet.stream_index == self.sound.index:
                    self.packets += 1
                    try:
                        yield from packet.decode()
                    except av.error.FFmpegError:
                        self.broken += 1
        except av.error.FFmpegError:
            self.broken += 1

    def _hole(self, frame: Any) -> Iterable[Signal]:
        """Silence up to where the frame says that it begins."""
        if frame.pts is None or frame.time_base is None:
            return
        begins = round((float(frame.pts * frame.time_base) - self.begins_s) * RATE)
        if begins - self.at <= GAP_S * RATE:
            return
        if begins > LONGEST_S * RATE:
            raise _too_long(self.path, begins / RATE)
        flushed = list(self._resampled(None))
        yield from flushed
        left = begins - self.at - sum(piece.shape[1] for piece in flushed)
        while left > 0:
            yield np.zeros((self.channels or frame.layout.nb_channels, min(left, BLOCK)), np.float32)
            left -= BLOCK

    def _resampled(self, frame: Any) -> Iterator[Signal]:
        """The frame at 16 kHz in the channels of the first one; with None, what the resampler still holds."""
        from av.audio.resampler import AudioResampler

        if frame is None:
            if self.resampler is not None:
                yield from (f.to_ndarray() for f in self.resampler.resample(None))
                self.resampler = None
            return
        made_for = (frame.format.name, frame.layout.name, frame.sample_rate)
        if self.resampler is None or made_for != self.made_for:
            yield from self._resampled(None)
            # The channels stay those of the first frame, whatever follows.
            self.layout, self.channels = self.layout or frame.layout.name, self.channels or frame.layout.nb_channels
            self.resampler = AudioResampler(format="fltp", layout=self.layout, rate=RATE)
            self.made_for = made_for
        frame.pts = None  # the resampler would fill or drop by its own reckoning
        yield from (f.to_ndarray() for f in self.resampler.resample(frame))

    def _refuse_what_is_missing(self) -> None:
        told_s, ended_s = self._told_s(), max(self.ended_s - self.begins_s, self.at / RATE)
        if told_s and told_s - ended_s > max(MISSING_S, MISSING_SHARE * told_s):
            raise _cut_off(self.path, f"{ended_s:.0f} of {told_s:.0f} s are there")
        if self.at == 0 or self.broken > max(2, DAMAGED_SHARE * self.packets):
            raise BadAudio("The recording is damaged: its sound cannot be decoded", where=self.path.name, todo=_AGAIN)

    def _told_s(self) -> float:
        """How long the file says that it is, where it does say so."""
        name = self.container.format.name
        says = name.startswith(_SAY_HOW_LONG) or (name == "mp3" and _mp3_says(self.path))
        return (self.container.duration or 0) / 1e6 if says else 0.0


def _mp3_says(path: Path) -> bool:
    with path.open("rb") as file:
        head = file.read(1_048_576)  # pictures may stand in front
    return any(mark in head for mark in (b"Xing", b"Info\0", b"VBRI"))
