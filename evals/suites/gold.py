"""Gold answers of search folders as the scorers need them, checked when they are read: a mistake in them is no failure of the product."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, Field, StringConstraints, ValidationError, model_validator

from alignment.contract import CRITERION_IDS
from alignment.errors import BadRequest
from evals.sources import read_rows

BORNE = ("supported", "contradicted")
Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]
Second = Annotated[float, Field(ge=0, allow_inf_nan=False, strict=True)]


def _forward(span: tuple[float, float]) -> tuple[float, float]:
    if span[0] >= span[1]:
        raise ValueError(f"it ends at {span[1]:g} s, which is not after its start")
    return span


def _of_contract(criterion: str) -> str:
    if criterion not in CRITERION_IDS:
        raise ValueError(f"it is none of {', '.join(CRITERION_IDS)}")
    return criterion


Span = Annotated[tuple[Second, Second], AfterValidator(_forward)]
Criterion = Annotated[str, AfterValidator(_of_contract)]


class Claim(BaseModel):
    """What somebody claims in feedback, and what the record makes of it."""

    span: Text
    verdict: Literal["supported", "contradicted", "no_evidence", "not_job_related", "too_vague"]
    polarity: Literal["positive", "negative", "mixed"] | None = None
    criterion: Criterion | None = None
    moments: list[Span] | None = None

    @model_validator(mode="after")
    def _has_polarity(self) -> "Claim":
        if self.verdict in BORNE and self.polarity is None:
            raise ValueError(f"polarity is missing, and what is {self.verdict} needs one (positive, negative or mixed)")
        return self


class Feedback(BaseModel):
    """A line of `gold/feedback.jsonl`."""

    id: Text
    claims: list[Claim]


class Placed(BaseModel):
    """A stretch of one interview that speaks for or against."""

    interview: Text
    start_s: Second
    end_s: Second
    shows: Literal["for", "against"] | None = None


class Conflict(BaseModel):
    """Two who grade one criterion apart."""

    criterion: Criterion
    supported_side: Literal["for", "against", "neither", "both_partly"]
    moments: list[Placed] = Field(default_factory=list)


class Missing(BaseModel):
    """A criterion that nobody has heard about."""

    criterion: Criterion


class Injection(BaseModel):
    """Where somebody speaks to the program: in feedback, or in a stretch of an interview."""

    feedback: Text | None = None
    interview: Text | None = None
    start_s: Second | None = None
    end_s: Second | None = None

    @model_validator(mode="after")
    def _is_somewhere(self) -> "Injection":
        if not self.feedback and (self.interview is None or self.start_s is None or self.end_s is None):
            raise ValueError("it names neither feedback nor interview, start_s and end_s")
        return self


class Debrief(BaseModel):
    """`gold/debrief.json`."""

    conflicts: list[Conflict] = Field(default_factory=list)
    missing: list[Missing] = Field(default_factory=list)
    over_indexing: list[dict[str, Any]] = Field(default_factory=list)
    drift: list[dict[str, Any]] = Field(default_factory=list)
    injections: list[Injection] = Field(default_factory=list)


class Line(BaseModel):
    """What a contract holds, and where in the call it was settled."""

    said_at: list[Span] | None = None


class Contract(BaseModel):
    """`gold/contract.json`, as far as a draft is held against it."""

    must_haves: list[Line] | None = None
    trade_offs: list[Line] | None = None
    deal_breaker: Line | None = None
    rejected: list[Line] | None = None
    incentives: dict[str, Line | None] | None = None


def feedback_in(path: Path) -> list[dict[str, Any]]:
    """The lines of gold feedback; BadRequest with file, line and field where one cannot be scored against."""
    rows = list(read_rows(path))
    for number, row in rows:
        _checked(Feedback, row, f"{path}, line {number}")
    return [row for _, row in rows]


def debrief_in(path: Path) -> dict[str, Any]:
    """The gold debrief; BadRequest with file and field where it cannot be scored against."""
    return _checked(Debrief, told_in(path), str(path))


def contract_in(path: Path) -> dict[str, Any]:
    """The gold contract; BadRequest with file and field where it cannot be scored against."""
    return _checked(Contract, told_in(path), str(path))


def told_in(path: Path) -> dict[str, Any]:
    """The JSON object in a file; BadRequest where it holds none."""
    try:
        told = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as e:
        raise BadRequest(f"That cannot be read: {e}", where=str(path)) from e
    if not isinstance(told, dict):
        raise BadRequest("That is no JSON object", where=str(path))
    return told


def _checked(model: type[BaseModel], told: dict[str, Any], where: str) -> dict[str, Any]:
    try:
        model.model_validate(told)
    except ValidationError as e:
        raise BadRequest(_told(e), where=where, todo=f"Mend that field ({len(e.errors())} in all are wrong there).") from e
    return told


def _told(error: ValidationError) -> str:
    """The first thing that is wrong: `claims 2, verdict: …`, the members of a list counted from 1."""
    first: Mapping[str, Any] = error.errors()[0]
    place = ", ".join(_names(first["loc"])) or "the whole"
    why = str(first["msg"]).removeprefix("Value error, ")
    given = "" if isinstance(first["input"], dict) else f", and is {json.dumps(first['input'], ensure_ascii=False, default=str)[:80]}"
    return f"That gold answer cannot be scored against: {place}: {why[:1].lower()}{why[1:]}{given}"


def _names(loc: tuple[str | int, ...]) -> list[str]:
    names: list[str] = []
    for part in loc:
        if isinstance(part, int) and names:
            names[-1] += f" {part + 1}"
        else:
            names.append(str(part))
    return names
