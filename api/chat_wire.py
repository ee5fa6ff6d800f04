"""The shapes of OpenAI's chat completions, as far as they mean something here; what means nothing is accepted and ignored."""

import time
from typing import Any, Literal
from uuid import uuid4

from pydantic import BaseModel, ConfigDict, Field

from agents.ask.budget import count_tokens
from alignment.citation import Citation
from alignment.conversation import Agent, AgentTurn, Waiting
from alignment.errors import BadRequest

MOST_MESSAGES = 200


class _Loose(BaseModel):
    # The protocol has dozens of options for models of language; its clients send some of them unasked.
    model_config = ConfigDict(extra="ignore", frozen=True)


class Part(_Loose):
    """A part of a message; only texts are read."""

    type: str
    text: str = ""


class ChatMessage(_Loose):
    """One message of the conversation; those of the system and of tools are not read."""

    role: Literal["user", "assistant", "system", "developer", "tool", "function"]
    content: str | list[Part] | None = None

    @property
    def text(self) -> str:
        """What it says, its parts put together."""
        if isinstance(self.content, list):
            if unread := [p.type for p in self.content if p.type not in ("text", "refusal")]:
                raise BadRequest(f"Only texts are read, and a message holds {unread[0]}", where="messages")
            return "\n".join(p.text for p in self.content if p.text)
        return self.content or ""


class StreamOptions(_Loose):
    """What a stream tells besides."""

    include_usage: bool = False


class Chat(_Loose):
    """A request for one turn.

    `metadata` holds search (its short name), person (for a service's key: who is speaking), candidate, interview, feedback, thread, and
    answers (an interviewer's, as JSON).
    """

    model: Agent
    messages: list[ChatMessage] = Field(min_length=1, max_length=MOST_MESSAGES)
    metadata: dict[str, str] | None = Field(default=None, max_length=16)
    stream: bool | None = False
    stream_options: StreamOptions | None = None
    n: int | None = Field(default=1, ge=1, le=1)


class Told(BaseModel):
    """What a turn holds besides its text: citations typed and numbered as in the text, what waits for whom, and how to go on."""

    agent: Agent
    search: str
    thread: str
    number: int
    citations: tuple[Citation, ...]
    waiting: tuple[Waiting, ...]
    done: bool
    contract_version: int | None
    by: str


class ReplyMessage(BaseModel):
    """The agent's message."""

    role: Literal["assistant"] = "assistant"
    content: str
    refusal: None = None
    plumbline: Told


class Choice(BaseModel):
    """The one choice that there is."""

    index: int = 0
    message: ReplyMessage
    finish_reason: Literal["stop"] = "stop"
    logprobs: None = None


class Usage(BaseModel):
    """Tokens (cl100k) of the texts that came and went; the record that was read is not counted."""

    prompt_tokens: int
    completion_tokens: int
    total_tokens: int


class Completion(BaseModel):
    """One turn, whole."""

    id: str
    object: Literal["chat.completion"] = "chat.completion"
    created: int
    model: Agent
    choices: tuple[Choice, ...]
    usage: Usage


class Model(BaseModel):
    """An agent, as lists of models have it."""

    id: Agent
    object: Literal["model"] = "model"
    created: int = 1_772_323_200
    owned_by: Literal["plumbline"] = "plumbline"


class Models(BaseModel):
    """The agents that there are."""

    object: Literal["list"] = "list"
    data: tuple[Model, ...]


def said_in(messages: list[ChatMessage]) -> tuple[tuple[str, ...], str]:
    """The person's own texts in their order, and the agent's last; BadRequest where it is not the person's turn that comes last."""
    spoken = [m for m in messages if m.role in ("user", "assistant")]
    if not spoken or spoken[-1].role != "user":
        raise BadRequest("The last message is not the person's", where="messages", todo="End the messages with one of the role user.")
    heard = next((m.text for m in reversed(spoken) if m.role == "assistant"), "")
    return tuple(m.text for m in spoken if m.role == "user"), heard


def completion(chat: Chat, turn: AgentTurn, *, id: str = "", at: int = 0) -> Completion:
    """The turn as a whole completion."""
    asked = sum(count_tokens(m.text) for m in chat.messages)
    answered = count_tokens(turn.text)
    told = Told(**{name: getattr(turn, name) for name in Told.model_fields})
    return Completion(
        id=id or f"chatcmpl-{uuid4().hex}",
        created=at or int(time.time()),
        model=chat.model,
        choices=(Choice(message=ReplyMessage(content=turn.text, plumbline=told)),),
        usage=Usage(prompt_tokens=asked, completion_tokens=answered, total_tokens=asked + answered),
    )


def chunk(id: str, at: int, model: Agent, delta: dict[str, Any], finish: str | None = None) -> dict[str, Any]:
    """One piece of a streamed turn."""
    choice = {"index": 0, "delta": delta, "finish_reason": finish, "logprobs": None}
    return {"id": id, "object": "chat.completion.chunk", "created": at, "model": model.value, "choices": [choice]}
