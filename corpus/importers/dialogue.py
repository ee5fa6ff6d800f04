"""Transcripts written as text: Otter's `Name  12:34` over each paragraph, and untimed `Name: text`."""

import re
from collections import Counter
from collections.abc import Sequence

from corpus.importers.labels import accepted_labels, label_of, looks_like_a_name, split_labels
from corpus.importers.parsed import Piece, clean, refusal

_HEADER = re.compile(r"(\S.{0,59}?)\s+(?:(\d{1,6}):)?(\d{1,4}):([0-5]\d)\s*$")
_CLOCK_ONLY = re.compile(r"\s*\[?(?:\d{1,2}:)?\d{1,2}:\d{2}\]?\s*$")
_SIGNED_OFF = re.compile(r"\s*Transcribed by https?://otter\.ai/?\s*$")


def is_otter(text: str) -> bool:
    """Whether a paragraph of the text opens with a speaker and a time."""
    return bool(_headers(text.split("\n")))


def otter_pieces(text: str, where: str) -> list[Piece]:
    """Otter's paragraphs, with start times only; what stands before the first speaker is its title page and is left out."""
    lines = text.split("\n")
    headers = _headers(lines)
    pieces = []
    for nth, (i, label, start_s) in enumerate(headers):
        stop = headers[nth + 1][0] if nth + 1 < len(headers) else len(lines)
        said = [line for line in lines[i + 1 : stop] if not _SIGNED_OFF.match(line)]
        pieces.append(Piece(label, " ".join(said), start_s))
    if not any(piece.text.strip() for piece in pieces):
        raise refusal("No speaker says anything", where, line=headers[0][0] + 1, expected="the words on the line after each name and time")
    return pieces


def _headers(lines: Sequence[str]) -> list[tuple[int, str, float]]:
    found = []
    for i, line in enumerate(lines):
        opens = i == 0 or not lines[i - 1].strip()
        if opens and len(line) <= 100 and (header := _HEADER.match(line)):
            label, hours, minutes, seconds = header.groups()
            found.append((i, label.strip(), float(int(hours or 0) * 3600 + int(minutes) * 60 + int(seconds))))
    often = Counter(label for _, label, _ in found)
    return [row for row in found if looks_like_a_name(row[1]) or often[row[1]] >= 3]


def is_dialogue(text: str) -> bool:
    """Whether the text is speech with names in front, of which one at least recurs: a list of fields has each name once."""
    openings = _speech_lines(text)
    labels = accepted_labels(openings)
    turns = Counter(label for line in openings if (label := label_of(line)) in labels)
    return len(turns) > 1 and max(turns.values()) > 1


def dialogue_pieces(text: str) -> list[Piece]:
    """Untimed speech; a line without a name goes on with the speaker before it, and what stands before the first is a title page."""
    pieces: list[Piece] = []
    label = ""
    for parts in split_labels([[line] for line in _speech_lines(text)]):
        for named, words in parts:
            label = named or label
            if label:
                pieces.append(Piece(label, words))
    return pieces


def _speech_lines(text: str) -> list[str]:
    lines = (clean(line) for line in text.split("\n"))
    return [line for line in lines if line and not _CLOCK_ONLY.match(line)]
