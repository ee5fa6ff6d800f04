"""What somebody wants to find, read off the form of their sentence: a claim wants its moment, a question its passage."""

import re
from dataclasses import dataclass
from enum import StrEnum

from alignment.people import Role
from alignment.transcript import Transcript

_VERBS = (
    r"think|thought|say|said|feel|felt|believe|discuss(?:ed|ing)?|talk(?:ed|ing)?|mention(?:ed)?|suggest(?:ed)?|proposed?|explain(?:ed)?|describe[sd]?|concluded?|"
    r"decided?|learn(?:ed|t)?|recommend(?:ed)?|agreed?|disagreed?|argued?|claim(?:ed)?|stated?|noted?|ask(?:ed)?|want(?:ed)?|present(?:ed|ing)?|elaborated?|"
    r"shared?|raised?|introduc(?:ed?|ing)|make|made|mean|meant|give|gave|know|tell|told"
)
_NOUNS = (
    r"discussions?|presentations?|opinions?|ideas?|views?|thoughts?|decisions?|conclusions?|comments?|conversations?|debates?|attitudes?|reasons?|points?|"
    r"arguments?|meeting|talk|remarks?|concerns?|explanations?|introductions?|moments?|examples?"
)
_SMALL = (
    r"a|an|the|and|or|of|on|to|in|at|by|for|with|from|about|regarding|concerning|towards?|when|while|that|this|these|those|it|its|they|their|them|there|he|"
    r"his|him|she|her|we|us|our|you|your|i|me|my|be|been|being|am|done|not|so|if|then|any|some|one|please|ever|may|might|must"
)
_AUXILIARY = r"did|does|do|was|were|is|are|has|have|had|would|could|can|should|will"
_SUBJECT = (
    r"(?:the|a|an|any|some|this|that|these|those|there|his|her|their|its|our|your|my|i|he|she|it|we|they|you|anyone|anybody|someone|"
    r"somebody)"
)
_ORDERS = r"summari[sz]e|describe|explain|outline|list|find|show|give (?:me|us)|tell (?:me|us)"
_ASKING = rf"{_ORDERS}|what|how|why|when|where|who|whose|whom|which"
_WHOEVER = r"team|group|members?|participants?|committee|speakers?|people|everyone|anybody|somebody|someone|candidates?|interviewers?"
_FRAME = re.compile(rf"\b(?:{_ASKING}|{_WHOEVER}|{_VERBS}|{_NOUNS}|{_AUXILIARY}|{_SMALL})\b(?:['’]s)?|[?.,'’\"“”]", re.IGNORECASE)
# "When I pushed him he sold me some software" and "Did well on the numbers" are claims: what asks turns verb and subject round.
_OPENS = re.compile(
    rf"\s*(?:please\s+)?(?i:(?:{_ORDERS}|who)\b|(?:what|how|why|when|where|which|whose|whom)(?:['’]s(?!\s+more)|\s+(?:{_AUXILIARY}))\b"
    rf"|(?:what|how|which|whose)(?:\s+(?!(?:i|he|she|it|we|they|you|me|us)\b)\w+){{1,3}}\s+(?:{_AUXILIARY})\b"
    rf"|(?:{_AUXILIARY})\s+{_SUBJECT}\b)|\s*(?i:{_AUXILIARY})\s+[A-ZÀ-Þ]"
)
_WORD = re.compile(r"\w+")
_TITLES = frozenset({"mrs", "hon", "right", "the"})
SHORTEST_TERM = 4
STEM = 6
SHORTEST_NAME = 3


class Form(StrEnum):
    """How a sentence seeks: a claim wants the moment it rests on, a question the passage that deals with it."""

    CLAIM = "claim"
    QUESTION = "question"


@dataclass(frozen=True)
class Question:
    """A sentence as it was put, its form, and `sought`: the words of it that say what about."""

    text: str
    form: Form
    sought: str

    @property
    def stems(self) -> frozenset[str]:
        """See `stems`, of the words sought."""
        return stems(self.sought)

    @property
    def terms(self) -> int:
        """How many different words a match could rest on, at least one."""
        return max(1, len(self.stems))


def read_question(text: str, form: Form | None = None) -> Question:
    """The sentence read by its form (interrogative or imperative makes a question), unless the form is given."""
    told = form or (Form.QUESTION if _OPENS.match(text) or text.rstrip().endswith("?") else Form.CLAIM)
    # "What did the team discuss about" is in no answer: its words only draw in what is off the point.
    sought = " ".join(_FRAME.sub(" ", text).split()) if told is Form.QUESTION else text
    return Question(text=text, form=told, sought=sought or text)


def stems(text: str) -> frozenset[str]:
    """The different words of four letters and more, cut to their first six letters so that most inflections agree."""
    return frozenset(w[:STEM] for w in _WORD.findall(text.casefold()) if len(w) >= SHORTEST_TERM)


def labels_named(question: Question, transcript: Transcript) -> frozenset[str]:
    """The labels of those speakers whom the sentence names, by any word of their name or label, or as the candidate."""
    said = set(_plain(question.text))
    return frozenset(
        speaker.label
        for speaker in transcript.speakers
        if said & {w for w in _plain(speaker.name or speaker.label) if len(w) >= SHORTEST_NAME} - _TITLES
        or (speaker.role is Role.CANDIDATE and Role.CANDIDATE.value in said)
    )


def _plain(text: str) -> list[str]:
    return _WORD.findall(text.casefold())
