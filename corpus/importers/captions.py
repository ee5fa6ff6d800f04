"""Cues into pieces: voices, styling and entities resolved, rolling captions unrolled, names in front of the text told apart from speech."""

import html
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from corpus.importers.cues import Cue
from corpus.importers.labels import split_labels
from corpus.importers.parsed import Piece, clean

_VOICE = re.compile(r"<v(?:\.[^\s<>]*)?(?:\s([^<>]*))?>|</v\s*>")
_TAG = re.compile(r"</?[A-Za-z][^<>\n]*>|<[\d:.,]+\s*>|\{\\[^{}\n]*\}")
_ENTITY = re.compile(r"&#?\w{1,32};")
_CHANGE = re.compile(r"^\s*>>+\s*")
ROLLING_GAP_S = 1.0


@dataclass(frozen=True, slots=True)
class Caption:
    """A cue's lines as they are read aloud, each with the voice that says it; an empty voice is nobody's."""

    start_s: float
    end_s: float | None
    lines: tuple[tuple[str, str], ...]


def pieces_of(cues: Sequence[Cue]) -> list[Piece]:
    """What is said in the cues, by start time, with speakers; cues without words give nothing."""
    captions = [Caption(c.start_s, c.end_s, tuple(_voiced_lines(c.text))) for c in sorted(cues, key=lambda c: c.start_s)]
    captions = unroll([c for c in captions if c.lines])
    if any(voice for c in captions for voice, _ in c.lines):
        return [p for c in captions for p in _by_voice(c)]
    named = split_labels([[text for _, text in c.lines] for c in captions])
    return [p for c, parts in zip(captions, named, strict=True) for p in _by_name(c, parts)]


def plain(text: str) -> str:
    """Cue text without tags and styling, its entities resolved; newlines stay."""
    return _ENTITY.sub(lambda m: html.unescape(m.group()), _TAG.sub("", text))


def _voiced_lines(text: str) -> Iterator[tuple[str, str]]:
    voice, at = "", 0
    spans: list[tuple[str, str]] = []
    for tag in _VOICE.finditer(text):
        spans.append((voice, text[at : tag.start()]))
        voice, at = clean(plain(tag.group(1) or "")), tag.end()
    spans.append((voice, text[at:]))
    for said_by, span in spans:
        for line in plain(span).split("\n"):
            if line := clean(line):
                yield said_by, line


def unroll(captions: Sequence[Caption]) -> list[Caption]:
    """The captions with each line once, where the file scrolls its lines as YouTube and live captions do; else as they are."""
    if not _rolls(captions):
        return list(captions)
    kept: list[Caption] = []
    shown: tuple[tuple[str, str], ...] = ()
    end = 0.0
    for caption in captions:
        fresh = caption.lines
        if caption.start_s - end <= ROLLING_GAP_S:
            fresh = _new_lines(shown, caption.lines)
        if fresh:
            kept.append(replace(caption, lines=fresh))
        shown, end = caption.lines, caption.end_s if caption.end_s is not None else caption.start_s
    return kept


def _rolls(captions: Sequence[Caption]) -> bool:
    """Whether most captions repeat the one before and many of them add words to it, which people who repeat themselves seldom do."""
    repeats = grows = 0
    for before, after in pairwise(captions):
        fresh = _new_lines(before.lines, after.lines)
        repeats += fresh != after.lines
        grows += bool(fresh) and fresh != after.lines
    return grows >= 2 and grows * 4 >= len(captions) and repeats * 2 >= len(captions) - 1


def _new_lines(shown: tuple[tuple[str, str], ...], lines: tuple[tuple[str, str], ...]) -> tuple[tuple[str, str], ...]:
    for n in range(min(len(shown), len(lines)), 0, -1):
        if shown[-n:] == lines[:n]:
            return lines[n:]
    if shown and lines and lines[0][0] == shown[-1][0] and lines[0][1].startswith(shown[-1][1] + " "):
        return ((lines[0][0], lines[0][1][len(shown[-1][1]) + 1 :]), *lines[1:])
    return lines


def _by_voice(caption: Caption) -> Iterator[Piece]:
    run: list[str] = []
    voice = caption.lines[0][0]
    for said_by, line in caption.lines:
        if said_by != voice:
            yield Piece(voice, " ".join(run), caption.start_s, caption.end_s)
            voice, run = said_by, []
        run.append(line)
    yield Piece(voice, " ".join(run), caption.start_s, caption.end_s)


def _by_name(caption: Caption, parts: Sequence[tuple[str, str]]) -> Iterator[Piece]:
    for label, text in parts:
        change = _CHANGE.match(text)
        yield Piece(label, text[change.end() :] if change else text, caption.start_s, caption.end_s, apart=bool(change) and not label)
