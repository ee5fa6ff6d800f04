"""Lists in pages: so many items, and an opaque cursor to the next ones."""

import base64
import binascii
from collections.abc import Callable, Sequence
from typing import Annotated, Generic, TypeVar

from fastapi import Query
from pydantic import BaseModel, ConfigDict

from alignment.errors import NotFound

T = TypeVar("T")
Limit = Annotated[int, Query(ge=1, le=200, description="How many items a page holds at most.")]
Cursor = Annotated[str, Query(max_length=600, pattern=r"^[A-Za-z0-9_-]*$", description="Where the page begins: `next` of the page before.")]


class Page(BaseModel, Generic[T]):
    """Some items of a list in their order; `next` is the cursor of the following page, None at the end."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    items: tuple[T, ...]
    next: str | None = None


def cursor_of(place: str) -> str:
    """The cursor that stands for a place in a list."""
    return base64.urlsafe_b64encode(place.encode()).decode().rstrip("=")


def place_of(cursor: str) -> str:
    """The place that a cursor stands for, empty for the beginning; NotFound for what is none."""
    try:
        return base64.b64decode(cursor + "=" * (-len(cursor) % 4), altchars=b"-_", validate=True).decode()
    except (binascii.Error, UnicodeDecodeError) as e:
        raise NotFound("That cursor stands for nothing", where="cursor", todo="Use `next` of the page before, as it stands.") from e


def number_of(cursor: str) -> int:
    """The number that a cursor stands for, 0 for the beginning; NotFound for what is none."""
    place = place_of(cursor) or "0"
    if not (place.isascii() and place.isdigit() and len(place) < 16):
        raise NotFound("That cursor stands for nothing", where="cursor", todo="Use `next` of the page before, as it stands.")
    return int(place)


def page(items: Sequence[T], limit: int, place: Callable[[T], str]) -> Page[T]:
    """The page of these, of which one more than `limit` was looked for."""
    shown = items[:limit]
    return Page(items=tuple(shown), next=cursor_of(place(shown[-1])) if len(items) > limit else None)


def paged(items: Sequence[T], limit: int, cursor: str, place: Callable[[T], str]) -> Page[T]:
    """A page of a list that is at hand as a whole, in its own order; NotFound for a cursor whose item is not in it."""
    after = place_of(cursor)
    start = next((i + 1 for i, item in enumerate(items) if place(item) == after), None) if after else 0
    if start is None:
        raise NotFound("That cursor stands for nothing in this list", where="cursor", todo="Begin the list anew.")
    return page(items[start : start + limit + 1], limit, place)
