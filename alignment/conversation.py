"""What comes back from an agent in a conversation, the same through every door: its words, what they rest on, and what waits for whom."""

from enum import StrEnum
from typing import Literal

from alignment.citation import Citation
from alignment.record import Record, SearchId


class Agent(StrEnum):
    """The three that one can talk to, by the names under which they stand in lists of models."""

    INTAKE = "intake-agent"
    SHAPER = "feedback-shaper"
    REFEREE = "debrief-referee"


class Waiting(Record):
    """Something that waits for a person: a claim for its interviewer, a question of the intake or a signature for one side.

    `id` is the claim's or the question's number, `to` whom it is put to, `words` the interviewer's own that a claim consists of, `replies`
    what may be answered (empty: in one's own words), and `moments` what may be chosen from, counted from 1.
    """

    id: str
    kind: Literal["claim", "question", "signature"]
    to: str
    text: str
    words: str = ""
    replies: tuple[str, ...] = ()
    moments: tuple[Citation, ...] = ()


class AgentTurn(Record):
    """One turn of an agent.

    `[1]` in the text is the first of the citations. `thread` goes on with this conversation, `number` counts its turns, `done` says that
    nothing waits any more. `by` is who judged: the rules, or models by name.
    """

    agent: Agent
    search: SearchId
    thread: str
    number: int
    text: str
    citations: tuple[Citation, ...] = ()
    waiting: tuple[Waiting, ...] = ()
    done: bool = False
    contract_version: int | None = None
    by: str = "rules"
    prompts: tuple[str, ...] = ()
