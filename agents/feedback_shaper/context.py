"""What one shaping run may look at, and how it is recorded who judged what."""

from dataclasses import dataclass

from agents.feedback_shaper.checking import Checker, injected
from agents.feedback_shaper.evidence import Evidence
from agents.feedback_shaper.judgements import CriterionView, Judgements, MomentView
from agents.feedback_shaper.state import ClaimState
from agents.seam import By
from alignment.contract import Contract
from alignment.settings import RULES


@dataclass(frozen=True)
class ShapingContext:
    """What one run may look at: the judgements, the contract version, the record, and the panel plan of this interview."""

    judgements: Judgements
    contract: Contract
    evidence: Evidence
    checker: Checker
    candidate: str
    focus: frozenset[str]
    panel: dict[str, tuple[str, ...]]

    def by_rules(self, by: By) -> bool:
        """Whether the rules made that judgement, and so need no second reading by themselves."""
        return (by.who or self.judgements.by) == RULES

    def recorded(self, claim: ClaimState, name: str, by: By) -> ClaimState:
        """The claim with who made that judgement on it."""
        return {**claim, "judged": {**claim.get("judged", {}), name: {**by.model_dump(), "who": by.who or self.judgements.by}}}

    async def moments(self, span: str) -> tuple[MomentView, ...]:
        """The interview's moments for a claim, without those that address an AI reader."""
        return tuple(m for m in await self.evidence.moments(span) if not injected(m.text))

    def criterion_view(self, id: str | None) -> CriterionView | None:
        """One criterion as judgements see it, without signals."""
        found = self.contract.criterion(id) if id else None
        if found is None:
            return None
        return CriterionView(
            id=found.id,
            spoken=found.spoken,
            text=found.text,
            said=found.shown_by,
            focus=found.id in self.focus,
            panel=self.panel.get(found.id, ()),
        )
