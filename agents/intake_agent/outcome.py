"""From a session to its contract: the session is a transcript like any other, and every line rests on words in it that were verified."""

from agents.intake_agent.captured import Captured, drafted_of
from agents.intake_agent.judgements import Line, LineKind, Said
from agents.intake_agent.moves import standing
from agents.intake_agent.state import UNSEEN, IntakeState, LineState, shows_nothing, text_of, words_of
from alignment.people import Person, Role
from alignment.record import InterviewId, OrganisationId, TranscriptId, digest
from alignment.transcript import Certainty, Speaker, Transcript, Utterance

PLUMBLINE = "Plumbline"
ROLES = {"recruiter": Role.RECRUITER, "hiring_manager": Role.HIRING_MANAGER}
_STANDING = (LineKind.MUST_HAVE, LineKind.TRADE_OFF, LineKind.DEAL_BREAKER)


def transcript_of(
    state: IntakeState, people: dict[str, Person], organisation: OrganisationId, interview: InterviewId, id: str
) -> Transcript:
    """The session word for word: what the sides said, each by name, and Plumbline's questions under its own label."""
    named = [Speaker(label=side, person=p.id, name=p.name, role=ROLES[side], certainty=Certainty.GIVEN) for side, p in people.items()]
    utterances = tuple(Utterance(index=i, speaker=t["by"] or PLUMBLINE, text=t["text"]) for i, t in enumerate(state["turns"]))
    return Transcript(
        id=TranscriptId(id),
        organisation=organisation,
        interview=interview,
        source_format="live",
        source_digest=digest(*[f"{u.speaker}: {u.text}" for u in utterances]),
        speakers=(*named, Speaker(label=PLUMBLINE)),
        utterances=utterances,
    )


def captured_of(state: IntakeState, transcript: Transcript) -> Captured:
    """The lines of the contract, what was let go and why, and a question for everything that stayed open."""
    on = {x["label"] for kind in _STANDING for x in standing(state, kind)}
    lines = [_line(x) for kind in _STANDING for x in standing(state, kind)]
    for x in state["lines"]:
        if x["kind"] == LineKind.INCENTIVE.value and x["status"] == "stands":
            lines.append(_line(x))
        elif x["label"] not in on and x["kind"] in {k.value for k in _STANDING} and x["status"] != "denial":
            lines.append(_line(x).model_copy(update={"kind": LineKind.DROPPED, "side": None, "why": x["reason"] or _why(x)}))
    captured = drafted_of(transcript, lines)
    return captured.model_copy(update={"open_questions": (*_unresolved(state), *captured.open_questions)})


def _line(x: LineState) -> Line:
    said = [*x["said"], *([x["seen"]] if x["seen"] else [])]
    text = text_of(x) if x["status"] == "stands" else words_of(x)
    side = x["by"] if x["kind"] == LineKind.INCENTIVE.value else None
    found = tuple(dict.fromkeys(Said(label=f"u{w['turn']}", words=w["words"]) for w in said if w["words"]))
    return Line.model_validate({"kind": x["kind"], "text": text, "said": found, "side": side})


def _why(x: LineState) -> str:
    if x["status"] == "proposed":
        return "Only the recruiter wants it"
    if shows_nothing(x):
        return UNSEEN
    return "Beyond what the contract holds, and nobody said which goes before which"


def _unresolved(state: IntakeState) -> tuple[str, ...]:
    asked = []
    for c in state["conflicts"]:
        if not c["settled"]:
            texts = [f"“{words_of(x).rstrip('.')}”" for x in state["lines"] if x["label"] in c["lines"]]
            asked.append(f"It stayed open which holds: {' or '.join(texts)}.")
    return tuple(asked)
