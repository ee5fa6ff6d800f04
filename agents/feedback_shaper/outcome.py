"""What a finished conversation amounts to: claims, statements, open questions and what was set aside, with citations built anew."""

from datetime import datetime
from typing import Any

from agents.feedback_shaper.context import ShapingContext
from agents.feedback_shaper.state import ClaimState, InjectionState, ShaperState
from agents.seam import By
from alignment.citation import Quote
from alignment.feedback import (
    Answer,
    Claim,
    Feedback,
    InjectionReport,
    Judged,
    OpenQuestion,
    Polarity,
    Reply,
    SetAside,
    ShapedStatement,
    Shaping,
    Verdict,
)
from alignment.record import ClaimId, QuestionId, StatementId, derived_id
from alignment.settings import RULES
from retrieval.verify import verify


def shaping_of(state: ShaperState, feedback: Feedback, context: ShapingContext, thread: str) -> Shaping:
    """The records of one finished conversation, under ids derived from its thread."""
    claims: list[ClaimState] = state["claims"]
    kept = [c for c in claims if c["reply"] != Reply.WITHDRAW]
    shaped = [c for c in kept if c["verdict"] != Verdict.NOT_JOB_RELATED]
    return Shaping(
        feedback=feedback.id,
        thread=thread,
        turn=len(state.get("answers", [])),
        claims=tuple(_claim(c, feedback) for c in claims),
        statements=tuple(_statement(c, feedback, context) for c in shaped if c["asserted"]),
        questions=tuple(_question(c, feedback, context) for c in shaped if not c["asserted"]),
        set_aside=tuple(
            SetAside(claim=ClaimId(c["id"]), feedback=feedback.id, interview=feedback.interview, why=c["why"])
            for c in kept
            if c["verdict"] == Verdict.NOT_JOB_RELATED
        ),
        answers=tuple(
            Answer(
                claim=ClaimId(a["claim"]), reply=Reply(a["reply"]), text=a["text"], chosen=a["chosen"], at=datetime.fromisoformat(a["at"])
            )
            for a in state.get("answers", [])
        ),
        injections=tuple(_injection(i, feedback, context) for i in state.get("injections", [])),
    )


def _claim(c: ClaimState, feedback: Feedback) -> Claim:
    return Claim.model_validate(
        {
            "id": c["id"],
            "feedback": feedback.id,
            "span": c["span"],
            "start": c["start"],
            "end": c["end"],
            "criterion": c["criterion"],
            "polarity": Polarity(c["polarity"]),
        }
    )


def _statement(c: ClaimState, feedback: Feedback, context: ShapingContext) -> ShapedStatement:
    return ShapedStatement(
        **_common(c, feedback, context),
        id=StatementId(derived_id("stm", c["id"])),
        citations=context.checker.rests_on(c),
        edited=c["edited"],
    )


def _question(c: ClaimState, feedback: Feedback, context: ShapingContext) -> OpenQuestion:
    return OpenQuestion(
        **_common(c, feedback, context), id=QuestionId(derived_id("qst", c["id"])), moments=context.checker.citations(c["quotes"])
    )


def _common(c: ClaimState, feedback: Feedback, context: ShapingContext) -> dict[str, Any]:
    return {
        "claim": c["id"],
        "feedback": feedback.id,
        "interview": feedback.interview,
        "contract_version": context.contract.version,
        "criterion": c["criterion"],
        "verdict": Verdict(c["verdict"]),
        "text": c["text"],
        "judged": _judged(c, context.judgements.by),
    }


def _judged(c: ClaimState, by: str) -> Judged:
    made = {name: By.model_validate(told) for name, told in c.get("judged", {}).items()}
    models = dict.fromkeys(b.who for b in made.values() if b.who != RULES)
    stood_in = [f"{name}: the rules stood in. {b.why}" for name, b in made.items() if b.why]
    return Judged(
        by=by,
        model=", ".join(models) or None,
        judgements={name: b.who for name, b in made.items()},
        prompts={name: b.prompt for name, b in made.items() if b.prompt},
        flips={name: b.flips for name, b in made.items() if b.flips is not None},
        notes=(*stood_in, *c["notes"]),
    )


def _injection(i: InjectionState, feedback: Feedback, context: ShapingContext) -> InjectionReport:
    if i["utterance"] is None:
        return InjectionReport(feedback=feedback.id, words=i["words"])
    transcript = context.evidence.transcript
    quote = Quote(interview=transcript.interview, text=i["words"], speaker=i["speaker"], utterances=(i["utterance"],))
    return InjectionReport(moment=verify(quote, transcript), words=i["words"])
