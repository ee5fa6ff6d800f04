"""A model's text as a typed reply: the JSON in it, validated as it stands, or one sentence saying what is wrong. Nothing is mended."""

import json
from collections.abc import Callable
from typing import TypeVar

from pydantic import BaseModel, ValidationError

R = TypeVar("R", bound=BaseModel)
Check = Callable[[R], str]
"""What is wrong with a reply of the right shape, in a sentence; empty where nothing is."""

LONGEST_REPLY = 60_000
SHOWN_ERRORS = 5


class Unfit(ValueError):
    """A reply that cannot be taken, in words that the model is shown; `kind` says as much in words that hold nothing of the reply."""

    def __init__(self, told: str, kind: str) -> None:
        self.kind = kind
        super().__init__(told)


def read(text: str, reply: type[R], check: Check[R]) -> R:
    """The reply in the text; Unfit where there is none of that shape, or where the check finds something wrong with it."""
    if len(text) > LONGEST_REPLY:
        raise Unfit(f"The reply has {len(text)} characters; at most {LONGEST_REPLY} are read.", "it is too long")
    try:
        found = reply.model_validate_json(_object_in(text))
    except ValidationError as e:
        raise Unfit(_told(e), "it has not the shape asked for") from e
    if wrong := check(found):
        raise Unfit(wrong, "it says what cannot be taken as it stands")
    return found


def _object_in(text: str) -> str:
    """The first JSON object of a text: models put words and fences around what they were asked for."""
    start = text.find("{")
    if start < 0:
        if text.strip():
            raise Unfit("The reply holds no JSON object.", "it holds no JSON")
        raise Unfit("The reply is empty.", "it is empty")
    try:
        _, end = json.JSONDecoder().raw_decode(text, start)
    except ValueError as e:
        raise Unfit(f"The JSON of the reply cannot be read: {e}.", "its JSON cannot be read") from e
    except RecursionError as e:
        raise Unfit("The JSON of the reply is nested too deeply.", "its JSON is nested too deeply") from e
    return text[start:end]


def _told(e: ValidationError) -> str:
    errors = e.errors(include_url=False, include_input=False)
    told = [f"{'.'.join(str(p) for p in err['loc']) or 'the reply'}: {err['msg']}" for err in errors[:SHOWN_ERRORS]]
    return "; ".join(told) + ("." if len(errors) <= SHOWN_ERRORS else f"; and {len(errors) - SHOWN_ERRORS} more.")
