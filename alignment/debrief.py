"""The debrief: a panel's readings beside the record, and the findings that a talk should start from."""

from enum import StrEnum

from pydantic import Field

from alignment.citation import Citation
from alignment.contract import CriterionId
from alignment.feedback import Probing
from alignment.record import InterviewId, PersonId, Record, SearchId, StatementId, Text


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
    """One thing the panel should see; computed from statements, grades and probing, and cited."""

    kind: FindingKind
    text: Text
    criterion: CriterionId | None = None
    interviewers: tuple[PersonId, ...] = ()
    conflict: ConflictKind | None = None
    side: SupportedSide | None = None
    statements: tuple[StatementId, ...] = ()
    supporting: tuple[Citation, ...] = ()
    refuting: tuple[Citation, ...] = ()


class Cell(Record):
    """One interviewer's reading of one criterion: grade, shaped statements, and how it was probed."""

    criterion: CriterionId
    interviewer: PersonId
    interview: InterviewId
    probing: Probing
    grade: int | None = Field(default=None, ge=1, le=4)
    statements: tuple[StatementId, ...] = ()


class Debrief(Record):
    """The packet for one candidate of one search, under one contract version; it holds no recommendation."""

    search: SearchId
    candidate: PersonId
    contract_version: int
    matrix: tuple[Cell, ...] = ()
    findings: tuple[Finding, ...] = ()
