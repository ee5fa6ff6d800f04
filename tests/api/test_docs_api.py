"""The API guide works as it is printed: its blocks are run in their order against a running server."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.api.served import SAMPLES, Served
from tests.corpus.recordings import PHONE

GUIDE = Path(__file__).resolve().parents[2] / "docs" / "api.md"
BLOCK = re.compile(r"^```(sh curl|python openai)\n(.*?)^```$", re.MULTILINE | re.DOTALL)


def test_every_example_of_the_guide_runs_and_none_is_answered_with_a_problem(served: Served, tmp_path: Path) -> None:
    if shutil.which("curl") is None or shutil.which("bash") is None:
        pytest.skip("curl is not installed here")
    shutil.copy(SAMPLES / "two-minutes" / "interviews" / "1-work.vtt", tmp_path / "interview.vtt")
    shutil.copy(PHONE, tmp_path / "call.wav")
    bin_ = str(Path(sys.executable).parent)
    environment = {**os.environ, "URL": served.url, "KEY": served.key(), "PATH": f"{bin_}{os.pathsep}{os.environ['PATH']}"}
    blocks = BLOCK.findall(GUIDE.read_text(encoding="utf-8"))
    assert [kind for kind, _ in blocks].count("sh curl") >= 5
    assert [kind for kind, _ in blocks].count("python openai") >= 1
    for kind, block in blocks:
        command = ["bash", "-euo", "pipefail", "-c", block] if kind == "sh curl" else [sys.executable, "-c", block]
        ran = subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, text=True, timeout=60)
        assert ran.returncode == 0, (block, ran.stderr)
        assert "/problems/" not in ran.stdout, (block, ran.stdout)
        assert ran.stdout.strip(), block
