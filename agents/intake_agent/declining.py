"""What a line may not rest on: one reading for the live session and for the record, so that neither signs what the other declines."""

from collections.abc import Iterable
from typing import Final

from agents.intake_agent.judgements import HeardKind, LineKind
from agents.language.proxies import Proxy, proxy_in

JUDGED_BY: Final = {
    HeardKind.WISH: LineKind.MUST_HAVE,
    HeardKind.SEEN: LineKind.MUST_HAVE,
    HeardKind.CHANGE: LineKind.MUST_HAVE,
    HeardKind.TRADE_OFF: LineKind.TRADE_OFF,
    HeardKind.DEAL_BREAKER: LineKind.DEAL_BREAKER,
}
"""What could become words of a criterion, and of which kind where no line is named."""

BRIEF = 15
"""Words up to which a citation is the wish itself, and not a story in which people have an age and a sex."""


def declined_for(text: str, said: Iterable[str]) -> Proxy | None:
    """What a line rests on that is no criterion: in its own words, or in the few that it was made from, whatever a model made of them."""
    brief = [words for words in said if len(words.split()) <= BRIEF]
    return next((p for words in (text, *brief) if (p := proxy_in(words))), None)


def declined_because(proxy: Proxy) -> str:
    """The reason that stands on record."""
    return f"Declined: it rests on {proxy.name}, which is no criterion"
