"""Captures: a recording on its way to a transcript on record, and how far it has come."""

from collections.abc import Sequence
from datetime import datetime
from enum import StrEnum

from pydantic import Field

from alignment.record import CaptureId, InterviewId, OrganisationId, Record


class Recording(Record):
    """The sound of an interview as it was recorded: its content by digest (SHA-256), its size in bytes, its length where it is known."""

    organisation: OrganisationId
    interview: InterviewId
    digest: str
    size: int = Field(ge=1)
    kind: str
    length_s: float | None = None
    at: datetime


class Capture(Record):
    """The order to hear one recording of one interview; the same recording of the same interview is the same capture.

    `language` is a code such as `en`, None to be found; `mapping` says who a label of the transcript stands for, and `correction` why
    it is the next version of a transcript that is there already.
    """

    id: CaptureId
    organisation: OrganisationId
    interview: InterviewId
    digest: str
    language: str | None = None
    mapping: dict[str, str] = Field(default_factory=dict)
    correction: str = ""
    by: str
    at: datetime


class Step(StrEnum):
    """What befell a capture."""

    ASKED = "asked"  # it waits for its turn, for the first time or once more
    BEGUN = "begun"  # a worker took it up
    SURVEYED = "surveyed"  # the whole recording was decoded once
    HEARD = "heard"  # one more stretch was transcribed
    LAID_DOWN = "laid_down"  # whoever was at it ended, or met what may pass by itself; it waits for its turn again
    KEPT = "kept"  # its transcript is on record and indexed: the end
    FAILED = "failed"  # it cannot go on: `code` and `told` say why
    CANCELLED = "cancelled"  # somebody stopped it


class Happened(Record):
    """One step of one capture: seconds of the recording that are done, and of how many."""

    at: datetime
    step: Step
    done_s: float | None = None
    of_s: float | None = None
    code: str = ""
    told: str = ""


class CaptureState(StrEnum):
    """How a capture stands, by what befell it last."""

    WAITING = "waiting"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"
    CANCELLED = "cancelled"


_STATES = {
    Step.ASKED: CaptureState.WAITING,
    Step.LAID_DOWN: CaptureState.WAITING,
    Step.KEPT: CaptureState.DONE,
    Step.FAILED: CaptureState.FAILED,
    Step.CANCELLED: CaptureState.CANCELLED,
}
OVER = frozenset({CaptureState.DONE, CaptureState.FAILED, CaptureState.CANCELLED})


class Progress(Record):
    """A capture with everything that befell it, oldest first."""

    capture: Capture
    steps: tuple[Happened, ...]

    @property
    def state(self) -> CaptureState:
        """How it stands."""
        return state_of([s.step for s in self.steps])

    @property
    def done_s(self) -> float:
        """Seconds of the recording that are transcribed."""
        return max((s.done_s or 0.0 for s in self.steps), default=0.0)

    @property
    def of_s(self) -> float | None:
        """How long the recording is, once that is known."""
        return next((s.of_s for s in reversed(self.steps) if s.of_s is not None), None)

    @property
    def attempt(self) -> int:
        """How often it was asked for: 1 at first."""
        return sum(s.step is Step.ASKED for s in self.steps)

    @property
    def notes(self) -> str:
        """What whoever uses the transcript should read first, such as that most words are guesses."""
        return self.steps[-1].told if self.state is CaptureState.DONE else ""

    @property
    def why(self) -> str:
        """Why it failed, in a sentence; empty where it did not."""
        return self.steps[-1].told if self.state is CaptureState.FAILED else ""


def state_of(steps: Sequence[Step]) -> CaptureState:
    """How a capture stands to which these befell, oldest first."""
    return _STATES.get(steps[-1], CaptureState.RUNNING) if steps else CaptureState.WAITING


def begun_in_vain(steps: Sequence[Step]) -> int:
    """How often in a row its process ended with it: it was taken up, came no further, and nobody laid it down."""
    count = 0
    for step in reversed(steps):
        if step in (Step.HEARD, Step.ASKED, Step.LAID_DOWN):
            break
        count += step is Step.BEGUN
    return count
