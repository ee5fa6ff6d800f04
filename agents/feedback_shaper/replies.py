"""What the interviewer answers, claim by claim; an answer that cannot be taken goes back with a sentence why."""

from datetime import UTC, datetime
from typing import Any

from pydantic import BaseModel, ConfigDict, ValidationError, field_validator

from agents.feedback_shaper.checking import unprintable
from agents.feedback_shaper.context import ShapingContext
from agents.feedback_shaper.drafts import drafted
from agents.feedback_shaper.state import ClaimState
from alignment.feedback import Reply, Verdict

LONGEST_EDIT = 2000


class Answered(BaseModel):
    """One answer as it comes in: `chosen` counts the shown moments from 1."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    claim: str
    reply: Reply
    text: str = ""
    chosen: int | None = None

    @field_validator("text")
    @classmethod
    def _can_be_kept(cls, text: str) -> str:
        if unprintable(text):
            raise ValueError("the text holds control characters, which cannot be kept")
        return text


Problems = list[dict[str, str]]


async def take(claims: list[ClaimState], answers: Any, context: ShapingContext) -> tuple[list[ClaimState], list[dict[str, Any]], Problems]:
    """The claims after the answers, the answers that were taken, and what was wrong with the others."""
    by_id = {c["id"]: c for c in claims}
    taken: list[dict[str, Any]] = []
    problems: Problems = []
    for given in answers if isinstance(answers, list) else [answers]:
        try:
            answer = Answered.model_validate(given)
        except ValidationError as e:
            first = e.errors()[0]
            place = ".".join(str(part) for part in first["loc"])
            problems.append({"claim": "", "why": f"That is no answer: {place + ': ' if place else ''}{first['msg']}."})
            continue
        claim = by_id.get(answer.claim)
        if claim is None or claim["reply"] or claim["verdict"] == Verdict.NOT_JOB_RELATED:
            problems.append({"claim": answer.claim, "why": "There is no claim by that id that waits for an answer."})
            continue
        changed, why = await _apply(claim, answer, context)
        if why:
            problems.append({"claim": answer.claim, "why": why})
            continue
        by_id[answer.claim] = {**changed, "reply": answer.reply.value}
        chosen = answer.chosen if answer.reply is Reply.CHOOSE else None
        taken.append({**answer.model_dump(mode="json"), "chosen": chosen, "at": datetime.now(UTC).isoformat()})
    return [by_id[c["id"]] for c in claims], taken, problems


async def _apply(claim: ClaimState, answer: Answered, context: ShapingContext) -> tuple[ClaimState, str]:
    match answer.reply:
        case Reply.ACCEPT | Reply.WITHDRAW:
            return claim, ""
        case Reply.CHOOSE:
            return await _chosen(claim, answer, context)
        case Reply.EDIT:
            return _edited(claim, answer, context)


async def _chosen(claim: ClaimState, answer: Answered, context: ShapingContext) -> tuple[ClaimState, str]:
    if answer.chosen is None or not 1 <= answer.chosen <= len(claim["quotes"]):
        return claim, f"Choose one of the moments 1 to {len(claim['quotes'])}." if claim["quotes"] else "There is no moment to choose from."
    n = answer.chosen - 1
    quote, label = claim["quotes"][n], claim["labels"][n]
    views = [m for m in await context.evidence.moments(claim["span"]) if m.label == label]
    asked = [q for v in views if (q := context.checker.question_before(v)) is not None]
    changed: ClaimState = {
        **claim,
        "quotes": [quote],
        "labels": [label],
        "asked": asked,
        "asserted": True,
        "verdict": Verdict.SUPPORTED.value,
        "notes": [*claim["notes"], "the interviewer chose the moment"],
    }
    changed = await drafted(context, changed)
    problems = context.checker.problems(changed, changed["text"])
    return (claim, problems[0].told) if problems else (changed, "")


def _edited(claim: ClaimState, answer: Answered, context: ShapingContext) -> tuple[ClaimState, str]:
    if not answer.text.strip():
        return claim, "An edit needs its text."
    if len(answer.text) > LONGEST_EDIT:
        return claim, f"An edit has at most {LONGEST_EDIT} characters; write what goes beyond one claim as new feedback."
    if not claim["quotes"]:
        return (
            claim,
            "No moment carries this yet, so there is nothing to word; withdraw it, or write it as new feedback that names the moment.",
        )
    asserted: ClaimState = {
        **claim,
        "asserted": True,
        "verdict": Verdict.SUPPORTED.value if not claim["asserted"] else claim["verdict"],
        "text": answer.text.strip(),
        "edited": True,
    }
    problems = context.checker.problems(asserted, answer.text)
    if problems:
        return claim, " ".join(p.told for p in problems)
    return asserted, ""
