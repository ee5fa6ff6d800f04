"""Whether a claim is fit to be shaped: about the job at all, naming anything, and asserting rather than guessing."""

import re
from collections.abc import Mapping

from agents.feedback_shaper.rules import cues
from agents.language.empty_words import EMPTY
from agents.language.phrases import plain
from agents.language.traits import Trait, trait_in
from alignment.feedback import Verdict

__all__ = ["EMPTY", "Trait", "asserts_nothing_seen", "content", "is_nameless", "trait_in"]

SURE, AGREED = 0.4, 0.1
# A remark on a protected trait that slips through is worse than one set aside too many, which the interviewer sees and can word anew.
SURE_OF_TRAIT = 0.35

_WORD = re.compile(r"[a-z][a-z'-]*")


def is_nameless(text: str) -> bool:
    """Whether the text names no behaviour, topic or moment: only feelings, grades and praise that would fit anybody."""
    flat = plain(text).lower()
    if cues.PRETERITE_MODAL.search(flat):
        return False
    left = [w for w in _WORD.findall(cues.NAMELESS.sub(" ", flat)) if w.strip("'-") not in EMPTY]
    return not left


def asserts_nothing_seen(text: str) -> bool:
    """Whether the text predicts, guesses or worries about what was not seen, instead of asserting what was."""
    flat = plain(text)
    if cues.GUESS.search(flat) and (cues.PERFECT.search(flat) or cues.CONDITIONAL.search(flat)):
        return True
    # A doubt about what somebody has done is a denial that the record can answer; one about what they would do is not.
    if cues.DOUBT.search(flat) and cues.PERFECT.search(flat):
        return False
    if cues.PRETERITE_MODAL.search(flat) and not cues.SPECULATION.search(flat):
        return False
    return bool(cues.SPECULATION.search(flat) or cues.CONDITIONAL.search(flat) or _asks(flat))


def _asks(flat: str) -> bool:
    return bool(re.match(r"\W*(?:would|will|could|can|might|does|is|has) (?:he|she|they)\b", flat, re.IGNORECASE))


def content(text: str) -> set[str]:
    """The words of four letters and more that carry content, in lower case."""
    return {w for w in re.findall(r"[^\W\d_]{4,}", plain(text).lower()) if w not in EMPTY}


def either(cued: bool, kind: str, signals: Mapping[str, float], *, sure: float = SURE, agreed: float = AGREED) -> bool:
    """Whether a claim is of a kind: the head is sure of it, or a cue says so and the head does not speak against it.

    Without signals (another embedder) the cue alone decides.
    """
    if not signals:
        return cued
    told = signals.get(kind, 0.0)
    return told >= sure or (cued and told >= agreed)


def unfit(span: str, signals: Mapping[str, float]) -> Verdict | None:
    """Not about the job, too vague, or None where the claim can be shaped."""
    if either(trait_in(span) is not None, "not_job_related", signals, sure=SURE_OF_TRAIT):
        return Verdict.NOT_JOB_RELATED
    return Verdict.TOO_VAGUE if either(is_nameless(span), "too_vague", signals) else None
