"""What a live intake remembers between its turns: plain values only, words and where they were said, never citations."""

from typing import Any, NotRequired, TypedDict

from agents.intake_agent.judgements import Held, LineKind
from agents.intake_agent.rules.telling import says_nothing, without_lead
from agents.intake_agent.rules.wishes import is_untestable, is_vague

UNSEEN = "Nobody could say what one would see that shows it"


class TurnState(TypedDict):
    """One thing said: by a side, or by Plumbline where `by` is empty; `at` is when, in ISO 8601, `key` what its speaker calls it."""

    by: str
    text: str
    at: str
    key: NotRequired[str]


class WordsState(TypedDict):
    """Words of one turn, as they stand there."""

    turn: int
    words: str


class LineState(TypedDict):
    """One line on its way: `status` is stands, proposed (the recruiter's alone), denial, demoted or declined; `said` is what it rests on.

    `seen` is what one would see or hear that shows it, `kept` whether it was chosen among too many, `reason` why it no longer stands.
    """

    label: str
    kind: str
    by: str
    status: str
    said: list[WordsState]
    seen: WordsState | None
    kept: bool
    reason: str


class PendingState(TypedDict):
    """The question that waits: its number, what it is for, which lines it is about, whom it is put to, and its words."""

    n: int
    move: str
    about: list[str]
    to: str
    text: str


class ConflictState(TypedDict):
    """Two lines that contradict each other, by their labels."""

    lines: list[str]
    settled: bool


class SignatureState(TypedDict):
    """One side's yes, and when it was given."""

    side: str
    at: str


class IntakeState(TypedDict, total=False):
    """A whole session; `silent` counts answers that said nothing, `asked` questions, both by what they were for."""

    people: dict[str, str]
    turns: list[TurnState]
    lines: list[LineState]
    conflicts: list[ConflictState]
    pending: PendingState | None
    asked: dict[str, int]
    silent: dict[str, int]
    agreed: bool
    signatures: list[SignatureState]
    judged: list[dict[str, Any]]
    done: str


def of_kind(state: IntakeState, kind: LineKind, *statuses: str) -> list[LineState]:
    """The lines of that kind in their order, those that stand unless other statuses are named."""
    return [x for x in state["lines"] if x["kind"] == kind.value and x["status"] in (statuses or ("stands",))]


def line_called(state: IntakeState, label: str) -> LineState | None:
    """The line with that label."""
    return next((x for x in state["lines"] if x["label"] == label), None)


def words_of(line: LineState) -> str:
    """The words that a line is known by: those in which it was first said."""
    return line["said"][0]["words"]


def shows_nothing(line: LineState) -> bool:
    """Whether nobody could see what it wishes for, and nobody has said yet what one would see."""
    return not line["seen"] and (is_vague(words_of(line)) or is_untestable(words_of(line)))


def text_of(line: LineState) -> str:
    """The words that a line stands on the contract with: a trade with what it is for, and of a vague wish what one would see."""
    if line["kind"] == LineKind.TRADE_OFF.value:
        return " ".join(without_lead(w["words"]) for w in line["said"] if not says_nothing(w["words"])) or words_of(line)
    return without_lead(line["seen"]["words"] if line["seen"] and is_vague(words_of(line)) else words_of(line))


def held_by(state: IntakeState) -> tuple[Held, ...]:
    """What stands, or stands in question, as a judge is told of it."""
    live = [x for x in state["lines"] if x["status"] in ("stands", "proposed", "denial") and x["kind"] in _KINDS]
    return tuple(Held(label=x["label"], kind=LineKind(x["kind"]), text=words_of(x)) for x in live)


_KINDS = frozenset({LineKind.MUST_HAVE.value, LineKind.TRADE_OFF.value, LineKind.DEAL_BREAKER.value})
