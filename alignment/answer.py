"""An answer of the referee in the room: sentences that each show what they rest on, or say that the record does not hold it."""

from typing import Self

from pydantic import model_validator

from alignment.citation import Citation
from alignment.contract import CriterionId
from alignment.record import FeedbackId, PersonId, Record, ScorecardId, SearchId, Text


class Sentence(Record):
    """One sentence: what it asserts rests on citations, on scorecards and feedback by id, or on a line of the contract.

    `held` is False where it asserts nothing about anybody: it says that the record does not hold something, or what this room does not
    do.
    """

    text: Text
    citations: tuple[Citation, ...] = ()
    scorecards: tuple[ScorecardId, ...] = ()
    feedback: tuple[FeedbackId, ...] = ()
    criterion: CriterionId | None = None
    held: bool = True

    @model_validator(mode="after")
    def _rests_on_something(self) -> Self:
        if self.held and not (self.citations or self.scorecards or self.feedback or self.criterion):
            raise ValueError("a sentence shows what it rests on, or says that the record does not hold it")
        return self


class Answer(Record):
    """What came back to one question about one candidate.

    `number` counts the questions of its conversation, `kind` is how the question was understood, `about` the words it was looked up by.
    """

    search: SearchId
    candidate: PersonId
    contract_version: int
    number: int
    question: str
    kind: str
    about: str = ""
    sentences: tuple[Sentence, ...]
