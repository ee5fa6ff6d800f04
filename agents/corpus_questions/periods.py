"""The days a question is about: "this quarter", "since 15 March", "from Q1 to Q3 2025", "the last 90 days", as [from, until)."""

import re
from dataclasses import dataclass
from datetime import date, timedelta

from dateutil.relativedelta import relativedelta

_MONTHS = ("january", "february", "march", "april", "may", "june", "july", "august", "september", "october", "november", "december")
_MONTH = (
    r"(?P<month>jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?"
    r"|dec(?:ember)?)"
)
_COUNTS = {
    "a": 1, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9, "ten": 10, "eleven": 11,
    "twelve": 12, "dozen": 12, "couple of": 2, "few": 3,
}  # fmt: skip
_ORDER = {"first": 1, "1st": 1, "second": 2, "2nd": 2, "third": 3, "3rd": 3, "fourth": 4, "4th": 4}
_YEAR = r"(?:(?:19|20)\d\d)"
_OF_YEAR = rf"(?:(?:,| of| in)? ?(?P<year>{_YEAR}|'\d\d|last year|this year)\b)?"
_OR_SHORT = _OF_YEAR.replace(r")\b)?", r")\b| (?P<short>\d\d)\b(?! ?(?:days|weeks|months)))?")
_BEFORE_YEAR = rf"(?:(?P<before>{_YEAR}|last year|this year)(?:'s)? )?"
_UNITS = (
    ("day", r"(?P<iso>\d{4}-\d\d-\d\d)"),
    ("day", r"(?P<relative>today|yesterday)"),
    ("day", rf"(?P<day>\d{{1,2}})(?:st|nd|rd|th)?(?: of)? {_MONTH}\b{_OF_YEAR}"),
    ("day", rf"{_MONTH} (?P<day>\d{{1,2}})(?:st|nd|rd|th)?\b(?!\d){_OF_YEAR}"),
    (
        "recent",
        rf"(?:the )?(?:last|past|previous|trailing|latest) (?P<many>\d{{1,4}}|{'|'.join(_COUNTS)}) (?P<unit>day|week|month|quarter|year)s?",
    ),
    (
        "quarter",
        rf"{_BEFORE_YEAR}(?:q(?P<quarter>[1-4])|(?:the )?(?P<ordinal>first|second|third|fourth|1st|2nd|3rd|4th) quarter)\b{_OR_SHORT}",
    ),
    ("half", rf"{_BEFORE_YEAR}(?:h(?P<half>[12])|(?:the )?(?P<first>first|second) half(?: of the year)?)\b{_OF_YEAR}"),
    ("named", r"(?:the )?(?P<which>this|current|last|previous|past) (?P<unit>quarter|qtr|month|week|year|yr)\b"),
    ("month", rf"(?:(?P<which>last|this) )?{_MONTH}\b{_OF_YEAR}"),
    ("year", rf"(?:(?:all|the whole) of )?(?P<year>{_YEAR})\b"),
    ("year", r"(?P<ytd>year to date|ytd|so far this year|(?:the )?(?:start|beginning) of (?:the|this) year)"),
)
_UNIT = tuple((kind, re.compile(rf"\b{cue}", re.IGNORECASE)) for kind, cue in _UNITS)
_LEAD = re.compile(
    r"(?:\b(?P<since>since|from|starting(?: in| on| with)?)|\b(?P<before>before|until|up to|till|prior to)|\b(?P<after>after)"
    r"|\b(?P<between>between)|\b(?:in|during|over|throughout|within|for|on|as of))(?: the)? ?$",
    re.IGNORECASE,
)
_JOIN = re.compile(r"^ ?(?P<join>to|until|till|through|up to|and|-|\u2013)(?: the)? ?", re.IGNORECASE)
_LEFT = re.compile(
    rf"\b{_YEAR}\b|\b(?:last|past|previous|next|coming|this) (?:few |couple of )?(?:\d+ )?(?:days?|weeks?|months?"
    rf"|quarters?|years?|spring|summer|autumn|fall"
    r"|winter|christmas|easter)\b|\b(?:since|until|till|prior to) (?!we|they|he|she|it|i|you|there|our|then\b)\w+|\b(?:q[1-4]|h[12])\b",
    re.IGNORECASE,
)
_ALSO_WORDS = ("may", "march", "mar")
MOST_YEARS = 100


@dataclass(frozen=True)
class Period:
    """Days from `start` until before `end`; None where it is open on that side."""

    start: date | None = None
    end: date | None = None

    @property
    def told(self) -> str:
        """As people read it."""
        if self.start and self.end:
            return f"{self.start.isoformat()} to {(self.end - timedelta(days=1)).isoformat()}"
        return f"since {self.start.isoformat()}" if self.start else f"before {self.end.isoformat()}" if self.end else "all time"


@dataclass(frozen=True)
class Found:
    """A period with the characters that told it."""

    start: date
    end: date
    at: tuple[int, int]
    year_given: bool = True


def period_in(text: str, today: date) -> tuple[Period | None, str]:
    """The period that a text names, and the text without it; None where it names none."""
    first = _first(text, today)
    if first is None:
        return None, text
    lead = _LEAD.search(text[: first.at[0]])
    begin = lead.start() if lead else first.at[0]
    rest = text[first.at[1] :]
    join = _JOIN.match(rest)
    second = _first(rest[join.end() :], today, at_start=True) if join else None
    if join and second:
        end = first.at[1] + join.end() + second.at[1]
        return _joined(first, second), _without(text, begin, end)
    how = lead.groupdict() if lead else {}
    if how.get("since"):
        found = Period(first.start)
    elif how.get("before"):
        found = Period(None, first.start)
    elif how.get("after"):
        found = Period(first.end)
    else:
        found = Period(first.start, first.end)
    return found, _without(text, begin, first.at[1])


