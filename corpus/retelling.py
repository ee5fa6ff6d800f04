"""A transcript told anew by a conference tool's speaker track: the same words at the same times, each the label's that has its time."""

import re
from collections.abc import Iterator

from alignment.errors import BadRequest
from alignment.transcript import Mark, Transcript, Utterance
from corpus.heard import HEARD, HeardWord, Said
from corpus.importers.parsed import UNKNOWN_SPEAKER
from corpus.tracks import Spans, Track, labelled, spans_of
from corpus.turns.cutting import cut

_WORD = re.compile(r"\S+")


def retold(transcript: Transcript, track: Track) -> tuple[Utterance, ...]:
    """The utterances, cut where the track's speaker changes within one; what nobody is sure of is the unknown speaker's.

    BadRequest where the transcript has no times.
    """
    if not transcript.timed:
        raise BadRequest("The transcript has no times", where=transcript.interview, todo="A track tells by time who speaks.")
    spans, heard = spans_of(track), transcript.source_format == HEARD
    pieces = (piece for u in transcript.utterances for piece in _pieces(u, spans, _marks(u, heard=heard)))
    return tuple(piece.model_copy(update={"index": index}) for index, piece in enumerate(pieces))


def _marks(u: Utterance, *, heard: bool) -> tuple[Mark, ...]:
    """Its marks; what a machine heard and has none is spoken evenly, of a line that somebody else timed that is not known."""
    return u.marks or (((0, u.start_s or 0.0, u.end_s or 0.0),) if heard else ())


def _pieces(u: Utterance, spans: Spans, marks: tuple[Mark, ...]) -> Iterator[Utterance]:
    said = Said(0, u.text, tuple(_words(u, marks)))
    at = 0
    for piece in cut(said, *labelled(said, spans)):
        start = u.text.index(piece.said.text, at)
        at = start + len(piece.said.text)
        words = piece.said.words
        yield u.model_copy(
            update={
                "speaker": piece.label or UNKNOWN_SPEAKER,
                "text": piece.said.text,
                "start_s": words[0].start_s,
                "end_s": max(w.end_s for w in words),
                "marks": u.marks if len(piece.said.text) == len(u.text) else tuple(_clipped(u.text, marks, start, at)),
                "doubts": tuple((a - start, b - start, p) for a, b, p in u.doubts if start <= a and b <= at),
                "attribution": piece.sure if piece.label else None,
            }
        )


def _clipped(text: str, marks: tuple[Mark, ...], start: int, at: int) -> Iterator[Mark]:
    """The marks of the characters [start, at), each with its share of the time of the one that it is cut from."""
    for mark, stop in _stretches(text, marks):
        first, last = max(mark[0], start), min(stop, at)
        if first < last:
            yield first - start, _instant(text, mark, stop, first), _instant(text, mark, stop, last)


def _stretches(text: str, marks: tuple[Mark, ...]) -> Iterator[tuple[Mark, int]]:
    return zip(marks, [*(offset for offset, _, _ in marks[1:]), len(text)], strict=True)


def _instant(text: str, mark: Mark, stop: int, at: int) -> float:
    """When that character of a mark's stretch is said, as at an even pace; what comes after the last word takes no time."""
    offset, start_s, end_s = mark
    if not text[at:stop].strip():
        return end_s
    return round(start_s + (at - offset) * (end_s - start_s) / max(1, stop - offset), 3)


def _words(u: Utterance, marks: tuple[Mark, ...]) -> Iterator[HeardWord]:
    """Its words with their times where there are marks, which place each to a tenth of a second; else the line as a whole."""
    if not marks:
        yield HeardWord(u.text.strip(), u.start_s or 0.0, u.end_s or 0.0, 1.0)
    for mark, stop in _stretches(u.text, marks) if marks else ():
        for m in _WORD.finditer(u.text, mark[0], stop):
            yield HeardWord(m.group(), _instant(u.text, mark, stop, m.start()), _instant(u.text, mark, stop, m.end()), 1.0)
