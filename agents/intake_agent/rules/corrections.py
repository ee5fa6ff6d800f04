"""Corrections of a draft in plain language: which line is meant, and whether it goes, changes, or gets another beside it."""

import re
from collections.abc import Callable, Iterator, Sequence
from typing import Final

from agents.intake_agent.judgements import Heard, HeardKind, HearIn, Held, LineKind
from agents.intake_agent.rules import cues
from agents.intake_agent.rules.exchanges import Sentence, stems
from agents.intake_agent.rules.telling import tells_of_somebody

_NUMBERS: Final = {"one": 1, "1": 1, "first": 1, "two": 2, "2": 2, "second": 2, "three": 3, "3": 3, "third": 3}
_N = r"(?P<n>one|two|three|first|second|third|[123])"
_REFERENCES: Final = (
    (
        LineKind.MUST_HAVE,
        re.compile(
            rf"\b(?:{_N} must(?:[- ]have)?|must(?:[- ]have)? (?:number |#)?{_N.replace('?P<n>', '?P<m>')}|m(?P<k>[123]))\b", re.IGNORECASE
        ),
    ),
    (
        LineKind.TRADE_OFF,
        re.compile(
            rf"\b(?:{_N} trade(?:[- ]off)?|trade(?:[- ]off)? (?:number |#)?{_N.replace('?P<n>', '?P<m>')}|t(?P<k>[12]))\b", re.IGNORECASE
        ),
    ),
)
_DEAL = re.compile(r"\b(?:the )?deal[- ]?breaker\b|\bd1\b", re.IGNORECASE)
_INSTEAD = re.compile(
    r"^\W*(?:instead|rather|in its place|put (?:this|that|it|the following) in(?: its place)?|put(?: in)?(?: instead)?|make it"
    r"|it should be|add)\b[,:]?\s*(?:that\s+)?",
    re.IGNORECASE,
)
_CHANGES = re.compile(r"\b(?:should (?:say|be|read)|replace|change|make|rather|to say|wrong|not right|isn't right)\b", re.IGNORECASE)
_BY_COLON = re.compile(r"^\W*[mtd][1-3]\s*[:=]\s*(?P<new>\S+(?:\s+\S+)+)$", re.IGNORECASE)
_OUT = re.compile(
    r"\b(?:drop|remove|scrap|delete|strike|cut|kill|lose|get rid of)\b.*\b(?:[mtd][1-3]|must|trade|deal)"
    r"|\b[mtd][1-3] (?:is |goes |should go )?(?:out|away)\b"
    r"|\b[mtd][1-3] (?:doesn't|does not) belong",
    re.IGNORECASE,
)
_PUT = re.compile(
    r"(?:\band|,|;) (?:then )?(?:put|write|add|make it|have|say|replace it with)(?: in)?(?: that)?[:,]? (?P<new>\S+(?:\s+\S+){2,})$",
    re.IGNORECASE,
)
_DONE_FROM = re.compile(r"^\W*(?:i'd|i would|we'd) (?:rather|sooner|prefer|like)(?: it)?(?: to (?:say|be))?(?: that)?\s+", re.IGNORECASE)
_NEW_WORDS = re.compile(
    r"(?:\b(?:with|by|to|be|say|read|it(?: should (?:be|say|read))?|into"
    r"|it's(?: that)?|it is(?: that)?)\b(?!')[:,]?\s+|[:“\"])(?P<new>(?:\S+\s+){1,}\S+.*)$",
    re.IGNORECASE,
)


def named(s: Sentence, held: Sequence[Held], least: int = 1) -> str | None:
    """The label of the line that a sentence means, by its number or by at least so many words; None where it could be several or none."""
    if number := _by_number(s.plain, held):
        return number
    shared = {h.label: len(s.stems & stems(h.text)) for h in held}
    best = max(shared.values(), default=0)
    meant = [label for label, n in shared.items() if n == best]
    return meant[0] if best >= least and len(meant) == 1 else None


def corrected(given: HearIn, spoken: Sequence[Sentence], kind_of: Callable[[Sentence], HeardKind | None]) -> Iterator[Heard]:
    """What each sentence changes about the draft."""
    gone = ""
    for s in spoken:
        words = given.message[s.start : s.end].strip()
        about = named(s, given.held)
        lead = _INSTEAD.match(words)
        if gone and not lead and tells_of_somebody(s.plain) and cues.DONE.search(s.plain):
            yield Heard(kind=HeardKind.CHANGE, words=_DONE_FROM.sub("", words), about=gone)
            gone = ""
        elif lead and len(words[lead.end() :].split()) >= 3:
            yield Heard(kind=HeardKind.CHANGE if gone else HeardKind.WISH, words=words[lead.end() :].strip(), about=gone)
            gone = ""
        elif about and _CHANGES.search(s.plain) and (new := _NEW_WORDS.search(words)):
            yield Heard(kind=HeardKind.CHANGE, words=new["new"].strip(' ”"'), about=about)
        elif about and (m := _BY_COLON.match(words)):
            yield Heard(kind=HeardKind.CHANGE, words=m["new"].strip(), about=about)
        elif about and _OUT.search(s.plain):
            gone = about
            yield Heard(kind=HeardKind.DROP, words=words, about=about)
        elif about and cues.DROPS.search(s.plain) and (put := _PUT.search(words)):
            yield Heard(kind=HeardKind.CHANGE, words=put["new"].strip(), about=about)
        elif about and cues.DROPS.search(s.plain):
            gone = about
            yield Heard(kind=HeardKind.DROP, words=words, about=about)
        elif kind := kind_of(s):
            yield Heard(kind=kind, words=words)
        elif cues.REQUIRES.search(s.plain) and len(words.split()) >= 5:
            yield Heard(kind=HeardKind.WISH, words=words)


def _by_number(text: str, held: Sequence[Held]) -> str | None:
    for kind, pattern in _REFERENCES:
        if m := pattern.search(text):
            n = _NUMBERS[(m["n"] or m["m"] or m["k"]).lower()]
            of = [h.label for h in held if h.kind is kind]
            return of[n - 1] if n <= len(of) else None
    deal = [h.label for h in held if h.kind is LineKind.DEAL_BREAKER]
    return deal[0] if deal and _DEAL.search(text) else None
