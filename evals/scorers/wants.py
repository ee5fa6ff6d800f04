"""Whether a live session signed the right thing: the contract's lines held against what the manager ends up wanting.

A thing that is wanted is told as alternatives of a few words each, as the counterpart types them. A line carries it where one of them
stands in its text, in a row; where the text has no alternative of anything that the case names, in what the line is quoted with. A line
stands for one thing. What is unwanted stands in a line also where a quote holds it and nothing that the line's text names.

A must-have that is plainly negated in its clause ("no forklift licence", "a forklift licence is not wanted") is not wanted. What this
cannot see: a negation farther away or in other words ("we can do without", "that a till was closed matters to nobody"), in another clause,
by irony or a question; and none in trade-offs and deal-breakers, which are negations themselves ("I don't need Latin"). A negated thing
that was given up still counts as signed.
"""

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from random import Random
from typing import Any

from alignment.contract import CriterionKind
from alignment.errors import BadRequest
from evals.case import Case, Sums
from evals.scorers.quotes import words
from evals.scorers.sessions import MANAGER, OPEN, SIGNED, Ended, Line

Thing = tuple[str, ...]
"""One thing, as alternatives."""

MUST_HAVE, TRADE_OFF, DEAL_BREAKER = (kind.value for kind in CriterionKind)
KINDS = (MUST_HAVE, TRADE_OFF, DEAL_BREAKER)
ASKED_BY = {MUST_HAVE: ("must", "seen", "instead"), TRADE_OFF: ("trade", "in_return"), DEAL_BREAKER: ("deal",)}
SHAPE = {MUST_HAVE: 3, TRADE_OFF: 2, DEAL_BREAKER: 1}
FEWEST, MOST = 2, 4
FORM = 'Write "wants": {"must_have": [[words, …], …], "trade_off": […], "deal_breaker": […]} and, beside it, "unwanted": [[words, …], …].'
_CLAUSE = re.compile(r"[.,;:!?–—()]+|\b(?:but|if|though|although|because|as long as|so long as)\b", re.IGNORECASE)
_NOT = r"(?:not?|never|without|nor|neither|(?:is|are|was|were|has|have|had|do|does|did|need|must|should|will|would|could|ca|wo)nt)"
_BETWEEN = "(?: (?:a|an|any|the|ever|be|been|have|has|had|to|really|need|needed|want|require|care|about|for|of|necessarily))*"
_BEFORE = re.compile(rf"\b{_NOT}{_BETWEEN}$")
_AFTER = re.compile(
    r"^(?: (?:\w+ )?(?:is|are|was|were|be|been|being|it|they|we|do|does|that))*? "
    rf"{_NOT}(?: \w+){{0,2}}? (?:wanted|needed|required|necessary|asked|essential|important|wished|want|need|require|matter)\b"
)
_SENTENCE = re.compile(r"(?<=[.!?])\s+")


@dataclass(frozen=True)
class Wants:
    """What a manager ends up wanting, by kind, and what was plainly given up."""

    of: Mapping[str, tuple[Thing, ...]]
    unwanted: tuple[Thing, ...] = ()

    @property
    def known(self) -> tuple[str, ...]:
        """Every alternative of the case."""
        return tuple(a for things in (*self.of.values(), self.unwanted) for thing in things for a in thing)


def wants_of(case: Case, where: str) -> Wants | None:
    """What a case says is wanted, None where it does not say; BadRequest where it says it in a way that nothing can be held against."""
    told, unwanted = case.expected.get("wants"), case.expected.get("unwanted", [])
    if "wants" not in case.expected:
        if "unwanted" in case.expected:
            raise BadRequest("A case tells what is unwanted, and not what is wanted", where=where, todo=FORM)
        return None
    if case.expected.get("done") != SIGNED:
        raise BadRequest("A case tells what is wanted, and is not expected to be signed", where=where, todo="Leave out wants and unwanted.")
    if not isinstance(told, dict) or set(told) != set(KINDS):
        raise BadRequest(f"What is wanted is told by {', '.join(KINDS)}, each of them", where=where, todo=FORM)
    typed = [words(text) for rows in case.given["lines"].values() for _, text in rows]
    things = {kind: _things(told[kind], typed, where) for kind in KINDS}
    if not any(things.values()):
        raise BadRequest("Nothing is wanted in any of the kinds", where=where, todo="Leave out wants where nobody could tell.")
    return Wants(things, _things(unwanted, typed, where))


def _things(told: Any, typed: Sequence[list[str]], where: str) -> tuple[Thing, ...]:
    if not isinstance(told, list) or not all(isinstance(thing, list) and thing for thing in told):
        raise BadRequest("A thing that is wanted or unwanted is a list of alternatives, and at least one", where=where, todo=FORM)
    for said in (a for thing in told for a in thing):
        if not isinstance(said, str) or not FEWEST <= len(words(said)) <= MOST:
            raise BadRequest(f"{said!r} is not {FEWEST} to {MOST} words", where=where, todo="Copy a few words that tell the thing.")
        if not any(_within(said, text) for text in typed):
            raise BadRequest(f"The counterpart never types {said!r}", where=where, todo="Copy the words as they stand in its lines.")
    return tuple(tuple(thing) for thing in told)


