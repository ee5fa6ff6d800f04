"""The shaper's judgements by any chat model: one prompt and one typed reply each.

What comes back is no more than a judge's opinion: the graph holds it against the rules, `verify` its quotes, `wording` its sentences.
"""

import re
from collections.abc import Sequence
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from agents.ask import Asker, fitting
from agents.feedback_shaper.judgements import (
    ClaimDraft,
    CriterionView,
    Drafted,
    DraftIn,
    Judgements,
    MomentView,
    ScreenIn,
    ScreenOut,
    SplitIn,
    SplitOut,
    TieIn,
    TieOut,
    WeighIn,
    WeighOut,
)
from agents.feedback_shaper.rules import RULES, weighing
from agents.prompts import Prompt, as_data, as_lines, prompt
from agents.seam import Askers, By, judged_by
from alignment.feedback import Polarity, Verdict

SHOWN = 14
"""How many moments a model is shown at most, best first; more cost tokens and hardly ever hold the right one."""

MINE = ("split", "screen", "tie", "weigh", "draft", "question")
"""The names of the judgements here, as settings and prompts have them."""

_DRAFT = frozenset({"claim", "criterion", "verdict", "candidate", "wrong", "moments"})
_VARIABLES = {
    "split": frozenset({"feedback"}),
    "screen": frozenset({"claim"}),
    "tie": frozenset({"claim", "criteria"}),
    "weigh": frozenset({"claim", "lean", "criterion", "moments"}),
    "draft": _DRAFT,
    "question": _DRAFT,
}

Lean = Literal["positive", "negative", "mixed"]


