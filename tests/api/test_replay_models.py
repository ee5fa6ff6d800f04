"""A replay of several searches with a chat model: its client keeps connections, which end with the event loop that opened them."""

import json
from collections.abc import Iterator
from pathlib import Path
from shutil import copytree

import pytest

from tests.agents.silent import NAME, silence
from tests.api.conftest import Run

SAMPLE = Path(__file__).parents[2] / "corpus" / "samples" / "two-minutes"


@pytest.fixture
def kept(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    with silence(monkeypatch, keeps=True):
        yield


@pytest.mark.usefixtures("kept")
def test_a_model_reads_every_search_of_a_replay_and_not_the_first_alone(plumbline: Run, tmp_path: Path) -> None:
    folders = [tmp_path / name for name in ("first", "second", "third")]
    for n, folder in enumerate(folders):
        copytree(SAMPLE, folder)
        call = (folder / "intake.vtt").read_text(encoding="utf-8")
        (folder / "intake.vtt").write_text(call.replace("by six", f"by {n + 5}"), encoding="utf-8")
    ran = plumbline("replay", *map(str, folders), "--contract", "draft", "--model", NAME, "--out", str(tmp_path / "out"))
    assert ran.code == 0, ran.err
    for folder in folders:
        drafted = json.loads((tmp_path / "out" / folder.name / "contract.json").read_text(encoding="utf-8"))
        assert (drafted["judged"], drafted["notes"]) == ({"read": NAME}, [])
