"""Who and what a question names: readers, the candidate, interviews and lines of the contract, by whatever people call them."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from functools import cached_property

from agents.debrief_referee.material import Material
from agents.language.empty_words import EMPTY
from agents.language.phrases import phrases, plain
from alignment.contract import CriterionId
from alignment.record import InterviewId, PersonId

READER, CANDIDATE = "zreader", "zcandidate"
_WORD = re.compile(r"[^\W\d_][\w]*(?:[-'][^\W\d_]\w*)*|[MTD] ?-?#?[1-3]\b", re.UNICODE)
_LETTERED = re.compile(r"\b([mtd])[ -]?#?([1-3])\b", re.IGNORECASE)
_NUMBERS = {"one": 1, "first": 1, "1st": 1, "1": 1, "two": 2, "second": 2, "2nd": 2, "2": 2, "three": 3, "third": 3, "3rd": 3, "3": 3}
_NUMBER = "|".join(_NUMBERS)
_LINES = re.compile(
    rf"\b(?:(?P<before>{_NUMBER}) )?(?P<what>must[- ]?haves?|trade[- ]?offs?"
    rf"|deal[- ]?breakers?)\b(?: (?:#|no\.? ?|number )?(?P<after>{_NUMBER})\b)?",
    re.IGNORECASE,
)
_TALK = r"(?:interviews?|rounds?|conversations?|sessions?|chats?|calls?|meetings?|stages?|screens?|one)"
_NTH = re.compile(rf"\b(first|1st|second|2nd|third|3rd|fourth|4th|fifth|5th|last|final|other|next|previous) {_TALK}\b", re.IGNORECASE)
_ORDINALS = {"first": 0, "1st": 0, "second": 1, "2nd": 1, "third": 2, "3rd": 2, "fourth": 3, "4th": 3, "fifth": 4, "5th": 4}
_WITH = re.compile(rf"\b(?:with|to|told|in|during|at|from) {READER}\b|\b{READER}(?:'s|s)? {_TALK}\b", re.IGNORECASE)
_SLURRED = re.compile(
    r"\b(what|who|where|how|that|there|here|he|she|it|let)(s)\b(?<!\bits)(?<!\bhers)"
    r"|\b(was|were|is|are|did|does|do|has|have|had|could|would|should|ca|wo)(nt)\b"
    r"|\b(i|we|they|you)(ve|m|re)\b(?<!\bwere)",
    re.IGNORECASE,
)
"""Contractions typed without their apostrophe."""

_MINE = re.compile(r"\b(?:i|i'd|i've|me|my|mine|myself)\b", re.IGNORECASE)
_OWN_TALK = re.compile(
    rf"\b(?:i|when i|time i)(?: first| last| then| only)? (?:asked|pushed|pressed|told|gave|said|put|mentioned|raised|showed|objected)\b"
    rf"|\b(?:my|our|with me|to me|told me|gave? me)\b(?: \w+){{0,2}}? ?(?:{_TALK}|question|hour|try|go|objection|example|$)"
    rf"|\b(?:told|tell|gave|give|said to|answer(?:ed)?) me\b",
    re.IGNORECASE,
)
_REQUEST = phrases(
    r"(?:(?<=^)|(?<=[,.;:?!] )|(?<=\byou )|(?<=\bplease )|(?<=\bjust )|(?<=\band )|(?<=\bso )|(?<=\bok )|(?<=\bto ))"
    r"(?:tell|show|give|remind|read|let) me",
    r"(?:can|could|may|do) i (?:please )?(?:see|have|get|read|know|hear|ask)",
    r"i(?:'d like| want| need| would like) to (?:see|know|hear|read|ask)",
)
"""Somebody asks the room for something, which says nothing of their own interview."""

_CLOSE = 0.84
_SHORTEST = 3
_TYPED = 5


@dataclass(frozen=True)
class Named:
    """A question with its names told apart: `text` has `zreader` and `zcandidate` in their place, and straight quotes.

    `stranger` says that it names somebody of the search who is neither the candidate nor one of the readers, as another candidate is.
    """

    text: str
    readers: tuple[PersonId, ...]
    candidate: bool
    interviews: tuple[InterviewId, ...]
    criterion: CriterionId | None
    stranger: bool = False


@dataclass(frozen=True)
class Cast:
    """Everybody and everything that one candidate's debrief can name."""

    material: Material
    asker: PersonId | None = None

    def named(self, text: str, last: Iterable[InterviewId] = ()) -> Named:
        """What the question names; `last` are the interviews that were spoken of before, which "the other one" is not."""
        flat = _SLURRED.sub(_with_apostrophe, plain(text))
        readers: dict[PersonId, None] = {}
        seen = False
        pieces: list[str] = []
        at = 0
        for m in _WORD.finditer(flat):
            who = self._called(m.group())
            if who is None:
                continue
            seen = seen or who == self.material.candidate.id
            if who != self.material.candidate.id:
                readers[who] = None
            token = CANDIDATE if who == self.material.candidate.id else READER
            gap = flat[at : m.start()]
            # A first and a last name are one person.
            pieces += [] if not gap.strip() and pieces and pieces[-1] == token else [gap, token]
            pieces += ["'s"] if m.group().endswith("'s") else []
            at = m.end()
        marked = "".join([*pieces, flat[at:]])
        told = _REQUEST.sub(" ", marked)
        stranger = any(p not in self._panel for p in readers)
        if self.asker in self.material.seats and _MINE.search(told):
            readers[self.asker] = None
        return Named(marked, tuple(readers), seen, self._interviews(told, tuple(readers), tuple(last)), criterion_in(flat), stranger)

    @cached_property
    def _panel(self) -> frozenset[PersonId]:
        """Everybody who has a part in reading this candidate: who leads the search, sits on its panel, or spoke in an interview."""
        search = self.material.search
        leads = [p.id for p in (search.recruiter, search.hiring_manager) if p]
        spoke = [s.person for t in self.material.transcripts.values() for s in t.speakers if s.person]
        return frozenset([*leads, *(s.person for s in search.panel), *self.material.seats, *spoke])

    def _called(self, word: str) -> PersonId | None:
        bare = word.removesuffix("'s").casefold()
        if len(bare) < _SHORTEST:
            return None
        if bare in self._parts:
            return self._parts[bare]
        if bare in EMPTY:
            return None
        shortened = {id for part, id in self._parts.items() if part.startswith(bare) and id}
        if len(shortened) == 1 and (word[0].isupper() or len(bare) > _SHORTEST + 1):
            return next(iter(shortened))
        if word[0].isupper() or len(bare) >= _TYPED:
            close = get_close_matches(bare, [part for part in self._parts if len(part) >= _TYPED], n=1, cutoff=_CLOSE)
            return self._parts[close[0]] if close else None
        return None

    @cached_property
    def _parts(self) -> Mapping[str, PersonId | None]:
        """Every part of a name to the one person who has it; None where several do."""
        found: dict[str, PersonId | None] = {}
        for person, name in self.material.people.items():
            for part in re.split(r"[\s-]+", name.casefold()):
                if len(part) >= _SHORTEST:
                    found[part] = None if found.get(part, person) != person else person
            found[name.casefold()] = person
        return found

    @cached_property
    def order(self) -> tuple[InterviewId, ...]:
        """The interviews in the order in which they were held, by date, else by the plan."""
        planned = [s.interview for s in self.material.search.panel]
        held = self.material.interviews
        place = {i.id: (planned.index(i.id) if i.id in planned else len(planned), i.name) for i in held}
        return tuple(i.id for i in sorted(held, key=lambda i: (i.held_on is None, str(i.held_on or ""), place[i.id])))

    def _interviews(self, text: str, readers: tuple[PersonId, ...], last: tuple[InterviewId, ...]) -> tuple[InterviewId, ...]:
        if m := _NTH.search(text):
            return self._nth(m.group(1).casefold(), last)
        stages = {s.interview: s.stage.casefold().replace("-", " ") for s in self.material.search.panel if s.stage}
        flat = text.casefold().replace("-", " ")
        staged = [
            i
            for i, stage in stages.items()
            if re.search(rf"\b{re.escape(stage)}\b(?= {_TALK}|\W*$)|\b(?:in|at|during) (?:the )?{re.escape(stage)}\b", flat)
        ]
        if staged:
            return tuple(dict.fromkeys(staged))
        if self.asker in self.material.seats and _OWN_TALK.search(text):
            return self.material.seats[self.asker]
        if readers and _WITH.search(text):
            return tuple(i for p in readers for i in self.material.seats.get(p, ()))
        return ()

    def _nth(self, word: str, last: tuple[InterviewId, ...]) -> tuple[InterviewId, ...]:
        order = self.order
        if word in ("last", "final"):
            return order[-1:]
        if word == "other":
            return tuple(i for i in order if i not in last)
        if word in ("next", "previous"):
            step = 1 if word == "next" else -1
            places = [order.index(i) + step for i in last if i in order]
            return tuple(order[p] for p in places if 0 <= p < len(order))
        return order[_ORDINALS[word] : _ORDINALS[word] + 1]


def _with_apostrophe(m: re.Match[str]) -> str:
    stem, end = next((a, b) for a, b in ((m.group(1), m.group(2)), (m.group(3), m.group(4)), (m.group(5), m.group(6))) if a)
    return f"{stem}n't" if end.casefold() == "nt" else f"{stem}'{end}"


def criterion_in(text: str) -> CriterionId | None:
    """The line of the contract that a text names by its id or its place: "M2", "the second must-have", "the deal-breaker"."""
    if m := _LETTERED.search(text):
        return _line(m.group(1).upper(), int(m.group(2)))
    if m := _LINES.search(text):
        letter = m.group("what")[0].upper()
        number = m.group("after") or m.group("before")
        return _line(letter, _NUMBERS[number.casefold()] if number else 1 if letter == "D" else 0)
    return None


def _line(letter: str, number: int) -> CriterionId | None:
    ids: dict[str, CriterionId] = {"M1": "M1", "M2": "M2", "M3": "M3", "T1": "T1", "T2": "T2", "D1": "D1"}
    return ids.get(f"{letter}{number}")
