"""Prompts as Markdown files with checked variables: what a file asks for is given, and nothing else is, or it is not sent."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from string import Template
from typing import Any

from langchain_core.messages import BaseMessage, HumanMessage, SystemMessage

from alignment.record import digest

PARTING = "\n---\n"
"""The line that parts what the model is told once and for all from what it is given this time."""


class PromptMismatch(ValueError):
    """A prompt and its variables do not fit: a mistake in the program, found by the first test that asks."""


@dataclass(frozen=True)
class Prompt:
    """One prompt: `system` is the same for every ask, `given` has the variables (`$claim`), `hash` tells its wording."""

    name: str
    system: str
    given: Template
    hash: str

    def messages(self, **values: str) -> list[BaseMessage]:
        """The prompt with its variables filled in; PromptMismatch where one is missing or unknown."""
        wanted = set(self.given.get_identifiers())
        if wanted != set(values):
            missing, unknown = sorted(wanted - set(values)), sorted(set(values) - wanted)
            raise PromptMismatch(f"prompt {self.name}: missing {missing}, unknown {unknown}")
        return [SystemMessage(self.system), HumanMessage(self.given.substitute(values))]


@cache
def prompt(folder: Path, name: str) -> Prompt:
    """The prompt in `folder/prompts/name.md`; PromptMismatch where it is not there or not parted in two."""
    file = folder / "prompts" / f"{name}.md"
    try:
        text = file.read_text(encoding="utf-8")
    except OSError as e:
        raise PromptMismatch(f"there is no prompt {name} beside {folder.name}") from e
    system, line, given = text.partition(PARTING)
    template = Template(given.strip())
    if not line or not template.is_valid():
        raise PromptMismatch(f"prompt {name} needs one line of three dashes, and a $ that is no variable written twice")
    return Prompt(name=name, system=system.strip(), given=template, hash=digest(text)[:16])


def as_data(value: Any) -> str:
    """A value as one line of JSON in which no tag can be closed or opened: what people said, handed over as data.

    Quotation marks and line breaks are escaped by JSON; angle brackets are written as escapes, so that no words can end the block they
    stand in.
    """
    return json.dumps(value, ensure_ascii=False).replace("<", "\\u003c").replace(">", "\\u003e")


def as_lines(values: Sequence[Any]) -> list[str]:
    """Each value as a line of its own, to be cut from the end where they are too many."""
    return [as_data(v) for v in values]
