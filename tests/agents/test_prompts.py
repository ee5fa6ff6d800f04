"""Prompts: what a file asks for is what the code gives, or it is refused when everything is opened and not when somebody waits."""

from pathlib import Path

import pytest

from agents.ask import Ledger
from agents.feedback_shaper import model as shaper_models
from agents.intake_agent import model as intake_models
from agents.models import open_askers
from agents.prompts import PromptMismatch, known_prompts, prompt, prompt_hashes
from alignment.errors import BadSettings
from alignment.settings import load_settings

MODEL = "openai:mallory"


@pytest.fixture(autouse=True)
def _a_key(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", "sk-none")


def opened(prompts: Path | None) -> None:
    """What opening a workbench does with prompts."""
    askers = open_askers(load_settings(model=MODEL, prompts=prompts), Ledger())
    shaper_models.judgements(askers)
    intake_models.judgements(askers)


def test_our_own_prompts_have_the_variables_that_the_code_gives() -> None:
    opened(None)


def test_a_prompt_with_a_misspelt_variable_is_refused_when_the_workbench_opens(tmp_path: Path) -> None:
    own = known_prompts()["feedback_shaper/weigh"].read_text(encoding="utf-8")
    (tmp_path / "feedback_shaper").mkdir()
    (tmp_path / "feedback_shaper" / "weigh.md").write_text(own.replace("$claim", "$clain"), encoding="utf-8")
    with pytest.raises(BadSettings, match=r"missing \['claim'\], unknown \['clain'\]"):
        opened(tmp_path)


def test_a_prompt_of_ones_own_is_asked_and_another_hash_tells_it(tmp_path: Path) -> None:
    own = known_prompts()["feedback_shaper/weigh"].read_text(encoding="utf-8")
    (tmp_path / "feedback_shaper").mkdir()
    (tmp_path / "feedback_shaper" / "weigh.md").write_text(f"Be strict.\n{own}", encoding="utf-8")
    opened(tmp_path)
    asker = open_askers(load_settings(model=MODEL, prompts=tmp_path), Ledger())["weigh"]
    used = shaper_models._prompt(asker, "weigh")
    assert used.system.startswith("Be strict.")
    before, after = prompt_hashes(), prompt_hashes(tmp_path)
    assert {name for name in before if before[name] != after[name]} == {"feedback_shaper/weigh"}
    assert after["feedback_shaper/weigh"] == used.hash


def test_a_file_that_stands_in_for_no_prompt_is_refused(tmp_path: Path) -> None:
    (tmp_path / "weigh.md").write_text("x\n---\n$claim", encoding="utf-8")
    with pytest.raises(BadSettings, match="There is no prompt weigh"):
        opened(tmp_path)
    with pytest.raises(BadSettings, match="no such folder"):
        opened(tmp_path / "nowhere")


def test_one_of_our_own_that_does_not_fit_is_a_mistake_in_the_program(tmp_path: Path) -> None:
    (tmp_path / "prompts").mkdir()
    (tmp_path / "prompts" / "x.md").write_text("Look.\n---\n$clain\n", encoding="utf-8")
    with pytest.raises(PromptMismatch):
        prompt(tmp_path, "x", frozenset({"claim"}))
