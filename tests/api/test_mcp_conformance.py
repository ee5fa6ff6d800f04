"""The protocol's own checker against a running server: what fails is what docs/mcp.md says, and nothing else."""

import json
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.api.bearer import with_key
from tests.api.served import Served

PAGE = (Path(__file__).resolve().parents[2] / "docs" / "mcp.md").read_text(encoding="utf-8")
CHECKER = ("npx", "--offline", "-y", "-p", "node@22", "-p", "@modelcontextprotocol/conformance@0.2.0-alpha.12", "conformance")
REVISIONS = ("2025-11-25", "2026-07-28")


@pytest.fixture(scope="module", autouse=True)
def _checker_at_hand() -> None:
    if shutil.which("npx") is None or subprocess.run([*CHECKER, "--version"], capture_output=True, timeout=60).returncode:
        pytest.skip("npx does not have the checker at hand")


def _failing(revision: str) -> list[str]:
    """What the page says fails in a revision."""
    rows = [row.split("|")[1:4] for row in PAGE.partition("## Conformance")[2].splitlines() if row.startswith("|")]
    return [name for row in rows for name in re.findall(r"`([\w-]+)`", row[1 + REVISIONS.index(revision)])]


@pytest.mark.parametrize("revision", REVISIONS)
def test_what_the_checker_requires_passes_but_for_what_the_page_lists(bakery: Served, tmp_path: Path, revision: str) -> None:
    listed = tmp_path / "listed.yaml"
    listed.write_text(json.dumps({"server": _failing(revision)}), encoding="utf-8")
    with with_key(bakery.url, bakery.key()) as url:
        told = (
            "server",
            "--url",
            f"{url}/mcp",
            "--requirements",
            revision,
            "--expected-failures",
            str(listed),
            "-o",
            str(tmp_path / "out"),
        )
        ran = subprocess.run([*CHECKER, *told], capture_output=True, text=True, timeout=120, cwd=tmp_path)
    assert ran.returncode == 0, ran.stdout[-3000:]
    assert "✓ tools-list" in ran.stdout
