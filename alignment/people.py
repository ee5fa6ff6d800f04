"""Who takes part in a hiring search: organisations, people, roles, searches and their panels."""

from datetime import date, datetime
from enum import StrEnum

from alignment.contract import CriterionId
from alignment.record import InterviewId, OrganisationId, PersonId, Record, SearchId, Text


class Role(StrEnum):
    """What a person is in one search."""

    CANDIDATE = "candidate"
    INTERVIEWER = "interviewer"
    RECRUITER = "recruiter"
    HIRING_MANAGER = "hiring_manager"


class ConsentPolicy(StrEnum):
    """Whether an interview needs its consent in our record, was told of and may be objected to, or the organisation keeps it elsewhere."""

    REQUIRED = "required"
    OPT_OUT = "opt_out"
    RECORDED_ELSEWHERE = "recorded_elsewhere"


class Organisation(Record):
    """A tenant: nothing is read or written without naming one."""

    id: OrganisationId
    name: Text
    consent_policy: ConsentPolicy = ConsentPolicy.REQUIRED


class Person(Record):
    """One human being known to one organisation."""

    id: PersonId
    organisation: OrganisationId
    name: Text


class PanelSeat(Record):
    """One interviewer's place on a panel: which interview, and which criteria it is meant to probe."""

    person: PersonId
    name: Text
    stage: str = ""
    interview: InterviewId
    interview_name: str = ""
    focus: tuple[CriterionId, ...] = ()


class Search(Record):
    """One open role being hired for."""

    id: SearchId
    organisation: OrganisationId
    slug: Text
    title: Text
    role_family: str = ""
    company_kind: str = ""
    recruiter: Person | None = None
    hiring_manager: Person | None = None
    panel: tuple[PanelSeat, ...] = ()


class Consent(Record):
    """That somebody agreed to being recorded and processed: who, when, on what basis, for what."""

    person: PersonId | None
    at: datetime
    basis: Text
    scope: Text


class Interview(Record):
    """One conversation with one candidate; `region` says where the candidate is, as far as another policy on consents holds there."""

    id: InterviewId
    organisation: OrganisationId
    search: SearchId
    name: Text
    candidate: Person
    held_on: date | None = None
    consent: Consent | None = None
    contract_version: int | None = None
    region: str = ""