def left_over(text: str) -> str:
    """Words of a text without its period that still speak of a time, which nobody has understood; empty where there are none."""
    found = _LEFT.search(text)
    return found.group() if found else ""


def _without(text: str, begin: int, end: int) -> str:
    return " ".join((text[:begin] + " " + text[end:]).split())


def _joined(first: Found, second: Found) -> Period:
    """From the one to the other; a first without a year takes its from the second, and lies before it."""
    start = first.start
    if not first.year_given and second.year_given:
        start = start.replace(year=second.start.year)
    while start >= second.end:
        start -= relativedelta(years=1)
    return Period(start, second.end)


def _first(text: str, today: date, *, at_start: bool = False) -> Found | None:
    hits = [(m.start(), -m.end(), kind, m) for kind, cue in _UNIT if (m := cue.match(text) if at_start else cue.search(text))]
    for _, _, kind, m in sorted(hits, key=lambda h: h[:2]):
        if kind == "month" and not at_start and _is_a_word(text, m):
            continue
        try:
            return _READ[kind](m, today)
        except (ValueError, OverflowError):  # the 30th of February, or ten thousand years ago
            continue
    return None


def _is_a_word(text: str, m: re.Match[str]) -> bool:
    """Whether "may" or "march" is a verb: nothing beside it makes it a month."""
    bare = m["month"].casefold() in _ALSO_WORDS and not m["year"] and not m["which"]
    return bare and not _LEAD.search(text[: m.start()]) and not _JOIN.match(text[m.end() :])


def _year_of(m: re.Match[str], today: date) -> int | None:
    told = m.groupdict()
    said = (told.get("year") or told.get("before") or told.get("short") or "").casefold()
    if not said:
        return None
    if said in ("this year", "last year"):
        return today.year - (said == "last year")
    digits = said.lstrip("'")
    return int(digits) if len(digits) == 4 else 2000 + int(digits)


def _month_of(m: re.Match[str]) -> int:
    return next(n for n, month in enumerate(_MONTHS, start=1) if month.startswith(m["month"].casefold()[:3]))


def _day(m: re.Match[str], today: date) -> Found:
    told = m.groupdict()
    if told.get("iso"):
        start = date.fromisoformat(told["iso"])
    elif told.get("relative"):
        start = today - timedelta(days=told["relative"].casefold() == "yesterday")
    else:
        year, month, day = _year_of(m, today), _month_of(m), int(told["day"])
        start = date(year or today.year, month, day)
        start = start if year or start <= today else start.replace(year=today.year - 1)
    return Found(start, start + timedelta(days=1), m.span())


def _recent(m: re.Match[str], today: date) -> Found:
    many, unit = m["many"].casefold(), m["unit"].casefold()
    n = int(many) if many.isdigit() else _COUNTS[many]
    days, months = {"day": (n, 0), "week": (7 * n, 0), "month": (0, n), "quarter": (0, 3 * n), "year": (0, 12 * n)}[unit]
    if max(days / 365, months / 12) > MOST_YEARS:
        raise ValueError(f"{n} {unit}s are more than {MOST_YEARS} years")
    return Found(today - relativedelta(days=days, months=months), today + timedelta(days=1), m.span())


def _quarter(m: re.Match[str], today: date) -> Found:
    number = int(m["quarter"]) if m["quarter"] else _ORDER[m["ordinal"].casefold()]
    return _part(m, today, 3 * number - 2, 3)


def _half(m: re.Match[str], today: date) -> Found:
    number = int(m["half"]) if m["half"] else _ORDER[m["first"].casefold()]
    return _part(m, today, 6 * number - 5, 6)


def _part(m: re.Match[str], today: date, month: int, months: int) -> Found:
    year = _year_of(m, today)
    start = date(year or today.year, month, 1)
    return Found(start, start + relativedelta(months=months), m.span(), year is not None)


def _month(m: re.Match[str], today: date) -> Found:
    """Without a year the last one of that name that has begun; "last March" is the one before this month."""
    year, month = _year_of(m, today), _month_of(m)
    latest = today.year - (month > today.month or (month == today.month and (m["which"] or "").casefold() == "last"))
    start = date(year or latest, month, 1)
    return Found(start, start + relativedelta(months=1), m.span(), year is not None)


def _named(m: re.Match[str], today: date) -> Found:
    unit, which = m["unit"].casefold(), m["which"].casefold()
    if which == "past":  # the past year is the last twelve months
        step = {"quarter": 3, "qtr": 3, "month": 1, "year": 12, "yr": 12}.get(unit, 0)
        begin = today - (relativedelta(months=step) if step else relativedelta(weeks=1))
        return Found(begin, today + timedelta(days=1), m.span())
    if unit in ("quarter", "qtr"):
        start, step_ = date(today.year, 3 * ((today.month - 1) // 3) + 1, 1), relativedelta(months=3)
    elif unit == "month":
        start, step_ = today.replace(day=1), relativedelta(months=1)
    elif unit == "week":
        start, step_ = today - timedelta(days=today.weekday()), relativedelta(weeks=1)
    else:
        start, step_ = date(today.year, 1, 1), relativedelta(years=1)
    start = start - step_ if which in ("last", "previous") else start
    return Found(start, start + step_, m.span())


def _whole_year(m: re.Match[str], today: date) -> Found:
    told = m.groupdict()
    start = date(int(told["year"]) if told.get("year") else today.year, 1, 1)
    return Found(start, start + relativedelta(years=1), m.span())


_READ = {"day": _day, "recent": _recent, "quarter": _quarter, "half": _half, "named": _named, "month": _month, "year": _whole_year}
