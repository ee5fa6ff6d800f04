"""WhisperX JSON, and Whisper's own: `segments` with times, words inside them, and `SPEAKER_00` where speakers were told apart."""

from collections.abc import Sequence
from typing import Any

from corpus.importers.json_text import Seconds, Sent, in_order, validate
from corpus.importers.parsed import Piece, clean
from corpus.importers.words import Spoken, marks_in, runs


class _Word(Sent):
    word: str | None = None
    start: float | None = None
    end: float | None = None
    speaker: str | None = None


class _Segment(Sent):
    text: str
    start: Seconds | None = None
    end: Seconds | None = None
    speaker: str | None = None
    words: tuple[_Word, ...] | None = None


def is_whisperx(value: Any) -> bool:
    """Whether the JSON is an object with a list of segments."""
    return isinstance(value, dict) and isinstance(value.get("segments"), list)


def whisperx_pieces(value: Any, text: str, where: str) -> list[Piece]:
    """One piece for each segment; where a segment names nobody and its words do, one for each speaker in it."""
    segments = validate(tuple[_Segment, ...], value["segments"], text, where, under=("segments",))
    pieces: list[Piece] = []
    for i, segment in enumerate(segments):
        in_order(segment.start, segment.end, text, where, ("segments", i, "end"))
        words = [Spoken(w.word or "", w.speaker or "", w.start, w.end) for w in segment.words or ()]
        if not segment.speaker and any(w.label for w in words):
            pieces.extend(runs(_with_neighbours(words)))
            continue
        said = clean(segment.text)
        marks = marks_in(said, words, segment.start, segment.end)
        pieces.append(Piece(segment.speaker or "", said, segment.start, segment.end, marks))
    return pieces


def _with_neighbours(words: Sequence[Spoken]) -> list[Spoken]:
    """A word without a speaker between two words of one speaker is that speaker's: numbers and names often go unplaced."""
    named, following = list(words), ""
    after = [""] * len(words)
    for i in range(len(words) - 1, -1, -1):
        after[i] = following
        following = words[i].label or following
    before = ""
    for i, word in enumerate(words):
        if not word.label and before == after[i]:
            named[i] = Spoken(word.text, before, word.start_s, word.end_s)
        before = word.label or before
    return named
