"""Record, the frozen base of every domain value, and the typed ids that tie records together."""

import hashlib
import json
import uuid
from typing import Annotated, NewType

from pydantic import BaseModel, ConfigDict, StringConstraints

OrganisationId = NewType("OrganisationId", str)
PersonId = NewType("PersonId", str)
SearchId = NewType("SearchId", str)
ContractId = NewType("ContractId", str)
InterviewId = NewType("InterviewId", str)
TranscriptId = NewType("TranscriptId", str)
FeedbackId = NewType("FeedbackId", str)
ClaimId = NewType("ClaimId", str)
StatementId = NewType("StatementId", str)
QuestionId = NewType("QuestionId", str)
ScorecardId = NewType("ScorecardId", str)
KeyId = NewType("KeyId", str)
CaptureId = NewType("CaptureId", str)

Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]


class Record(BaseModel):
    """A domain value: frozen, equal by content, and refusing fields that it does not know."""

    model_config = ConfigDict(frozen=True, extra="forbid")


def new_id(prefix: str) -> str:
    """A fresh id such as `srch-3f0c…`: `prefix`, then 32 random hexadecimal digits."""
    return f"{prefix}-{uuid.uuid4().hex}"


def derived_id(prefix: str, *parts: str) -> str:
    """The id that the same parts always get, so that writing a record twice writes it once."""
    return f"{prefix}-{digest(*parts)[:32]}"


def digest(*parts: str) -> str:
    """SHA-256 in hexadecimal over the parts, kept apart so that ("ab", "c") and ("a", "bc") differ."""
    return hashlib.sha256(json.dumps(parts, ensure_ascii=False).encode()).hexdigest()
