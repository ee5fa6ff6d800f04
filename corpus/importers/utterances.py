"""Pieces into utterances: missing ends filled in, consecutive pieces of one speaker joined, times kept as marks."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from alignment.transcript import Mark, Utterance
from corpus.importers.parsed import UNKNOWN_SPEAKER, Piece, clean

WORDS_A_SECOND = 2.5
SLOWEST_WORDS_A_SECOND = 1.0
# What nobody is named for may be several people's words, so it is joined only inside one breath of one sentence.
UNKNOWN_PAUSE_S, UNKNOWN_LONGEST_S = 1.0, 30.0
WORD_TOLERANCE_S, WORDS_A_MARK = 0.1, 12


@dataclass(frozen=True, slots=True)
class Word:
    """One timed word: where it begins in its piece's text, and when it was said in seconds."""

    offset: int
    start_s: float
    end_s: float


def tidy(pieces: Iterable[Piece]) -> list[Piece]:
    """The pieces with clean labels and words; a piece without words is dropped."""
    kept = []
    for piece in pieces:
        text = clean(piece.text)
        if text:
            marks = piece.marks if text == piece.text else ()
            kept.append(replace(piece, text=text, label=clean(piece.label), marks=marks))
    return kept


def fill_ends(pieces: Sequence[Piece]) -> list[Piece]:
    """Each timed piece with an end: the next one's start, but no later than slow speech would need; the last by speech rate."""
    filled = []
    for i, piece in enumerate(pieces):
        if piece.start_s is None or piece.end_s is not None:
            filled.append(piece)
            continue
        words = piece.text.count(" ") + 1
        following = pieces[i + 1].start_s if i + 1 < len(pieces) else None
        if following is None or following <= piece.start_s:
            end = piece.start_s + words / WORDS_A_SECOND
        else:
            end = min(following, piece.start_s + 2 + words / SLOWEST_WORDS_A_SECOND)
        filled.append(replace(piece, end_s=round(end, 3)))
    return filled


def join(pieces: Sequence[Piece]) -> tuple[Utterance, ...]:
    """Utterances of consecutive pieces by one speaker, with one space and one mark between two pieces."""
    runs: list[list[Piece]] = []
    run_start = 0.0
    for piece in pieces:
        if runs and _continues(runs[-1][-1], piece, run_start):
            runs[-1].append(piece)
        else:
            runs.append([piece])
            run_start = piece.start_s or 0.0
    return tuple(_utterance(i, run) for i, run in enumerate(runs))


def keep(pieces: Sequence[Piece]) -> tuple[Utterance, ...]:
    """One utterance for each piece, for files that say themselves where utterances begin and end."""
    return tuple(_utterance(i, [piece]) for i, piece in enumerate(pieces))


def _continues(last: Piece, piece: Piece, run_start: float) -> bool:
    if piece.apart or piece.label != last.label or (piece.start_s is None) != (last.start_s is None):
        return False
    if piece.label:
        return True
    if piece.start_s is None or last.end_s is None or piece.end_s is None:
        return False
    near = piece.start_s - last.end_s <= UNKNOWN_PAUSE_S and piece.end_s - run_start <= UNKNOWN_LONGEST_S
    return near and not last.text.endswith((".", "?", "!", "…"))


def _utterance(index: int, run: Sequence[Piece]) -> Utterance:
    label = run[0].label or UNKNOWN_SPEAKER
    text = " ".join(piece.text for piece in run)
    starts = [p.start_s for p in run if p.start_s is not None]
    ends = [p.end_s for p in run if p.end_s is not None]
    if not starts or not ends:
        return Utterance(index=index, speaker=label, text=text)
    marks: list[Mark] = []
    offset = 0
    for p in run:
        if p.start_s is not None and p.end_s is not None:
            marks.extend((offset + at, s, e) for at, s, e in p.marks or ((0, p.start_s, p.end_s),))
        offset += len(p.text) + 1
    start, end = min(starts), max(ends)
    whole = marks == [(0, start, end)]
    return Utterance(index=index, speaker=label, text=text, start_s=start, end_s=end, marks=() if whole else tuple(marks))


def word_marks(words: Sequence[Word], length: int) -> tuple[Mark, ...]:
    """Marks for timed words, one for as many words as an even pace places within a tenth of a second."""
    marks: list[Mark] = []
    first = 0
    while first < len(words):
        last = first
        while last + 1 < len(words) and last + 1 - first < WORDS_A_MARK and _even(words, first, last + 1, length):
            last += 1
        marks.append((0 if first == 0 else words[first].offset, words[first].start_s, words[last].end_s))
        first = last + 1
    return tuple(marks)


def _even(words: Sequence[Word], first: int, last: int, length: int) -> bool:
    """Whether sharing out the time by characters puts every word of the run where it was said."""
    begin, stop = words[first].offset, words[last + 1].offset if last + 1 < len(words) else length
    pace = (words[last].end_s - words[first].start_s) / max(1, stop - begin)
    for word in words[first : last + 1]:
        if abs(words[first].start_s + (word.offset - begin) * pace - word.start_s) > WORD_TOLERANCE_S:
            return False
    return True
