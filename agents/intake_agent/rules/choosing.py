"""Choosing between lines: by their words, by their places in the question, or by what is not wanted."""

import re
from collections.abc import Iterator, Sequence
from typing import Final

from agents.intake_agent.judgements import Heard, HeardKind, HearIn
from agents.intake_agent.rules.exchanges import Sentence, stems
from agents.language.phrases import phrases

FIRST = re.compile(r"\b(?:first|former)\b|^\W*(?:number |option |choice |the )?(?:a|one|1)\W*$", re.IGNORECASE)
SECOND = re.compile(r"\b(?:second|latter|last|other)\b|^\W*(?:number |option |choice |the )?(?:b|two|2)\W*$", re.IGNORECASE)
_RATHER_NOT: Final = phrases(
    r"(?:not|don't want|do not want|anything but|all but|(?:all|both|everything|the lot) except|except|without|drop|lose|skip|leave out)"
)
_FIRST_OR_LAST: Final = re.compile(r"\b(first|top|last) three\b", re.IGNORECASE)
_PLACES: Final = (
    *("one", "two", "three", "four", "five", "six", "seven", "eight", "nine"),
    *("first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth"),
    *"123456789",
)


def prefers(given: HearIn, spoken: Sequence[Sentence]) -> Iterator[Heard]:
    """One of two lines, by its own words or by its place in the question."""
    text = " ".join(s.plain for s in spoken)
    words = stems(text)
    shared = {h.label: len(words & stems(h.text)) for h in given.held if h.label in given.about}
    first, second = given.about[0], given.about[1]
    chosen = ""
    if shared.get(first, 0) != shared.get(second, 0):
        chosen = first if shared.get(first, 0) > shared.get(second, 0) else second
    elif bool(FIRST.search(text)) != bool(SECOND.search(text)):
        chosen = first if FIRST.search(text) else second
    if chosen and _RATHER_NOT.search(text):
        chosen = second if chosen == first else first
    if chosen:
        yield Heard(kind=HeardKind.PREFER, words=given.message.strip(), about=chosen)


def _placed(text: str, about: Sequence[str]) -> list[str]:
    """The lines that an answer means by their places in the question alone: "the first three", "one, two and five"."""
    if m := _FIRST_OR_LAST.search(text):
        return list(about[:3] if m[1].lower() in ("first", "top") else about[-3:])
    if set(re.findall(r"\w+", text.lower())) - {*_PLACES, "the", "and", "number", "numbers", "points", "please"} or _RATHER_NOT.search(
        text
    ):
        return []
    places = dict.fromkeys(_PLACES.index(w) % 9 for w in re.findall(r"\w+", text.lower()) if w in _PLACES)
    return [about[i] for i in places if i < len(about)]


def keeps(given: HearIn, spoken: Sequence[Sentence]) -> Iterator[Heard]:
    """Those of several lines that an answer keeps, by their places or by their words."""
    if by_place := _placed(" ".join(s.plain for s in spoken), given.about):
        yield from (Heard(kind=HeardKind.PREFER, words=given.message.strip(), about=label) for label in by_place)
        return
    words = frozenset(stem for s in spoken for stem in s.stems)
    own = {h.label: stems(h.text) for h in given.held if h.label in given.about}
    told: dict[str, float] = {}
    for label, of in own.items():
        others = frozenset(x for other, o in own.items() if other != label for x in o)
        mine = of - others or of
        told[label] = len(words & mine) / max(1, len(mine))
    named = sorted((x for x in told if told[x] > 0), key=lambda x: -told[x])
    if _RATHER_NOT.search(" ".join(s.plain for s in spoken)):
        named = [x for x in given.about if x not in named] if named else []
    for label in named:
        yield Heard(kind=HeardKind.PREFER, words=given.message.strip(), about=label)
