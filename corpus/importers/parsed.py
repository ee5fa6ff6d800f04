"""What an importer hands on, the pieces that it is made of, and the refusal that names file, line and what was expected."""

import re
from dataclasses import dataclass

from alignment.errors import BadTranscript
from alignment.transcript import Mark, Utterance

UNKNOWN_SPEAKER = "unknown speaker"
"""The label of words that the file gives to nobody; it is never mapped to a person by name."""

LONGEST_S = 1e7
# Control characters and zero-width marks carry no words, and PostgreSQL refuses NUL; a lone surrogate cannot be stored as UTF-8.
_NOISE = re.compile("[\x00-\x08\x0e-\x1f\x7f-\x9f\u200b\u200e\u200f\u202a-\u202e\u2060\ufeff]")
_SURROGATES = re.compile("[\ud800-\udfff]")


@dataclass(frozen=True, slots=True)
class Parsed:
    """One transcript file as read: `labels` in the order of their first words, `source_digest` the SHA-256 of the file's bytes."""

    format: str
    labels: tuple[str, ...]
    utterances: tuple[Utterance, ...]
    source_digest: str


@dataclass(frozen=True, slots=True)
class Piece:
    """One cue, segment or paragraph with its speaker: an empty `label` is nobody's, `marks` count from the piece's own text.

    `apart` keeps a piece from joining the one before it, because the file says that the speaker changed without saying to whom.
    """

    label: str
    text: str
    start_s: float | None = None
    end_s: float | None = None
    marks: tuple[Mark, ...] = ()
    apart: bool = False


def refusal(what: str, where: str, *, line: int | None = None, item: str = "", expected: str) -> BadTranscript:
    """The error that names the file, the line (counted from 1), the item inside it, and what was expected there."""
    place = [where, *([f"line {line}"] if line else []), *([item] if item else [])]
    return BadTranscript(what, where=", ".join(place), todo=f"Expected: {expected}.")


def clean(text: str) -> str:
    """The words alone: one space between them, no control characters, nothing that a database cannot hold."""
    return " ".join(_SURROGATES.sub("�", _NOISE.sub("", text)).split())


def check_span(start_s: float, end_s: float | None, where: str, line: int) -> None:
    """Refuse a cue that ends before it starts or lies beyond any recording."""
    if end_s is not None and end_s < start_s:
        raise refusal("A cue ends before it starts", where, line=line, expected="an end time at or after the start time")
    if max(start_s, end_s or 0.0) > LONGEST_S:
        raise refusal("A time is longer than any recording", where, line=line, expected="times such as 00:12:34.500")
