"""The project's own source, as the house tests read it."""

import ast
import subprocess
from collections.abc import Iterator
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PACKAGES = ("alignment", "corpus", "retrieval", "agents", "api", "evals")


def modules(*rooms: str) -> Iterator[tuple[str, ast.Module]]:
    """(path from the root, syntax tree) of every Python file in the rooms, migrations' versions left out."""
    for room in rooms or (*PACKAGES, "tests"):
        for path in sorted((ROOT / room).rglob("*.py")):
            name = path.relative_to(ROOT).as_posix()
            if "migrations/versions" not in name:
                yield name, _tree(path)


@cache
def _tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"), str(path))


def tracked_files() -> list[Path]:
    """Every file that git tracks or would add; without git, every file outside hidden folders."""
    listed = subprocess.run(
        ["git", "-c", f"safe.directory={ROOT}", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        check=False,
    )
    if listed.returncode:
        return [p for p in ROOT.rglob("*") if p.is_file() and not any(part.startswith(".") for part in p.relative_to(ROOT).parts)]
    return [ROOT / name for name in listed.stdout.decode().split("\0") if name and (ROOT / name).is_file()]
