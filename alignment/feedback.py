"""What interviewers wrote, the claims inside it, and what became of each: a statement, a question, or set aside."""

from datetime import datetime
from enum import StrEnum
from typing import Self

from pydantic import Field, model_validator

from alignment.citation import Citation
from alignment.contract import CriterionId
from alignment.record import ClaimId, FeedbackId, InterviewId, OrganisationId, PersonId, QuestionId, Record, SearchId, StatementId, Text


class Polarity(StrEnum):
    """Which way the interviewer leans in a claim; it is theirs, not the record's."""

    POSITIVE = "positive"
    NEGATIVE = "negative"
    MIXED = "mixed"


class Verdict(StrEnum):
    """What the record says of a claim."""

    SUPPORTED = "supported"
    CONTRADICTED = "contradicted"
    NO_EVIDENCE = "no_evidence"
    NOT_JOB_RELATED = "not_job_related"
    TOO_VAGUE = "too_vague"


class Probing(StrEnum):
    """How a criterion was tested in one interview."""

    ANSWERED = "answered"
    NOT_ANSWERED = "asked, not answered"
    OFF_THE_POINT = "answered off the point"
    NEVER_ASKED = "never asked"


class Reply(StrEnum):
    """What the interviewer did with what came back."""

    ACCEPT = "accept"
    EDIT = "edit"
    CHOOSE = "choose"
    WITHDRAW = "withdraw"


class Feedback(Record):
    """One interviewer's raw text on one interview, under one contract version; never altered."""

    id: FeedbackId
    organisation: OrganisationId
    search: SearchId
    interview: InterviewId
    interviewer: PersonId
    contract_version: int
    name: str = ""
    raw: Text
    at: datetime


class Claim(Record):
    """One assertion inside a piece of feedback: the characters [start, end) of its raw text, word for word."""

    id: ClaimId
    feedback: FeedbackId
    span: str = Field(min_length=1)
    start: int = Field(ge=0)
    end: int
    criterion: CriterionId | None = None
    polarity: Polarity = Polarity.MIXED

    @model_validator(mode="after")
    def _span_fits(self) -> Self:
        if self.end - self.start != len(self.span):
            raise ValueError("a claim's span is as long as the stretch it was taken from")
        return self


class Judged(Record):
    """Whose judgements stand behind a result.

    `by` is who was to judge: the rules, or the models by name. `judgements` has who made each one (split, screen, tie …) in the end,
    `prompts` the hash of the prompt of each that a model made, `flips` the share of replies that did not agree where it was asked
    more than once, and `notes` what happened on the way: why the rules stood in, what was lowered, what was left out.
    """

    by: str = "rules"
    model: str | None = None
    judgements: dict[str, str] = Field(default_factory=dict)
    prompts: dict[str, str] = Field(default_factory=dict)
    flips: dict[str, float] = Field(default_factory=dict)
    notes: tuple[str, ...] = ()


class ShapedStatement(Record):
    """A claim that the record supports or contradicts, in a sentence whose every part rests on its citations."""

    id: StatementId
    claim: ClaimId
    feedback: FeedbackId
    interview: InterviewId
    contract_version: int
    criterion: CriterionId | None
    verdict: Verdict
    text: Text
    citations: tuple[Citation, ...] = Field(min_length=1)
    judged: Judged = Judged()
    edited: bool = False

    @model_validator(mode="after")
    def _only_what_the_record_bears(self) -> Self:
        if self.verdict not in (Verdict.SUPPORTED, Verdict.CONTRADICTED):
            raise ValueError(f"a statement is supported or contradicted, not {self.verdict}")
        return self


class OpenQuestion(Record):
    """What we ask the interviewer where we cannot shape; `moments` are up to three verified moments to choose from."""

    id: QuestionId
    claim: ClaimId
    feedback: FeedbackId
    interview: InterviewId
    contract_version: int
    criterion: CriterionId | None
    verdict: Verdict
    text: Text
    moments: tuple[Citation, ...] = Field(default=(), max_length=3)
    judged: Judged = Judged()


class SetAside(Record):
    """A claim that is not about the job: kept in the interviewer's own words, tied to nothing, with one sentence why."""

    claim: ClaimId
    feedback: FeedbackId
    interview: InterviewId
    why: Text


class Answer(Record):
    """The interviewer's decision on one claim."""

    claim: ClaimId
    reply: Reply
    text: str = ""
    chosen: int | None = None
    at: datetime


class InjectionReport(Record):
    """Text in a transcript or in feedback that addresses an AI reader; it had no effect on anything else."""

    feedback: FeedbackId | None = None
    moment: Citation | None = None
    words: Text


class Shaping(Record):
    """All that became of one piece of feedback, saved as one, under ids that make saving it twice harmless."""

    feedback: FeedbackId
    thread: str
    turn: int
    claims: tuple[Claim, ...]
    statements: tuple[ShapedStatement, ...] = ()
    questions: tuple[OpenQuestion, ...] = ()
    set_aside: tuple[SetAside, ...] = ()
    answers: tuple[Answer, ...] = ()
    injections: tuple[InjectionReport, ...] = ()
