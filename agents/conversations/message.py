"""What somebody says to an agent, however it came in."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from alignment.conversation import Agent
from alignment.errors import BadRequest, NotFound
from alignment.record import digest

LONGEST = 20_000
"""Characters of one message: a long piece of feedback has a tenth of that."""
MARK = ":"


@dataclass(frozen=True)
class Answer:
    """What somebody answers to one thing that waits, called as `called` has it; `left` says that they leave it as it is."""

    called: str
    given: Any = None
    left: bool = False


@dataclass(frozen=True)
class Message:
    """One message, with the conversation that it stands in.

    `said` are the person's own texts, oldest first, of which the last is to be answered; `heard` is the agent's last one as the caller has
    it. `thread` goes on with a conversation by its id, and without it the texts alone say what was said before. `key` is what the caller
    calls the request, `resent` says that it may have come before. `answers` are the interviewer's in their own form. `resume` answers
    what waits, each by what it is called, in place of a text; empty, it says nothing new and asks how the conversation stands.
    `names_others` lets a text begin with whose it is, where one tool speaks for several people. `told` hears what is verified before the
    turn is whole: {claim, kind, n, sentence}, from the shaper alone.
    """

    agent: Agent
    search: str
    person: str = ""
    said: tuple[str, ...] = ()
    heard: str = ""
    candidate: str = ""
    interview: str = ""
    feedback: str = ""
    thread: str = ""
    key: str = ""
    resent: bool = False
    answers: tuple[dict[str, Any], ...] = ()
    resume: tuple[Answer, ...] | None = None
    names_others: bool = False
    told: Callable[[dict[str, Any]], None] | None = None

    @property
    def last(self) -> str:
        """The text to be answered; BadRequest where there is none, or it has no end."""
        text = self.said[-1].strip() if self.said else ""
        if not text:
            raise BadRequest("There is no message to answer", where="messages", todo="The last message is the person's, and holds words.")
        if len(text) > LONGEST:
            raise BadRequest(f"The message has {len(text)} characters, and at most {LONGEST} are read", where="messages")
        return text

    @property
    def name(self) -> str:
        """What the request is called: as the caller calls it, else by all that was said where that tells it from every other."""
        if self.key or (len(self.said) < 2 and not self.heard):
            return self.key
        return f"messages-{digest(self.agent, self.search, self.person, *self.said, self.heard)[:32]}"


def called(thread: str, id: str) -> str:
    """What something that waits in a conversation is called beyond it: never the same in two conversations."""
    return f"{thread}{MARK}{id}"


def waits_in(thread: str, answer: Answer) -> str:
    """The id, within that conversation, of what an answer is for; NotFound where it belongs to another."""
    where, _, id = answer.called.rpartition(MARK)
    if where != thread:
        raise unknown(answer)
    return id


def unknown(answer: Answer) -> NotFound:
    """The refusal of an answer to what was never asked."""
    return NotFound("Nothing by that id was ever put to anybody in this conversation", where=answer.called, todo="Ask how it stands.")
