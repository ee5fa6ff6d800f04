"""What makes a run again: the program, its versions and settings, the prompts, the data, and the command."""

import os
import platform
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from agents.prompts import prompt_hashes
from alignment.record import digest
from evals.case import Batch
from evals.running.conditions import Conditions
from evals.running.program import PROGRAM, program_digest
from evals.running.under import addresses, settings_told, versions


def revision() -> dict[str, Any]:
    """The git revision of the program and whether it was changed since; empty outside a checkout."""
    try:
        head = subprocess.run(["git", "rev-parse", "HEAD"], cwd=PROGRAM, capture_output=True, text=True, check=True).stdout.strip()
        changed = subprocess.run(["git", "status", "--porcelain"], cwd=PROGRAM, capture_output=True, text=True, check=True).stdout
    except (OSError, subprocess.CalledProcessError):
        return {}
    return {"revision": head, "changed": bool(changed.strip())}


def materials(batches: Sequence[Batch]) -> dict[str, str]:
    """A digest of each material with the cases that are asked about it: other cases are other data, whatever they are about."""
    found: dict[str, list[str]] = {}
    for b in batches:
        cases = sorted(c.model_dump_json() for c in b.cases)
        found.setdefault(f"{b.kind} {b.source.name}", []).append(digest(b.digest, *cases))
    return {name: of[0] if len(of) == 1 else digest(*sorted(of)) for name, of in found.items()}


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
        "addresses": addresses(conditions),
        "materials": materials(batches),
        "cases": sum(len(b.cases) for b in batches),
        "program": {**revision(), "digest": program_digest()},
        "python": platform.python_version(),
        "machine": {"system": platform.system(), "processor": platform.machine(), "cores": os.cpu_count()},
        "versions": versions(),
        "command": ["python", "-m", "evals", *sys.argv[1:]],
    }
