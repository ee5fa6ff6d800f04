"""Which criterion a claim bears on: its words, what was said of each criterion at intake, the panel plan, and the record between them."""

import re

from agents.feedback_shaper.judgements import CriterionView, TieIn
from agents.feedback_shaper.rules import cues
from agents.feedback_shaper.rules.fitness import asserts_nothing_seen
from alignment.contract import CriterionId

# Round weights, set on the five development searches; docs/evaluation.md has what each is worth.
_TEXT, _SAID, _BRIDGE, _FOCUS, _COLLEAGUE, _OWN_WORD = 7.0, 7.0, 0.3, 3.0, 2.0, 0.5
# A guess is about what this interviewer was not there to see, or they would have asserted it.
_GUESSED_FOCUS = -0.7
_BRIDGES = 3
_LEAST = 0.0
_WORD = re.compile(r"[^\W\d_]{4,}")


def tie(given: TieIn) -> CriterionId | None:
    """The criterion with the most behind it; None where nothing is closer than chance and the panel plan is silent."""
    if not given.criteria:
        return None
    scores = _scores(given)
    best = max(given.criteria, key=lambda c: scores[c.id])
    return best.id if scores[best.id] > _LEAST else None


def _scores(given: TieIn) -> dict[str, float]:
    guessed = asserts_nothing_seen(given.span)
    text = _centred({c.id: c.signals.get("text", 0.0) for c in given.criteria})
    said = _centred({c.id: c.signals.get("said", 0.0) for c in given.criteria})
    nearest = given.moments[:_BRIDGES]
    bridge = _centred({c.id: _mean([m.signals.get(f"on:{c.id}", 0.0) for m in nearest]) for c in given.criteria})
    own = _own_words(given)
    return {
        c.id: _TEXT * text[c.id]
        + _SAID * said[c.id]
        + _BRIDGE * bridge[c.id] * (0.3 if guessed else 1.0)
        + (_FOCUS * (_GUESSED_FOCUS if guessed else 1.0) if c.focus else 0.0)
        + (_COLLEAGUE if _names_a_colleague(given.span, c) else 0.0)
        + _OWN_WORD * own[c.id]
        for c in given.criteria
    }


def _own_words(given: TieIn) -> dict[str, int]:
    """How many of the claim's words stand in one criterion, or in what was said of it, and in no other."""
    held = {c.id: set(_WORD.findall(f"{c.text} {c.said}".lower())) for c in given.criteria}
    used = set(_WORD.findall(cues.plain(given.span).lower()))
    single = {w for w in used if sum(w in words for words in held.values()) == 1}
    return {id: len(single & words) for id, words in held.items()}


def _names_a_colleague(span: str, criterion: CriterionView) -> bool:
    names = {part for name in criterion.panel for part in name.split() if len(part) > 2}
    return any(re.search(rf"\b{re.escape(n)}\b", span) for n in names)


def _centred(values: dict[str, float]) -> dict[str, float]:
    middle = _mean(list(values.values()))
    return {k: v - middle for k, v in values.items()}


def _mean(values: list[float]) -> float:
    return sum(values) / len(values) if values else 0.0
