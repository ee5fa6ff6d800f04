"""What requests carry and responses wrap for whoever administers an organisation or runs the server."""

from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from alignment.access import Access, ApiKey, KeyRole
from alignment.events import EventKind, Webhook
from alignment.people import ConsentPolicy, Organisation
from api.wire import PRINTED, Body, MaybeName


class Policy(Body):
    """The organisation's policy on consents."""

    consent_policy: ConsentPolicy


class NewKey(Body):
    """A key to be made; a personal one names its person."""

    role: KeyRole = KeyRole.SERVICE
    scopes: tuple[Access, ...] = Field(min_length=1, max_length=3)
    person: MaybeName = ""
    label: MaybeName = ""


class MadeKey(Body):
    """A key as it is told once: `secret` is shown here and nowhere again."""

    key: ApiKey
    secret: str


class NewWebhook(Body):
    """An address to be told of what happens; of every kind where none is named."""

    url: Annotated[str, StringConstraints(min_length=1, max_length=2000, pattern=PRINTED)]
    kinds: tuple[EventKind, ...] = Field(default=(), max_length=20)
    label: MaybeName = ""


class MadeWebhook(Body):
    """A webhook as it is told once: `secret` signs what is sent, and is shown here and nowhere again."""

    webhook: Webhook
    secret: str


class Health(Body):
    """Whether the process lives, or is ready, and what of it is not."""

    status: Literal["ok", "stopping", "failing"]
    parts: dict[str, str] = Field(default_factory=dict)


class OrganisationState(Body):
    """The caller's organisation, and what its key may do."""

    organisation: Organisation
    key: ApiKey
    person: str


class Chain(Body):
    """Whether the audit log is whole: `broken_at` is the first line that does not follow from the one before."""

    whole: bool
    broken_at: int | None
