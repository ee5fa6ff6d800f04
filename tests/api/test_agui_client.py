"""The official client of AG-UI, which is TypeScript and no code of ours, in conversation with the three agents."""

import json
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest

from tests.api.served import BAKER, INES, PRIYA, Served

CLIENT = Path(__file__).parent / "agui_client"
RAW = "He moved the rye to the small oven. He threw sixty loaves away. He told the shop himself."
PATIENCE_S = 60


@pytest.fixture(scope="module")
def talked(bakery: Served, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """What the client saw; skipped where there is no node or the client cannot be had."""
    node, npm = shutil.which("node"), shutil.which("npm")
    if node is None or npm is None:
        pytest.skip("node and npm are not here")
    place = shutil.copytree(CLIENT, tmp_path_factory.mktemp("client") / "agui")
    install = [npm, "install", "--prefer-offline", "--no-audit", "--no-fund", "--ignore-scripts", "--fetch-retries=0"]
    try:
        subprocess.run(install, cwd=place, check=True, capture_output=True, timeout=PATIENCE_S)
    except (subprocess.CalledProcessError, subprocess.TimeoutExpired):
        pytest.skip("the client cannot be installed here")
    command = [node, "talk.js", bakery.url, bakery.key(), BAKER, INES, PRIYA, RAW]
    ran = subprocess.run(command, cwd=place, capture_output=True, text=True, timeout=PATIENCE_S, check=False)
    assert ran.returncode == 0, ran.stderr
    found: dict[str, Any] = json.loads(ran.stdout)
    return found


def test_the_official_client_has_nothing_to_warn_of(talked: dict[str, Any]) -> None:
    assert talked["warnings"] == []


def test_the_official_client_is_shown_claims_and_what_they_rest_on(talked: dict[str, Any]) -> None:
    shaped = talked["shaped"]
    assert shaped["roles"] == ["user", "assistant", "tool", "assistant"]
    assert [i["reason"] for i in shaped["pending"]] == ["claim"] * 3
    assert shaped["deltas"] > 0
    assert shaped["state"]["turn"]["waiting"][0]["to"] == INES


def test_the_official_client_answers_what_waits_and_nothing_else_first(talked: dict[str, Any]) -> None:
    assert "3 pending interrupt(s)" in talked["withoutResume"]
    resumed, settled = talked["resumed"], talked["settled"]
    assert [i["id"] for i in resumed["pending"]] == [talked["shaped"]["pending"][0]["id"]]
    assert (settled["pending"], settled["state"]["turn"]["done"]) == ([], True)
    assert "All of it is settled and on record." in settled["last"]


def test_the_official_client_keeps_a_thread_with_the_referee(talked: dict[str, Any]) -> None:
    asked = talked["asked"]
    assert (asked["state"]["turn"]["number"], asked["pending"]) == (2, [])
    assert INES in asked["last"]


def test_the_official_client_answers_the_intake(talked: dict[str, Any]) -> None:
    assert talked["opened"]["pending"][0]["reason"] == "question"
    assert talked["answered"]["state"]["turn"]["number"] == 1
    assert talked["answered"]["pending"][0]["id"] != talked["opened"]["pending"][0]["id"]


def test_the_official_client_is_told_of_failures_by_their_code(talked: dict[str, Any]) -> None:
    (error,) = talked["errors"]
    assert error["code"] == "not_found"
    assert error["metadata"]["plumbline"]["type"] == "/problems/not_found"
    assert "404" in talked["refused"]