def scored(wants: Wants | None, ended: Ended) -> Sums:
    """The sums of one session; none where the case does not tell what is wanted. What was not signed holds nothing."""
    if wants is None:
        return {}
    lines = ended.lines if ended.done == SIGNED else ()
    wanted, bad = sum(map(len, wants.of.values())), unwanted(wants, ended)
    met = wanted - len(missed(wants, ended))
    asked = [any(_carries(line, thing, wants) for thing in wants.of.get(line.kind, ())) for line in lines]
    return {
        "sessions_wanting": 1.0,
        "wants": float(wanted),
        "wants_met": float(met),
        "lines_signed_wanted": float(len(lines)),
        "lines_unasked": float(asked.count(False)),
        "unwanted": float(len(wants.unwanted)),
        "unwanted_signed": float(len(bad)),
        "rightly_signed": float(_whole(lines) and met == wanted and not bad),
    }


def missed(wants: Wants, ended: Ended) -> list[tuple[str, Thing]]:
    """The wanted things, each with its kind, that no line of that kind stands for in the signed contract."""
    lines = ended.lines if ended.done == SIGNED else ()
    left = []
    for kind, things in wants.of.items():
        met = _matched([[n for n, line in enumerate(lines) if line.kind == kind and _carries(line, thing, wants)] for thing in things])
        left += [(kind, thing) for n, thing in enumerate(things) if n not in met]
    return left


def unwanted(wants: Wants, ended: Ended) -> list[Thing]:
    """What was given up and stands in the signed contract nevertheless."""
    lines = ended.lines if ended.done == SIGNED else ()
    return [thing for thing in wants.unwanted if any(_carries(line, thing, wants) or _hides(line, thing, wants) for line in lines)]


def _whole(lines: Sequence[Line]) -> bool:
    """Whether a contract has exactly as many lines of each kind as one that may be signed."""
    return Counter(line.kind for line in lines) == Counter(SHAPE)


def _hides(line: Line, thing: Thing, wants: Wants) -> bool:
    """Whether a quote holds the thing, and nothing of what the line's text names in its stead."""
    named = [a for a in wants.known if _within(a, words(line.text))]
    quotes = [words(text) for _, text in line.quotes]
    return any(_any(thing, quote) and not _any(named, quote) for quote in quotes)


def _matched(carried_by: Sequence[Sequence[int]]) -> set[int]:
    """Which things have a line of their own, when the lines that carry several are given to as many things as can be."""
    stands: dict[int, int] = {}

    def place(thing: int, tried: set[int]) -> bool:
        for line in carried_by[thing]:
            if line not in tried:
                tried.add(line)
                if line not in stands or place(stands[line], tried):
                    stands[line] = thing
                    return True
        return False

    for thing in range(len(carried_by)):
        place(thing, set())
    return set(stands.values())


def _carries(line: Line, thing: Thing, wants: Wants) -> bool:
    texts = [line.text]
    if not _any(wants.known, words(line.text)):
        texts = [text for _, text in line.quotes]
    found = [(a, text) for a in thing for text in texts if _within(a, words(text))]
    if line.kind != MUST_HAVE or thing in wants.unwanted:
        return bool(found)
    return any(not _negated(a, text) for a, text in found)


def _negated(alternative: str, text: str) -> bool:
    """Whether every clause that holds the words says plainly that they are not wanted; one that runs over clauses is not."""
    sought = f" {' '.join(words(alternative))} "
    clauses = [f" {' '.join(words(clause))} " for clause in _CLAUSE.split(text)]
    held = [clause.split(sought, 1) for clause in clauses if sought in clause]
    return bool(held) and all(_BEFORE.search(before) or _AFTER.search(f" {after.strip()}") for before, after in held)


def _any(alternatives: Sequence[str], text: Sequence[str]) -> bool:
    return any(_within(a, text) for a in alternatives)


def _within(alternative: str, text: Sequence[str]) -> bool:
    sought = words(alternative)
    return any(text[i : i + len(sought)] == sought for i in range(len(text) - len(sought) + 1))


def controls(wants: Wants | None, case: Case, drawn: Random) -> dict[str, Sums]:
    """What is reached without understanding: by signing what the manager typed first, by what it answers, or nothing, or answers at random.

    `always signs` takes the first sentence of each answer, `whole answers` all of it, `random` deals first sentences to the kinds.
    """
    if wants is None:
        return {}
    whole = {kind: [text for move in moves for text in _answers(case, move)] for kind, moves in ASKED_BY.items()}
    firsts = {kind: [_SENTENCE.split(text)[0] for text in texts] for kind, texts in whole.items()}
    every = [text for texts in firsts.values() for text in texts]
    drawn.shuffle(every)
    dealt = {kind: [every.pop() for _ in range(min(SHAPE[kind], len(every)))] for kind in KINDS}
    signed = {"always signs": firsts, "whole answers": whole, "random": dealt}
    made = {name: scored(wants, Ended(SIGNED, 0, _lines(by_kind))) for name, by_kind in signed.items()}
    return {**made, "never signs": scored(wants, Ended(OPEN, 0))}


def _answers(case: Case, move: str) -> list[str]:
    return [text for side, text in case.given["lines"].get(move, ()) if side == MANAGER]


def _lines(by_kind: Mapping[str, Sequence[str]]) -> tuple[Line, ...]:
    return tuple(Line(text, (), kind) for kind in KINDS for text in by_kind[kind][: SHAPE[kind]])
