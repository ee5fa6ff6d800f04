"""What makes a run again: the program, its versions and settings, the prompts, the data, and the command."""

import os
import platform
import subprocess
import sys
from collections.abc import Sequence
from importlib.metadata import distributions
from pathlib import Path
from typing import Any

from agents.prompts import prompt_hashes
from evals.case import Batch
from evals.running.conditions import Conditions
from evals.running.kept import PROGRAM, program_digest

_TELLING = ("model", "models", "ask", "embedder", "passages", "prompts", "speech")
"""Which settings change an answer; places and keys do not belong in a manifest."""


def revision() -> dict[str, Any]:
    """The git revision of the program and whether it was changed since; empty outside a checkout."""
    try:
        head = subprocess.run(["git", "rev-parse", "HEAD"], cwd=PROGRAM, capture_output=True, text=True, check=True).stdout.strip()
        changed = subprocess.run(["git", "status", "--porcelain"], cwd=PROGRAM, capture_output=True, text=True, check=True).stdout
    except (OSError, subprocess.CalledProcessError):
        return {}
    return {"revision": head, "changed": bool(changed.strip())}


def settings_told(conditions: Conditions) -> dict[str, Any]:
    """The settings that an answer depends on."""
    told = conditions.settings(Path(os.devnull)).model_dump(mode="json")
    told["ask"].pop("cache", None)
    return {name: told[name] for name in _TELLING}


def manifest(
    suites: Sequence[str], batches: Sequence[Batch], conditions: Conditions, repeats: int, limit: int, data: Sequence[Path]
) -> dict[str, Any]:
    """The manifest of a run that begins now."""
    return {
        "suites": list(suites),
        "data": [str(path) for path in data],
        "limit": limit,
        "seed": conditions.seed,
        "repeat": repeats,
        "model": conditions.model,
        "without": list(conditions.without),
        "settings": settings_told(conditions),
        "prompts": prompt_hashes(conditions.prompts),
        "materials": {f"{b.kind} {b.source.name}": b.digest for b in batches},
        "cases": sum(len(b.cases) for b in batches),
        "program": {**revision(), "digest": program_digest()},
        "python": platform.python_version(),
        "machine": {"system": platform.system(), "processor": platform.machine(), "cores": os.cpu_count()},
        "versions": {d.name: d.version for d in sorted(distributions(), key=lambda d: d.name.casefold())},
        "command": ["python", "-m", "evals", *sys.argv[1:]],
    }
