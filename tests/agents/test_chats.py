"""A model's name to a chat model: the settings choose, each judgement its own; what is missing is told with what to do, and no key is."""

import sys

import pytest

from agents.ask import Ledger
from agents.ask.budget import count_tokens, fitting
from agents.ask.chats import address_of, open_chat
from agents.models import JUDGEMENTS, open_askers
from alignment.errors import BadSettings, TooLong
from alignment.settings import AskSettings, load_settings
from tests.agents.wire import KEY, NAME

ADDRESSES = {
    "openai:m": ("OPENAI_BASE_URL", "http://127.0.0.1:9/v1"),
    "anthropic:claude-3-5-haiku-latest": ("ANTHROPIC_BASE_URL", "http://127.0.0.1:9"),
    "ollama:m": ("OLLAMA_HOST", "http://127.0.0.1:9"),
}


@pytest.fixture(autouse=True)
def _keys(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("OPENAI_API_KEY", "ANTHROPIC_API_KEY"):
        monkeypatch.setenv(name, KEY)


@pytest.mark.parametrize("name", ADDRESSES)
def test_a_provider_is_named_and_its_own_variable_says_where_it_is(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip(f"langchain_{name.partition(':')[0]}", reason="the parts of this test are not installed: make parts")
    variable, url = ADDRESSES[name]
    monkeypatch.setenv(variable, url)
    chat = open_chat(name, AskSettings(reply_tokens=123))
    assert address_of(chat).rstrip("/") == url
    assert getattr(chat, "max_retries", 0) == 0
    assert 123 in (getattr(chat, "max_tokens", None), getattr(chat, "num_predict", None))


def test_each_judgement_may_have_a_model_of_its_own(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PLUMBLINE_MODEL", "openai:small")
    monkeypatch.setenv("PLUMBLINE_MODELS__DRAFT", "openai:large")
    monkeypatch.setenv("PLUMBLINE_MODELS__TIE", "rules")
    askers = open_askers(load_settings(), Ledger())
    assert {j: a.name for j, a in askers.items()} == {
        **dict.fromkeys(set(JUDGEMENTS) - {"draft", "tie"}, "openai:small"),
        "draft": "openai:large",
    }
    assert askers["split"] is askers["weigh"]


def test_without_a_setting_nobody_is_asked() -> None:
    assert open_askers(load_settings(), Ledger()) == {}


BAD = {
    "no provider": "gpt-5",
    "no model": "openai:",
    "no such provider": "delphi:oracle",
    "a space": "openai: m",
    "nothing but a colon": ":",
}


@pytest.mark.parametrize("name", BAD.values(), ids=BAD.keys())
@pytest.mark.parametrize("variable", ["PLUMBLINE_MODEL", "PLUMBLINE_MODELS__WEIGH"])
def test_a_name_that_names_no_model_is_a_sentence(name: str, variable: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(variable, name)
    with pytest.raises(BadSettings, match="PLUMBLINE_MODEL"):
        open_askers(load_settings(), Ledger())


@pytest.mark.parametrize(("extras", "package"), [({"groq": "groq"}, r"plumbline\[groq\]"), ({}, "langchain-groq")])
def test_a_missing_package_is_told_with_the_command_that_installs_it(
    extras: dict[str, str], package: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "langchain_groq", None)
    monkeypatch.setattr("agents.ask.chats.EXTRAS", extras)
    with pytest.raises(BadSettings, match=rf"needs a further package .*pip install '{package}'"):
        open_chat("groq:m", AskSettings())


def test_a_missing_key_is_told_without_its_provider_s_words(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("OPENAI_API_KEY")
    with pytest.raises(BadSettings, match=r"cannot be set up: .*Check that the provider's own variables are set"):
        open_chat(NAME, AskSettings())


def test_only_kept_replies_without_their_file_is_a_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PLUMBLINE_ASK__OFFLINE", "true")
    with pytest.raises(BadSettings, match="PLUMBLINE_ASK__CACHE"):
        open_askers(load_settings(model=NAME), Ledger())


def test_evidence_is_cut_from_its_end_and_what_must_be_sent_never() -> None:
    lines = [f"moment {n} of the interview" for n in range(100)]
    fixed = "the contract and the claim"
    kept = fitting(fixed, lines, 60)
    assert kept == lines[: len(kept)]
    assert 0 < len(kept) < 100
    assert count_tokens("\n".join([fixed, *kept])) <= 60
    with pytest.raises(TooLong, match="PLUMBLINE_ASK__TOKENS"):
        fitting("word " * 100, lines, 60)


def test_words_that_look_like_a_model_s_own_marks_are_counted_as_words() -> None:
    assert count_tokens("<|endoftext|>") > 1
