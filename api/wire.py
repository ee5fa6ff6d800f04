"""What requests carry and what responses wrap, where the kernel's own records do not do: names as people give them, and what is derived."""

from collections import Counter
from collections.abc import Sequence
from datetime import date
from typing import Annotated, Any, Self

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, StringConstraints, model_validator

from alignment.contract import Change, Contract, CriterionId
from alignment.conversation import Waiting
from alignment.feedback import Feedback, Reply, Shaping
from alignment.scorecard import Grade

# What goes on record: nothing that a database cannot keep, and no name that is nothing but space.
PRINTED = r"^[^\x00-\x1f\x7f]*$"
Name = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=200, pattern=PRINTED)]
MaybeName = Annotated[str, StringConstraints(strip_whitespace=True, max_length=200, pattern=PRINTED)]
# No name begins with a dot: an address has no place for one that is nothing but dots.
Slug = Annotated[str, StringConstraints(min_length=1, max_length=100, pattern=r"^[\w-][\w.-]*$")]
MaybeRegion = Annotated[str, StringConstraints(max_length=20, pattern=r"^([A-Za-z][A-Za-z0-9-]*)?$")]
Words = Annotated[str, StringConstraints(min_length=1, max_length=20_000, pattern=r"^[^\x00]*$")]
Line = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=600, pattern=PRINTED)]
Spoken = Annotated[str, Field(description="For whom a service's key acts, by name; a personal key acts for its own person.")]


class Body(BaseModel):
    """What a request carries; a field that is not known is refused."""

    model_config = ConfigDict(extra="forbid", frozen=True)


def _once(what: str, named: Sequence[str]) -> None:
    twice = next((name for name, n in Counter(named).items() if n > 1), None)
    if twice is not None:
        raise ValueError(f"{twice} stands twice among the {what}")


class Seat(Body):
    """An interviewer's place: which interview, and which criteria it is to probe."""

    person: Name
    interview: Slug
    stage: MaybeName = ""
    focus: tuple[CriterionId, ...] = Field(default=(), max_length=6)


class CriterionLine(Body):
    """One line of a contract, in words."""

    id: CriterionId
    text: Line
    shown_by: Annotated[str, StringConstraints(max_length=4000, pattern=PRINTED)] = ""


class NewSearch(Body):
    """A search to be opened, with its panel and what is known of its contract."""

    slug: Slug
    title: Name
    recruiter: MaybeName = ""
    hiring_manager: MaybeName = ""
    role_family: MaybeName = ""
    company_kind: MaybeName = ""
    panel: tuple[Seat, ...] = Field(default=(), max_length=50)
    criteria: tuple[CriterionLine, ...] = Field(default=(), max_length=6)
    contract_version: int = Field(default=1, ge=1, le=100_000, description="The number of its first contract version.")

    @model_validator(mode="after")
    def _each_once(self) -> Self:
        _once("criteria", [c.id for c in self.criteria])
        _once("panel", [f"{s.person} in {s.interview}" for s in self.panel])
        return self


class ContractState(Body):
    """A contract version, and what follows from it: who signed exactly this wording, whether both sides did, which lines are missing."""

    contract: Contract
    signed: bool
    signed_by: tuple[str, ...]
    gaps: tuple[CriterionId, ...]


class Drafted(ContractState):
    """The draft that a call came to, what of the call is not on it and why, and who judged."""

    unverified: tuple[str, ...]
    injections: tuple[str, ...]
    judged: dict[str, Any]


class Amendment(Body):
    """Other wording for some lines, in the hiring manager's words, and why."""

    acting: Spoken = Field(default="", alias="as", max_length=200)
    changes: dict[CriterionId, Line] = Field(min_length=1)
    reason: Line


class Acting(Body):
    """For whom the request acts."""

    acting: Spoken = Field(default="", alias="as", max_length=200)


class Changes(Body):
    """How two contract versions differ."""

    older: int
    newer: int
    reason: str
    changes: tuple[Change, ...]


class Answered(Acting):
    """An answer of one side to the intake's question of that number."""

    text: Words
    to: int = Field(ge=0, le=100_000)


class IntakeState(Body):
    """Where an intake stands.

    `pending` is the question that waits, with its number `n`; `ended` how it ended, empty while it goes on.
    """

    pending: dict[str, Any] | None
    waiting: tuple[Waiting, ...]
    turns: tuple[dict[str, Any], ...]
    draft: str
    missing: tuple[str, ...]
    done: bool
    ended: str
    contract: ContractState | None


class NewConsent(Body):
    """That the candidate agreed, on which basis, when and to what; `recorded-elsewhere` where another system keeps it.

    The basis `notice` says that they were told and may object.
    """

    basis: Name
    scope: MaybeName = ""
    at: AwareDatetime | None = None


class NewInterview(Body):
    """An interview to be put on record."""

    name: Slug
    candidate: Name
    held_on: date | None = None
    consent: MaybeName = ""
    region: MaybeRegion = ""


class NewFeedback(Acting):
    """What an interviewer wrote, word for word."""

    interview: Slug
    text: Words
    name: Annotated[str, StringConstraints(max_length=100, pattern=r"^[\w.-]*$")] = ""


class AnswerLine(Body):
    """An interviewer's decision on one claim; `chosen` counts the shown moments from 1."""

    claim: Annotated[str, StringConstraints(min_length=1, max_length=200)]
    reply: Reply
    text: Annotated[str, StringConstraints(max_length=4000, pattern=r"^[^\x00]*$")] = ""
    chosen: int | None = Field(default=None, ge=1, le=100)


class Answers(Acting):
    """An interviewer's decisions."""

    answers: tuple[AnswerLine, ...] = Field(min_length=1, max_length=200)


class Shaped(Body):
    """Where a piece of feedback stands: what waits for its interviewer, what could not be taken, and the result once all is settled."""

    thread: str
    feedback: Feedback
    claims: tuple[dict[str, Any], ...]
    waiting: tuple[Waiting, ...]
    problems: tuple[dict[str, str], ...]
    shaping: Shaping | None


class FeedbackState(Body):
    """A piece of feedback, by the names of its interview and its interviewer, and whether it is settled."""

    feedback: Feedback
    interview: str
    interviewer: str
    shaped: bool


class NewScorecard(Acting):
    """One interviewer's grades of one interview."""

    interview: Slug
    grades: tuple[Grade, ...] = Field(min_length=1, max_length=6)

    @model_validator(mode="after")
    def _each_once(self) -> Self:
        _once("grades", [g.criterion for g in self.grades])
        return self


class ClosedRound(Acting):
    """Whose round the recruiter closes, with scorecards missing."""

    candidate: MaybeName = ""


class Question(Acting):
    """A question to the referee about one candidate; `thread` names the conversation that goes on."""

    question: Words
    candidate: MaybeName = ""
    thread: Annotated[str, StringConstraints(min_length=1, max_length=200, pattern=PRINTED)] = "main"


class CorpusQuestion(Body):
    """A question over all searches of the organisation."""

    question: Words


class TakenIn(Body):
    """What became of a transcript: its version, whether that is new, labels nobody is known by, statements no longer borne out."""

    interview: str
    transcript: str
    version: int
    format: str
    utterances: int
    new: bool
    unmapped: tuple[str, ...]
    broken: tuple[str, ...]


class Moment(Body):
    """A moment of the record that answers a question, with what was said around it."""

    search: str
    interview: str
    candidate: str
    speaker: str
    label: str
    utterance: str
    first: int
    start_s: float | None
    end_s: float | None
    text: str
    before: tuple[dict[str, str], ...]
    after: tuple[dict[str, str], ...]
    score: float
