"""A recording with silence where something was struck out: its sound alone, as FLAC, since a picture shows lips."""

from collections.abc import Sequence
from pathlib import Path
from typing import BinaryIO

from alignment.erasing import Span
from corpus.clips import Strip, frames
from corpus.recordings import LONGEST_S, opened, sound_in
from corpus.sinks import ClipKind

MOST_CHANNELS = 8


def silence(path: Path, silent: Sequence[Span], out: BinaryIO) -> float:
    """Write the whole sound of the recording, its channels and times kept, silent then, and say how many seconds it is.

    BadAudio for what cannot be opened.
    """
    with opened(path) as container:
        sound = sound_in(container, path)
        strip: Strip | None = None
        for at_s, frame in frames(container, sound, 0.0):
            if strip is None:
                # FLAC has places for eight channels.
                kind = ClipKind.FLAC if frame.layout.nb_channels <= MOST_CHANNELS else ClipKind.WAV
                strip = Strip(0.0, LONGEST_S, kind, out, frame, tuple(silent))
            strip.add(at_s, frame)
        return strip.end() if strip else 0.0
