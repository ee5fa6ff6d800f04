"""The seam: the judgements that shaping needs, as typed async functions that rules or a model can fill in."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from pydantic import Field

from agents.seam import Judgement
from alignment.contract import CriterionId
from alignment.feedback import Polarity, Verdict
from alignment.record import Record


class CriterionView(Record):
    """One line of the contract as a judgement sees it.

    `said` is what was said of it at intake, `focus` whether this interviewer was asked to probe it, `panel` the names of those who
    were. `signals` are closenesses of the claim to the criterion, by name.
    """

    id: CriterionId
    spoken: str
    text: str
    said: str = ""
    focus: bool = False
    panel: tuple[str, ...] = ()
    signals: dict[str, float] = Field(default_factory=dict)


class MomentView(Record):
    """One stretch of the candidate's words under a short label (`u14`), with what was asked before it.

    `exchange` numbers the question and reply it belongs to; `order` runs from 0 (start of the interview) to 1 (its end). `signals`
    are closenesses and properties by name, standardised within the interview but for `closeness`, a raw cosine.
    """

    label: str
    speaker: str
    text: str
    minute: int | None = None
    asked: str = ""
    exchange: int = 0
    order: float = 0.0
    signals: dict[str, float] = Field(default_factory=dict)


class SplitIn(Record):
    """A piece of feedback to be split."""

    raw: str
    candidate: str


class ClaimDraft(Record):
    """One assertion: the characters [start, end) of the raw text."""

    start: int
    end: int
    polarity: Polarity


class SplitOut(Judgement):
    """The claims, in order."""

    claims: tuple[ClaimDraft, ...]


class ScreenIn(Record):
    """One claim's words; `signals` tell what kind of claim it reads like, as probabilities by name, where that was measured."""

    span: str
    signals: dict[str, float] = Field(default_factory=dict)


class ScreenOut(Judgement):
    """Whether the claim can be shaped: `verdict` is None where it can, else not_job_related or too_vague, with one sentence why."""

    verdict: Verdict | None = None
    why: str = ""


class TieIn(Record):
    """One claim, the contract's criteria, and the moments found for the claim, best first."""

    span: str
    polarity: Polarity
    criteria: tuple[CriterionView, ...]
    moments: tuple[MomentView, ...]
    signals: dict[str, float] = Field(default_factory=dict)


class TieOut(Judgement):
    """The criterion that the claim bears on, or None where it bears on none."""

    criterion: CriterionId | None


class WeighIn(Record):
    """One claim, its criterion, and the interview's moments that may bear on it."""

    span: str
    polarity: Polarity
    criterion: CriterionView | None
    moments: tuple[MomentView, ...]
    signals: dict[str, float] = Field(default_factory=dict)


class WeighOut(Judgement):
    """What the record says: the verdict, the labels of the moments that bear on it, best first, and whether that may be asserted.

    A statement rests on the first `resting` of them and cites no other; the rest are offered to choose from.

    `assertable` is False where the judge cannot tell a contradiction from a difference of opinion: the moment is shown and the
    interviewer is asked.
    """

    verdict: Verdict
    moments: tuple[str, ...]
    assertable: bool
    resting: int = Field(default=1, ge=1)


class DraftIn(Record):
    """What a statement or a question is drafted from: the claim, its criterion, the verdict, and the moments that it may quote.

    `candidate` is how the text may call the one who spoke: "the candidate" where the label is mapped, else the label itself. `wrong` is
    what an earlier draft was sent back for.
    """

    span: str
    polarity: Polarity
    criterion: CriterionView | None
    verdict: Verdict
    moments: tuple[MomentView, ...]
    candidate: str = "the candidate"
    wrong: tuple[str, ...] = ()


class Drafted(Judgement):
    """A drafted text; what it quotes must stand verbatim in its moments."""

    text: str


@dataclass(frozen=True)
class Judgements:
    """The judgements of one shaper, chosen once when the workbench opens; `by` names who judges."""

    by: str
    split_claims: Callable[[SplitIn], Awaitable[SplitOut]]
    screen_claim: Callable[[ScreenIn], Awaitable[ScreenOut]]
    tie_to_criterion: Callable[[TieIn], Awaitable[TieOut]]
    weigh_evidence: Callable[[WeighIn], Awaitable[WeighOut]]
    draft_statement: Callable[[DraftIn], Awaitable[Drafted]]
    draft_question: Callable[[DraftIn], Awaitable[Drafted]]
