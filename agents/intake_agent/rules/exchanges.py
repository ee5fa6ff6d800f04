"""A call as a run of exchanges: what is said from where the subject changes until it changes again.

The recruiter changes the subject by naming something ("And the car?"), by turning to it ("What about …"), by asking for the next thing
or for what ends it, and by taking up a wish from the manager's list. Whoever counts ("That's two.") closes what went before.
"""

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Final

from agents.intake_agent.judgements import LineKind, Turn
from agents.intake_agent.rules import acts, cues
from agents.intake_agent.rules.acts import Count, count_in, is_fragment, is_topic_question
from agents.language.function_words import FUNCTION
from agents.language.injections import is_addressed
from agents.language.phrases import plain

RECRUITER, MANAGER = "recruiter", "hiring_manager"
_SENTENCE = re.compile(r"(?<=[.!?…])[\"”’)]*\s+|\n+")
ENUMERATED = re.compile(
    r"^\W*(?:and )?(?:(?P<n>first|second|third|one|two|three)(?:ly)?|number (?P<m>one|two|three))(?:[,:]| is\b)", re.IGNORECASE
)
_NUMBERS: Final = {"first": 1, "one": 1, "second": 2, "two": 2, "third": 3, "three": 3}
SHORT = 8
NEW_WORDS = 4
"""How much the recruiter has to say after a count to be on something new."""

LIST = 3
"""How many things in one turn make a list of wishes."""

_SUBJECT = re.compile(r"\b(?:i|we|you|it|they|she|he|that|this|there|nobody|everybody|everyone)(?:'\w+)?\b", re.IGNORECASE)
_WISHES = re.compile(
    r"\b(?:i'd like|i want|i need|we need|we want|looking for|hoping for|ideally|would be (?:nice|great|good|lovely))\b", re.IGNORECASE
)
_ADDS = re.compile(r"\b(?:also|another|as well|and the other)\b", re.IGNORECASE)
_AMOUNT = re.compile(
    r"\d.*|(?:one|two|three|four|five|six|seven|eight|nine|ten|twelve|fifteen|twenty|thirty|years?|months?|weeks?|days?|hours?|minimum|least)"
)


@dataclass(frozen=True)
class Sentence:
    """One sentence of one turn; `start` and `end` count in the turn's text, `plain` has straight quotes."""

    turn: int
    side: str
    start: int
    end: int
    plain: str

    @cached_property
    def stems(self) -> frozenset[str]:
        """The beginnings of its content words."""
        return stems(self.plain)


@dataclass
class Exchange:
    """What is said on one subject; `asks` is what it was opened with, `topic` the beginnings of the words that named it.

    `reopened` says that the manager came back to something settled before.
    """

    asks: LineKind | None = None
    topic: frozenset[str] = frozenset()
    reopened: bool = False
    sentences: list[Sentence] = field(default_factory=list)
    counts: list[tuple[int, Count]] = field(default_factory=list)

    @property
    def closed(self) -> bool:
        """Whether somebody has counted it."""
        return bool(self.counts)

    def by(self, side: str) -> Iterator[Sentence]:
        """That side's sentences."""
        return (s for s in self.sentences if s.side == side)


def stems(text: str) -> frozenset[str]:
    """The beginnings of the content words of a text: five letters tell a word in most of its forms; amounts only where nothing else is."""
    words = [w.removesuffix("'s") for w in re.findall(r"[a-z0-9][\w']*", text.lower()) if w not in FUNCTION]
    named = [w for w in words if not _AMOUNT.fullmatch(w)]
    return frozenset(w[:5] for w in named or words)


def sentences_of(turns: Sequence[Turn]) -> Iterator[Sentence]:
    """The sentences of the call in order, without those that address an AI."""
    for i, turn in enumerate(turns):
        text, start = plain(turn.text), 0
        for end, after in [*(m.span() for m in _SENTENCE.finditer(text)), (len(text), len(text))]:
            if text[start:end].strip() and not is_addressed(turn.text, start, end):
                yield Sentence(i, turn.side, start, end, text[start:end])
            start = after


def exchanges_of(turns: Sequence[Turn], wishes: Sequence[Sentence]) -> list[Exchange]:
    """The call's exchanges in order; `wishes` are what the manager listed at first."""
    made = [Exchange()]
    recapping = False
    for s in sentences_of(turns):
        # What is read back at the end was counted before; only what the manager then changes is new.
        recapping = recapping or (s.side == RECRUITER and bool(cues.RECAPS.search(s.plain)))
        count = None if recapping and s.side == RECRUITER else count_in(s.plain)
        # A manager's numeral alone answers a question: "How many?" "Two."
        if count and s.side and not (count.bare and s.side == MANAGER):
            made[-1].counts.append((len(made[-1].sentences), count))
            made[-1].sentences.append(s)
            continue
        opened = _opened(s, made, wishes)
        if opened:
            made.append(opened)
        elif s.side == RECRUITER and made[-1].asks is None:
            made[-1].asks = _asked(s)
        made[-1].sentences.append(s)
    return made


