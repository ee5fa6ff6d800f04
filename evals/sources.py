"""What stands in a folder of data, told by its layout: searches told in files, files of cases, meetings, claims, pairs, recordings."""

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from alignment.errors import BadRequest
from alignment.record import digest
from evals.case import Case

SAMPLES = Path(__file__).parent / "samples"
"""Small samples of our own making, which a run takes where no data are named."""


@dataclass(frozen=True)
class Sources:
    """The folders that a run was given; each may be one of the layouts below, or hold several of them."""

    roots: tuple[Path, ...]

    def searches(self, needed: str) -> list[Path]:
        """The search folders that hold that file (such as `gold/feedback.jsonl`), sorted, each once."""
        found = (p.parent for root in self.roots for p in _within(root, "search.json", 3))
        return list(dict.fromkeys(sorted(path for path in found if (path / needed).exists())))

    def files(self, suite: str, pattern: str = "*.jsonl") -> list[Path]:
        """The files in the folders that are called as the suite is, sorted."""
        named = (root if root.name == suite else root / suite for root in self.roots)
        return sorted({p for folder in named for p in folder.glob(pattern) if p.is_file()})

    def folder(self, *names: str) -> Path | None:
        """The first folder of one of these names (`moments/val`) under a root."""
        return next((root / name for root in self.roots for name in names if (root / name).is_dir()), None)


def _within(root: Path, name: str, deep: int) -> Iterator[Path]:
    """The files of that name in a folder and at most so many levels below."""
    for level in range(deep + 1):
        yield from root.glob("*/" * level + name)


def read_cases(path: Path, suite: str) -> list[Case]:
    """The cases in a file of JSON lines: `{"id", "group"?, "slices"?, "given", "expected"}`; BadRequest where a line is none."""
    cases = []
    for number, row in read_rows(path):
        try:
            cases.append(Case(**{"group": path.stem, **row, "suite": suite}))
        except (TypeError, ValueError) as e:
            raise BadRequest(f"That is no case of the suite {suite}: {_first(e)}", where=f"{path}, line {number}") from e
    return cases


def read_rows(path: Path) -> Iterator[tuple[int, dict[str, Any]]]:
    """Each JSON object of a file, with the number of its line; BadRequest where a line is none."""
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as e:
        raise BadRequest(f"The file cannot be read: {e}", where=str(path), todo="Give a file of JSON lines in UTF-8.") from e
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        try:
            row = json.loads(line)
        except ValueError as e:
            raise BadRequest(f"That is no JSON: {e}", where=f"{path}, line {number}") from e
        if not isinstance(row, dict):
            raise BadRequest("A case is a JSON object", where=f"{path}, line {number}")
        yield number, row


def digest_of(paths: Iterable[Path]) -> str:
    """One digest of the files' contents, in their order; folders count with everything in them."""
    parts = []
    for path in paths:
        files = sorted(p for p in path.rglob("*") if p.is_file()) if path.is_dir() else [path]
        parts += [digest(str(p.relative_to(path)) if p != path else p.name, p.read_bytes().hex()) for p in files]
    return digest(*parts)


def _first(error: Exception) -> str:
    return str(error).splitlines()[0]
