"""JSON that a stranger sent: parsed without crashing, validated against a model, with the line of whatever is wrong."""

import json
from typing import Annotated, Any, TypeVar

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError

from alignment.errors import BadTranscript
from corpus.importers.parsed import LONGEST_S, refusal

Seconds = Annotated[float, Field(ge=0, le=LONGEST_S, allow_inf_nan=False)]
Step = str | int
ModelT = TypeVar("ModelT")
_SPACE = " \t\n\r"
_UNION_TAGS = ("int", "str")  # pydantic adds them to the path of a field of two types


class Sent(BaseModel):
    """A part of somebody else's format: fields that we do not read are let through."""

    model_config = ConfigDict(extra="ignore", frozen=True)


def is_json(text: str) -> bool:
    """Whether the text opens as a JSON object or a list of objects."""
    start = text.lstrip(_SPACE)
    return start[:1] == "{" or (start[:1] == "[" and start[1:].lstrip(_SPACE)[:1] in ("{", "]", "["))


def load(text: str, where: str) -> Any:
    """The value of a JSON text; BadTranscript names the line where it breaks."""
    try:
        return json.loads(text)
    except json.JSONDecodeError as e:
        raise refusal(f"The JSON breaks off: {e.msg}", where, line=e.lineno, expected="well-formed JSON") from None
    except RecursionError:
        raise refusal("The JSON is nested too deeply", where, expected="a transcript, which is a list of segments") from None
    except ValueError:
        raise refusal("The JSON holds a number that is too long", where, expected="times in seconds") from None


def validate(kind: type[ModelT], value: object, text: str, where: str, *, under: tuple[Step, ...] = ()) -> ModelT:
    """The value as that model; BadTranscript names the line and the item that is not as it should be."""
    try:
        return TypeAdapter(kind).validate_python(value)
    except ValidationError as e:
        first = e.errors(include_url=False, include_input=False, include_context=False)[0]
        raise misplaced(text, where, (*under, *first["loc"]), first["msg"][:1].lower() + first["msg"][1:]) from None


def in_order(start: float | None, end: float | None, text: str, where: str, path: tuple[Step, ...]) -> None:
    """Refuse an item that ends before it starts; the path is its end's."""
    if start is not None and end is not None and end < start:
        raise misplaced(text, where, path, "an end at or after the start")


def misplaced(text: str, where: str, path: tuple[Step, ...], expected: str) -> BadTranscript:
    """The error for the item at that path, with its line in the text."""
    named = "".join(f"[{step}]" if isinstance(step, int) else f".{step}" for step in path if step not in _UNION_TAGS).lstrip(".")
    return refusal("A field is not as it should be", where, line=line_of(text, path), item=named, expected=expected)


def line_of(text: str, path: tuple[Step, ...]) -> int:
    """The line, from 1, of the value at that path, or of the deepest part of the path that is there."""
    at = _skip(text, 0)
    try:
        for step in path:
            found = _member(text, at, step) if isinstance(step, str) else _item(text, at, step)
            if found is None:
                break
            at = found
    except (ValueError, IndexError, RecursionError):
        pass  # the line of the part that was reached is still the best answer
    return text.count("\n", 0, at) + 1


def _member(text: str, at: int, name: str) -> int | None:
    if text[at] != "{":
        return None
    at = _skip(text, at + 1)
    while text[at] == '"':
        key, at = json.JSONDecoder().raw_decode(text, at)
        at = _skip(text, _skip(text, at) + 1)
        if key == name:
            return at
        at = _next(text, at)
    return None


def _item(text: str, at: int, index: int) -> int | None:
    if text[at] != "[":
        return None
    at = _skip(text, at + 1)
    for _ in range(index):
        at = _next(text, at)
    return at


def _next(text: str, at: int) -> int:
    """Behind the value at this place and the comma that follows it."""
    _, at = json.JSONDecoder().raw_decode(text, at)
    return _skip(text, _skip(text, at) + 1)


def _skip(text: str, at: int) -> int:
    while at < len(text) and text[at] in _SPACE:
        at += 1
    return at
