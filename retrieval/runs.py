"""Where a run of words stands in one transcript: fast to find, and lent to whoever needs the place."""

import weakref
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import inf

from alignment.transcript import Transcript
from retrieval.words import Word, words

_NEW_SPEAKER = "\0"
_STOP = Word("", 0, 0, False, False)


@dataclass(frozen=True, slots=True)
class Run:
    """Where a quote's words stand: utterances first to last, [start_char, end_char) as in Citation."""

    label: str
    first: int
    last: int
    start_char: int
    end_char: int


class TranscriptTokens:
    """The words of one transcript, laid out so that a quote is found in well under a millisecond.

    Every distinct word is one letter of an alphabet and the whole transcript one string of such letters, with a stop wherever the
    speaker changes: finding a quote is finding a string.
    """

    def __init__(self, transcript: Transcript) -> None:
        self.digest = transcript.digest
        self._alphabet: dict[str, str] = {}
        self._words: list[Word] = []
        self._places: list[int] = []
        letters: list[str] = []
        label = None
        for u in transcript.utterances:
            if u.speaker != label:
                self._put(_STOP, u.index, _NEW_SPEAKER, letters)
            label = u.speaker
            for word in words(u.text):
                letter = self._alphabet.setdefault(word.key, _letter(len(self._alphabet)))
                self._put(word, u.index, letter, letters)
        self._letters = "".join(letters)

    def _put(self, word: Word, place: int, letter: str, letters: list[str]) -> None:
        self._words.append(word)
        self._places.append(place)
        letters.append(letter)

    def runs(self, sought: Sequence[str], transcript: Transcript) -> Iterator[Run]:
        """Every run of whole words with these keys, in the order of the record, whoever said it."""
        if not sought or any(key not in self._alphabet for key in sought):
            return
        needle = "".join(self._alphabet[key] for key in sought)
        at = self._letters.find(needle)
        while at >= 0:
            begin, end = self._words[at], self._words[at + len(sought) - 1]
            if begin.opens and end.closes:
                first, last = self._places[at], self._places[at + len(sought) - 1]
                close = _with_full_stop(transcript.utterances[last].text, end.end)
                yield Run(transcript.utterances[first].speaker, first, last, begin.start, close)
            at = self._letters.find(needle, at + 1)


_cache: dict[int, tuple[weakref.ref[Transcript], TranscriptTokens]] = {}


def tokens_of(transcript: Transcript) -> TranscriptTokens:
    """The transcript's words, laid out once and kept for as long as the transcript itself is (an erased one leaves nothing here)."""
    key = id(transcript)
    held = _cache.get(key)
    if held and held[0]() is transcript:
        return held[1]
    tokens = TranscriptTokens(transcript)
    _cache[key] = (weakref.ref(transcript, lambda gone: _forget(key, gone)), tokens)
    return tokens


def wording_at(transcript: Transcript, first: int, last: int, start_char: int, end_char: int) -> str:
    """The record's own words over a citation's span; utterances are joined by one space."""
    texts = [u.text for u in transcript.utterances[first : last + 1]]
    texts[-1] = texts[-1][:end_char]
    texts[0] = texts[0][start_char:]
    return " ".join(texts)


def times_of(run: Run, transcript: Transcript) -> tuple[tuple[float, float], tuple[float, float]]:
    """When the utterances were said and, as far as marks tell, the stretch that holds the words; an empty stretch where untimed."""
    first, last = transcript.utterances[run.first], transcript.utterances[run.last]
    if first.start_s is None or last.end_s is None:
        return (inf, -inf), (inf, -inf)
    begins = [m[1] for m in first.marks if m[0] <= run.start_char]
    finishes = [m[2] for m in last.marks if m[0] < run.end_char]
    whole = (first.start_s, last.end_s)
    return whole, (begins[-1] if begins else whole[0], finishes[-1] if finishes else whole[1])


def _with_full_stop(text: str, end: int) -> int:
    # "You led it?" is not "You led it.": the sign that ends the sentence belongs to what was said.
    after = end
    while after < len(text) and text[after] in ".!?…":
        after += 1
    return after if after == len(text) or text[after].isspace() or text[after] in "\"'”’»)]" else end


def _letter(n: int) -> str:
    # Surrogates are no characters, and 0 is the stop between speakers.
    return chr(n + 1) if n < 0xD7FF else chr(n + 0x801)


def _forget(key: int, gone: weakref.ref[Transcript]) -> None:
    if key in _cache and _cache[key][0] is gone:
        del _cache[key]
