"""Reading a question over all searches: what is to be counted, in what groups, and within which scope."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from agents.corpus_questions import cues
from agents.corpus_questions.periods import Period, left_over, period_in
from agents.language.function_words import FUNCTION
from agents.language.phrases import plain
from alignment.corpus_answer import Grouping, Measure
from retrieval.question import Form, read_question

_WORDS = re.compile(r"[^\W_][\w'-]*")
_GENERIC = frozenset({"and", "of", "the", "senior", "junior", "general", "team", "staff"})
_NUMBERS = {"one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9, "ten": 10}
_MANY = re.compile(
    r"\b(\d{1,2}|one|two|three|four|five|six|seven|eight|nine|ten)\b"
    r"(?= (?:\w+ ){0,2}?(?:candidates?|people|examples?|interviews?|moments?|quotes?|who))",
    re.IGNORECASE,
)
_PROBED = re.compile(r"\b(?:had|did|have|was|were) (?:we|they|it|anyone|the question)\b.*\b(?:ask|asked|put|tested)\b", re.IGNORECASE)
_THEME = re.compile(r"\b(?:with|at|on|about|around|regarding|for) ((?:[^\W\d_][\w'-]* ?){1,4})\W*$", re.IGNORECASE)
_ABOUT_ONE = re.compile(r"\W*(?:do|does|did|how|is|are)\b", re.IGNORECASE)
_WHAT = re.compile(r"\W*(?:and |so )?(?:what|which|where)\b", re.IGNORECASE)
_STEM = 4
_ENDINGS = frozenset(
    ("", "s", "e", "es", "er", "ers", "ed", "ing", "ings", "or", "ors", "al", "ial", "ion", "ions", "ional", "ment", "ce", "ces", "tist",
     "tists", "y", "ies", "ist", "ists", "ive")
)  # fmt: skip
_OF_ROLES = re.compile(
    r"\b(?:for|in|among|of|with|our) (?:our |the |all )?((?:[^\W\d_][\w'-]* ){1,3}?)(?:roles?|candidates?|searches|hires"
    r"|hiring|positions?|jobs?|teams?)\b",
    re.IGNORECASE,
)
_ANY_ROLES = frozenset(
    ["all", "any", "every", "most", "other", "same", "different", "three", "two", "many", "our", "past", "open", "one", "each", "interview"]
)
DEFAULT_MANY = 3

_GROUPED = {
    Measure.LOSSES: Grouping.COMPETENCY,
    Measure.STRENGTHS: Grouping.COMPETENCY,
    Measure.CLEAN_READS: Grouping.COMPETENCY,
    Measure.SPLITS: Grouping.COMPETENCY,
    Measure.CALIBRATION: Grouping.INTERVIEWER,
}
"""What the rows stand for where the question does not say."""

_BROAD = (Measure.LOSSES, Measure.STRENGTHS, Measure.CLEAN_READS)
"""By role family alone these say nothing: what is lost, shown or read there is told beside it."""


@dataclass(frozen=True)
class CorpusAsk:
    """A question as it was understood; `theme` is its subject in its own words, `many` how many moments it wants.

    `unread` is a time or a kind of role that the question narrows itself to and that was not understood: it may not be counted without.
    """

    measure: Measure
    groups: tuple[Grouping, ...] = ()
    family: str | None = None
    lines: tuple[str, ...] = ()
    period: Period | None = None
    interviewer: str | None = None
    theme: str = ""
    many: int = DEFAULT_MANY
    unread: str = ""


def read(question: str, today: date, families: Sequence[str], interviewers: Sequence[str]) -> CorpusAsk:
    """The question against the role families and interviewers that the record has."""
    interviewer = name_in(plain(question), interviewers)
    period, rest = period_in(_without_name(plain(question), interviewer), today)
    family, rest_of_family = family_in(rest, families)
    lines = tuple(line for line, cue in cues.LINES.items() if cue.search(rest))
    measure = _measure(rest)
    groups = _groups(rest, measure, interviewer, lines)
    if family and Grouping.ROLE_FAMILY in groups:
        groups = tuple(g for g in groups if g is not Grouping.ROLE_FAMILY)
    theme = _theme(rest_of_family, measure, groups, interviewer)
    if groups == (Grouping.ROLE_FAMILY,) and not theme and measure in _BROAD:
        groups = (Grouping.ROLE_FAMILY, Grouping.COMPETENCY)
    if measure is Measure.CANNOT:
        return CorpusAsk(measure)
    if Grouping.LINE in groups and len(lines) < 2:
        lines = ()
    unread = "" if measure is Measure.MOMENTS else _unread(rest, bool(family) or Grouping.ROLE_FAMILY in _named_groups(rest))
    return CorpusAsk(measure, groups, family, lines, period, interviewer, theme, _many(rest), unread)


def _without_name(text: str, name: str | None) -> str:
    """The text with a person's name as one word that is no month: June and Jan are names as well."""
    for part in sorted((name or "").split(), key=len, reverse=True):
        text = re.sub(rf"\b{re.escape(part)}\b", "zreader", text, flags=re.IGNORECASE)
    return re.sub(r"zreader(?: zreader)+", "zreader", text)


