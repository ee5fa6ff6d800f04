"""A transcript told anew by a conference tool's speaker track: the same words at the same times, each the label's that has its time."""

from collections.abc import Iterator, Sequence
from itertools import accumulate

from alignment.errors import BadRequest
from alignment.transcript import Transcript, Utterance
from corpus.heard import HeardWord, Said
from corpus.importers.parsed import UNKNOWN_SPEAKER
from corpus.tracks import Track, labelled
from corpus.turns.cutting import cut


def retold(transcript: Transcript, track: Track) -> tuple[Utterance, ...]:
    """The utterances, cut where the track's speaker changes within one; what nobody is sure of is the unknown speaker's.

    BadRequest where the transcript has no times.
    """
    if not transcript.timed:
        raise BadRequest("The transcript has no times", where=transcript.interview, todo="A track tells by time who speaks.")
    ends = list(accumulate((t.end_s for t in track), max))
    pieces = (piece for u in transcript.utterances for piece in _pieces(u, track, ends))
    return tuple(piece.model_copy(update={"index": index}) for index, piece in enumerate(pieces))


def _pieces(u: Utterance, track: Track, ends: Sequence[float]) -> Iterator[Utterance]:
    said = Said(0, u.text, _words(u))
    at = 0
    for piece in cut(said, *labelled(said, track, ends)):
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
    """What is timed of it by itself: words where a machine heard them, else lines."""
    marks = u.marks or ((0, u.start_s or 0.0, u.end_s or 0.0),)
    stops = [*(offset for offset, _, _ in marks[1:]), len(u.text)]
    return tuple(HeardWord(u.text[m[0] : stop].strip(), m[1], m[2], 1.0) for m, stop in zip(marks, stops, strict=True))
