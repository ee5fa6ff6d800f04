"""What an answer in a live intake says, without a model: by what was asked, and by the cues of bargaining in each of its sentences."""

import re
from collections.abc import Callable, Iterator, Sequence
from typing import Final

from agents.intake_agent.judgements import Heard, HeardKind, HearIn, HearOut, LineKind, Move, Turn
from agents.intake_agent.rules import cues
from agents.intake_agent.rules.acts import is_fragment
from agents.intake_agent.rules.assent import NO, YES, assents, refuses
from agents.intake_agent.rules.bargains import bargains, gives_up
from agents.intake_agent.rules.choosing import keeps, prefers
from agents.intake_agent.rules.clauses import clauses
from agents.intake_agent.rules.corrections import corrected, named
from agents.intake_agent.rules.exchanges import MANAGER, Sentence, sentences_of
from agents.intake_agent.rules.telling import (
    elaborates,
    is_question,
    names_nothing,
    only_calls,
    refers_back,
    stands_for,
    tells_of_somebody,
    without_asides,
)
from agents.intake_agent.rules.wishes import is_vague, listed
from agents.language.phrases import phrases

SHRUG = re.compile(
    r"\W*(?:(?:um+|uh+|hm+|well|no idea|no clue|dunno|(?:i )?don't know|not sure|pass|whatever|nothing|none|no|maybe"
    r"|perhaps|the usual|you know|i'll think about it"
    r"|no comment|next|skip|silence)\W*)*",
    re.IGNORECASE,
)
EXPLICIT_MUST: Final = phrases(
    r"(?:a|another|one|my|the|our) must(?:-| )?have",
    r"(?:they|she|he|somebody|someone|you) (?:absolutely |really )?must",
    r"must have \w+",
    r"(?:they|she|he) (?:absolutely |really )?(?:have|has) to have",
    r"(?:they|she|he) needs? to have",
    r"it's a must",
    r"add (?:that|a)",
    r"i(?:'d| would)? (?:\w+ )?(?:need|want|like) (?:someone|somebody|a person|people|one) (?:who|that|with)(?:'s|'ve)?",
)
EXPLICIT_DEAL: Final = phrases(
    r"deal[- ]?breakers?",
    r"(?:it's|that's|then it's|is) (?:a |the |my )?no",
    r"i won't have it",
    r"(?:i'm|we're) (?:out|done)",
    r"red line",
)
_SUPPOSED: Final = phrases(r"(?:if|when|anyone|anybody|whoever|somebody|someone) .*")
_OF_THE_DRAFT: Final = phrases(r"(?:in|on) (?:there|it|here|the draft)", r"missing|where(?:'s| is)|which one")
_ANNOUNCES: Final = phrases(
    r"what (?:i|we)(?:'d)? (?:need|want)(?: for (?:that|it))?|save you (?:some |the )?(?:time|trouble)|before you ask"
    r"|(?:made|got|have|brought|wrote) (?:a|my) list"
    r"|for that (?:they|i|we)"
)
"""Somebody goes on to what was not asked yet."""

_THEY_HAVE: Final = phrases(r"(?:they|she|he|somebody|someone|who)(?:'ve| have|'s| has)")

NAMED_WORDS = 2
"""How many words of a line an answer to another question has to share with it to mean that line."""

_WANTS_IT: Final = phrases(
    r"(?:i|we)(?:'d| do| would)? (?:really |absolutely |also |definitely )?(?:want|need|like|take|have) (?:that|it|this|these|both|them)",
    r"(?:it's|that's|is) (?:also )?a must",
)


async def hear(given: HearIn) -> HearOut:
    """Everything that the answer says."""
    spoken = list(sentences_of((Turn(label="u0", side=MANAGER, text=given.message),)))
    if not spoken or SHRUG.fullmatch(" ".join(s.plain for s in spoken)):
        said_no = bool(spoken) and given.move in (Move.AGREE, Move.INSTEAD) and NO.search(spoken[0].plain)
        return HearOut(heard=(Heard(kind=HeardKind.DROP if said_no else HeardKind.UNKNOWN),))
    told = spoken if given.move in (Move.READ_BACK, Move.SIGN) else clauses(spoken)
    found = list(_HEARERS[given.move](given, told))
    return HearOut(heard=tuple(found) or (Heard(kind=HeardKind.UNKNOWN),))


def _slice(given: HearIn, sentences: Sequence[Sentence]) -> str:
    return given.message[sentences[0].start : sentences[-1].end].strip()