def _named_groups(text: str) -> list[Grouping]:
    return [g for g, cue in cues.GROUPS if cue.search(text)]


def _unread(rest: str, by_family: bool) -> str:
    if left := left_over(rest):
        return left
    found = None if by_family else _OF_ROLES.search(rest)
    told = [w for w in _WORDS.findall(found.group(1)) if w.casefold() not in FUNCTION | _ANY_ROLES] if found else []
    return " ".join(w for w in told if not any(cue.search(w) for _, cue in (*cues.GROUPS, *cues.MEASURES)))


def _measure(text: str) -> Measure:
    if cues.CANNOT.search(text):
        return Measure.CANNOT
    if cues.COUNTED.search(text) and not dict(cues.MEASURES)[Measure.PROBING].search(text):
        return Measure.COUNTS
    if cues.TOLD.search(text):
        return Measure.MOMENTS
    if _PROBED.search(text) and dict(cues.MEASURES)[Measure.LOSSES].search(text):
        return Measure.LOSSES
    found = [m for m, cue in cues.MEASURES if cue.search(text)]
    return found[0] if found else Measure.UNCLEAR


def _groups(text: str, measure: Measure, interviewer: str | None, lines: Sequence[str]) -> tuple[Grouping, ...]:
    found = _named_groups(text)
    if measure in (Measure.MOMENTS, Measure.CANNOT, Measure.UNCLEAR):
        return ()
    if measure is Measure.LOSSES and _PROBED.search(text):
        return (Grouping.PROBING,)
    if measure is Measure.CALIBRATION:
        return _calibrated(found, interviewer)
    if Grouping.LINE in found:
        return (Grouping.LINE,)
    if Grouping.COMPETENCY in found and len(found) > 1 and Grouping.INTERVIEWER in found:
        found.remove(Grouping.COMPETENCY)
    if measure is Measure.COUNTS:
        found = [g for g in found if g is not Grouping.COMPETENCY]
    default = _GROUPED.get(measure)
    if measure in (Measure.PROBING, Measure.UNSUPPORTED) and _WHAT.match(text):
        default = Grouping.COMPETENCY
    if not found and interviewer and default is Grouping.COMPETENCY:
        return (Grouping.COMPETENCY,)
    return tuple(found[:2]) or ((default,) if default else ())


def _calibrated(found: Sequence[Grouping], interviewer: str | None) -> tuple[Grouping, ...]:
    """A reader is set beside others; by criterion too where that is asked for, which for one reader is a row a criterion."""
    if Grouping.ROLE_FAMILY in found:
        return (Grouping.ROLE_FAMILY,)
    if Grouping.COMPETENCY in found:
        return (Grouping.COMPETENCY,) if interviewer else (Grouping.INTERVIEWER, Grouping.COMPETENCY)
    return (Grouping.INTERVIEWER,)


