"""Which criterion a claim bears on: nearness to its text and to what was said of it at intake, and the panel plan."""

import re

from agents.feedback_shaper.judgements import CriterionView, TieIn
from agents.feedback_shaper.rules.weighing import read
from alignment.contract import CriterionId

# Round weights, set on the five development searches; docs/evaluation.md has what each is worth.
_TEXT, _SAID, _FOCUS, _COLLEAGUE = 7.0, 7.0, 3.0, 2.0
# A guess is about what this interviewer was not there to see, or they would have asserted it.
_GUESSED_FOCUS = -0.7
_LEAST = 0.0


def tie(given: TieIn) -> CriterionId | None:
    """The criterion with the most behind it; None where nothing is closer than the average and the panel plan is silent."""
    if not given.criteria:
        return None
    scores = _scores(given)
    best = max(given.criteria, key=lambda c: scores[c.id])
    return best.id if scores[best.id] > _LEAST else None


def _scores(given: TieIn) -> dict[str, float]:
    focus = _FOCUS * (_GUESSED_FOCUS if read(given.span, given.polarity, given.signals).guess else 1.0)
    text = _centred({c.id: c.signals.get("text", 0.0) for c in given.criteria})
    said = _centred({c.id: c.signals.get("said", 0.0) for c in given.criteria})
    return {
        c.id: _TEXT * text[c.id]
        + _SAID * said[c.id]
        + (focus if c.focus else 0.0)
        + (_COLLEAGUE if _names_a_colleague(given.span, c) else 0.0)
        for c in given.criteria
    }


def _names_a_colleague(span: str, criterion: CriterionView) -> bool:
    """Whether the claim names somebody else on the panel who probes that criterion."""
    names = {part for name in criterion.panel for part in name.split() if len(part) > 2}
    return any(re.search(rf"\b{re.escape(n)}\b", span) for n in names)


def _centred(values: dict[str, float]) -> dict[str, float]:
    middle = sum(values.values()) / len(values)
    return {k: v - middle for k, v in values.items()}