def _aside(given: HearIn, spoken: Sequence[Sentence], *, own: frozenset[HeardKind]) -> tuple[list[Heard], list[Sentence]]:
    """What an answer says beside what was asked for, and the sentences that are left for that."""
    taken: list[Heard] = []
    left: list[Sentence] = []
    # A trade is spoken of again where trades are talked of; only a wish goes by the way.
    wished = [h for h in given.held if h.kind is LineKind.MUST_HAVE]
    ahead = False
    for s in spoken:
        ahead = ahead or (given.move is Move.OUTCOME and bool(_ANNOUNCES.search(s.plain)))
        kind = _kind_of(s) or (HeardKind.WISH if ahead and _tells_a_deed(s.plain) else None)
        dropped = named(s, wished, least=NAMED_WORDS) if cues.DROPS.search(s.plain) and kind is None else None
        if dropped:
            taken.append(Heard(kind=HeardKind.DROP, words=_slice(given, [s]), about=dropped))
        elif kind is HeardKind.WISH and kind not in own:
            taken += [Heard(kind=kind, words=given.message[start:end].strip()) for start, end in listed(s)]
        elif kind and kind not in own:
            taken.append(Heard(kind=kind, words=_slice(given, [s])))
        else:
            left.append(s)
    return taken, left


def _tells_a_deed(text: str) -> bool:
    return bool(_THEY_HAVE.search(text) or cues.HAS_DONE.search(text) or cues.BARE.match(text))


def _kind_of(s: Sentence) -> HeardKind | None:
    if EXPLICIT_DEAL.search(s.plain) or (_SUPPOSED.search(s.plain) and cues.ENDS.search(s.plain)):
        return HeardKind.DEAL_BREAKER if tells_of_somebody(s.plain) and not _OF_THE_DRAFT.search(s.plain) else None
    if gives_up(s.plain):
        return HeardKind.TRADE_OFF if bargains(s.plain) else None
    if cues.MEASURED.search(s.plain):
        return HeardKind.INCENTIVE
    if EXPLICIT_MUST.search(s.plain):
        return HeardKind.WISH
    return None


def _whole(kind: HeardKind, own: HeardKind) -> Callable[[HearIn, Sequence[Sentence]], Iterator[Heard]]:
    """A hearer of one thing: what is left of the answer, once what it says beside is taken."""

    def hearer(given: HearIn, spoken: Sequence[Sentence]) -> Iterator[Heard]:
        taken, left = _aside(given, spoken, own=frozenset({own}))
        left = [s for s in without_asides(left) if not (cues.HEDGES.search(s.plain) or SHRUG.fullmatch(s.plain))]
        if all(names_nothing(s.plain) or elaborates(s.plain) for s in left):
            left = []
        if left:
            yield Heard(kind=kind, words=_slice(given, left), about=given.about[0] if given.about else "")
        yield from taken

    return hearer


def _wishes(given: HearIn, spoken: Sequence[Sentence]) -> Iterator[Heard]:
    taken, left = _aside(given, spoken, own=frozenset({HeardKind.WISH}))
    firmly = given.side != MANAGER
    found: list[tuple[int, int]] = []
    left = without_asides(left)
    for before, s in zip([None, *left], left, strict=False):
        if cues.HEDGES.search(s.plain) or SHRUG.fullmatch(s.plain) or refers_back(s.plain):
            continue
        if found and (elaborates(s.plain) or (is_fragment(s.plain, 14) and before and s.stems & before.stems)):
            found[-1] = (found[-1][0], s.end)
        elif (tells_of_somebody(s.plain, firmly=firmly) or EXPLICIT_MUST.search(s.plain)) and not only_calls(s.plain, given.people):
            found += [(before.start, s.end)] if before and stands_for(before, s) else listed(s)
    yield from (Heard(kind=HeardKind.WISH, words=given.message[start:end].strip()) for start, end in found)
    yield from taken


def _trades(given: HearIn, spoken: Sequence[Sentence]) -> Iterator[Heard]:
    taken, left = _aside(given, spoken, own=frozenset({HeardKind.TRADE_OFF, HeardKind.WISH}))
    # What follows a question answers it, unless it asks back, passes or only agrees; and a trade names what goes or what comes for it.
    left = [s for s in without_asides(left) if not (cues.HEDGES.search(s.plain) or SHRUG.fullmatch(s.plain))]
    left = [] if all(is_question(s) and not tells_of_somebody(s.plain) for s in left) else left
    trades = any(bargains(s.plain) or is_fragment(s.plain) for s in left)
    if left and (trades or given.move is Move.IN_RETURN):
        yield Heard(kind=HeardKind.TRADE_OFF, words=_slice(given, left), about=given.about[0] if given.about else "")
    yield from taken


