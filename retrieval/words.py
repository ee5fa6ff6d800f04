"""Words as verification compares them: what may differ between a quote and the record, and what may never.

Case, white space, quotation marks, sentence punctuation, invisible characters, canonical Unicode forms, full and half width, ligatures,
"cross-functional" for "cross functional", "do n't" for "don't" and "1,000" for "1000" may differ. Everything else is a different word.
"""

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import accumulate

CURRENCY = "$¢£¤¥\u20a0-\u20cf"
_BREAK = r"\s!\"()*,./:;?\[\\\]_{}'\-−"
_S = f"[^{_BREAK}]"
_AMOUNT = rf"(?:[{CURRENCY}]\s*)?\.?\d"
TOKEN = re.compile(
    rf"(?:(?<!{_S})(?<![-)])-(?={_AMOUNT})|−\s*(?={_AMOUNT}))?"  # a minus sign, which a spaced or inner dash is not
    rf"(?:(?<!{_S})(?<!\.)\.(?=\d))?"  # .5
    rf"{_S}+"  # and "# 5" below, but "C#" and then "5"
    rf"(?:(?:'(?={_S})|(?<=\d)[.,:/\-−](?=\d)|(?<=[{CURRENCY}])\.(?=\d)|(?<!\w#)(?<=[{CURRENCY}#±])\s+(?=\d)){_S}+)*"
    rf"(?:\s*'\s*(?:s|re|ve|ll|d|m)(?!{_S}|'|-\w)|(?<=n)\s*'\s*t(?!{_S}|')|\s+n\s?'\s?t(?!{_S}|')|(?<=\d)\s+(?:[%‰]|[{CURRENCY}](?!\s*\.?\d))(?!{_S}))*"
)
_THOUSANDS = re.compile(r"(?<![\d.,])[1-9]\d{0,2}(?:,\d{3})+(?![\d,])")
_APOSTROPHES = "'`´‘’‛ʻʼ′＇"
_MEANINGFUL_PUNCTUATION = frozenset("%‰‱#@&§″")
# Embeddings and overrides make "15" read as "51": they are no more invisible than a letter.
_REORDERING = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
_SAME_SIGN = ("<wide>", "<narrow>")


@dataclass(frozen=True, slots=True)
class Word:
    """One token: its key for comparing, the characters [start, end) it covers, and whether a quote may begin or stop there.

    `opens` is false inside a compound: "technical" is no quote from "non-technical". `closes` is false for all but its last part.
    """

    key: str
    start: int
    end: int
    opens: bool
    closes: bool


def words(text: str) -> list[Word]:
    """The tokens of a text, in order; signs that carry meaning (%, $, +, &, -5) belong to the token they touch."""
    folded, offsets = _fold(text)
    found: list[Word] = []
    spans = [(m.group(), m.start(), m.end()) for m in TOKEN.finditer(folded)]
    keys = [_key(raw) for raw, _, _ in spans]
    for i, (_, start, end) in enumerate(spans):
        opens = i == 0 or not _joined(folded[spans[i - 1][2] : start], keys[i - 1], keys[i])
        closes = i + 1 == len(spans) or not _joined(folded[end : spans[i + 1][1]], keys[i], keys[i + 1])
        first, last = (offsets[start], offsets[end - 1] + 1) if offsets else (start, end)
        found.append(Word(keys[i], first, last, opens, closes))
    return found


def keys(text: str) -> tuple[str, ...]:
    """Only the keys of a text's tokens."""
    folded, _ = _fold(text)
    return tuple(_key(m.group()) for m in TOKEN.finditer(folded))


def occurrences(sought: Sequence[str], among: Sequence[Word]) -> Iterator[int]:
    """Where a run of keys stands in a list of words, at places where a quote may begin and stop."""
    n = len(sought)
    for i in range(len(among) - n + 1):
        if n and among[i].opens and among[i + n - 1].closes and all(among[i + k].key == sought[k] for k in range(n)):
            yield i


def _joined(between: str, before: str, after: str) -> bool:
    # "I-I think" is a stutter, not a compound.
    return len(between) == 1 and between in "-−/_" and before != after


def _key(raw: str) -> str:
    if raw.isalpha() and raw.isascii():
        return raw
    if not raw.isascii():
        raw = unicodedata.normalize("NFC", raw).replace("−", "-")
    tight = "".join(raw.split())
    return _THOUSANDS.sub(lambda m: m.group().replace(",", ""), tight) if "," in tight else tight


def _fold(text: str) -> tuple[str, list[int] | None]:
    """The text with one sign for every kind of the same thing, and where each of its characters came from (None: the same place)."""
    if text.isascii():
        return text.lower().replace("`", "'"), None
    pieces = [_fold_character(c) for c in text]
    if all(len(p) == 1 for p in pieces):
        return "".join(pieces), None
    starts = accumulate((len(p) for p in pieces), initial=0)
    offsets = [i for i, (piece, _) in enumerate(zip(pieces, starts, strict=False)) for _ in piece]
    return "".join(pieces), offsets


@lru_cache(maxsize=4096)
def _fold_character(c: str) -> str:
    if c in _APOSTROPHES:
        return "'"
    if c.isascii() or c == "−" or c in _MEANINGFUL_PUNCTUATION or c in _REORDERING:
        return c.lower()
    category, decomposition = unicodedata.category(c), unicodedata.decomposition(c)
    if decomposition.startswith(_SAME_SIGN):
        return "".join(_fold_character(d) for d in unicodedata.normalize("NFKC", c))
    if category == "Cf" or "\ufe00" <= c <= "\ufe0f":
        return ""
    if category[0] == "Z":
        return " "
    if category == "Pd":
        return ";" if c in "—―" else "-"
    if category[0] == "P":
        return ";"
    if c in "ßẞ":  # "in Maßen" is not "in Massen"
        return "ß"
    # Superscripts, fractions, circled and styled signs keep their own identity: "10²" is not "102".
    compatible = unicodedata.normalize("NFKC", c) if decomposition.startswith("<compat>") and category[0] == "L" else c
    return compatible.casefold()
