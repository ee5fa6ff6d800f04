"""Whether a drafted sentence only reports: outside its quotations it has the words that any report has, and none of its own.

`wording` asks whether a sentence adds a number, a name, a quotation, a time or a denial. An adjective adds none of these and can still
cost somebody a job. So whatever a model drafts passes this as well: what was said stands in quotation marks, word for word, and around it
stand words of reporting alone; and it stands there whole, since half a sentence can say the reverse. One other form is taken: what the
speaker said of themselves at the beginning of a sentence, turned from the first person to the third ("I rolled it back" as "the candidate
rolled it back").
"""

import re
from collections.abc import Collection, Iterator, Sequence

from alignment.citation import Citation
from alignment.contract import Criterion
from retrieval.wording import Problem, ProblemKind, quoted_ranges
from retrieval.words import Word, keys, words

_FUNCTION = frozenset(
    """
    a an the this that these those it its they them their theirs he him his she her hers who whom whose which what how why when where
    while then and or at in on about of to from for by with as during between into before after is was were are be been being has had
    have having did do does also both there here later earlier first next
    """.split()  # noqa: SIM905 - a list of words reads as one
)
_REPORTING = frozenset(
    """
    said says say asked asks asking question questions answer answered answers answering replied replies told described describes spoke
    speaks stated explained mentioned reported responded added words quote quoted record moment moments minute minutes interview
    utterance bears bear bearing relates refers criterion contract outside line must trade off deal breaker labelled speaker
    """.split()  # noqa: SIM905
)
_ASKING = frozenset(
    """
    you your yours i we us me wrote write written mean meant means see saw seen hear heard remember think one any else something anything
    someone more if whether can could would may might please enough tell give example examples change changes reading another other
    did touch touched rest rests let know point which not no or but instead
    """.split()  # noqa: SIM905
)
_SUBJECTS = frozenset({"he", "she", "they", "candidate"})
_LEADS = frozenset({"and", "so", "then", "well", "yeah", "yes", "ok", "okay"})
_PERSONS = {
    **dict.fromkeys(("my", "our", "his", "her", "their"), "<their>"),
    **dict.fromkeys(("me", "us", "him", "them"), "<them>"),
    **dict.fromkeys(("myself", "himself", "herself", "themselves", "themself"), "<self>"),
    **dict.fromkeys(("i", "he", "she", "they"), "<they>"),
}
_FIGURES = re.compile(r"[#\d:.,]+")
_ENDS = ".!?\u2026\n"
_CUT = "“{}” is cut out of what was said: quote whole sentences, so that no denial and no condition is left out."
_WHOSE = "“{}” is not led in as what it is: write who said it, or that it was asked, or that it was written."
_SAYING = frozenset(
    """
    said says say answered answers replied told described describes stated explained mentioned reported responded added
    """.split()  # noqa: SIM905
)
_ASKED = frozenset({"asked", "question", "asks"})
_WRITING = frozenset({"wrote", "written", "write"})
_SAYING_AROUND = frozenset({"has", "have", "had", "also", "then", "first", "later", "did", "it", "this", "in", "words"})
_TOLD = "“{}” is a word of its own: outside quotation marks a draft reports, and adds nothing."


def added_words(
    sentence: str, citations: Sequence[Citation], criterion: Criterion | None, *, called: str = "the candidate", asks: bool = False
) -> list[Problem]:
    """The words of a draft that are neither quoted, nor words of reporting, nor what the speaker said of themselves.

    `called` is how the one who spoke may be called. `asks` allows the words that a question to an interviewer is made of.
    """
    stream = words(sentence)
    known = _FUNCTION | _REPORTING | set(keys(called)) | (_ASKING if asks else frozenset())
    for spoken in (*([criterion.spoken, criterion.id] if criterion else []), *(c.spoken for c in citations)):
        known |= set(keys(spoken))
    ranges = list(quoted_ranges(sentence))
    free = [i for i, w in enumerate(stream) if not any(a <= w.start and w.end <= b for a, b in ranges)]
    foreign = [i for i in free if stream[i].key not in known and not _FIGURES.fullmatch(stream[i].key)]
    retold = {i for run in _runs(sentence, stream, free, foreign) if _is_retold(stream, run, citations, known) for i in run}
    found = dict.fromkeys(sentence[stream[i].start : stream[i].end] for i in foreign if i not in retold)
    return [Problem(kind=ProblemKind.WORD, words=w, told=_TOLD.format(w)) for w in found]


