"""`plumbline models check`, `--model` and `--no-fallback`: a model that is not there is told in a sentence, and the rules go on."""

import json
from pathlib import Path

import pytest

from tests.api.cast import HAMID, SLUG
from tests.api.conftest import Run

SECRET = "sk-plumbline-sentinel-48151623"


@pytest.fixture(autouse=True)
def _nobody_listens(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_BASE_URL", "http://127.0.0.1:9/v1")
    monkeypatch.setenv("OPENAI_API_KEY", SECRET)
    monkeypatch.setenv("PLUMBLINE_ASK__ATTEMPTS", "1")


def test_without_a_model_the_check_says_that_the_rules_judge(plumbline: Run) -> None:
    ran = plumbline("models", "check")
    assert ran.code == 0
    assert "No model is set: the rules judge." in ran.out


def test_a_model_that_nobody_answers_for_fails_the_check_with_the_reason(plumbline: Run) -> None:
    ran = plumbline("models", "check", "--model", "openai:gone", "--json")
    assert ran.code == 7
    told = json.loads(ran.out)
    assert [j["judgement"] for j in told["judgements"]] == ["split", "screen", "tie", "weigh", "draft", "question", "read", "hear"]
    assert not any(j["proven"] for j in told["judgements"])
    assert told["costs"][-1]["judgement"] == "in all"
    assert "The rules had to stand in for the model" in ran.err
    assert SECRET not in ran.out + ran.err


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("gpt-5", "names no judge"),
        ("nope:model", "LangChain knows no provider 'nope'"),
        ("mistralai:small", "pip install 'langchain-mistralai'"),
        ("openai:", "names no judge"),
    ],
)
def test_a_name_that_is_no_model_is_told_before_anything_is_done(plumbline: Run, name: str, told: str) -> None:
    ran = plumbline("models", "check", "--model", name)
    assert ran.code == 6
    assert told in ran.err


def test_a_provider_without_its_key_is_told_without_any(plumbline: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("OPENAI_API_KEY")
    ran = plumbline("models", "check", "--model", "openai:gpt-5-mini")
    assert ran.code == 6
    assert "cannot be set up" in ran.err


def test_shaping_goes_on_by_the_rules_and_says_so_and_no_key_is_kept_anywhere(story: Run, told_home: Path) -> None:
    given = ("shape", "F1", "--search", SLUG, "--as", HAMID, "--accept", "--json", "--model", "openai:gone")
    failed = story(*given, "--no-fallback")
    assert failed.code == 7
    assert "did not answer" in failed.err
    ran = story(*given)
    assert ran.code == 0, ran.err
    shaping = json.loads(ran.out)["shaping"]
    judged = [m["judged"] for m in (*shaping["statements"], *shaping["questions"])]
    assert judged
    assert all(set(j["judgements"].values()) == {"rules"} and j["by"] == "openai:gone" for j in judged)
    assert all("the rules stood in" in j["notes"][0] for j in judged)
    assert SECRET not in ran.out + ran.err + failed.out + failed.err
    assert not [f for f in told_home.rglob("*") if f.is_file() and SECRET.encode() in f.read_bytes()]
