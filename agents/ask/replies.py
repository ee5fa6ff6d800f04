"""Replies that were paid for once: a file of them, by content, so that a replay asks nobody and a test needs no model.

One line of JSON a reply, appended and never altered; the key is a digest over the model's name and address, its settings, the
schema and the messages, so that whatever could change a reply asks anew. A reply holds what people said: the file belongs where the
record does, which is why none is kept unless a setting names one.
"""

import json
import os
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from alignment.errors import BadSettings, ModelDown
from alignment.record import Record

NAMED = "PLUMBLINE_ASK__CACHE"


class Reply(Record):
    """A model's reply as text, with the tokens it took in and gave out."""

    text: str
    tokens_in: int = 0
    tokens_out: int = 0


@dataclass
class KeptReplies:
    """The replies of one file; `offline` never asks for what is not in it."""

    file: Path
    offline: bool = False
    known: dict[str, Reply] = field(default_factory=dict)

    @classmethod
    def open(cls, file: Path, *, offline: bool = False) -> "KeptReplies":
        """Read what is kept; a line that a crash cut short is passed over. BadSettings where the file cannot be read."""
        kept = cls(file=file, offline=offline)
        try:
            lines = file.read_text(encoding="utf-8").splitlines() if file.exists() else []
        except (OSError, UnicodeDecodeError) as e:
            raise BadSettings("The kept replies cannot be read", where=f"{NAMED}, {file}", todo="Name another file.") from e
        for line in lines:
            found = _line(line)
            if found:
                # The first reply stands, as it did for whoever asked first.
                kept.known.setdefault(*found)
        return kept

    def get(self, key: str) -> Reply | None:
        """The reply under that key; where only kept ones may be used, ModelDown if there is none."""
        found = self.known.get(key)
        if found is None and self.offline:
            raise ModelDown("This was never asked before, and only kept replies may be used", where=str(self.file.name))
        return found

    def keep(self, key: str, reply: Reply, *, judgement: str, model: str) -> None:
        """Append a reply; BadSettings where the file cannot be written."""
        self.known[key] = reply
        line = {"key": key, "judgement": judgement, "model": model, **reply.model_dump()}
        try:
            self.file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            with open(self.file, "a+b", opener=_private) as f:
                f.seek(max(0, f.seek(0, os.SEEK_END) - 1))
                torn = f.read() not in (b"", b"\n")
                f.write((("\n" if torn else "") + json.dumps(line, ensure_ascii=True) + "\n").encode())
        except OSError as e:
            raise BadSettings(
                f"The reply cannot be kept: {e.strerror}", where=f"{NAMED}, {self.file}", todo="Name a file that can be written."
            ) from e

    def forget(self) -> int:
        """Empty the file, whose replies may quote what is erased; how many there were. BadSettings where it cannot be emptied."""
        many = len(self.known)
        self.known.clear()
        if not self.file.exists():
            return many
        try:
            with self.file.open("r+b") as f:
                many = max(many, sum(1 for _ in f))
                size = f.tell()
                f.seek(0)
                f.write(b"\0" * size)
                f.flush()
                os.fsync(f.fileno())
                f.truncate(0)
        except OSError as e:
            raise BadSettings(f"The kept replies cannot be emptied: {e.strerror}", where=f"{NAMED}, {self.file}", todo="Delete it.") from e
        return many


def _private(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)


def _line(line: str) -> tuple[str, Reply] | None:
    try:
        told: Any = json.loads(line)
        return told["key"], Reply(text=told["text"], tokens_in=told["tokens_in"], tokens_out=told["tokens_out"])
    except (ValueError, KeyError, TypeError):
        return None
