"""What the turns of a conversation are worth: understood, cited, denied, ordered, and whether everything said of a candidate is shown."""

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from random import Random
from typing import Any

from evals.case import Sums
from evals.chat.talking import Turn
from evals.scorers.quotes import Result, Said, check, words

SLACK_S = 2.0
CITED = 3
SPOKEN = 4
"""So many words in quotation marks are somebody's, and no name of a thing."""

_ALSO = {
    "moments": {"speaker", "duration"},
    "criterion_text": {"criterion"},
    "hire": {"people_decide"},
    "drift": {"findings"},
    "over_indexing": {"findings"},
    "injection": {"findings"},
    "missing": {"probing", "findings"},
    "probing": {"missing"},
    "claims": {"conflict"},
    "conflict": {"claims"},
    "not_held": {"moments", "probing", "order", "duration", "speaker"},
}
"""Kinds whose answers serve each other's questions; what the record does not hold can be asked in several forms."""

_LINED = ("grades", "probing", "conflict", "criterion_text")
_QUOTE = re.compile(r"“([^”]*)”")
_NOTE = re.compile(r"\[\d+\]")
_DOES = r"(?:sa(?:id|ys)|told|tells|did|does|has|had|was|were|is|are|could|can|never|kept|led|made|met|meets|show(?:s|ed)?|lacks?|needs?)"
_DENIES = re.compile(r"\b(?:not|no|nothing|nobody|none|never)\b|n't\b", re.IGNORECASE)


def understood(wanted: str, kind: str) -> bool:
    """Whether the kind is the expected one, or one whose answer serves."""
    return kind == wanted or kind in _ALSO.get(wanted, ())


def hits(cited: Sequence[Mapping[str, Any]], moments: Sequence[Sequence[Any]]) -> bool:
    """Whether one of the first few citations overlaps an expected moment [interview, start_s, end_s]."""
    return any(_overlap(c, m) for c in cited[:CITED] for m in moments)


def _overlap(cited: Mapping[str, Any], wanted: Sequence[Any]) -> bool:
    start_s, end_s = cited["start_s"], cited["end_s"]
    if cited["interview"] != wanted[0] or start_s is None:
        return False
    last_s = wanted[2] if wanted[2] is not None else wanted[1]
    return bool(start_s - SLACK_S <= last_s and wanted[1] - SLACK_S <= (end_s if end_s is not None else start_s))


def denied(turn: Turn) -> bool:
    """Whether the answer says that the record does not hold it."""
    return not turn.held or turn.lines[0].startswith("The record does not hold")


def left_open(turn: Turn) -> bool:
    """Whether the answer says that the record may not hold it."""
    return any(line.startswith("The record may not hold") for line in turn.lines)


def scored(expect: Mapping[str, Any], turn: Turn) -> Sums:
    """What one turn adds to the figures."""
    kind, moments = expect["kind"], expect.get("moments") or []
    asked = kind == "moments" and bool(moments)
    sums = {**asked_for(expect), "turns": 1.0}
    sums["understood"] = float(kind != "other" and understood(kind, turn.kind))
    if moments and kind in ("moments", "order", "speaker"):
        sums["moment_hit"] = float(hits(turn.cited, moments))
        sums["asked_hit"] = float(asked and hits(turn.cited, moments))
    for name, found in (("denied", denied(turn)), ("open", left_open(turn))):
        sums[f"{name}_rightly"] = float(kind == "not_held" and found)
        sums[f"{name}_wrongly"] = float(asked and found)
    if sums["order_n"]:
        sums["order_hit"] = float(any(line.startswith("Before" if expect["before"] else "After") for line in turn.lines))
    if sums["line_n"]:
        sums["line_hit"] = float(any(str(expect["criterion"]) in line for line in turn.lines))
    return sums


def asked_for(expect: Mapping[str, Any]) -> Sums:
    """What there is to get right in a turn."""
    kind, moments = expect["kind"], bool(expect.get("moments"))
    return {
        "known": float(kind != "other"),
        "moment_n": float(moments and kind in ("moments", "order", "speaker")),
        "asked_n": float(moments and kind == "moments"),
        "absent_n": float(kind == "not_held"),
        "order_n": float(kind == "order" and expect.get("before") is not None),
        "line_n": float(bool(expect.get("criterion")) and kind in _LINED),
    }


def by_constant(expect: Mapping[str, Any], commonest: str) -> Sums:
    """What always taking the most frequent kind, denying nothing and citing nothing would reach."""
    return {
        **asked_for(expect),
        "understood": float(expect["kind"] == commonest),
        "order_hit": asked_for(expect)["order_n"] * float(expect.get("before") is True),
    }


def by_random(expect: Mapping[str, Any], said: Mapping[str, Sequence[Said]], kinds: Sequence[str], random: Random) -> Sums:
    """What a kind drawn from those that are asked and three utterances drawn at random would reach."""
    timed = [(name, u) for name, own in said.items() for u in own if u.start_s is not None]
    drawn = [{"interview": name, "start_s": u.start_s, "end_s": u.end_s} for name, u in random.sample(timed, min(CITED, len(timed)))]
    wanted, hit = asked_for(expect), float(hits(drawn, expect.get("moments") or []))
    kind = random.choice(kinds)
    return {
        **wanted,
        "understood": float(kind == expect["kind"]),
        "moment_hit": wanted["moment_n"] * hit,
        "asked_hit": wanted["asked_n"] * hit,
        "order_hit": wanted["order_n"] * float(random.random() < 0.5),
    }


def faithful(
    turn: Turn, question: str, said: Mapping[str, Sequence[Said]], own: Sequence[str], names: Sequence[str]
) -> tuple[Sums, list[str]]:
    """What becomes of the turn's citations when they are looked up once more, and what it says of the candidate without any.

    `question` is all that was asked so far. `own` are texts that an answer may repeat in quotation marks although nobody said them in an
    interview: feedback, the contract.
    """
    results = Counter(check(c, said) for c in turn.cited)
    bare = list(_bare(turn.text, question, own, names))
    sums = {"citations": float(len(turn.cited)), "answers": 1.0, "asserted_bare": float(bool(bare))}
    sums |= {f"cited_{r.value}": float(results[r]) for r in Result}
    return sums, bare


def _bare(text: str, question: str, own: Sequence[str], names: Sequence[str]) -> list[str]:
    """The paragraphs that put words in quotation marks, or tell of the candidate, and point at nothing."""
    known = [" ".join(words(t)) for t in (question, *own)]
    asked = set(words(question))
    tells = re.compile(rf"\b(?:{'|'.join(map(re.escape, names))}|he|she|they|the candidate)\b(?: \w+)? {_DOES}\b", re.IGNORECASE)
    found = []
    for paragraph in text.split("\n\n"):
        if _NOTE.search(paragraph):
            continue
        told = _QUOTE.sub(" ", paragraph)
        denies = bool(_DENIES.search(told))
        quoted = [words(q) for q in _QUOTE.findall(paragraph)]
        spoken = [q for q in quoted if len(q) >= SPOKEN and not any(" ".join(q) in k for k in known)]
        # What was not found may be called by the words that it was looked up by.
        if (tells.search(told) and not denies) or any(not denies or not asked >= set(q) for q in spoken):
            found.append(paragraph)
    return found
