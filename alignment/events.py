"""What happened on record, and who is told of it: events, webhooks, and the log of what was sent where."""

from datetime import datetime, timedelta
from enum import StrEnum
from typing import NewType

from pydantic import Field

from alignment.record import OrganisationId, Record, Text

EventId = NewType("EventId", str)
WebhookId = NewType("WebhookId", str)

BACKOFF_S = (5, 30, 120, 600, 3600, 21600)
"""How long to wait after the first attempt that failed, after the second, and so on."""


class EventKind(StrEnum):
    """What can happen that another tool may want to hear of."""

    CONTRACT_AMENDED = "contract.amended"
    CONTRACT_SIGNED = "contract.signed"
    INTERVIEW_INGESTED = "interview.ingested"
    FEEDBACK_ADDED = "feedback.added"
    FEEDBACK_SHAPED = "feedback.shaped"
    SCORECARD_ADDED = "scorecard.added"
    ROUND_CLOSED = "round.closed"
    DEBRIEF_READY = "debrief.ready"


class Event(Record):
    """One thing that happened, without a word that anybody said: `data` holds ids and version numbers by name.

    `number` counts within the organisation, in the order in which things went on record; `at` is when this one did.
    """

    id: EventId
    organisation: OrganisationId
    number: int = 0
    kind: EventKind
    at: datetime
    data: dict[str, str] = Field(default_factory=dict)


class Webhook(Record):
    """An address that is told of an organisation's events of these kinds, from the moment it was made until it was ended."""

    id: WebhookId
    organisation: OrganisationId
    url: Text
    kinds: tuple[EventKind, ...] = Field(min_length=1)
    label: str = ""
    at: datetime
    ended_at: datetime | None = None


class Attempt(Record):
    """One line of a webhook's delivery log: which event was sent when, and how the other side answered.

    `number` counts the webhook's lines, `nth` the attempts at this event, both from 1. `status` is the HTTP status of the answer, None
    where there was none; `error` says why it does not count as delivered, and is empty where it does.
    """

    organisation: OrganisationId
    webhook: WebhookId
    event: EventId
    number: int = 0
    nth: int = 0
    at: datetime
    status: int | None = None
    error: str = ""
    took_s: float = Field(ge=0)

    def again_at(self, attempts: int) -> datetime | None:
        """When the event is sent once more; None where this one was delivered, or was the last of so many attempts."""
        if not self.error or self.nth >= min(attempts, len(BACKOFF_S) + 1):
            return None
        return self.at + timedelta(seconds=self.took_s + BACKOFF_S[self.nth - 1])
