"""Telling the caller, sentence by sentence, what was drafted: only ever a whole text that passed verification before its first word."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from agents.feedback_shaper.rules.claims import sentences
from agents.feedback_shaper.state import ClaimState

_CLOSING = ".!?\u2026\u201d\u2019\"' \n"
Write = Callable[[Any], None]


@dataclass(frozen=True)
class Telling:
    """Hands verified sentences on; what they say together is the claim's text, character for character."""

    write: Write

    def claim(self, claim: ClaimState) -> ClaimState:
        """Tell a claim's verified text, and pass the claim on."""
        kind = "statement" if claim["asserted"] else "question"
        for n, sentence in enumerate(pieces(claim["text"])):
            self.write({"claim": claim["id"], "kind": kind, "n": n, "sentence": sentence})
        return claim


def pieces(text: str) -> Iterator[str]:
    """The sentences of a text with the space behind them; a quotation is never parted."""
    start = 0
    for _, stop in sentences(text)[:-1]:
        end = stop + len(text[stop:]) - len(text[stop:].lstrip(_CLOSING))
        if text.count("“", start, end) == text.count("”", start, end):
            yield text[start:end]
            start = end
    if start < len(text):
        yield text[start:]
