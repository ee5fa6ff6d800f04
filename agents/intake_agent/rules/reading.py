"""The reading of a whole call: its exchanges labelled, the ones that stand chosen, and the words found that each rests on."""

from collections.abc import Sequence

from agents.intake_agent.judgements import Line, LineKind, ReadIn, ReadOut
from agents.intake_agent.rules import labels, words
from agents.intake_agent.rules.exchanges import Exchange, exchanges_of, wishes_of

STAND = {LineKind.MUST_HAVE: 3, LineKind.TRADE_OFF: 2, LineKind.DEAL_BREAKER: 1}


async def read(given: ReadIn) -> ReadOut:
    """What the call settles."""
    wishes = wishes_of(given.turns)
    exchanges = exchanges_of(given.turns, wishes)
    labelled = [labels.label(e) for e in exchanges]
    gone = labels.taken_back(exchanges, labelled)
    lines: list[Line] = []
    for kind, most in STAND.items():
        found = [(i, e) for i, (e, what) in enumerate(zip(exchanges, labelled, strict=True)) if what is kind and i not in gone]
        worded = {i: line for i, e in found if (line := words.line(kind, e, wishes, given.turns))}
        lines += [worded[i] for i, _ in _chosen([(i, e) for i, e in found if i in worded], kind, most)]
    lines += words.dropped(exchanges, labelled, gone, wishes, given.turns)
    lines += words.incentives(exchanges, given.turns)
    return ReadOut(lines=tuple(lines))


def _chosen(found: Sequence[tuple[int, Exchange]], kind: LineKind, most: int) -> list[tuple[int, Exchange]]:
    """At most as many as stand: what was counted before what was not, of a deal-breaker the last; in the order of the call."""
    latest = kind is LineKind.DEAL_BREAKER
    ranked = sorted(found, key=lambda ie: (not ie[1].closed, -labels.needs(ie[1]) if not latest else 0, -ie[0] if latest else ie[0]))
    counted = [ie for ie in ranked if ie[1].closed]
    others = [ie for ie in ranked if not ie[1].closed]
    return sorted((counted + others)[:most], key=lambda ie: ie[0])
