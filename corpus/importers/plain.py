"""Plain JSON: `{"utterances": [{"speaker", "text", "start", "end"}]}` or the bare list, times in seconds and optional."""

from typing import Any

from pydantic import AliasChoices, Field

from corpus.importers.json_text import Seconds, Sent, in_order, validate
from corpus.importers.parsed import Piece


class _Utterance(Sent):
    text: str
    speaker: str | int | None = None
    start: Seconds | None = Field(default=None, validation_alias=AliasChoices("start", "start_s"))
    end: Seconds | None = Field(default=None, validation_alias=AliasChoices("end", "end_s"))


def is_plain(value: Any) -> bool:
    """Whether the JSON is a list of objects, or an object that holds one under `utterances`."""
    rows = value.get("utterances") if isinstance(value, dict) else value
    return isinstance(rows, list) and all(isinstance(row, dict) for row in rows) and any("text" in row for row in rows)


def plain_pieces(value: Any, text: str, where: str) -> list[Piece]:
    """One piece for each utterance, in the order of the file."""
    under = ("utterances",) if isinstance(value, dict) else ()
    rows = validate(tuple[_Utterance, ...], value["utterances"] if under else value, text, where, under=under)
    pieces = []
    for i, row in enumerate(rows):
        in_order(row.start, row.end, text, where, (*under, i, "end"))
        label = f"Speaker {row.speaker}" if isinstance(row.speaker, int) else row.speaker or ""
        pieces.append(Piece(label, row.text, row.start, row.end))
    return pieces