def misleading_quotations(
    sentence: str, said: Sequence[Citation], asked: Sequence[Citation], written: Collection[str] = (), *, called: str = "the candidate"
) -> list[Problem]:
    """The quotations of a draft that are cut out of a sentence, or given to somebody else than who said, asked or wrote them.

    `said` are the moments of whoever is interviewed, `asked` the questions that they answer, `written` what the interviewer wrote. The word
    that leads a quotation in tells whose it is: the candidate *said*, the question *asked*, you *wrote*.
    """
    stream = words(sentence)
    subjects = {"he", "she", "they", *keys(called), *(k for c in said for k in keys(c.name or ""))} - {"the"}
    found: list[Problem] = []
    before = 0
    for start, end in quoted_ranges(sentence):
        quoted = keys(sentence[start:end])
        if not quoted:
            found.append(Problem(kind=ProblemKind.QUOTATION, words="", told="There are quotation marks with nothing between them."))
            continue
        lead = [w.key for w in stream if before <= w.start and w.end <= start]
        before = end
        whole = {
            "said": any(_is_whole(quoted, c.text) for c in said),
            "asked": any(_is_whole(quoted, c.text) for c in asked),
            "written": quoted in {keys(text) for text in written},
        }
        told = sentence[start:end].strip()
        if not any(whole.values()):
            found.append(Problem(kind=ProblemKind.QUOTATION, words=told, told=_CUT.format(told)))
        elif not whole.get(_led_by(lead, subjects), False):
            found.append(Problem(kind=ProblemKind.QUOTATION, words=told, told=_WHOSE.format(told)))
    return found


def _led_by(lead: Sequence[str], subjects: Collection[str]) -> str:
    """Whose words the text before a quotation says they are: said, asked or written; empty where it does not say, or says somebody else."""
    places = [i for i, key in enumerate(lead) if key in _SAYING or key in _ASKED or key in _WRITING]
    if not places:
        return ""
    verb = lead[places[-1]]
    if verb in _WRITING:
        return "written"
    if verb in _ASKED:
        return "asked"
    who = [k for k in lead[: places[-1]] if k not in _SAYING_AROUND]
    return "said" if who and who[-1] in subjects else ""


def _is_whole(quoted: Sequence[str], text: str) -> bool:
    stream = words(text)
    row = [w.key for w in stream]
    n = len(quoted)
    for i in range(len(row) - n + 1):
        if row[i : i + n] == list(quoted):
            opens = i == 0 or any(c in _ENDS for c in text[stream[i - 1].end : stream[i].start])
            closes = i + n == len(row) or any(c in _ENDS for c in text[stream[i + n - 1].end : stream[i + n].start])
            if opens and closes:
                return True
    return False


def _runs(sentence: str, stream: Sequence[Word], free: Sequence[int], foreign: Sequence[int]) -> Iterator[list[int]]:
    """From the first foreign word of each clause outside quotations to its last, with what stands between."""
    clause: list[int] = []
    for n, i in enumerate(free):
        ends = n + 1 == len(free) or free[n + 1] != i + 1 or any(c in ".!?;:\n" for c in sentence[stream[i].end : stream[i + 1].start])
        clause.append(i)
        if ends:
            inside = [j for j in clause if j in foreign]
            if inside:
                yield list(range(inside[0], inside[-1] + 1))
            clause = []


def _is_retold(stream: Sequence[Word], run: Sequence[int], citations: Sequence[Citation], known: Collection[str]) -> bool:
    before = stream[run[0] - 1].key if run[0] else ""
    if before not in _SUBJECTS or before not in known:
        return False
    sought = [_PERSONS.get(stream[i].key, stream[i].key) for i in run]
    return any(_told_of_oneself(sought, c.text) for c in citations)


def _told_of_oneself(sought: Sequence[str], text: str) -> bool:
    """Whether a sentence of the text begins with "I", or with a joining word and "I", and then these words, and asks nothing."""
    stream = words(text)
    row = [_PERSONS.get(w.key, w.key) for w in stream]
    for i, w in enumerate(stream):
        if w.key != "i" or row[i + 1 : i + 1 + len(sought)] != list(sought):
            continue
        start = i - 1 if i and stream[i - 1].key in _LEADS else i
        opens = start == 0 or any(c in ".!?" for c in text[stream[start - 1].end : stream[start].start])
        last = stream[i + len(sought)]
        rest = text[last.end :]
        asked = "?" in rest and not any(c in ".!" for c in rest[: rest.index("?")])
        if opens and not asked:
            return True
    return False
