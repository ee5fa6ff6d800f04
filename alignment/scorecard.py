"""The scorecard: one interviewer's grades of one interview, criterion by criterion."""

from datetime import datetime
from typing import Self

from pydantic import Field, model_validator

from alignment.contract import CriterionId
from alignment.record import InterviewId, OrganisationId, PersonId, Record, ScorecardId, SearchId


class Grade(Record):
    """1 to 4 on one criterion; on the deal-breaker, 4 means clear of it."""

    criterion: CriterionId
    grade: int = Field(ge=1, le=4)
    note: str = ""


class Scorecard(Record):
    """One interviewer's grades under one contract version; others read it only once their own is in."""

    id: ScorecardId
    organisation: OrganisationId
    search: SearchId
    interview: InterviewId
    interviewer: PersonId
    contract_version: int
    grades: tuple[Grade, ...]
    at: datetime

    @model_validator(mode="after")
    def _each_criterion_once(self) -> Self:
        ids = [g.criterion for g in self.grades]
        if len(ids) != len(set(ids)):
            raise ValueError("a criterion is graded twice on one scorecard")
        return self
