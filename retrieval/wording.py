"""What a sentence adds to its evidence: the check that every drafted sentence and every interviewer's edit passes.

It works on closed classes of words and on exact holding, and it errs towards asking: a number, name, quotation, time or negation is
reported unless a citation's words, its speaker's name, its minute or clock, or the criterion holds it. What a sentence *means* it does
not judge.
"""

import re
from collections.abc import Collection, Iterable, Iterator, Sequence
from enum import StrEnum

from alignment.citation import Citation
from alignment.contract import Criterion
from alignment.record import Record
from alignment.transcript import clock, minute_of
from retrieval.amounts import MONTHS, TIME_WORDS, Amount, amounts
from retrieval.words import Word, keys, occurrences, words


def _list(words_of_a_class: str) -> list[str]:
    return words_of_a_class.split()


NOT = frozenset({"not", "cannot", "ain't"})
NEGATIONS = frozenset(
    _list("""
        no none nobody nothing nowhere neither nor never without lack lacks lacked lacking fail fails failed failing failure unable
        unwilling unclear unsure unaware uncertain unlikely unfamiliar unprepared unqualified uncomfortable unanswered unresolved
        unsuccessful undecided unfinished unconvinced unrelated untested unproven unknown unreliable unhappy unfair unfit incapable
        incomplete inconsistent incorrect inexperienced insufficient impossible impatient irrelevant irresponsible refused refuses
        refuse declined declines decline denied denies deny missing absent hardly barely scarcely rarely seldom zero nil
    """)
)
_PREFIXES = ("un", "non", "dis", "in", "im", "ir", "il", "mis")
_QUOTED = re.compile(r"[“„«\"]([^”“„«»\"]*)(?:[”»\"“]|$)|(?<![^\s(\[])[‘']([^‘]+?)[’'](?!\w)")
_SELF = frozenset({"i", "i'm", "i'd", "i've", "i'll"})
_CONTRACTED = frozenset(_list("it that he she what there here who let where how this when why everyone one"))


class ProblemKind(StrEnum):
    """What kind of thing a sentence adds."""

    NUMBER = "number"
    NAME = "name"
    QUOTATION = "quotation"
    TIME = "time"
    NEGATION = "negation"
    WORD = "word"


class Problem(Record):
    """Words of a sentence that its evidence does not hold, and a plain sentence for the one who wrote them."""

    kind: ProblemKind
    words: str
    told: str


_TOLD = {
    ProblemKind.NUMBER: "The moments cited here do not hold the number “{}”.",
    ProblemKind.NAME: "The moments cited here do not mention “{}”.",
    ProblemKind.QUOTATION: "“{}” stands in quotation marks, and nobody says it in these words in the moments cited here.",
    ProblemKind.TIME: "The moments cited here are not at, and do not mention, “{}”.",
    ProblemKind.NEGATION: "“{}” denies something, and the moments cited here do not hold that denial.",
}


def quoted_ranges(sentence: str) -> Iterator[tuple[int, int]]:
    """Where a sentence has something in quotation marks, as [start, end) without the marks."""
    for match in _QUOTED.finditer(sentence):
        yield match.span(1 if match.group(1) is not None else 2)


def unsupported_words(
    sentence: str,
    citations: Sequence[Citation],
    criterion: Criterion | None,
    allowed: Collection[str] = (),
    *,
    people: Collection[str] = (),
) -> list[Problem]:
    """The numbers, names, quotations, times and negations that a sentence adds to its evidence; empty where it adds none.

    `allowed` are phrases that are the product's own and may stand in any sentence. `people` are known names, which are recognised
    even where a capital letter proves nothing: at the beginning of a sentence.
    """
    evidence = _Evidence(citations, criterion, allowed, people)
    stream = words(sentence)
    free, quotations = _without_quotations(sentence, stream, evidence)
    free -= _frames(stream, evidence)
    found = [
        *quotations,
        *((kind, text) for kind, text in _amounts_added(sentence, stream, free, evidence)),
        *((ProblemKind.NEGATION, sentence[w.start : w.end]) for i, w in enumerate(stream) if i in free and _denies_more(w.key, evidence)),
        *_names_added(sentence, stream, free, evidence),
    ]
    return [Problem(kind=kind, words=text, told=_TOLD[kind].format(text)) for kind, text in dict.fromkeys(found)]


class _Evidence:
    """What the citations and the criterion hold, looked up once for a sentence."""

    def __init__(
        self, citations: Sequence[Citation], criterion: Criterion | None, allowed: Collection[str], people: Collection[str]
    ) -> None:
        texts = [c.text for c in citations] + ([criterion.text] if criterion else [])
        self.quotable = [words(c.text) for c in citations]
        self.whole = {keys(phrase) for phrase in (*(c.speaker for c in citations), *allowed)}
        self.keys = {key for text in texts for key in keys(text)}
        spoken = [keys(c.spoken) for c in citations] + ([keys(criterion.spoken), keys(criterion.id)] if criterion else [])
        self.frames = [keys(phrase) for phrase in allowed] + spoken
        self.names = {part for name in spoken for part in name} | {key for text in texts for key in _capitalised(text)}
        self.people = {part for name in people for part in keys(name) if len(part) > 1}
        self.amounts = {form for text in texts for amount in amounts(text, words(text)) for form in amount.forms}
        started = [c.start_s for c in citations if c.start_s is not None]
        self.minutes = {str(minute_of(s)) for s in started}
        self.clocks = {clock(s) for s in started} | {clock(c.end_s) for c in citations if c.end_s is not None}