class _Reply(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class ClaimReply(_Reply):
    """One claim, in the words of the feedback."""

    words: str = Field(min_length=1, max_length=4000)
    lean: Lean


class SplitReply(_Reply):
    """The claims of one piece of feedback, in order."""

    claims: list[ClaimReply] = Field(max_length=60)


class ScreenReply(_Reply):
    """What becomes of one claim before it is weighed."""

    reads_as: Literal["can_be_shaped", "not_job_related", "too_vague"]


class TieReply(_Reply):
    """The id of one criterion, or `none`."""

    criterion: str = Field(max_length=10)


class WeighReply(_Reply):
    """What the record says of one claim, and the labels of the moments that bear on it, best first."""

    verdict: Literal["supported", "contradicted", "no_evidence"]
    moments: list[str] = Field(max_length=3)


class DraftReply(_Reply):
    """One statement or one question."""

    text: str = Field(min_length=1, max_length=1500)


async def split_claims(asker: Asker, given: SplitIn) -> SplitOut:
    """Each claim as a stretch of the interviewer's own words, found in the text as it stands."""

    def check(reply: SplitReply) -> str:
        return _found(given.raw, [c.words for c in reply.claims])[1]

    asked = await asker.ask(
        _prompt(asker, "split"),
        SplitReply,
        {"feedback": as_data(given.raw)},
        check=check,
        same=lambda r: tuple((c.words, c.lean) for c in r.claims),
    )
    places, _ = _found(given.raw, [c.words for c in asked.reply.claims])
    drafts = (ClaimDraft(start=a, end=b, polarity=Polarity(c.lean)) for (a, b), c in zip(places, asked.reply.claims, strict=True))
    return SplitOut(claims=tuple(drafts), by=By.of(asked))


async def screen_claim(asker: Asker, given: ScreenIn) -> ScreenOut:
    """Whether a claim can be shaped, is not about the job, or names nothing."""
    asked = await asker.ask(_prompt(asker, "screen"), ScreenReply, {"claim": as_data(given.span)}, same=lambda r: r.reads_as)
    told = asked.reply.reads_as
    return ScreenOut(verdict=None if told == "can_be_shaped" else Verdict(told), by=By.of(asked))


async def tie_to_criterion(asker: Asker, given: TieIn) -> TieOut:
    """The one criterion that a claim bears on, or none."""
    known = {c.id for c in given.criteria}

    def check(reply: TieReply) -> str:
        fits = reply.criterion == "none" or reply.criterion in known
        return "" if fits else f"criterion has to be one of {', '.join(sorted(known))} or none."

    values = {"claim": as_data(given.span), "criteria": "\n".join(as_lines([_criterion(c) for c in given.criteria]))}
    asked = await asker.ask(_prompt(asker, "tie"), TieReply, values, check=check, same=lambda r: r.criterion)
    return TieOut(criterion=next((c.id for c in given.criteria if c.id == asked.reply.criterion), None), by=By.of(asked))


async def weigh_evidence(asker: Asker, given: WeighIn) -> WeighOut:
    """What the best moments say of a claim; those that the model does not name stay on offer behind those that it does."""
    reading = weighing.read(given.span, given.polarity, given.signals)
    ranked = weighing.rank(given, reading)[:SHOWN]
    fixed = {"claim": as_data(given.span), "lean": given.polarity.value, "criterion": _criterion_line(given.criterion)}
    shown = _shown(asker, _prompt(asker, "weigh"), fixed, ranked)
    known = {m.label for m in ranked[: len(shown)]}

    def check(reply: WeighReply) -> str:
        if unknown := [x for x in reply.moments if x not in known]:
            return f"There is no moment labelled {', '.join(unknown)[:100]}; the labels are {', '.join(sorted(known))}."
        if reply.verdict != "no_evidence" and not reply.moments:
            return f"The verdict {reply.verdict} needs the label of at least one moment that it rests on."
        return ""

    values = {**fixed, "moments": "\n".join(shown) or "(the interview holds none)"}
    asked = await asker.ask(_prompt(asker, "weigh"), WeighReply, values, check=check, same=lambda r: r.verdict)
    named = list(dict.fromkeys(asked.reply.moments))
    offered = [m.label for m in ranked if m.label not in named]
    verdict = Verdict(asked.reply.verdict)
    return WeighOut(
        verdict=verdict,
        moments=(*named, *offered)[: weighing.KEPT],
        assertable=verdict is not Verdict.NO_EVIDENCE,
        resting=max(1, len(named)),
        by=By.of(asked),
    )


async def draft_statement(asker: Asker, given: DraftIn) -> Drafted:
    """One statement from the moments that it rests on."""
    return await _written(asker, "draft", given)


async def draft_question(asker: Asker, given: DraftIn) -> Drafted:
    """One question to the interviewer where no statement can be made."""
    return await _written(asker, "question", given)


def judgements(askers: Askers) -> Judgements:
    """The judgements with a model for each that has an asker, and the rules for the rest and wherever a model fails.

    Errors: PromptMismatch or BadSettings for a prompt that cannot be used, which is found now and not when it is first asked.
    """
    own = {judgement: asker for judgement, asker in askers.items() if judgement in MINE}
    for name, asker in own.items():
        _prompt(asker, name)
    models = dict.fromkeys(a.name for a in own.values())
    return Judgements(
        by=", ".join(models) or RULES.by,
        split_claims=judged_by(askers.get("split"), split_claims, RULES.split_claims),
        screen_claim=judged_by(askers.get("screen"), screen_claim, RULES.screen_claim),
        tie_to_criterion=judged_by(askers.get("tie"), tie_to_criterion, RULES.tie_to_criterion),
        weigh_evidence=judged_by(askers.get("weigh"), weigh_evidence, RULES.weigh_evidence),
        draft_statement=judged_by(askers.get("draft"), draft_statement, RULES.draft_statement),
        draft_question=judged_by(askers.get("question"), draft_question, RULES.draft_question),
    )


async def _written(asker: Asker, name: str, given: DraftIn) -> Drafted:
    fixed = {
        "claim": as_data(given.span),
        "criterion": _criterion_line(given.criterion),
        "verdict": given.verdict.value,
        "candidate": given.candidate,
        "wrong": f"\nAn earlier draft was sent back:\n{as_data(list(given.wrong))}\n" if given.wrong else "",
    }
    values = {**fixed, "moments": "\n".join(_shown(asker, _prompt(asker, name), fixed, given.moments)) or "(none)"}
    asked = await asker.ask(_prompt(asker, name), DraftReply, values)
    return Drafted(text=asked.reply.text.strip(), by=By.of(asked))


def _prompt(asker: Asker, name: str) -> Prompt:
    return prompt(Path(__file__).parent, name, _VARIABLES[name], asker.prompts)


def _criterion(view: CriterionView) -> dict[str, object]:
    return {"id": view.id, "text": view.text, "shown_by": view.said, "this interviewer was asked to probe it": view.focus}


def _criterion_line(view: CriterionView | None) -> str:
    return as_data({"known as": view.spoken, "text": view.text}) if view else "none: the claim is outside the contract"


def _shown(asker: Asker, asked: Prompt, fixed: dict[str, str], moments: Sequence[MomentView]) -> list[str]:
    lines = as_lines([{"label": m.label, "minute": m.minute, "asked": m.asked[-400:], "said": m.text} for m in moments])
    return fitting("\n".join([asked.system, asked.given.template, *fixed.values()]), lines, asker.limits.tokens)


def _found(raw: str, pieces: Sequence[str]) -> tuple[list[tuple[int, int]], str]:
    """Where each piece stands as whole words, one after the other; else what is wrong. White space may differ, nothing else."""
    places: list[tuple[int, int]] = []
    at = 0
    for piece in pieces:
        parts = [re.escape(p) for p in piece.split()]
        found = re.compile(r"(?<!\w)" + r"\s+".join(parts) + r"(?!\w)").search(raw, at) if parts else None
        if found is None:
            return [], f"{as_data(piece[:200])} does not stand in the feedback in these words, after the claims before it; copy it exactly."
        places.append(found.span())
        at = found.end()
    return places, ""
