"""The words that a line of the contract rests on: whole sentences of the manager's, as they stand in the call."""

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence

from agents.intake_agent.judgements import Line, LineKind, Said, Turn
from agents.intake_agent.rules import cues
from agents.intake_agent.rules.acts import count_in, is_fragment
from agents.intake_agent.rules.exchanges import MANAGER, Exchange, Sentence, sentences_of, stems
from agents.intake_agent.rules.labels import ENOUGH_WORDS
from agents.intake_agent.rules.telling import without_lead

MOST_WORDS = 60
"""A citation of more words than that points at nothing in particular."""

LINE_WORDS = 36
SENTENCE_WORDS = 6
MOST_TURNS = 3
NEAR_TURNS = 6
"""How far from the words that carry a line others may stand that it rests on too."""
_REFERS = re.compile(
    r"^\W*(?:it|it's|that|that's|this|those|these)\b(?! (?:they|you|she|he|somebody|someone)\b)|\b(?:for|over|than) (?:that"
    r"|this|them)\W*$|\bthat one\b",
    re.IGNORECASE,
)
_FOR = re.compile(r"\b(?:for|over|if|than|instead)\b", re.IGNORECASE)
_CONDITION = re.compile(r"\b(?:if|when|anyone|anybody|somebody|someone|ever|never)\b|^\W*who\b", re.IGNORECASE)


def line(kind: LineKind, exchange: Exchange, wishes: Sequence[Sentence], turns: Sequence[Turn]) -> Line | None:
    """The line that an exchange amounts to; None where the manager says nothing in it that could carry one."""
    held = _held(kind, exchange, wishes)
    if not held:
        return None
    best = max(held, key=lambda s: worth(s, kind) + _final(s, exchange, kind))
    by_turn: dict[int, list[Sentence]] = defaultdict(list)
    for s in held:
        by_turn[s.turn].append(s)
    worths = {t: max(worth(s, kind) for s in of) for t, of in by_turn.items()}
    near = [t for t, w in worths.items() if w * 2 >= worths[best.turn] and abs(t - best.turn) <= NEAR_TURNS]
    ranked = sorted({*near, best.turn}, key=lambda t: -worths[t])[:MOST_TURNS]
    said = tuple(_slice(by_turn[t], kind, turns) for t in sorted(ranked))
    first, last = _run(best, [s for s in held if s.turn == best.turn], kind)
    return Line(kind=kind, text=without_lead(turns[best.turn].text[first.start : last.end]), said=said)


def line_at(kind: LineKind, s: Sentence, of: Sequence[Sentence], turns: Sequence[Turn], proposed: Sequence[Sentence] = ()) -> Line:
    """The line that one sentence of a turn amounts to; `proposed` is the turn of the recruiter's that it agrees to, that sentence first."""
    said = _grown(of, list(of).index(s), turns[s.turn])
    first, last = (proposed[0], proposed[0]) if proposed else _run(s, of, kind)
    text = without_lead(turns[first.turn].text[first.start : last.end])
    if not proposed:
        return Line(kind=kind, text=text, said=(said,))
    inside = sorted(proposed, key=lambda o: o.start)
    return Line(kind=kind, text=text, said=(_grown(inside, inside.index(proposed[0]), turns[first.turn]), said))


def _run(best: Sentence, turn: Sequence[Sentence], kind: LineKind) -> tuple[Sentence, Sentence]:
    """The best sentence with the neighbours that it cannot be understood without, as far as they fit a line."""
    at = turn.index(best)
    first = last = at
    while last + 1 < len(turn) and _goes_on(turn[last + 1], kind) and _length(turn[first : last + 2]) <= LINE_WORDS:
        last += 1
    unconditional = kind is LineKind.DEAL_BREAKER and not _CONDITION.search(best.plain)
    refers = unconditional or bool(_REFERS.search(without_lead(best.plain)))
    while first and refers and _length(turn[first - 1 : last + 1]) <= LINE_WORDS:
        first -= 1
        # What "that" stands for is said in a sentence, not in a "Then yeah.".
        refers = len(turn[first].plain.split()) < SENTENCE_WORDS
    return turn[first], turn[last]


def _goes_on(s: Sentence, kind: LineKind) -> bool:
    given_up = kind is LineKind.TRADE_OFF and cues.GIVES_UP.search(s.plain)
    return bool(given_up) or (is_fragment(s.plain, 14) and not cues.DROPS.search(s.plain))


def _length(sentences: Sequence[Sentence]) -> int:
    return sum(len(s.plain.split()) for s in sentences)


def _held(kind: LineKind, exchange: Exchange, wishes: Sequence[Sentence]) -> list[Sentence]:
    """The manager's sentences that may carry it: the answer rather than the list of wishes, the targets or the shrug that came before."""
    held = (kind is LineKind.MUST_HAVE and _announced(exchange)) or [s for s in exchange.by(MANAGER) if _carries(s)]
    listed = {w.turn for w in wishes}
    measured = {s.turn for s in exchange.by(MANAGER) if cues.MEASURED.search(s.plain)}
    shrugged = {s.turn for s in exchange.by(MANAGER) if cues.HEDGES.search(s.plain)} - {
        s.turn for s in held if cues.REQUIRES.search(s.plain)
    }
    for elsewhere in (shrugged, listed, measured):
        held = [s for s in held if s.turn not in elsewhere] or held
    return _after_retraction(held) if kind is LineKind.DEAL_BREAKER else held