def _deal(given: HearIn, spoken: Sequence[Sentence]) -> Iterator[Heard]:
    last = max((i for i, s in enumerate(spoken) if cues.RETRACTS.match(s.plain)), default=0)
    taken, left = _aside(given, spoken[last:], own=frozenset({HeardKind.DEAL_BREAKER, HeardKind.WISH}))
    left = [s for s in without_asides(left) if not cues.HEDGES.search(s.plain)]
    at = next((i for i, s in enumerate(left) if _could_end_it(s)), None)
    if at is not None and not is_vague(words := _slice(given, left[at:])):
        yield Heard(kind=HeardKind.DEAL_BREAKER, words=words)
    yield from taken


def _could_end_it(s: Sentence) -> bool:
    return bool(cues.IF.search(s.plain)) or tells_of_somebody(s.plain)


def _incentive(given: HearIn, spoken: Sequence[Sentence]) -> Iterator[Heard]:
    left = [s for s in spoken if not cues.HEDGES.search(s.plain)]
    if left:
        yield Heard(kind=HeardKind.INCENTIVE, words=_slice(given, left))


def _agrees(given: HearIn, spoken: Sequence[Sentence]) -> Iterator[Heard]:
    taken, left = _aside(given, spoken, own=frozenset({HeardKind.WISH}))
    first = spoken[0].plain
    if NO.search(first) or cues.DROPS.search(first):
        yield Heard(kind=HeardKind.DROP, words=given.message.strip(), about=given.about[0])
    elif left and not cues.HEDGES.search(first) and (assents(left) or (_WANTS_IT.search(given.message) and not refuses(given.message))):
        yield Heard(kind=HeardKind.AGREE, words=_slice(given, left), about=given.about[0])
    refused = bool(NO.search(first))
    yield from (h for h in taken if h.kind is not HeardKind.DROP and not (refused and h.kind is HeardKind.TRADE_OFF))


def _instead(given: HearIn, spoken: Sequence[Sentence]) -> Iterator[Heard]:
    if cues.DROPS.search(spoken[0].plain):
        yield Heard(kind=HeardKind.DROP, words=given.message.strip(), about=given.about[0])
    else:
        yield from _wishes(given, spoken)


def _conflict(given: HearIn, spoken: Sequence[Sentence]) -> Iterator[Heard]:
    """Which of two statements holds: a denial holds with the one that denies, however many words it shares with the other."""
    texts = {h.label: h.text for h in given.held}
    denying = [x for x in given.about if denies(texts.get(x, ""))]
    text = " ".join(s.plain for s in spoken)
    if len(denying) == 1 and not cues.HEDGES.search(text):
        other = next(x for x in given.about if x not in denying)
        held = denying[0] if denies(text) else other if YES.search(text) or cues.REQUIRES.search(text) else ""
        if held:
            yield Heard(kind=HeardKind.PREFER, words=given.message.strip(), about=held)
            return
    yield from prefers(given, spoken)


def denies(text: str) -> bool:
    """Whether a statement says that something is not needed."""
    return bool(re.search(r"\b(?:no|not(?! (?:just|only|merely|even)\b)|never|without|nobody|none)\b|n't\b", text, re.IGNORECASE))


def _reads(given: HearIn, spoken: Sequence[Sentence]) -> Iterator[Heard]:
    found = list(corrected(given, spoken, _kind_of))
    if assents(spoken):
        # "Put my name on it" is a signature there, and nothing to be measured on.
        found = [h for h in found if h.kind is not HeardKind.INCENTIVE]
    if found:
        yield from found
    elif assents(spoken):
        yield Heard(kind=HeardKind.AGREE, words=given.message.strip())


_HEARERS: Final[dict[Move, Callable[[HearIn, Sequence[Sentence]], Iterator[Heard]]]] = {
    Move.OUTCOME: _whole(HeardKind.OUTCOME, HeardKind.OUTCOME),
    Move.MUST: _wishes,
    Move.SEEN: _whole(HeardKind.SEEN, HeardKind.WISH),
    Move.INSTEAD: _instead,
    Move.AGREE: _agrees,
    Move.CONFLICT: _conflict,
    Move.KEEP_THREE: keeps,
    Move.PREFER: prefers,
    Move.TRADE: _trades,
    Move.IN_RETURN: _trades,
    Move.DEAL: _deal,
    Move.INCENTIVE: _incentive,
    Move.READ_BACK: _reads,
    Move.SIGN: _reads,
}
