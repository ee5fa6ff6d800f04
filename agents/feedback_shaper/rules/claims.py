"""Raw feedback split into claims: stretches of the interviewer's own words, each with its polarity."""

import re
from collections.abc import Iterator
from itertools import pairwise

from agents.feedback_shaper.rules import cues
from agents.feedback_shaper.rules.fitness import content, is_nameless, trait_in
from agents.language.injections import is_addressed
from agents.language.phrases import plain

_SENTENCE_END = re.compile(
    r"(?<!\bMr)(?<!\bMs)(?<!\bDr)(?<!\bMrs)(?<!\be\.g)(?<!\bi\.e)(?<!\bvs)[.!?\u2026]+[\"'\u201d\u2019)]*(?=\s|$)|\n+"
)
_LEAD = re.compile(r"(?:but|and|yet|also|plus|still)\b[\s,]*(?=\w)", re.IGNORECASE)
_JOINT = re.compile(r"(?:but|although|though|however|and|yet|whereas)\b[\s,]*", re.IGNORECASE)
_TAIL = re.compile(r"[\s,;]*(?:\band)?[\s,;]*$")
_SEMICOLON = re.compile(r";\s+")
_TELLING_WORDS = 5
Stretch = tuple[int, int]


def sentences(text: str) -> list[Stretch]:
    """Where each sentence stands, as [start, end) without surrounding white space."""
    found, start = [], 0
    for m in _SENTENCE_END.finditer(text):
        found.append((start, m.end()))
        start = m.end()
    found.append((start, len(text)))
    return [s for s in (_trim(text, *f) for f in found) if s[1] > s[0]]


def _without_lead(raw: str, piece: Stretch) -> Stretch:
    lead = _LEAD.match(raw, *piece)
    return (lead.end(), piece[1]) if lead and lead.end() < piece[1] else piece


def split(raw: str) -> list[Stretch]:
    """Where each claim stands in the raw text, in order; text that addresses an AI reader is in none of them."""
    pieces = [p for s in sentences(raw) for p in _clauses(raw, s) if not is_addressed(raw, *p)]
    joined = _join_dependents(raw, pieces)
    told = [p for p in joined if trait_in(raw[p[0] : p[1]]) or not is_nameless(raw[p[0] : p[1]])]
    # Courtesies are dropped only beside something said; alone they are what the interviewer has to be asked about.
    return [p for p in (_without_lead(raw, p) for p in told or joined[-1:]) if not is_addressed(raw, *p)]


def _clauses(raw: str, sentence: Stretch) -> Iterator[Stretch]:
    start, end = sentence
    flat = plain(raw)
    cuts = [
        m.start()
        for m in cues.CONTRAST.finditer(flat, start, end)
        if m.start() - start > 8 and end - m.end() > 12 and not _ends_the_clause(flat, m)
    ]
    cuts += [m.end() for m in cues.JOINED_REPORT.finditer(flat, start, end) if m.start() - start > 12]
    cuts += [m.end() for m in _SEMICOLON.finditer(flat, start, end) if m.start() - start > 12 and end - m.end() > 12]
    for first, last in pairwise([start, *sorted(cuts), end]):
        piece = _without_ends(raw, start, _trim(raw, first, last))
        if piece[1] > piece[0]:
            yield piece


def _without_ends(raw: str, sentence_start: int, piece: Stretch) -> Stretch:
    """The clause without the conjunction that joins it to the one before or after."""
    start, end = piece
    lead = _JOINT.match(raw, start, end)
    if lead and start != sentence_start:
        start = lead.end()
    tail = _TAIL.search(raw, start, end)
    return start, tail.start() if tail else end


def _ends_the_clause(flat: str, m: re.Match[str]) -> bool:
    return bool(re.match(r"\s*[.,;!?]|$", flat[m.end() : m.end() + 2])) and m.group().lower() == "though"


def _join_dependents(raw: str, pieces: list[Stretch]) -> list[Stretch]:
    """Fragments and reactions that name nobody join the claim that they comment on."""
    joined: list[Stretch] = []
    waiting: Stretch | None = None
    for piece in pieces:
        text = plain(raw[piece[0] : piece[1]])
        own = bool(trait_in(text))
        if own or asserts(text):
            start = piece[0]
            if waiting and own and _sentence_breaks(raw, waiting, piece):
                joined.append(waiting)
            elif waiting and not _concedes(raw, waiting, piece):
                start = waiting[0]
            joined.append((start, piece[1]))
            waiting = None
        elif waiting and cues.REACTION.match(text):
            # A reaction completes the fragment that it comments on: "Two notebooks and a torch. I'd take him tomorrow."
            joined.append((waiting[0], piece[1]))
            waiting = None
        elif waiting:
            waiting = (waiting[0], piece[1])
        elif joined and not _opens_anew(raw, piece, text) and not trait_in(raw[joined[-1][0] : joined[-1][1]]):
            joined[-1] = (joined[-1][0], piece[1])
        else:
            waiting = piece
    return [*joined, waiting] if waiting else joined


def _opens_anew(raw: str, piece: Stretch, text: str) -> bool:
    before = raw[max(0, piece[0] - 8) : piece[0]].lower()
    return bool(
        cues.OPENS_ANEW.match(text) or re.search(r"\b(?:but|though|yet)\W*$", before) or re.search(r"\bthough\W*$", text, re.IGNORECASE)
    )


def _concedes(raw: str, one: Stretch, other: Stretch) -> bool:
    """Whether the first is what a speaker grants before the point that follows: "not a looker, but …"."""
    return not _sentence_breaks(raw, one, other) and bool(cues.CONTRAST.search(raw[one[1] : other[0]]))


def _sentence_breaks(raw: str, one: Stretch, other: Stretch) -> bool:
    return bool(_SENTENCE_END.search(raw[one[1] : other[0]] + " "))


def asserts(text: str) -> bool:
    """Whether the clause can stand as a claim: it is about the candidate or the interview, or names things at some length."""
    if cues.REACTION.match(text) or is_nameless(text):
        return False
    about = cues.CANDIDATE_REFERENCE.search(text) or cues.INTERVIEW_EVENT.search(text) or cues.SUBJECTLESS.match(text)
    tells = len(text.split()) >= _TELLING_WORDS and len(content(text)) > 1 and cues.FINITE.search(text)
    return bool(about or tells)


def _trim(text: str, start: int, end: int) -> Stretch:
    while start < end and (text[start].isspace() or text[start] in ",;-\u2013\u2014"):
        start += 1
    while end > start and (text[end - 1].isspace() or text[end - 1] in ",;-\u2013\u2014.!?\u2026"):
        end -= 1
    return start, end
