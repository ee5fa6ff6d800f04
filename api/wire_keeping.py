"""What requests carry and responses wrap about what is kept and for how long: consents, erasures, holds, retention."""

from typing import Annotated

from pydantic import Field, StringConstraints

from agents.retention import Come
from alignment.erasing import Erasure, Hold, RetentionRule
from alignment.people import Consent, ConsentPolicy
from alignment.redaction import Parts
from api.wire import PRINTED, Acting, Body, Line, MaybeName, Slug

Reason = Annotated[Line, Field(description="Why, in a case's or a rule's words: it stays on record, and may not name the candidate.")]


class Withdrawn(Acting):
    """Why a consent is withdrawn, or an objection made."""

    reason: Reason


class ToErase(Acting):
    """What is to be erased: an interview of a search, or a person, by name or id; and why."""

    search: Annotated[str, StringConstraints(max_length=100)] = ""
    interview: Annotated[str, StringConstraints(max_length=200, pattern=PRINTED)] = ""
    person: MaybeName = ""
    reason: Reason


UtteranceRun = Annotated[str, StringConstraints(pattern=r"^u\d{1,6}(-u\d{1,6})?$"), Field(description="u12, or u12-u14.")]
Second = Annotated[float, Field(ge=0, le=14_400)]


class ToLookAt(Body):
    """What is to be struck out: times in seconds, utterances, words wherever they are said in a row."""

    times: tuple[tuple[Second, Second], ...] = Field(default=(), max_length=50)
    utterances: tuple[UtteranceRun, ...] = Field(default=(), max_length=50)
    words: tuple[Annotated[str, StringConstraints(min_length=1, max_length=500)], ...] = Field(default=(), max_length=50)

    @property
    def parts(self) -> Parts:
        """The parts as they are told inside."""
        return Parts(times=self.times, utterances=tuple(run_of(u) for u in self.utterances), words=self.words)


class ToRedact(ToLookAt, Acting):
    """What is to be struck out, and why."""

    reason: Reason


def run_of(told: str) -> tuple[int, int]:
    """The first and last index of u12, or of u12-u14."""
    first, _, last = told.partition("-")
    return int(first.removeprefix("u")), int((last or first).removeprefix("u"))


class ToHold(Acting):
    """Which interview is held, and why."""

    search: Slug
    interview: Annotated[str, StringConstraints(min_length=1, max_length=200, pattern=PRINTED)]
    reason: Reason


class Lifted(Body):
    """A hold with its end, and the receipts of what had waited for it."""

    hold: Hold
    erased: tuple[Erasure, ...]


class Days(Acting):
    """After how many days it goes."""

    days: int = Field(ge=1, le=36_500)


class Rules(Body):
    """The organisation's rules of retention."""

    rules: tuple[RetentionRule, ...]


class ToApply(Acting):
    """Whether the rules are applied, or only told what that would do."""

    dry_run: bool = False


class Applied(Body):
    """What has come to its age, and what became of it."""

    come: tuple[Come, ...]


class Consents(Body):
    """An interview's consents, the newest last, and the erasures that reach it: after a withdrawal it needs a newer consent."""

    interview: str
    region: str
    consents: tuple[Consent, ...]
    erasures: tuple[Erasure, ...]


class Regions(Body):
    """The regions in which another policy on consents holds than the organisation's own."""

    regions: dict[str, ConsentPolicy]
