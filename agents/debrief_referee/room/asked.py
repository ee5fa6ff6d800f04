"""What a question in the room asks for, and what is remembered of the questions before it."""

from dataclasses import dataclass
from enum import StrEnum
from typing import NotRequired, TypedDict

from alignment.contract import CriterionId
from alignment.record import InterviewId, PersonId


class Kind(StrEnum):
    """What a question asks for."""

    MOMENTS = "moments"
    ORDER = "order"
    SPEAKER = "speaker"
    DURATION = "duration"
    PROBING = "probing"
    MISSING = "missing"
    GRADES = "grades"
    CONFLICT = "conflict"
    CLAIMS = "claims"
    CRITERION = "criterion"
    FINDINGS = "findings"
    OVERVIEW = "overview"
    PEOPLE_DECIDE = "people_decide"
    NOT_JOB_RELATED = "not_job_related"
    ELSEWHERE = "elsewhere"


SEALED = (Kind.GRADES, Kind.CONFLICT, Kind.CLAIMS, Kind.FINDINGS, Kind.OVERVIEW)
"""What shows other people's grades and claims, which stay hidden until the packet opens for the reader."""


@dataclass(frozen=True)
class Asked:
    """A question as it was understood: what it asks for, about what, and how it is narrowed; pronouns are resolved.

    `about` are the words to look up, empty where a criterion or the last moment says it; `carried` is the line that was spoken of before,
    where the question names none; `people` are the readers it names, or with `others` those it leaves out; `interviews` narrow it.
    `points_back` says that it asks about the moment that was shown last, `follows` that it only makes sense after another question.
    """

    kind: Kind
    text: str
    about: str = ""
    criterion: CriterionId | None = None
    carried: CriterionId | None = None
    people: tuple[PersonId, ...] = ()
    interviews: tuple[InterviewId, ...] = ()
    others: bool = False
    points_back: bool = False
    follows: bool = False


class QuoteState(TypedDict):
    """Words that were shown, to be verified anew each time they are."""

    interview: str
    utterance: int
    speaker: str
    text: str


class SentenceState(TypedDict):
    """One sentence of an answer in plain values."""

    text: str
    quotes: list[QuoteState]
    scorecards: list[str]
    feedback: list[str]
    criterion: str | None
    held: bool


class TurnState(TypedDict):
    """One question and its answer in plain values, which is all that a conversation keeps; `key` is what the asker calls the request."""

    question: str
    kind: str
    about: str
    criterion: str | None
    people: list[str]
    interviews: list[str]
    sentences: list[SentenceState]
    key: NotRequired[str]
