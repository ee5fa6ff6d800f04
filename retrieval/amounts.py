"""Amounts as people say and write them: "5%", "twenty-five", "two and a half million", "three weeks", "minute 22", "10:30"."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from retrieval.words import Word


def _list(words_of_a_class: str) -> list[str]:
    return words_of_a_class.split()


_ONES = _list("zero one two three four five six seven eight nine")
_TEENS = _list("ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen")
_TENS = _list("twenty thirty forty fifty sixty seventy eighty ninety")
_VALUES = {w: i for i, w in enumerate(_ONES + _TEENS)} | {w: 20 + 10 * i for i, w in enumerate(_TENS)}
_SCALES = frozenset(
    _list("""
        hundred thousand million billion trillion dozen hundreds thousands millions billions dozens
    """)
)
_ORDINALS = frozenset(
    _list("""
        first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth thirteenth fourteenth fifteenth sixteenth
        seventeenth eighteenth nineteenth twentieth thirtieth hundredth thousandth
    """)
)
_PARTS = frozenset(
    _list("""
        half halves third thirds quarter quarters fifths tenths once twice thrice double doubled triple tripled quadruple pair couple
        single threefold twofold tenfold halved nil
    """)
)
_PRONOUN_BEFORE_ONE = frozenset({"no", "any", "every", "some", "each", "that", "this", "which", "another"})
_TIME_UNITS = {u: u for u in _list("second minute hour day night week weekend fortnight month quarter year decade am pm o'clock")}
_TIME_UNITS |= {f"{u}s": u for u in _list("second minute hour day night week weekend fortnight month quarter year decade")} | {
    "mins": "minute",
    "min": "minute",
    "secs": "second",
    "hrs": "hour",
    "yrs": "year",
}
_OTHER_UNITS = {
    "percent": "percent",
    "dollar": "dollar",
    "dollars": "dollar",
    "euro": "euro",
    "euros": "euro",
    "pound": "pound",
    "pounds": "pound",
}
TIME_WORDS = frozenset(
    _list("""
        monday tuesday wednesday thursday friday saturday sunday mondays tuesdays wednesdays thursdays fridays saturdays sundays
        january february april june july september october november december yesterday today tomorrow tonight noon midday midnight ago
        fortnight overnight weekly daily monthly yearly hourly annually quarterly
    """)
)
MONTHS = frozenset({"march", "may", "august"})
_CLOCK = re.compile(r"\d{1,2}(?::\d{2}){1,2}")


@dataclass(frozen=True, slots=True)
class Amount:
    """One amount in a text: the places of its words, the forms under which it may be found again (the fullest first), and whether it is
    one of time. `minute` is set in "minute 22", `clocks` in "22:10" or "22:10-22:40"."""

    places: tuple[int, ...]
    forms: tuple[str, ...]
    of_time: bool = False
    minute: str | None = None
    clocks: tuple[str, ...] = ()


def amounts(text: str, stream: Sequence[Word]) -> Iterator[Amount]:
    """Every amount in a text, given its words."""
    row = [w.key for w in stream]
    i = 0
    while i < len(row):
        if not _counts(row, i):
            i += 1
            continue
        end = _end(text, stream, row, i)
        begin = i - 1 if i and row[i - 1] in ("minus", "negative") else i
        yield _amount(row, begin, end)
        i = end


def _counts(row: Sequence[str], i: int) -> bool:
    key = row[i]
    if key == "one":
        return not i or row[i - 1] not in _PRONOUN_BEFORE_ONE
    return any(c.isnumeric() for c in key if not c.isalpha()) or key in _VALUES or key in _SCALES or key in _ORDINALS or key in _PARTS


def _end(text: str, stream: Sequence[Word], row: Sequence[str], i: int) -> int:
    """Where the amount that begins at i ends: "twenty five", "two hundred and six", "three point five", "two and a half million"."""
    end = i + 1
    while end < len(row):
        step = _step(row, end)
        if not step or not all(_close(text, stream, k) for k in range(end, end + step)):
            break
        end += step
    return end


def _step(row: Sequence[str], end: int) -> int:
    before, after = row[end - 1], row[end]
    following = row[end + 1] if end + 1 < len(row) else ""
    if row[end : end + 2] == ["and", "a"] and row[end + 2 : end + 3] and row[end + 2] in ("half", "quarter", "third"):
        return 3
    if after in ("and", "point") and following in _VALUES and (after == "point" or before in _SCALES):
        return 2
    if after in _SCALES or after in ("½", "¼", "¾") or (before in _SCALES and after in _VALUES):
        return 1
    return 1 if before in _TENS and (after in _ONES or after in _ORDINALS) else 0


def _close(text: str, stream: Sequence[Word], k: int) -> bool:
    return text[stream[k - 1].end : stream[k].start].strip() in ("", "-", "‑", "–")


def _amount(row: Sequence[str], begin: int, end: int) -> Amount:
    form = _canonical(row[begin:end])
    units, last = _unit(row, end)
    of_time = units in _TIME_UNITS.values()
    clocks = tuple(part for part in row[begin].split("-") if part) if end == begin + 1 else ()
    if clocks and all(_CLOCK.fullmatch(part) for part in clocks):
        return Amount((begin,), (form,), True, clocks=clocks)
    if begin and row[begin - 1] in ("minute", "minutes", "min"):
        return Amount(tuple(range(begin - 1, end)), (f"minute {form}", form), True, minute=form)
    attached = bool(re.fullmatch(r"[\d:.]+(?:am|pm)|\d+(?:s|sec|min|h|hrs?)", row[begin]))
    forms = (f"{form} {units}", form) if of_time else (f"{form} {units}",) if units else (form,)
    return Amount(tuple(range(begin, last)), forms, of_time or attached)


def _unit(row: Sequence[str], end: int) -> tuple[str, int]:
    if list(row[end : end + 2]) == ["per", "cent"]:
        return "percent", end + 2
    after = row[end] if end < len(row) else ""
    unit = _TIME_UNITS.get(after) or _OTHER_UNITS.get(after, "")
    return unit, end + 1 if unit else end


def _canonical(parts: Sequence[str]) -> str:
    """Digits for what is under a hundred ("twenty-five" is 25), else the words as they stand."""
    if all(p in _VALUES for p in parts) and (len(parts) == 1 or (len(parts) == 2 and parts[0] in _TENS)):
        return str(sum(_VALUES[p] for p in parts))
    return " ".join(p for p in parts if p != "and")
