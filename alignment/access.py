"""Who may call the API: keys with their scopes and the person they act for, and the log of what they read and changed."""

from datetime import datetime
from enum import StrEnum

from pydantic import Field

from alignment.record import KeyId, OrganisationId, PersonId, Record, Text


class Access(StrEnum):
    """What a key may do: read the record, write to it, and administer keys, webhooks and policies."""

    READ = "read"
    WRITE = "write"
    ADMIN = "admin"


class KeyRole(StrEnum):
    """On whose behalf a key acts: a hiring tool for many people, or one person in one capacity."""

    SERVICE = "service"
    RECRUITER = "recruiter"
    HIRING_MANAGER = "hiring_manager"
    INTERVIEWER = "interviewer"


class ApiKey(Record):
    """One key of one organisation, without its secret, which nobody has but its holder.

    `person` is whom it acts for: one person for a personal key, nobody in particular for a service's, which names somebody in each request.
    """

    id: KeyId
    organisation: OrganisationId
    role: KeyRole
    scopes: tuple[Access, ...] = Field(min_length=1)
    person: PersonId | None = None
    label: str = ""
    at: datetime
    revoked_at: datetime | None = None


class AuditEntry(Record):
    """One line of the audit log: which key, for whom, did what to what, when, and how it ended.

    `number` counts within the organisation. `action` is a verb and a route's pattern, `target` the path with its ids, `status` how it was
    answered, `detail` what else stood behind it: the contract version, the model, the hashes of its prompts. `chain` is a digest over this
    line and the chain of the one before, so that a line that was altered or taken out shows.
    """

    organisation: OrganisationId
    number: int
    at: datetime
    key: KeyId | None = None
    person: str = ""
    action: Text
    target: str = ""
    status: int
    request: str = ""
    detail: dict[str, str] = Field(default_factory=dict)
    chain: str = ""
