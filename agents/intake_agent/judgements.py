"""The intake agent's judgements as typed functions; `rules` fills them in without a model, `model` over any chat model."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import Literal

from agents.seam import Judgement
from alignment.contract import Side
from alignment.record import Record

Speaks = Literal["recruiter", "hiring_manager", ""]


class LineKind(StrEnum):
    """What an intake call settles of something that was said in it."""

    MUST_HAVE = "must_have"
    TRADE_OFF = "trade_off"
    DEAL_BREAKER = "deal_breaker"
    DROPPED = "dropped"
    INCENTIVE = "incentive"


class Turn(Record):
    """What one side says in a row: `label` is u0, u1 …; an unmapped speaker is on no side."""

    label: str
    side: Speaks
    text: str


class Said(Record):
    """Words of one turn, as they stand there."""

    label: str
    words: str


class Line(Record):
    """One thing that a call settles, and the words that it rests on, in the order in which they were said.

    `side` tells whose incentive it is; `why` why a wish was dropped.
    """

    kind: LineKind
    text: str
    said: tuple[Said, ...]
    side: Side | None = None
    why: str = ""


class ReadIn(Record):
    """A whole call."""

    turns: tuple[Turn, ...]


class ReadOut(Judgement):
    """What the call settles, each kind in the order in which it was settled; at most three, two and one stand."""

    lines: tuple[Line, ...] = ()


class Move(StrEnum):
    """What a question of a live intake is for."""

    OUTCOME = "outcome"  # what the role must have achieved after a year
    MUST = "must"  # what the person must have done
    SEEN = "seen"  # what one would see or hear that shows it
    INSTEAD = "instead"  # the work behind a wish that had to be declined
    AGREE = "agree"  # whether the manager wants what the recruiter proposed
    CONFLICT = "conflict"  # which of two statements that contradict each other holds
    KEEP_THREE = "keep_three"  # which three of too many
    PREFER = "prefer"  # which of two, if only one
    TRADE = "trade"  # what would be given up for what
    IN_RETURN = "in_return"  # what for, where only what goes was named
    DEAL = "deal"  # what ends it at once
    INCENTIVE = "incentive"  # what a side is measured on
    READ_BACK = "read_back"  # whether the draft is right
    SIGN = "sign"  # one side's signature


class HeardKind(StrEnum):
    """What part of an answer amounts to."""

    OUTCOME = "outcome"
    WISH = "wish"
    SEEN = "seen"
    TRADE_OFF = "trade_off"
    DEAL_BREAKER = "deal_breaker"
    INCENTIVE = "incentive"
    DROP = "drop"
    CHANGE = "change"
    PREFER = "prefer"
    AGREE = "agree"
    UNKNOWN = "unknown"


class Held(Record):
    """A line that stands so far, by its label in the session (W1, T1, D1), with its words."""

    label: str
    kind: LineKind
    text: str


class HearIn(Record):
    """One answer to one question: what was asked for, about which lines, by whom it was answered, and what stands so far.

    `people` are the names of who takes part, which may be called in it.
    """

    move: Move
    about: tuple[str, ...] = ()
    side: Speaks
    message: str
    held: tuple[Held, ...] = ()
    people: tuple[str, ...] = ()


class Heard(Record):
    """One thing that an answer says: `words` as they stand in it, `about` the label of the line that it concerns."""

    kind: HeardKind
    words: str = ""
    about: str = ""


class HearOut(Judgement):
    """Everything that an answer says, in its order; an answer that says nothing is one UNKNOWN."""

    heard: tuple[Heard, ...]


@dataclass(frozen=True)
class Judgements:
    """Everything that the intake agent asks a judge."""

    read: Callable[[ReadIn], Awaitable[ReadOut]]
    hear: Callable[[HearIn], Awaitable[HearOut]]