def _announced(exchange: Exchange) -> list[Sentence]:
    """What the manager says after counting it first: "That's my third. They have …"."""
    at = next((i for i, _ in exchange.counts if i < len(exchange.sentences) and exchange.sentences[i].side == MANAGER), None)
    if at is None:
        return []
    after = [s for s in exchange.sentences[at + 1 :] if s.side == MANAGER and _carries(s)]
    return after if sum(len(s.plain.split()) for s in after) >= ENOUGH_WORDS else []


def _final(s: Sentence, exchange: Exchange, kind: LineKind) -> float:
    """What ends it at once is said right before it is called the end."""
    if kind is not LineKind.DEAL_BREAKER:
        return 0.0
    at = exchange.sentences.index(s)
    after = exchange.sentences[at + 1 : at + 2]
    return float(
        any(o.side == MANAGER and (cues.ENDS.search(o.plain) or count_in(o.plain)) for o in after) or bool(cues.ENDS.search(s.plain))
    )


def worth(s: Sentence, kind: LineKind) -> float:
    """How much a sentence says for a line of that kind."""
    words = len(s.plain.split())
    cue: bool | re.Match[str] | None = {
        LineKind.MUST_HAVE: cues.REQUIRES.search(s.plain),
        LineKind.TRADE_OFF: cues.GIVES_UP.search(s.plain),
        LineKind.DEAL_BREAKER: _CONDITION.search(s.plain),
    }.get(kind)
    done = cues.DONE.search(s.plain) is not None
    told = done + min(words, 20) / 10 - bool(cues.MEASURED.search(s.plain))
    if kind is LineKind.TRADE_OFF:
        return told + 2.0 * bool(cue) + 0.5 * bool(_FOR.search(s.plain))
    return told + bool(cue) - 0.5 * bool(_REFERS.search(without_lead(s.plain)))


def dropped(
    exchanges: Sequence[Exchange],
    labelled: Sequence[LineKind | None],
    gone: Iterable[int],
    wishes: Sequence[Sentence],
    turns: Sequence[Turn],
) -> list[Line]:
    """The wishes that were voiced and let go, with the moment at which they were."""
    found = []
    for wish in wishes:
        for e, what in zip(exchanges, labelled, strict=True):
            if what not in (LineKind.DROPPED, LineKind.TRADE_OFF) or not e.topic & wish.stems:
                continue
            letting = cues.DROPS if what is LineKind.DROPPED else cues.GIVES_UP
            last = next((s for s in reversed(list(e.by(MANAGER))) if letting.search(s.plain) and s.turn > wish.turn), None)
            if last:
                why = "Turned into a trade-off" if what is LineKind.TRADE_OFF else "Dropped in the call"
                said = (_said(wish, turns), _said(last, turns))
                found.append(
                    Line(kind=LineKind.DROPPED, text=without_lead(turns[wish.turn].text[wish.start : wish.end]), said=said, why=why)
                )
                break
    return found


def nearest_words(turn: Turn, text: str) -> Said:
    """The sentences of a turn that share most words with a text, as many as a citation may hold."""
    held = [s for s in sentences_of((turn,)) if s.plain.strip()] or [Sentence(0, turn.side, 0, len(turn.text), turn.text)]
    sought = stems(text)
    return _grown(held, max(range(len(held)), key=lambda i: len(held[i].stems & sought)), turn)


def _carries(s: Sentence) -> bool:
    return len(s.plain.split()) >= 3 and not s.plain.rstrip().endswith("?") and count_in(s.plain) is None


def _after_retraction(held: list[Sentence]) -> list[Sentence]:
    last = max((i for i, s in enumerate(held) if cues.RETRACTS.match(s.plain)), default=0)
    kept = held[last:]
    return kept if sum(len(s.plain.split()) for s in kept) >= 6 else held


def _said(s: Sentence, turns: Sequence[Turn]) -> Said:
    return Said(label=turns[s.turn].label, words=turns[s.turn].text[s.start : s.end].strip())


def _slice(held: Sequence[Sentence], kind: LineKind, turns: Sequence[Turn]) -> Said:
    """The sentences of one turn from the first to the last that count, grown around the best until it has enough words."""
    at = max(range(len(held)), key=lambda i: worth(held[i], kind))
    return _grown(held, at, turns[held[0].turn])


def _grown(held: Sequence[Sentence], at: int, turn: Turn) -> Said:
    first = last = at
    while True:
        wider = [(a, b) for a, b in ((first - 1, last), (first, last + 1)) if a >= 0 and b < len(held)]
        fits = [(a, b) for a, b in wider if len(turn.text[held[a].start : held[b].end].split()) <= MOST_WORDS]
        if not fits:
            return Said(label=turn.label, words=turn.text[held[first].start : held[last].end].strip())
        first, last = fits[0]
