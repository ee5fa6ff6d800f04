"""What an AG-UI client sends, as a message to an agent, and what an agent turn is in that protocol's words."""

from collections.abc import Callable, Sequence
from typing import Any

from ag_ui.core import AssistantMessage, Interrupt, RunAgentInput, UserMessage
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from agents.access import Caller
from agents.conversations import Answer, Message, called
from agents.feedback_shaper.replies import LONGEST_EDIT
from agents.intake import LONGEST_ANSWER
from alignment.conversation import Agent, AgentTurn, Waiting
from alignment.errors import BadRequest
from alignment.record import digest
from api.problems import bad_request

LONGEST_ID = 255
FEEDBACK_IDS = "fbk-"
WORDED = "worded"
"""Where the state of a run holds what is verified already, until the turn is whole."""
Told = Callable[[dict[str, Any]], None]


class About(BaseModel):
    """What a run is about: the search by its short name, for whom a service's key acts, and whom or what it concerns there."""

    model_config = ConfigDict(extra="ignore", frozen=True)

    search: str = Field(default="", max_length=200)
    person: str = Field(default="", max_length=200)
    candidate: str = Field(default="", max_length=200)
    interview: str = Field(default="", max_length=200)
    feedback: str = Field(default="", max_length=200)


def about_of(given: RunAgentInput) -> About:
    """What the run is about, as `forwardedProps` say, and beyond that as `about` in the state that the last run left."""
    if not isinstance(props := given.forwarded_props or {}, dict):
        raise BadRequest("forwardedProps is no object", where="forwardedProps", todo="It holds search, person, candidate and so on.")
    left = given.state.get("about") if isinstance(given.state, dict) else None
    told = {**(left if isinstance(left, dict) else {}), **{k: v for k, v in props.items() if v}}
    try:
        return About.model_validate({k: v for k, v in told.items() if v is not None})
    except ValidationError as e:
        raise bad_request([{**e.errors()[0], "loc": ("forwardedProps", *e.errors()[0]["loc"])}]) from e


def message_of(given: RunAgentInput, about: About, agent: Agent, caller: Caller, told: Told | None = None) -> Message:
    """The run as a message to the agent; a text is known by its message's id, and answers to what waits by the run's.

    A client sends the whole conversation each time: the same message again, under whichever run, is the same request.
    """
    for name in ("thread_id", "run_id"):
        if not (id := getattr(given, name)) or len(id) > LONGEST_ID or not id.isprintable():
            raise BadRequest(f"An id has 1 to {LONGEST_ID} printable characters", where=name)
    texts = [m for m in given.messages if isinstance(m, UserMessage) or (isinstance(m, AssistantMessage) and m.content)]
    said = tuple(text_of(m) for m in texts if isinstance(m, UserMessage))
    heard = next((m.content or "" for m in reversed(texts) if isinstance(m, AssistantMessage)), "")
    resume = _resume_of(given, texts)
    one = (given.run_id,) if resume else (texts[-1].id, *said, heard) if texts else ()
    several = caller.person is None and agent is Agent.INTAKE
    threads = agent is Agent.REFEREE or given.thread_id.startswith(FEEDBACK_IDS)
    return Message(
        agent=agent,
        search=about.search,
        person=about.person if several else caller.acting(about.person),
        said=said,
        heard=heard,
        candidate=about.candidate,
        interview=about.interview,
        feedback=about.feedback,
        thread=given.thread_id if threads and agent is not Agent.INTAKE else "",
        key=f"{caller.key.id} {digest(given.thread_id, *one)[:32]}",
        resume=resume,
        names_others=several,
        told=told,
    )


def text_of(message: UserMessage) -> str:
    """The words of a person's message; its other parts are passed over."""
    if isinstance(message.content, str):
        return message.content
    return "\n".join(p.text for p in message.content if p.type == "text")


def _resume_of(given: RunAgentInput, texts: Sequence[UserMessage | AssistantMessage]) -> tuple[Answer, ...] | None:
    if given.resume:
        return tuple(Answer(called=r.interrupt_id, given=r.payload, left=r.status == "cancelled") for r in given.resume)
    return None if texts and isinstance(texts[-1], UserMessage) else ()


def state_of(given: RunAgentInput, about: About, turn: AgentTurn) -> dict[str, Any]:
    """The state that a run leaves: what it was about, for the next to go on with, and the turn; what the client keeps there stays."""
    feedback = {"feedback": turn.thread} if turn.agent is Agent.SHAPER else {}
    told = turn.model_dump(mode="json", exclude={"text", "search", "prompts"})
    kept = {k: v for k, v in given.state.items() if k != WORDED} if isinstance(given.state, dict) else {}
    return {**kept, "about": {**about.model_dump(exclude_defaults=True), **feedback}, "turn": told}


def interrupt_of(turn: AgentTurn, waiting: Waiting) -> Interrupt:
    """Something that waits for a person as an interrupt: what is asked, what an answer looks like, and whom it is put to."""
    moments = [m.model_dump(mode="json") for m in waiting.moments]
    return Interrupt(
        id=called(turn.thread, waiting.id),
        reason=waiting.kind,
        message=f"“{waiting.words}”\n{waiting.text}" if waiting.words else waiting.text,
        response_schema=_claim_schema(waiting) if waiting.kind == "claim" else _words_schema(),
        metadata={"plumbline": {"to": waiting.to, "replies": list(waiting.replies), "moments": moments}},
    )


def _claim_schema(waiting: Waiting) -> dict[str, Any]:
    fields: dict[str, Any] = {"reply": {"type": "string", "enum": list(waiting.replies)}}
    if waiting.moments:
        fields["text"] = {"type": "string", "maxLength": LONGEST_EDIT, "description": "The words of an edit."}
        fields["chosen"] = {"type": "integer", "minimum": 1, "maximum": len(waiting.moments), "description": "The moment chosen."}
    return {"type": "object", "properties": fields, "required": ["reply"], "additionalProperties": False}


def _words_schema() -> dict[str, Any]:
    text = {"type": "string", "minLength": 1, "maxLength": LONGEST_ANSWER}
    return {"type": "object", "properties": {"text": text}, "required": ["text"], "additionalProperties": False}
