"""How a live intake ended, held against how it should have; its lines are held against what was typed, not against the product's record."""

from collections.abc import Sequence
from dataclasses import dataclass
from random import Random

from evals.case import Sums
from evals.scorers.quotes import words

MANAGER = "hiring_manager"
SIGNED, OPEN = "signed", "open"
Typed = tuple[str, str]
"""A side, and words: what it typed, or what it is quoted with."""


@dataclass(frozen=True)
class Line:
    """One line of the contract that a session came to, the words that it is said to rest on, and which of the three kinds it is."""

    text: str
    quotes: tuple[Typed, ...]
    kind: str = ""


@dataclass(frozen=True)
class Ended:
    """What a session came to: `done` is signed, open or anything else, `typed` what the counterpart answered, in its order."""

    done: str
    questions: int
    lines: tuple[Line, ...] = ()
    typed: tuple[Typed, ...] = ()


def scored(wanted: str, ended: Ended) -> Sums:
    """The sums of one session."""
    signed = ended.done == SIGNED
    quotes = [q for line in ended.lines for q in line.quotes]
    return {
        "sessions": 1.0,
        "held": 1.0,
        "as_expected": float(ended.done == wanted),
        "signed_unwilling": float(signed and wanted != SIGNED),
        "questions_asked": float(ended.questions),
        "signed": float(signed),
        "questions_to_signing": float(ended.questions if signed else 0),
        "live_lines": float(len(ended.lines)),
        "live_lines_bad": float(sum(not _managers(line, ended.typed) for line in ended.lines)),
        "live_quotes": float(len(quotes)),
        "live_quotes_bad": float(sum(not _typed(q, ended.typed) for q in quotes)),
    }


def controls(wanted: str, drawn: Random) -> dict[str, Sums]:
    """What is reached by ending every session in the same way, or by tossing a coin, without a question asked."""
    tossed = drawn.choice((SIGNED, OPEN))
    return {name: _ending(wanted, done) for name, done in (("always signs", SIGNED), ("never signs", OPEN), ("random", tossed))}


def _ending(wanted: str, done: str) -> Sums:
    return {"sessions": 1.0, "as_expected": float(done == wanted), "signed_unwilling": float(done == SIGNED != wanted)}


def _managers(line: Line, typed: Sequence[Typed]) -> bool:
    """Whether it rests on words that the manager typed, and is worded in nothing but what the two of them typed."""
    known = {w for _, text in typed for w in words(text)}
    return any(side == MANAGER and _typed((side, text), typed) for side, text in line.quotes) and set(words(line.text)) <= known


def _typed(quote: Typed, typed: Sequence[Typed]) -> bool:
    """Whether that side typed these words in a row, in one answer."""
    side, sought = quote[0], words(quote[1])
    n = len(sought)
    turns = (words(text) for who, text in typed if who == side)
    return bool(n) and any(turn[i : i + n] == sought for turn in turns for i in range(len(turn) - n + 1))
