"""A transcript told anew by a conference tool's speaker track: the same words at the same times, each the label's that has its time."""

import re
from collections.abc import Iterator

from alignment.errors import BadRequest
from alignment.transcript import Mark, Transcript, Utterance
from corpus.heard import HeardWord, Said
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
    spans = spans_of(track)
    pieces = (piece for u in transcript.utterances for piece in _pieces(u, spans))
    return tuple(piece.model_copy(update={"index": index}) for index, piece in enumerate(pieces))


def _pieces(u: Utterance, spans: Spans) -> Iterator[Utterance]:
    said = Said(0, u.text, _words(u))
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
                "marks": tuple((offset - start, a, b) for offset, a, b in u.marks if start <= offset < at),
                "doubts": tuple((a - start, b - start, p) for a, b, p in u.doubts if start <= a and b <= at),
                "attribution": piece.sure if piece.label else None,
            }
        )


def _words(u: Utterance) -> tuple[HeardWord, ...]:
    """Its words with their times where there are marks, which place each to a tenth of a second; else the line as a whole."""
    if not u.marks:
        return (HeardWord(u.text.strip(), u.start_s or 0.0, u.end_s or 0.0, 1.0),)
    stops = [*(offset for offset, _, _ in u.marks[1:]), len(u.text)]
    return tuple(word for mark, stop in zip(u.marks, stops, strict=True) for word in _words_of(u, mark, stop))


def _words_of(u: Utterance, mark: Mark, stop: int) -> Iterator[HeardWord]:
    """The words of one mark's stretch; the last one ends with it, though a space comes after."""
    offset, start_s, end_s = mark
    places = [(m.start(), m.end()) for m in _WORD.finditer(u.text, offset, stop)]
    pace = (end_s - start_s) / max(1, stop - offset)
    for start, end in places:
        until_s = end_s if (start, end) == places[-1] else start_s + (end - offset) * pace
        yield HeardWord(u.text[start:end], round(start_s + (start - offset) * pace, 3), round(until_s, 3), 1.0)
