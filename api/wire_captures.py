"""What responses tell of captures."""

from datetime import date, datetime
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from alignment.capture import CaptureState, Step
from api.wire import PRINTED, Body, MaybeName, MaybeRegion


class Told(BaseModel):
    """What a response tells; a field that is not known is a fault of ours."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class StepTold(Told):
    """One step of a capture: `code` is the transcript's id at the end, or what it failed of."""

    step: Step
    at: datetime
    code: str = ""


class DoubtTold(Told):
    """Words that were not heard clearly, where they stand, and how probable they are."""

    text: str
    start: int
    end: int
    confidence: float


class SaidTold(Told):
    """One utterance as it was heard; `confidence` is the mean probability of its words, null where a person corrected it.

    `attribution` is how sure it is who said it, where voices in one channel were told apart or a conference tool's track names them.
    """

    speaker: str
    start_s: float | None
    end_s: float | None
    text: str
    confidence: float | None
    attribution: float | None = Field(default=None, exclude_if=lambda sure: sure is None)
    doubts: tuple[DoubtTold, ...] = Field(default=(), exclude_if=lambda doubts: not doubts)


class CaptureTold(Told):
    """How a capture stands: seconds of the recording that are done, and of how many; in the end its transcript, too, where one is asked."""

    capture: str
    interview: str
    state: CaptureState
    done_s: float
    of_s: float | None
    attempt: int
    why: str
    notes: str
    recording: str
    language: str | None
    by: str
    steps: tuple[StepTold, ...]
    transcript: str = ""
    version: int | None = None
    utterances: tuple[SaidTold, ...] | None = None


class Elsewhere(Body):
    """A recording that lies at an address; `bearer` is what that asks for, and is neither kept nor logged."""

    url: Annotated[str, StringConstraints(min_length=8, max_length=2000, pattern=PRINTED)]
    bearer: Annotated[str, StringConstraints(max_length=4000, pattern=r"^[!-~]*$")] = ""
    candidate: MaybeName = ""
    held_on: date | None = None
    consent: MaybeName = ""
    region: MaybeRegion = ""
    language: Annotated[str, StringConstraints(max_length=12, pattern=r"^[a-z-]*$")] = ""
    correction: Annotated[str, StringConstraints(strip_whitespace=True, max_length=600, pattern=PRINTED)] = ""
    speakers: dict[MaybeName, MaybeName] = Field(default_factory=dict, max_length=50)