def _many(text: str) -> int:
    found = _MANY.search(text)
    if not found:
        return DEFAULT_MANY
    word = found.group(1).casefold()
    return max(1, min(10, _NUMBERS.get(word) or int(word)))


def family_in(text: str, families: Sequence[str]) -> tuple[str | None, str]:
    """The role family that a text names by its most telling words or its initials, and the text without those words."""
    asked = [(m.group(), m.span()) for m in _WORDS.finditer(text)]
    best: tuple[float, str, list[tuple[int, int]]] | None = None
    for family in families:
        own = [w for w in _WORDS.findall(family.casefold()) if w not in _GENERIC]
        weights = {w: 1 / sum(w in f.casefold().split() for f in families) for w in own}
        hits = {w: span for w in own for word, span in asked if _same(word.casefold(), w)}
        initials = "".join(w[0] for w in own)
        spans = list(hits.values()) + [span for word, span in asked if len(own) > 2 and word.casefold() == initials]
        worth = sum(weights[w] for w in hits) / sum(weights.values()) if own else 0.0
        worth = 1.0 if len(spans) > len(hits) else worth
        if worth >= 0.5 and (best is None or worth > best[0]):
            best = worth, family, spans
    if best is None:
        return None, text
    cut = text
    for a, b in sorted(best[2], reverse=True):
        cut = cut[:a] + cut[b:]
    return best[1], " ".join(cut.split())


def _same(asked: str, own: str) -> bool:
    """Whether two words are forms of one: nurse and nursing, designer and design, ops and operations."""
    if asked == own or asked.rstrip("s") == own.rstrip("s"):
        return True
    if len(asked) <= 3:  # ops, eng, fin
        return len(asked) == 3 and asked not in FUNCTION and own.startswith(asked.rstrip("s"))
    common = next((n for n, (a, b) in enumerate(zip(asked, own, strict=False)) if a != b), min(len(asked), len(own)))
    return common >= _STEM and asked[common:] in _ENDINGS and own[common:] in _ENDINGS


def name_in(text: str, names: Sequence[str]) -> str | None:
    """The person whom a text names, by the whole name, or by a part of it that nobody else has."""
    flat = text.casefold()
    whole = [n for n in names if re.search(rf"\b{re.escape(n.casefold())}\b", flat)]
    if whole:
        return max(whole, key=len)
    parts: dict[str, set[str]] = {}
    for n in names:
        for part in n.casefold().split():
            parts.setdefault(part, set()).add(n)
    found = {
        next(iter(of)) for part, of in parts.items() if len(of) == 1 and len(part) > 2 and re.search(rf"\b{re.escape(part)}(?:'s)?\b", flat)
    }
    return next(iter(found)) if len(found) == 1 else None


def _theme(text: str, measure: Measure, groups: Sequence[Grouping], interviewer: str | None) -> str:
    bare = text
    bare = re.sub(r"\bzreader(?:'s)?\b", " ", bare)
    if measure is Measure.MOMENTS:
        sought = read_question(cues.FRAME.sub(" ", bare), Form.QUESTION).sought
        return " ".join(w for w in _WORDS.findall(sought) if w.casefold() not in FUNCTION)
    if measure in (Measure.LOSSES, Measure.STRENGTHS, Measure.PROBING, Measure.CLEAN_READS, Measure.GRADES) and (
        Grouping.COMPETENCY not in groups or _ABOUT_ONE.match(text)
    ):
        for cue in cues.LINES.values():
            bare = cue.sub(" ", bare)
        found = _THEME.search(" ".join(bare.split()))
        told = found.group(1) if found and not any(cue.search(f"per {found.group(1)}") for _, cue in cues.GROUPS) else ""
        words = [w for w in _WORDS.findall(told) if w.casefold() not in FUNCTION]
        return " ".join(w for w in words if not any(cue.search(w) for _, cue in (*cues.GROUPS, *cues.MEASURES)))
    return ""
