"""Run-on sentences of an answer, cut where somebody starts anew: people say three things and one full stop."""

import re
from collections.abc import Iterator, Sequence
from typing import Final

from agents.intake_agent.rules.acts import is_fragment
from agents.intake_agent.rules.exchanges import Sentence
from agents.intake_agent.rules.telling import bare, says_nothing

_JOIN = r"(?:\s*[,;:—–-]+)+\s*(?:(?:and|but|so|then|oh|plus|also|or|um+|uh+|er+m?|well|you know)\b[,\s]*)*"
_STARTS: Final = re.compile(
    rf"{_JOIN}(?=(?:they|she|he)(?:'ve|'s|'d| have| has| had| must| need| can)\b|(?:i|we)(?:'d|'ll| would| don't| do not| can| could| want"
    r"| need)\b"
    r"|(?:what|where|how|who|when)(?:'s| is| do| does| are| can)\b|if (?:they|she|he)\b"
    r"|(?:anyone|anybody|somebody|someone|a person) (?:who|that|with)|(?:the|my) (?:one thing|deal-?breaker)\b)",
    re.IGNORECASE,
)
"""A subject of its own after a pause: the person sought, or what the speaker would do."""

_HANGING: Final = re.compile(
    r"^\W*(?:(?:and|but|so|oh|or|well|then|plus)\b\W*)*(?:if|when|whenever|once|unless|because|since|although|while"
    r"|as (?:soon|long) as|whoever|anyone|anybody|who|what|where|how|the way)\b",
    re.IGNORECASE,
)
_AWAITS: Final = re.compile(
    r"\b(?:is|was|be|that|if|say|says|said|think|mean|know|like|want|need|who|and|or|for|than|sure)\W*$", re.IGNORECASE
)
"""What is not over yet: a condition waits for what follows from it, a verb for what is said."""


def clauses(spoken: Sequence[Sentence]) -> list[Sentence]:
    """The sentences, each cut before every clause that could stand alone after one that can."""
    return [piece for s in spoken for piece in _cut(s)]


def _cut(s: Sentence) -> Iterator[Sentence]:
    start = 0
    for m in _STARTS.finditer(s.plain):
        before = s.plain[start : m.start()]
        if _is_over(before) or (":" in m[0] and not _HANGING.match(before)):
            yield _piece(s, start, m.start())
            start = m.end()
    yield _piece(s, start, len(s.plain))


def _piece(s: Sentence, start: int, end: int) -> Sentence:
    return Sentence(s.turn, s.side, s.start + start, s.start + end, s.plain[start:end])


def _is_over(text: str) -> bool:
    if _HANGING.match(text) or _AWAITS.search(text):
        return False
    return not (says_nothing(text) or is_fragment(bare(text), 40))
