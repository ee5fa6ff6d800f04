"""Prompts as Markdown files with checked variables: what a file asks for is given, and nothing else is, or it is not sent."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from string import Template
from typing import Any

from langchain_core.messages import BaseMessage, HumanMessage, SystemMessage

from alignment.errors import BadSettings
from alignment.record import digest

AGENTS = Path(__file__).parent
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
def prompt(folder: Path, name: str, variables: frozenset[str], instead: Path | None = None) -> Prompt:
    """The prompt `folder/prompts/name.md`, or `instead/<folder's name>/name.md` where somebody put one there.

    It has exactly these variables. PromptMismatch where one of our own is not there or does not fit, BadSettings where one of theirs.
    """
    theirs = instead / folder.name / f"{name}.md" if instead else None
    file = theirs if theirs and theirs.exists() else folder / "prompts" / f"{name}.md"
    try:
        return _read(file, name, variables)
    except PromptMismatch as e:
        if file is theirs:
            todo = "Write what the model is told, a line of three dashes, and what it is given this time."
            raise BadSettings(f"That prompt cannot be used: {e}", where=str(file), todo=todo) from e
        raise


def _read(file: Path, name: str, variables: frozenset[str]) -> Prompt:
    try:
        text = file.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as e:
        raise PromptMismatch(f"there is no prompt {name} in {file.parent.name}") from e
    system, line, given = text.partition(PARTING)
    template = Template(given.strip())
    if not line or not template.is_valid():
        raise PromptMismatch(f"prompt {name} needs one line of three dashes, and a $ that is no variable written twice")
    found = set(template.get_identifiers())
    if found != variables:
        missing, unknown = sorted(variables - found), sorted(found - variables)
        raise PromptMismatch(f"prompt {name} has to have the variables {sorted(variables)}: missing {missing}, unknown {unknown}")
    return Prompt(name=name, system=system.strip(), given=template, hash=digest(text)[:16])


def known_prompts() -> dict[str, Path]:
    """Our own prompts by `<agent>/<name>`, which is also where another one stands in a folder of prompts."""
    return {f"{p.parent.parent.name}/{p.stem}": p for p in sorted(AGENTS.glob("*/prompts/*.md"))}


def check_folder(instead: Path) -> None:
    """Pass where a folder holds nothing but prompts that can stand in for ours; else BadSettings, which names one that cannot."""
    if not instead.is_dir():
        raise BadSettings("There is no such folder of prompts", where=str(instead), todo="Set PLUMBLINE_PROMPTS to a folder.")
    known = known_prompts()
    for file in sorted(instead.rglob("*.md")):
        name = file.relative_to(instead).with_suffix("").as_posix()
        if name not in known:
            raise BadSettings(f"There is no prompt {name}", where=str(file), todo=f"There are: {', '.join(known)}.")
        given = Template(known[name].read_text(encoding="utf-8").partition(PARTING)[2])
        prompt(known[name].parent.parent, known[name].stem, frozenset(given.get_identifiers()), instead)


def prompt_hashes(instead: Path | None = None) -> dict[str, str]:
    """The hash of each prompt's wording as it is used."""
    used = {name: (instead / f"{name}.md" if instead else path) for name, path in known_prompts().items()}
    return {name: digest((at if at.exists() else known_prompts()[name]).read_text(encoding="utf-8"))[:16] for name, at in used.items()}


def as_data(value: Any) -> str:
    """A value as one line of JSON in which no tag can be closed or opened: what people said, handed over as data.

    Quotation marks and line breaks are escaped by JSON; angle brackets are written as escapes, so that no words can end the block they
    stand in.
    """
    return json.dumps(value, ensure_ascii=False).replace("<", "\\u003c").replace(">", "\\u003e")


def as_lines(values: Sequence[Any]) -> list[str]:
    """Each value as a line of its own, to be cut from the end where they are too many."""
    return [as_data(v) for v in values]
