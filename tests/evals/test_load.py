"""The load test on a small scale: a few people at once, a server that is killed twice, and every acknowledged turn on record once."""

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def test_a_few_conversations_under_kill_lose_and_double_nothing() -> None:
    command = [sys.executable, "-m", "evals.load", "--sessions", "8", "--turns", "60", "--minutes", "2", "--kill", "2"]
    ran = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=240)
    assert ran.returncode == 0, ran.stdout + ran.stderr
    assert "no error: every acknowledged turn is on record once" in ran.stdout
    assert "p95 s" in ran.stdout
