"""A run's folder: manifest.json, cases.jsonl and summary.json, each written whole or not at all, and read back as they were."""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from alignment.errors import NotFound
from evals.case import Outcome
from evals.figures import Figure, Summary

MANIFEST, CASES, SUMMARY = "manifest.json", "cases.jsonl", "summary.json"


@dataclass(frozen=True)
class Run:
    """One run as its folder has it."""

    path: Path
    manifest: dict[str, Any]
    outcomes: tuple[Outcome, ...]
    summary: Summary

    @property
    def name(self) -> str:
        """What it is called in tables: its folder's name."""
        return self.path.name


def write_run(path: Path, manifest: dict[str, Any], outcomes: list[Outcome], summary: Summary) -> None:
    """Write the three files; the manifest last, so that a folder that has one is whole."""
    path.mkdir(parents=True, exist_ok=True)
    write(path / CASES, "".join(o.model_dump_json() + "\n" for o in outcomes))
    told = {s: {n: f.model_dump(mode="json", exclude_defaults=False) for n, f in of.items()} for s, of in summary.items()}
    write(path / SUMMARY, json.dumps(told, indent=1) + "\n")
    write(path / MANIFEST, json.dumps(manifest, indent=1, ensure_ascii=False, default=str) + "\n")


def write(path: Path, text: str) -> None:
    """Write a file whole or not at all."""
    part = path.with_name(f"{path.name}.part")
    part.write_text(text, encoding="utf-8")
    part.replace(path)


def read_run(path: Path) -> Run:
    """A run from its folder; NotFound where it is none or is not whole."""
    try:
        manifest = json.loads((path / MANIFEST).read_text(encoding="utf-8"))
        lines = (path / CASES).read_text(encoding="utf-8").splitlines()
        summary = json.loads((path / SUMMARY).read_text(encoding="utf-8"))
        outcomes = tuple(Outcome.model_validate_json(line) for line in lines)
        read = {s: {n: Figure(**f) for n, f in of.items()} for s, of in summary.items()}
    except (OSError, ValueError, ValidationError) as e:
        raise NotFound(
            "There is no whole run there", where=str(path), todo="Name a folder that `python -m evals run … --out FOLDER` wrote."
        ) from e
    return Run(path, manifest, outcomes, read)
