"""The debrief: a panel's readings beside the record, and the findings that a talk should start from."""

from enum import StrEnum

from pydantic import Field

from alignment.citation import Citation
from alignment.contract import CriterionId
from alignment.feedback import InjectionReport, Probing
from alignment.record import ClaimId, FeedbackId, InterviewId, PersonId, Record, SearchId, StatementId, Text


class FindingKind(StrEnum):
    """What a finding is about."""

    CONFLICT = "conflict"
    MISSING_SIGNAL = "missing_signal"
    OVER_INDEXING = "over_indexing"
    DRIFT = "drift"
    UNSUPPORTED = "unsupported"


class ConflictKind(StrEnum):
    """Why two interviewers read one criterion apart."""

    DIFFERENT_FACTS = "different facts"
    DIFFERENT_WEIGHT = "same facts weighed differently"
    DIFFERENT_QUESTION = "different question asked"
    NO_EVIDENCE = "no evidence on either side"


class SupportedSide(StrEnum):
    """Which side of a conflict the record supports."""

    FOR = "for"
    AGAINST = "against"
    NEITHER = "neither"
    BOTH_PARTLY = "both_partly"


class Finding(Record):
    """One thing the panel should see; computed from claims, grades and probing, and cited.

    `on_side` and `against` are who reads the criterion which way in a conflict, `claims`, `statements` and `feedback` what the finding
    rests on, `question` what could still be asked and `asker` who could ask it. It repeats no remark that is not about the job.
    """

    kind: FindingKind
    text: Text
    criterion: CriterionId | None = None
    interviewers: tuple[PersonId, ...] = ()
    on_side: tuple[PersonId, ...] = ()
    against: tuple[PersonId, ...] = ()
    conflict: ConflictKind | None = None
    side: SupportedSide | None = None
    probing: Probing | None = None
    claims: tuple[ClaimId, ...] = ()
    statements: tuple[StatementId, ...] = ()
    feedback: tuple[FeedbackId, ...] = ()
    supporting: tuple[Citation, ...] = ()
    refuting: tuple[Citation, ...] = ()
    question: str = ""
    asker: PersonId | None = None


class Cell(Record):
    """One interviewer's reading of one criterion: grade, claims and statements, and how it was probed in that interview.

    `asked` is the question that comes nearest to it there, where one was put.
    """

    criterion: CriterionId
    interviewer: PersonId
    interview: InterviewId
    probing: Probing
    grade: int | None = Field(default=None, ge=1, le=4)
    claims: tuple[ClaimId, ...] = ()
    statements: tuple[StatementId, ...] = ()
    asked: Citation | None = None


class Rating(Record):
    """The panel's grades of one criterion, combined mechanically: the middle one and how far they lie apart; there is no total."""

    criterion: CriterionId
    grades: tuple[int, ...]
    median: float
    spread: int


class Debrief(Record):
    """The packet for one candidate of one search, under one contract version; it holds no recommendation.

    `captured` is the share of claims about the job that rest on captured signal, None where there is no claim; `waiting` are
    interviewers of whom a scorecard is not in, `reworded` counts grades that were given on another wording of a criterion and are left out.
    """

    search: SearchId
    candidate: PersonId
    contract_version: int
    matrix: tuple[Cell, ...] = ()
    ratings: tuple[Rating, ...] = ()
    findings: tuple[Finding, ...] = ()
    injections: tuple[InjectionReport, ...] = ()
    captured: float | None = None
    waiting: tuple[PersonId, ...] = ()
    reworded: int = 0