def wishes_of(turns: Sequence[Turn]) -> list[Sentence]:
    """What the manager lists before anything is settled: each named thing of a list, as a part of its sentence."""
    found: dict[int, list[Sentence]] = defaultdict(list)
    for s in sentences_of(turns):
        if count_in(s.plain):
            break
        if s.side == MANAGER and not s.plain.rstrip().endswith("?"):
            found[s.turn] += _parts(s)
    return [p for parts in found.values() if len(parts) >= LIST for p in parts]


def _parts(s: Sentence) -> Iterator[Sentence]:
    """The things that a sentence lists; one that says something of somebody lists nothing."""
    if _SUBJECT.search(s.plain.split(",")[0]) and not _WISHES.search(s.plain):
        return
    offset = s.start
    for part in re.split(r"(,\s+(?:and |or )?|\s+and\s+(?=an?\s|the\s))", s.plain):
        bare = part.strip(" ,.!?")
        if bare and bare not in ("and", "or") and (is_fragment(bare) or not _SUBJECT.search(bare)) and stems(bare):
            at = offset + part.index(bare)
            yield Sentence(s.turn, s.side, at, at + len(bare), bare)
        offset += len(part)


def _opened(s: Sentence, made: Sequence[Exchange], wishes: Sequence[Sentence]) -> Exchange | None:
    now = made[-1]
    if s.side == RECRUITER:
        asks = _asked(s)
        if _turns(s, now, asks, wishes):
            return Exchange(asks=asks, topic=_topic(s, wishes))
    if s.side == MANAGER:
        if m := ENUMERATED.match(s.plain):
            number = _NUMBERS[(m["n"] or m["m"]).lower()]
            return Exchange(asks=now.asks, counts=[(0, Count(None, number))])
        named = is_fragment(s.plain, 4) and s.stems and any(s.stems & e.topic for e in made[:-1]) and not s.stems & now.topic
        if named or (
            cues.GIVES_UP.search(s.plain) and _ADDS.search(s.plain) and any(cues.GIVES_UP.search(o.plain) for o in now.by(MANAGER))
        ):
            return Exchange(asks=now.asks, topic=s.stems if named else frozenset(), reopened=bool(named))
        if now.closed and is_topic_question(s.plain) and any(s.stems & w.stems for w in wishes):
            return Exchange(topic=s.stems)
    return None


def _topic(s: Sentence, wishes: Sequence[Sentence]) -> frozenset[str]:
    """What a sentence names: all of it where it only names, else the wishes that it takes up."""
    if is_fragment(s.plain):
        return s.stems
    return s.stems & frozenset(stem for w in wishes for stem in w.stems)


def _turns(s: Sentence, now: Exchange, asks: LineKind | None, wishes: Sequence[Sentence]) -> bool:
    same = bool(s.stems & now.topic)
    if same and asks is not LineKind.DEAL_BREAKER:
        return False
    if asks is LineKind.DEAL_BREAKER and now.asks is not LineKind.DEAL_BREAKER:
        return True
    if is_topic_question(s.plain) or acts.TURNS_TO.match(s.plain):
        return True
    question = s.plain.rstrip().endswith("?")
    counted_by = now.sentences[now.counts[-1][0]].side if now.counts and now.counts[-1][0] < len(now.sentences) else ""
    let_go = next((cues.DROPS.search(o.plain) for o in reversed(now.sentences) if o.side == MANAGER), None)
    says_on = len(s.plain.split()) >= NEW_WORDS and (counted_by == RECRUITER or bool(let_go))
    if (now.closed or let_go) and (question or asks is not None or says_on):
        return True
    if question and cues.ASKS_MEASURED.search(s.plain):
        return True
    return is_fragment(s.plain, 6) and any(_echoes(s, w) for w in wishes)


def _echoes(s: Sentence, wish: Sentence) -> bool:
    return bool(wish.stems) and len(s.stems & wish.stems) * 2 > len(wish.stems)


def _asked(s: Sentence) -> LineKind | None:
    """What the recruiter's sentence asks for; what is measured is asked for too, and is no criterion."""
    asking = s.plain.rstrip().endswith("?") or is_fragment(s.plain) or acts.TURNS_TO.match(s.plain)
    if cues.ASKS_MEASURED.search(s.plain) and asking:
        return LineKind.INCENTIVE
    if cues.ASKS_DEAL_BREAKER.search(s.plain) and (asking or len(s.plain.split()) <= SHORT):
        return LineKind.DEAL_BREAKER
    if not asking:
        return None
    if cues.ASKS_TRADE_OFF.search(s.plain):
        return LineKind.TRADE_OFF
    if cues.ASKS_MUST_HAVE.search(s.plain):
        return LineKind.MUST_HAVE
    return None
