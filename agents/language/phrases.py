"""Patterns over set phrases, and text made plain enough to match them."""

import re
from typing import Final


def phrases(*alternatives: str) -> re.Pattern[str]:
    """One case-blind pattern that finds any of the alternatives at word boundaries; curly apostrophes count as straight."""
    return re.compile(r"(?<![\w'])(?:" + "|".join(alternatives) + r")(?![\w])", re.IGNORECASE)


def plain(text: str) -> str:
    """The text with curly quotes made straight, character for character, so that offsets stay true."""
    return text.translate(_STRAIGHT)


_STRAIGHT: Final = str.maketrans({"\u2018": "'", "\u2019": "'", "\u201c": '"', "\u201d": '"', "\u2032": "'"})

SENTENCE: Final = re.compile(r"(?<=[.!?])\s+|\n+")
