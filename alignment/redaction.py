"""Redaction: which characters of a transcript are struck out, the transcript without them, and when they were said."""

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from itertools import accumulate, groupby

from pydantic import Field

from alignment.erasing import Span, Struck
from alignment.errors import BadRequest, NotFound
from alignment.record import Record
from alignment.transcript import Mark, Transcript, Utterance

MARK = "[redacted]"
"""What stands in the place of what was struck out; its length tells nothing of it."""
BESIDE_S = 0.3
"""Word times are that far off at times: the sound is silenced so much before and after, too."""
RUN = 6
"""So many words in a row of an interview make a quote of it; all of what is struck out where that is fewer."""
_WORD = re.compile(r"\w+")


class Parts(Record):
    """What is to be struck out: stretches of time in seconds, whole utterances from first to last, and words wherever they stand."""

    times: tuple[Span, ...] = ()
    utterances: tuple[tuple[int, int], ...] = ()
    words: tuple[str, ...] = Field(default=(), max_length=50)


def strike(transcript: Transcript, parts: Parts, where: str = "") -> tuple[Struck, ...]:
    """The characters that the parts name, in order, none twice; nothing where a time names sound without a word.

    BadRequest for what names no part of this transcript, NotFound for words that nobody says in it; `where` is the interview's name.
    """
    if parts.times and not transcript.timed:
        raise BadRequest("The transcript has no times", where=where, todo="Name utterances or words.")
    found = [s for begin, end in parts.times for u in transcript.utterances if (s := _during(u, begin, end))]
    for first, last in parts.utterances:
        if not 0 <= first <= last < len(transcript.utterances):
            todo = f"They go from u0 to u{len(transcript.utterances) - 1}."
            raise BadRequest(f"There are no utterances u{first} to u{last}", where=where, todo=todo)
        found += [Struck(utterance=u.index, start=0, end=len(u.text)) for u in transcript.utterances[first : last + 1]]
    for words in parts.words:
        found += _said(transcript, words, where)
    return tuple(s for s in _joined(found) if transcript.utterances[s.utterance].text[s.start : s.end].strip() not in ("", MARK))


def without(transcript: Transcript, struck: Sequence[Struck]) -> Transcript:
    """The transcript with the mark in the place of each stretch; its id and version are the same."""
    by = {index: list(group) for index, group in groupby(struck, key=lambda s: s.utterance)}
    return transcript.model_copy(
        update={"utterances": tuple(_without(u, by[u.index]) if u.index in by else u for u in transcript.utterances)}
    )


def silences(transcript: Transcript, struck: Iterable[Struck], times: Iterable[Span] = ()) -> tuple[Span, ...]:
    """When the stretches were said where that is known, with a little to either side, and the given times; joined where they touch."""
    said = [(t[2], t[3]) for s in struck for t in _timed(transcript.utterances[s.utterance]) if t[0] < s.end and t[1] > s.start]
    spans = sorted([*times, *((max(0.0, begin - BESIDE_S), end + BESIDE_S) for begin, end in said)])
    joined: list[Span] = []
    for begin, end in spans:
        if joined and begin <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(end, joined[-1][1]))
        else:
            joined.append((begin, end))
    return tuple(joined)


def struck_words(transcript: Transcript, struck: Iterable[Struck]) -> frozenset[tuple[str, ...]]:
    """What a text repeats that repeats something of it: every run of words, each as long as `RUN` or as the whole stretch."""
    return frozenset(run for s in struck for run in _runs(transcript.utterances[s.utterance].text[s.start : s.end]))


def repeats(text: str, runs: frozenset[tuple[str, ...]]) -> bool:
    """Whether a text says any of these runs of words."""
    words = tuple(_WORD.findall(text.casefold()))
    lengths = {len(run) for run in runs}
    return any(words[at : at + n] in runs for n in lengths for at in range(len(words) - n + 1))


def _runs(text: str) -> Iterator[tuple[str, ...]]:
    words = tuple(_WORD.findall(text.replace(MARK, " ").casefold()))
    n = min(RUN, len(words))
    if n:
        yield from (words[at : at + n] for at in range(len(words) - n + 1))


