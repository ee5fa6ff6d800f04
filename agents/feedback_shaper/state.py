"""What a shaping conversation remembers between its steps: plain values only, quotes and labels, never citations."""

from typing import Any, TypedDict


class QuoteState(TypedDict):
    """A claimed quote, to be verified anew whenever the conversation is loaded."""

    text: str
    speaker: str
    utterances: list[int]


class ClaimState(TypedDict):
    """One claim on its way: `signals` are what kind of claim it reads like, `verdict` is empty until judged,
    `text` is a statement where `asserted`, else a question; `judged` has who made each judgement, `doubted` whether a model and the
    rules read the claim itself apart."""

    id: str
    span: str
    start: int
    end: int
    polarity: str
    signals: dict[str, float]
    criterion: str | None
    verdict: str
    why: str
    asserted: bool
    labels: list[str]
    resting: int
    quotes: list[QuoteState]
    asked: list[QuoteState]
    text: str
    notes: list[str]
    reply: str
    edited: bool
    judged: dict[str, dict[str, Any]]
    doubted: bool


class InjectionState(TypedDict):
    """Words that address an AI reader, in the feedback (`utterance` is None) or in one utterance of the transcript."""

    words: str
    utterance: int | None
    speaker: str


class ShaperState(TypedDict, total=False):
    """The conversation about one piece of feedback; `problems` are what the last replies could not be taken for.

    `keys` has what the interviewer's tool calls each sending of answers, with a digest of them.
    """

    feedback: str
    raw: str
    claims: list[ClaimState]
    injections: list[InjectionState]
    answers: list[dict[str, Any]]
    problems: list[dict[str, str]]
    keys: dict[str, str]
