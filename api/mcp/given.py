"""What the MCP tools take and give, where the kernel's own records do not do."""

from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from alignment.contract import Change
from api.wire import PRINTED, AnswerLine, Body, ContractState, MaybeName, Moment, Name

Slug = Annotated[Name, Field(description="The search's short name, as list_searches tells it.")]
Person = Annotated[
    MaybeName,
    Field(
        description="For whom a service's key acts, by name, as the search knows them. A personal key acts for its person: leave it out."
    ),
]
Question = Annotated[str, StringConstraints(min_length=1, max_length=2000, pattern=r"^[^\x00]*$")]
Text = Annotated[str, StringConstraints(max_length=20_000, pattern=r"^[^\x00]*$")]
Candidate = Annotated[MaybeName, Field(description="The candidate's name; needed only where the search has several.")]


class ListSearches(Body):
    """Which searches the caller may see."""

    limit: int = Field(default=50, ge=1, le=200, description="How many at most.")
    cursor: str = Field(default="", max_length=600, pattern=r"^[A-Za-z0-9_-]*$", description="Where to go on: `next` of the answer before.")


class ReadContract(Body):
    """Which contract."""

    search: Slug
    version: int = Field(default=0, ge=0, le=100_000, description="Which version; 0 stands for the newest.")


class FindMoments(Body):
    """What to find the moment of, and where."""

    question: Question = Field(description='What to find, in words: "a conflict with another team".')
    search: MaybeName = Field(default="", description="Only in this search, by its short name. A personal key has to name one.")
    interview: MaybeName = Field(default="", description="Only in this interview of the search, by name.")
    role: Literal["", "candidate", "interviewer", "recruiter", "hiring_manager"] = Field(default="", description="Only what these say.")
    limit: int = Field(default=5, ge=1, le=50, description="How many moments at most.")


class AskReferee(Body):
    """A question about one candidate."""

    search: Slug
    question: Question = Field(description="One question, in a sentence or two; it may refer to the one before.")
    candidate: Candidate = ""
    thread: Annotated[str, StringConstraints(min_length=1, max_length=200, pattern=PRINTED)] = Field(
        default="main", description="Which of the asker's conversations goes on; each remembers what was asked before."
    )
    person: Person = ""


class ShapeFeedback(Body):
    """Feedback to be put on record and shaped, or what its interviewer answers to its claims."""

    search: Slug
    text: Text = Field(default="", description="New feedback, exactly as the interviewer wrote it.")
    interview: MaybeName = Field(default="", description="Which interview new feedback is on, by name; needed where they held several.")
    feedback: MaybeName = Field(default="", description="Feedback that is on record already, by name (F1) or id, to go on with.")
    words: Text = Field(default="", description='The interviewer\'s answer in words, by the numbers of the claims: "1 accept, 2 withdraw".')
    answers: tuple[AnswerLine, ...] = Field(default=(), max_length=200, description="The same claim by claim, by the ids in `waiting`.")
    person: Person = ""


class AskCorpus(Body):
    """A question over all searches of the organisation."""

    question: Question = Field(description='What to count or show: "where do candidates for a baker lose us on must-haves?".')


class Moments(Body):
    """The moments that answer a question, best first."""

    items: tuple[Moment, ...]


class ContractRead(ContractState):
    """A contract version with what follows from it, and what differs from the version before, with the reason."""

    changes: tuple[Change, ...]
