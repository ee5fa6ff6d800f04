"""What is kept and for how long: erasures with their receipts, legal holds, and rules of retention."""

from datetime import datetime
from enum import StrEnum
from typing import NewType

from pydantic import Field

from alignment.record import CaptureId, FeedbackId, InterviewId, OrganisationId, PersonId, Record, SearchId, Text

ErasureId = NewType("ErasureId", str)
HoldId = NewType("HoldId", str)
Span = tuple[float, float]
"""From when to when, in seconds."""


class ErasureKind(StrEnum):
    """Why something was erased."""

    INTERVIEW = "interview"  # an operator erased one interview
    PERSON = "person"  # an operator erased everything of one candidate
    WITHDRAWAL = "withdrawal"  # the candidate withdrew, or objected
    RETENTION = "retention"  # the interview had come to its age
    RECORDINGS = "recordings"  # its recordings had; the transcript stays
    REDACTION = "redaction"  # parts of it were struck out; the rest stays


CANDIDATES_WILL = frozenset({ErasureKind.PERSON, ErasureKind.WITHDRAWAL})
"""After these nothing of the interview is processed again without a consent given later."""

PARTIAL = frozenset({ErasureKind.RECORDINGS, ErasureKind.REDACTION})
"""After these the interview is still there."""


class Erasure(Record):
    """An erasure as its receipt tells it: opaque ids and counts by store, and no word or name of what is gone.

    `subject` is the interview, or the person; `reason` is the operator's own. Without `done_at` it is not finished: what it names takes
    nothing new, and whoever opens the record next finishes it, unless a legal hold makes it wait.
    """

    id: ErasureId
    organisation: OrganisationId
    kind: ErasureKind
    subject: str
    interviews: tuple[InterviewId, ...] = ()
    by: Text
    reason: Text
    at: datetime
    counts: dict[str, int] = Field(default_factory=dict)
    done_at: datetime | None = None


class Struck(Record):
    """The characters [start, end) of one utterance."""

    utterance: int = Field(ge=0)
    start: int = Field(ge=0)
    end: int


class Redacted(Record):
    """What a redaction strikes out: characters of that version of the transcript (0: there is none), and times of the recording kept."""

    version: int
    struck: tuple[Struck, ...] = ()
    silent: tuple[Span, ...] = ()
    recording: str = ""


class Plan(Record):
    """What an erasure reaches, by ids alone; written down before the first of it is gone.

    `rooms` are the searches and candidates whose conversations with the referee go, `intakes` the searches whose intake quotes it, `citing`
    feedback on other interviews that cites it, `person` whose name goes where nothing else refers to it, and `parts` what goes where
    not all does.
    """

    interviews: tuple[InterviewId, ...] = ()
    feedback: tuple[FeedbackId, ...] = ()
    citing: tuple[FeedbackId, ...] = ()
    captures: tuple[CaptureId, ...] = ()
    digests: tuple[str, ...] = ()
    rooms: tuple[tuple[SearchId, PersonId], ...] = ()
    intakes: tuple[SearchId, ...] = ()
    person: PersonId | None = None
    parts: Redacted | None = None


class Hold(Record):
    """A legal hold: while it lasts nothing of the interview is erased."""

    id: HoldId
    organisation: OrganisationId
    interview: InterviewId
    by: Text
    reason: Text
    at: datetime
    lifted_at: datetime | None = None


class Kept(StrEnum):
    """What a rule of retention can be about."""

    RECORDINGS = "recordings"
    INTERVIEWS = "interviews"


class RetentionRule(Record):
    """After how many days something goes: recordings from when they came in, interviews from when they were held."""

    organisation: OrganisationId
    what: Kept
    days: int = Field(ge=1, le=36_500)
    by: Text
    at: datetime
