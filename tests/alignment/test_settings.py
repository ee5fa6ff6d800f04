"""Settings: the defaults do the whole job, and a name that nobody knows is refused rather than passed over."""

import os
from pathlib import Path

import pytest

from alignment.errors import BadSettings
from alignment.settings import load_settings


@pytest.fixture(autouse=True)
def _nothing_set(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in [n for n in os.environ if n.upper().startswith("PLUMBLINE_")]:
        monkeypatch.delenv(name)


def test_nothing_set_is_one_machine_with_everything_under_home(tmp_path: Path) -> None:
    settings = load_settings(home=tmp_path)
    assert settings.store == f"sqlite+aiosqlite:///{tmp_path / 'plumbline.db'}"
    assert settings.index_place == str(tmp_path / "index")
    assert settings.checkpoints == str(tmp_path / "conversations.db")
    assert (settings.model, settings.embedder.name, settings.organisation) == ("rules", "minilm", "local")


def test_three_urls_make_many_machines(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PLUMBLINE_STORE_URL", "postgresql+psycopg://h/db")
    monkeypatch.setenv("PLUMBLINE_INDEX", "http://qdrant:6333")
    monkeypatch.setenv("PLUMBLINE_CHECKPOINTS_URL", "postgresql://h/db")
    settings = load_settings()
    assert (settings.store, settings.index_place, settings.checkpoints) == (
        "postgresql+psycopg://h/db",
        "http://qdrant:6333",
        "postgresql://h/db",
    )


@pytest.mark.parametrize("name", ["PLUMBLINE_MODLE", "PLUMBLINE_", "plumbline_stor_url", "PLUMBLINE_HOME__FOLDER", "PLUMBLINE_STORE__URL"])
def test_a_variable_that_nobody_knows_is_refused_with_those_that_there_are(monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    monkeypatch.setenv(name, "x")
    with pytest.raises(BadSettings) as refused:
        load_settings()
    assert name in str(refused.value)
    assert "PLUMBLINE_STORE_URL" in str(refused.value)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("PLUMBLINE_EMBEDDER__NAMES", "minilm"),
        ("PLUMBLINE_PASSAGES__TOKENS", "many"),
        ("PLUMBLINE_PASSAGES__TOKENS", "3"),
        ("PLUMBLINE_PASSAGES__OVERLAP", "-1"),
        ("PLUMBLINE_MODEL", "gut-feeling"),
    ],
)
def test_an_impossible_value_is_refused_by_its_variable(monkeypatch: pytest.MonkeyPatch, name: str, value: str) -> None:
    monkeypatch.setenv(name, value)
    with pytest.raises(BadSettings, match=name):
        load_settings()


@pytest.mark.parametrize("value", ["minilm", "200", "{"])
def test_a_group_of_settings_is_not_one_word(monkeypatch: pytest.MonkeyPatch, value: str) -> None:
    monkeypatch.setenv("PLUMBLINE_EMBEDDER", value)
    with pytest.raises(BadSettings, match=r"(?i)embedder"):
        load_settings()


def test_an_argument_that_nobody_knows_is_refused() -> None:
    with pytest.raises(BadSettings, match="PLUMBLINE_COLOUR"):
        load_settings(colour="blue")


def test_what_is_given_goes_before_the_environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PLUMBLINE_HOME", "/elsewhere")
    monkeypatch.setenv("PLUMBLINE_PASSAGES__TOKENS", "300")
    monkeypatch.setenv("HOME", "/somewhere")
    settings = load_settings(home=tmp_path)
    assert (settings.home, settings.passages.tokens) == (tmp_path, 300)


def test_a_key_is_not_printed() -> None:
    settings = load_settings(index_api_key="hush-hush")
    assert settings.index_api_key == "hush-hush"
    assert "hush-hush" not in repr(settings)
