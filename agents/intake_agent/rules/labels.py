"""What an exchange settles: the last thing agreed in it wins, and what is taken back later never stood."""

from collections.abc import Sequence

from agents.intake_agent.judgements import LineKind
from agents.intake_agent.rules import cues
from agents.intake_agent.rules.exchanges import MANAGER, Exchange, Sentence

ENOUGH_WORDS = 8
"""How many words of the manager's an exchange has to hold before anything rests on it."""


def label(exchange: Exchange) -> LineKind | None:
    """What the exchange settles, or None where it settles nothing."""
    settled: LineKind | None = None
    counted = dict(exchange.counts)
    deal = exchange.asks is LineKind.DEAL_BREAKER
    for i, s in enumerate(exchange.sentences):
        if (count := counted.get(i)) is not None:
            settled = count.kind or (settled if settled in (LineKind.TRADE_OFF, LineKind.DEAL_BREAKER) else None)
            settled = settled or (LineKind.DEAL_BREAKER if deal else LineKind.MUST_HAVE)
        elif s.side == MANAGER:
            settled = _moved(s, exchange, settled, deal)
    if 0 in counted and not exchange.sentences:
        settled = LineKind.MUST_HAVE
    if settled is None and exchange.counts:
        settled = LineKind.MUST_HAVE
    if settled is None and needs(exchange) and not deal:
        return LineKind.MUST_HAVE
    return settled if settled is LineKind.DROPPED or spoken(exchange) >= ENOUGH_WORDS or exchange.closed else None


def _moved(s: Sentence, exchange: Exchange, settled: LineKind | None, deal: bool) -> LineKind | None:
    """What stands after one sentence of the manager's."""
    trading = exchange.asks is LineKind.TRADE_OFF and cues.CONTRASTS.search(s.plain)
    if (cues.GIVES_UP.search(s.plain) or trading) and not deal:
        return LineKind.TRADE_OFF
    if deal and len(s.plain.split()) >= 4 and not cues.RETRACTS.match(s.plain):
        return LineKind.DEAL_BREAKER
    if cues.DROPS.search(s.plain) and not deal and settled is not LineKind.TRADE_OFF and not exchange.counts:
        return LineKind.DROPPED
    if cues.ENDS.search(s.plain) and not exchange.counts and settled is None and exchange.asks is None:
        return LineKind.DEAL_BREAKER
    return settled


def needs(exchange: Exchange) -> int:
    """How many of the manager's sentences put something as a condition."""
    asked = [s for s in exchange.by(MANAGER) if len(s.plain.split()) >= 6 and not s.plain.rstrip().endswith("?")]
    return sum(bool(cues.REQUIRES.search(s.plain)) for s in asked)


def spoken(exchange: Exchange) -> int:
    """How many words the manager says in it."""
    return sum(len(s.plain.split()) for s in exchange.by(MANAGER))


def taken_back(exchanges: Sequence[Exchange], labels: Sequence[LineKind | None]) -> set[int]:
    """The exchanges whose subject is named again later and dropped there: by the same words, or by the manager coming back to it."""
    gone: set[int] = set()
    for later, what in enumerate(labels):
        topic = exchanges[later].topic
        if what is not LineKind.DROPPED or not topic:
            continue
        for i in range(later):
            same = exchanges[i].topic == topic or (exchanges[later].reopened and exchanges[i].topic & topic)
            if same and labels[i] is not LineKind.DROPPED:
                gone.add(i)
    return gone
