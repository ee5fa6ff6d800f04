"""What an outcome was made under: everything that may change an answer, told once when a run begins, and held to until it ends."""

import os
from dataclasses import dataclass
from importlib.metadata import distributions
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from agents.prompts import prompt_hashes
from alignment.record import digest
from alignment.settings import RULES
from evals.running.conditions import Conditions
from evals.running.program import program_digest

_TELLING = ("model", "models", "ask", "embedder", "passages", "prompts", "speech")
"""Which settings change an answer; places and keys do not belong in a manifest."""

_ADDRESSES = ("_BASE_URL", "_API_BASE", "_ENDPOINT", "_HOST")
"""How the variables end in which providers are told where they are."""


class Changed(Exception):
    """What was asked about changed while it was asked; `run` tells it as a Conflict."""


def settings_told(conditions: Conditions) -> dict[str, Any]:
    """The settings that an answer depends on."""
    told = conditions.settings(Path(os.devnull)).model_dump(mode="json")
    told["ask"].pop("cache", None)
    return {name: told[name] for name in _TELLING}


def addresses(conditions: Conditions) -> dict[str, str]:
    """Where chat models and embedders are, by variable, without a password; empty for rules and the bundled embedder."""
    asked = (conditions.settings(Path(os.devnull)), conditions.embedder)
    models = {asked[0].model, *asked[0].models.model_dump().values()} - {RULES, None}
    if not models and ":" not in asked[0].embedder.name:
        return {}
    found = {k: v for k, v in sorted(os.environ.items()) if k.endswith(_ADDRESSES) and not k.startswith("PLUMBLINE_")}
    return {name: _bare(url) for name, url in found.items()}


def versions() -> dict[str, str]:
    """Every installed distribution and its version."""
    return {d.name: d.version for d in sorted(distributions(), key=lambda d: d.name.casefold())}


@dataclass(frozen=True)
class Under:
    """The digests of program and prompts, and one key for all that an outcome depends on besides its case and material."""

    program: str
    prompts: str
    key: str

    @classmethod
    def of(cls, conditions: Conditions) -> "Under":
        """What holds now."""
        program, prompts = program_digest(), str(prompt_hashes(conditions.prompts))
        rest = (str(settings_told(conditions)), conditions.told, str(addresses(conditions)), str(versions()))
        return cls(program, prompts, digest(program, prompts, *rest))

    def must_hold(self, conditions: Conditions) -> None:
        """Pass where program and prompts are what they were; else Changed: an answer would stand under what did not make it."""
        if program_digest() != self.program:
            raise Changed("The program was changed while the run was under way")
        if str(prompt_hashes(conditions.prompts)) != self.prompts:
            raise Changed("The prompts were changed while the run was under way")


def _bare(url: str) -> str:
    parts = urlsplit(url)
    return parts._replace(netloc=parts.netloc.rpartition("@")[2]).geturl()