def _during(u: Utterance, begin: float, end: float) -> Struck | None:
    """What was said of it then: whole words, or where only lines are timed the whole of each line that reaches into the time."""
    hit = [(first, stop) for first, stop, begins_s, ends_s in _timed(u) if begins_s < end and ends_s > begin]
    return Struck(utterance=u.index, start=hit[0][0], end=hit[-1][1]) if hit else None


def _timed(u: Utterance) -> list[tuple[int, int, float, float]]:
    """What is timed by itself: first character, last, from when to when. Words without a time of their own last until the next that has."""
    if u.start_s is None or u.end_s is None:
        return []
    marks = u.marks or ((0, u.start_s, u.end_s),)
    stops = [(m[0], m[1]) for m in marks[1:]] + [(len(u.text), u.end_s)]
    made = []
    for (first, begins_s, ends_s), (stop, next_s) in zip(marks, stops, strict=True):
        several = len(u.text[first:stop].split()) > 1
        made.append((first, stop, begins_s, max(ends_s, next_s) if several else ends_s))
    return made


def _said(transcript: Transcript, words: str, where: str) -> list[Struck]:
    sought = [re.escape(w) for w in _WORD.findall(words)]
    if not sought:
        raise BadRequest("There is no word in that", where="words", todo="Give the words as they stand in the transcript.")
    pattern = re.compile(r"(?<!\w)" + r"\W+".join(sought) + r"(?!\w)", re.IGNORECASE)
    # A cue or a track may cut what is said in a row: it is sought across utterances, and struck out of each.
    begins = list(accumulate((len(u.text) + 1 for u in transcript.utterances), initial=0))
    whole = " ".join(u.text for u in transcript.utterances)
    found = [
        Struck(utterance=u.index, start=max(0, m.start() - at), end=min(len(u.text), m.end() - at))
        for m in pattern.finditer(whole)
        for u, at in _between(transcript, begins, m.start(), m.end())
    ]
    if not found:
        todo = "Give them as they stand in the transcript."
        raise NotFound("Nobody says these words in a row", where=where, todo=todo)
    return found


def _between(transcript: Transcript, begins: Sequence[int], start: int, end: int) -> Iterator[tuple[Utterance, int]]:
    """The utterances that hold characters [start, end) of the whole text, and where each begins in it."""
    for index in range(bisect_right(begins, start) - 1, len(transcript.utterances)):
        if begins[index] >= end:
            return
        yield transcript.utterances[index], begins[index]


def _joined(found: Iterable[Struck]) -> Iterator[Struck]:
    held: Struck | None = None
    for s in sorted(found, key=lambda s: (s.utterance, s.start, s.end)):
        if held and s.utterance == held.utterance and s.start <= held.end:
            held = held.model_copy(update={"end": max(held.end, s.end)})
            continue
        if held:
            yield held
        held = s
    if held:
        yield held


def _without(u: Utterance, struck: Sequence[Struck]) -> Utterance:
    """One utterance without these stretches: where each character that stays stands now, its marks and doubts go with it."""
    pieces, at, moved = [], 0, []
    for s in struck:
        start = s.start + (len(u.text[s.start : s.end]) - len(u.text[s.start : s.end].lstrip()))
        end = s.end - (len(u.text[s.start : s.end]) - len(u.text[s.start : s.end].rstrip()))
        if end <= start:
            continue
        pieces += [u.text[at:start], MARK]
        moved.append((start, end))
        at = end
    text = "".join([*pieces, u.text[at:]])

    def now(offset: int) -> int:
        """Where a character stands now; one that is struck out at the beginning of its mark."""
        gone = 0
        for start, end in moved:
            if offset < start:
                break
            if offset < end:
                return start - gone
            gone += end - start - len(MARK)
        return offset - gone

    marks = _once((now(offset), begin_s, end_s) for offset, begin_s, end_s in u.marks)
    doubts = tuple((now(a), now(b), p) for a, b, p in u.doubts if not any(a < end and b > start for start, end in moved))
    return u.model_copy(update={"text": text, "marks": marks, "doubts": doubts})


def _once(marks: Iterable[Mark]) -> tuple[Mark, ...]:
    """One mark a place, over all the time of those that fell together."""
    return tuple(
        (offset, some[0][1], max(m[2] for m in some)) for offset, group in groupby(marks, key=lambda m: m[0]) if (some := list(group))
    )