def _capitalised(text: str) -> Iterator[str]:
    # Speech recognition may write no capitals at all; then any word may be the name.
    cased = any(c.isupper() for c in text)
    for w in words(text):
        if not cased or any(c.isupper() for c in text[w.start : w.end]):
            yield _base(w.key)
            yield w.key


def _without_quotations(sentence: str, stream: Sequence[Word], evidence: _Evidence) -> tuple[set[int], list[tuple[ProblemKind, str]]]:
    """The words outside quotation marks, and the quotations that nobody said."""
    free, problems = set(range(len(stream))), []
    for start, end in quoted_ranges(sentence):
        quoted = keys(sentence[start:end])
        free -= {i for i in free if start <= stream[i].start and stream[i].end <= end}
        said = any(True for text in evidence.quotable for _ in occurrences(quoted, text))
        if quoted and not said and quoted not in evidence.whole:
            problems.append((ProblemKind.QUOTATION, sentence[start:end].strip()))
    return free, problems


def _frames(stream: Sequence[Word], evidence: _Evidence) -> set[int]:
    row = tuple(w.key for w in stream)
    return {
        i
        for frame in evidence.frames
        if frame
        for at in range(len(row) - len(frame) + 1)
        if row[at : at + len(frame)] == frame
        for i in range(at, at + len(frame))
    }


def _amounts_added(sentence: str, stream: Sequence[Word], free: set[int], evidence: _Evidence) -> Iterator[tuple[ProblemKind, str]]:
    taken: set[int] = set()
    for amount in amounts(sentence, stream):
        taken |= set(amount.places)
        if free.intersection(amount.places) and not _held(amount, evidence):
            kind = ProblemKind.TIME if amount.of_time else ProblemKind.NUMBER
            yield kind, sentence[stream[amount.places[0]].start : stream[amount.places[-1]].end]
    for i, w in enumerate(stream):
        raw = sentence[w.start : w.end]
        dated = w.key in TIME_WORDS or (_base(w.key) in MONTHS and raw[0].isupper() and not _begins(sentence, stream, i))
        if i in free and i not in taken and dated and w.key not in evidence.keys:
            yield ProblemKind.TIME, raw


def _held(amount: Amount, evidence: _Evidence) -> bool:
    if amount.minute is not None and amount.minute in evidence.minutes:
        return True
    if amount.clocks and set(amount.clocks) <= evidence.clocks:
        return True
    return amount.forms[0] in evidence.amounts


def _denies_more(key: str, evidence: _Evidence) -> bool:
    if key in NOT or key.endswith("n't"):
        return not any(k in NOT or k.endswith("n't") for k in evidence.keys)
    if key in evidence.keys:
        return False
    return key in NEGATIONS or any(_undoes(key, prefix, evidence.keys) for prefix in _PREFIXES)


def _undoes(key: str, prefix: str, held: Iterable[str]) -> bool:
    # "unprepared" of somebody who says "prepared"; "unless" is not the reverse of "less".
    rest = key.removeprefix(prefix)
    return rest != key and len(rest) > 4 and rest in held


def _names_added(sentence: str, stream: Sequence[Word], free: set[int], evidence: _Evidence) -> Iterator[tuple[ProblemKind, str]]:
    timed = {i for amount in amounts(sentence, stream) for i in amount.places}
    for i, w in enumerate(stream):
        raw, base = sentence[w.start : w.end], _base(w.key)
        if i not in free or i in timed or w.key in _SELF or w.key in TIME_WORDS or base in MONTHS or base in evidence.names:
            continue
        if base in evidence.people or w.key in evidence.people:
            known = not _begins(sentence, stream, i) or raw[0].isupper()
            if known and raw != raw.lower():
                yield ProblemKind.NAME, raw
        elif raw[0].isupper() and (not _begins(sentence, stream, i) or _surely_a_name(raw, w.key, base)):
            yield ProblemKind.NAME, raw


def _surely_a_name(raw: str, key: str, base: str) -> bool:
    return any(c.isupper() for c in raw[1:]) or (key != base and base not in _CONTRACTED)


def _begins(sentence: str, stream: Sequence[Word], i: int) -> bool:
    between = sentence[stream[i - 1].end : stream[i].start] if i else "."
    return any(c in ".!?:\n•" for c in between)


def _base(key: str) -> str:
    return key.removesuffix("'s")
