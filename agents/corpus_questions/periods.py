"""The days a question is about: "this quarter", "since June", "in Q2 last year", "the last 90 days", as [from, until)."""

import re
from dataclasses import dataclass
from datetime import date, timedelta

from dateutil.relativedelta import relativedelta

_MONTHS = ("january", "february", "march", "april", "may", "june", "july", "august", "september", "october", "november", "december")
_MONTH = (
    r"(jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?"
    r"|dec(?:ember)?)"
)
_COUNTS = {
    "a": 1,
    "one": 1,
    "two": 2,
    "three": 3,
    "four": 4,
    "five": 5,
    "six": 6,
    "nine": 9,
    "ten": 10,
    "twelve": 12,
    "couple of": 2,
    "few": 3,
}
_NUMBER = rf"(\d+|{'|'.join(_COUNTS)})"
_YEAR = r"(?:(?:of|in|,)? ?((?:19|20)\d\d|last year|this year))?"
_LAST_N = re.compile(rf"\b(?:last|past|previous|trailing|recent|latest) {_NUMBER} (day|week|month|quarter|year)s?\b", re.IGNORECASE)
_QUARTER = re.compile(rf"\b(?:q([1-4])|(first|second|third|fourth|1st|2nd|3rd|4th) quarter)\b ?'?{_YEAR}", re.IGNORECASE)
_HALF = re.compile(rf"\b(?:h([12])|(first|second) half(?: of the year)?)\b ?{_YEAR}", re.IGNORECASE)
_NAMED = re.compile(r"\b(this|current|last|previous|past) (quarter|qtr|month|week|year|yr)\b", re.IGNORECASE)
_BETWEEN = re.compile(rf"\b(?:between|from) {_MONTH} ?(\d{{4}})? (?:and|to|until|through|till|-) {_MONTH}\b ?(\d{{4}})?", re.IGNORECASE)
_SINCE = re.compile(
    rf"\b(?:since|from|after|starting) (?:the )?(?:(?:start|beginning) of )?(?:(this year|the year|last year|this quarter|last quarter)|"
    rf"{_MONTH}\b ?(\d{{4}})?|((?:19|20)\d\d)\b)",
    re.IGNORECASE,
)
_BEFORE = re.compile(rf"\b(?:before|until|up to|till) {_MONTH}\b ?(\d{{4}})?", re.IGNORECASE)
_IN = re.compile(
    rf"\b(?:in|during|for|over|throughout) (?:all of |the whole of )?(?:{_MONTH}\b ?(\d{{4}})?|((?:19|20)\d\d)\b)", re.IGNORECASE
)
_YTD = re.compile(r"\b(?:year to date|ytd|so far this year|since january 1)\b", re.IGNORECASE)
_ORDER = {"first": 1, "1st": 1, "second": 2, "2nd": 2, "third": 3, "3rd": 3, "fourth": 4, "4th": 4}


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


def period_in(text: str, today: date) -> tuple[Period | None, str]:
    """The period that a text names, and the text without it; None where it names none."""
    for pattern, read in _READERS:
        if m := pattern.search(text):
            return read(m, today), " ".join((text[: m.start()] + " " + text[m.end() :]).split())
    return None, text


def _last_n(m: re.Match[str], today: date) -> Period:
    many = int(m.group(1)) if m.group(1).isdigit() else _COUNTS[m.group(1).casefold()]
    unit = m.group(2).casefold()
    days, months = {"day": (many, 0), "week": (7 * many, 0), "month": (0, many), "quarter": (0, 3 * many), "year": (0, 12 * many)}[unit]
    step = relativedelta(days=days, months=months)
    return Period(today - step, today + timedelta(days=1))


def _quarter(m: re.Match[str], today: date) -> Period:
    number = int(m.group(1)) if m.group(1) else _ORDER[m.group(2).casefold()]
    start = date(_year(m.group(3), today), 3 * number - 2, 1)
    return Period(start, start + relativedelta(months=3))


def _half(m: re.Match[str], today: date) -> Period:
    number = int(m.group(1)) if m.group(1) else _ORDER[m.group(2).casefold()]
    start = date(_year(m.group(3), today), 6 * number - 5, 1)
    return Period(start, start + relativedelta(months=6))


def _year(told: str | None, today: date) -> int:
    if told is None or told.casefold() == "this year":
        return today.year
    return today.year - 1 if told.casefold() == "last year" else int(told)


def _named(m: re.Match[str], today: date) -> Period:
    unit = m.group(2).casefold()
    back = m.group(1).casefold() in ("last", "previous", "past")
    if unit in ("quarter", "qtr"):
        start, step = date(today.year, 3 * ((today.month - 1) // 3) + 1, 1), relativedelta(months=3)
    elif unit == "month":
        start, step = today.replace(day=1), relativedelta(months=1)
    elif unit == "week":
        start, step = today - timedelta(days=today.weekday()), relativedelta(weeks=1)
    else:
        start, step = date(today.year, 1, 1), relativedelta(years=1)
    start = start - step if back else start
    return Period(start, start + step)


def _month(name: str) -> int:
    return next(n for n, month in enumerate(_MONTHS, start=1) if month.startswith(name.casefold()[:3]))


def _of_month(name: str, year: str | None, today: date) -> date:
    """The first of that month; without a year the last one that has begun."""
    month = _month(name)
    return date(int(year) if year else today.year - (month > today.month), month, 1)


def _between(m: re.Match[str], today: date) -> Period:
    end = _of_month(m.group(3), m.group(4), today)
    start = _of_month(m.group(1), m.group(2) or m.group(4), today)
    return Period(start if start <= end else start - relativedelta(years=1), end + relativedelta(months=1))


def _since(m: re.Match[str], today: date) -> Period:
    if named := m.group(1):
        word = named.casefold()
        if "quarter" in word:
            return Period(date(today.year, 3 * ((today.month - 1) // 3) + 1, 1) - relativedelta(months=3 * word.startswith("last")))
        return Period(date(today.year - word.startswith("last"), 1, 1))
    return Period(_of_month(m.group(2), m.group(3), today) if m.group(2) else date(int(m.group(4)), 1, 1))


def _before(m: re.Match[str], today: date) -> Period:
    return Period(None, _of_month(m.group(1), m.group(2), today))


def _in(m: re.Match[str], today: date) -> Period:
    if m.group(3):
        start = date(int(m.group(3)), 1, 1)
        return Period(start, start + relativedelta(years=1))
    start = _of_month(m.group(1), m.group(2), today)
    return Period(start, start + relativedelta(months=1))


def _ytd(m: re.Match[str], today: date) -> Period:
    return Period(date(today.year, 1, 1), None)


_READERS = (
    (_YTD, _ytd), (_LAST_N, _last_n), (_QUARTER, _quarter), (_HALF, _half), (_BETWEEN, _between), (_SINCE, _since), (_NAMED, _named),
    (_BEFORE, _before), (_IN, _in),
)  # fmt: skip
