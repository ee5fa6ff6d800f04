"""Statements and questions without a model: they quote what was said and say where, and interpret nothing."""

import re

from agents.feedback_shaper.judgements import CriterionView, DraftIn, MomentView
from agents.feedback_shaper.rules.fitness import content
from agents.language.phrases import SENTENCE
from alignment.feedback import Verdict

_SHOWN_WORDS = 45
_ASKED_WORDS = 22
_SENTENCES = re.compile(r"\S.*?(?:[.!?\u2026]+(?=\s|$)|$)", re.DOTALL)


def statement(given: DraftIn) -> str:
    """ "On the question “…” at minute 22, the candidate said: “…”. That bears on trade-off #2." """
    best = given.moments[0]
    return f"{place(best)}{given.candidate} said: “{telling(best.text, _about(given))}” {bearing(given.criterion)}"


def question(given: DraftIn) -> str:
    """What we ask the interviewer where the record does not carry the claim, by verdict."""
    own = f"You wrote “{given.span}”."
    if given.verdict is Verdict.TOO_VAGUE:
        return f"{own} What did the candidate say or do that this rests on? One moment is enough."
    if given.verdict is Verdict.CONTRADICTED and given.moments:
        best = given.moments[0]
        return (
            f"{own} {_opening(place(best))}{given.candidate} said: “{telling(best.text, _about(given))}” Does "
            f"that change your reading, or did you mean something else?"
        )
    bears = f" on {given.criterion.spoken}" if given.criterion else ""
    if given.moments:
        return (
            f"{own} The record of this interview does not bear that out as it stands. Is one of these the moment "
            f"you mean, or was it not touched{bears}?"
        )
    return f"{own} This interview holds no moment for it. What did you see or hear{bears}, and when?"


def place(moment: MomentView) -> str:
    """Where the moment stands: the question it answers and its minute, ready for what was said."""
    asked = asked_in(moment)
    when = f"at minute {moment.minute}" if moment.minute is not None else f"in utterance {moment.label.split('.')[0]}"
    return f"On the question “{asked}” {when}, " if asked else f"{when[0].upper()}{when[1:]}, "


def bearing(criterion: CriterionView | None) -> str:
    """Which line of the contract it bears on, or that it bears on none."""
    return f"That bears on {criterion.spoken}." if criterion else "That is outside the contract."


def asked_in(moment: MomentView) -> str:
    """The last question in what was asked before the moment, its last words where it is long; empty where there is none."""
    questions = [s.strip() for s in SENTENCE.split(moment.asked) if s.strip().endswith("?")]
    words = questions[-1].split() if questions else []
    return " ".join(words[-_ASKED_WORDS:]) if len(words) > 2 else ""


def telling(text: str, about: str, words: int = _SHOWN_WORDS) -> str:
    """The run of the text's sentences that shares most words with what it is about and fits; word for word as it stands there."""
    stretches = [(m.start(), m.end()) for m in _SENTENCES.finditer(text)]
    wanted = content(about)
    runs = [(a[0], b[1]) for i, a in enumerate(stretches) for b in stretches[i:] if len(text[a[0] : b[1]].split()) <= words]
    if not runs:
        return " ".join(text.split()[:words])
    best = max(runs, key=lambda r: (len(wanted & content(text[r[0] : r[1]])), r[1] - r[0], -r[0]))
    return text[best[0] : best[1]]


def _about(given: DraftIn) -> str:
    return f"{given.span} {given.criterion.text if given.criterion else ''}"


def _opening(place: str) -> str:
    return place[:1].upper() + place[1:]
