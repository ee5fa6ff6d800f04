"""How lines stop standing: each keeps its words, and why it went."""

from collections.abc import Iterable, Sequence
from typing import Final

from agents.intake_agent.declining import declined_because, declined_for
from agents.intake_agent.judgements import LineKind
from agents.intake_agent.state import UNSEEN, IntakeState, line_called, of_kind, text_of

_OF_CONTRACT: Final = frozenset({LineKind.MUST_HAVE.value, LineKind.TRADE_OFF.value, LineKind.DEAL_BREAKER.value})
_ROOM = 3


def decline_standing(state: IntakeState) -> bool:
    """Let nothing stand whose words, put together, the record would decline: what both sides sign is what goes on the contract."""
    changed = False
    for x in state["lines"]:
        said = [w["words"] for w in (*x["said"], *([x["seen"]] if x["seen"] else []))]
        if x["status"] == "stands" and x["kind"] in _OF_CONTRACT and (proxy := declined_for(text_of(x), said)):
            x["status"], x["reason"], changed = "declined", declined_because(proxy), True
    return changed


def let_go(state: IntakeState, labels: Iterable[str]) -> bool:
    """Demote wishes that nobody could say how to see; whether there was one."""
    changed = False
    for label in labels:
        line = line_called(state, label)
        if line and line["status"] == "stands" and not line["seen"]:
            line["status"], line["reason"], changed = "demoted", UNSEEN, True
    return changed


def keep_three(state: IntakeState, chosen: Sequence[str]) -> None:
    """Mark the must-haves that were chosen; where they are three, the others go."""
    kept = chosen[:_ROOM]
    for x in of_kind(state, LineKind.MUST_HAVE):
        x["kept"] = x["label"] in kept
        if len(kept) == _ROOM and not x["kept"]:
            x["status"], x["reason"] = "demoted", "Not among the three that were kept"


def replace_deal_breaker(state: IntakeState) -> None:
    """Demote the deal-breaker that stands: the last one said counts."""
    for x in of_kind(state, LineKind.DEAL_BREAKER):
        x["status"], x["reason"] = "demoted", "Replaced by a later deal-breaker"
