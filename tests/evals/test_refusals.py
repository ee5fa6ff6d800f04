"""What a person can get wrong at the command line ends in one sentence and exit code 2, and `clean` removes what it says and no more."""

import sys
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import pytest

from alignment.errors import Refused
from evals.__main__ import main
from evals.running.folder import write_run
from evals.running.places import kept_folder, remove_all, runs_folder
from tests.evals.runs import run_of, twelve


class Told(NamedTuple):
    """How a command ended."""

    code: object
    out: str
    err: str


Ask = Callable[..., Told]


@pytest.fixture
def asked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Ask:
    """`python -m evals` as a shell runs it, in this process and another home."""
    monkeypatch.setenv("PLUMBLINE_HOME", str(tmp_path / "home"))

    def ask(*given: object) -> Told:
        monkeypatch.setattr(sys, "argv", ["evals", *map(str, given)])
        capsys.readouterr()
        with pytest.raises(SystemExit) as end:
            main()
        return Told(end.value.code, *capsys.readouterr())

    return ask


@pytest.fixture
def made(tmp_path: Path) -> Path:
    """A finished run's folder."""
    run = run_of(twelve(), tmp_path / "run")
    write_run(run.path, run.manifest, list(run.outcomes), run.summary)
    return run.path


@pytest.mark.parametrize(
    ("given", "why"),
    [
        (("run", "verification", "--limit", "1", "--out", "FILE"), "No folder can be written there"),
        (("run", "verification", "--limit", "1", "--out", "FILE/below"), "No folder can be written there"),
        (("run", "verification", "--limit", "1", "--out", "/proc/nowhere"), "No folder can be written there"),
        (("baseline", "RUN", "--write", "FOLDER"), "That is a folder"),
        (("baseline", "RUN", "--write", "FILE/b.json"), "No file can be written there"),
        (("export", "junit", "RUN", "--out", "FOLDER"), "That is a folder"),
        (("export", "csv", "RUN", "--out", "FOLDER"), "That is a folder"),
        (("export", "csv", "RUN", "--out", "FILE/x.csv"), "No file can be written there"),
        (("report", "RUN", "--out", "FILE/x.html"), "No file can be written there"),
    ],
)
def test_a_place_that_cannot_be_written_is_told_in_one_sentence(
    asked: Ask, made: Path, tmp_path: Path, given: tuple[str, ...], why: str
) -> None:
    (tmp_path / "file").write_text("mine")
    (tmp_path / "folder").mkdir()
    named = {"RUN": made, "FILE": tmp_path / "file", "FOLDER": tmp_path / "folder"}
    words = [str(named[g.partition("/")[0]]) + g[len(g.partition("/")[0]) :] if g.partition("/")[0] in named else g for g in given]
    told = asked(*words)
    assert (told.code, told.err.count("\n")) == (2, 1), told.err
    assert why in told.err
    assert (tmp_path / "file").read_text() == "mine"
    assert list((tmp_path / "folder").iterdir()) == []


def test_a_home_that_cannot_be_made_is_told_before_anything_is_asked(asked: Ask, tmp_path: Path) -> None:
    (tmp_path / "home").write_text("mine")
    told = asked("run", "verification", "--limit", "1", "--out", tmp_path / "out")
    assert (told.code, told.err.count("\n")) == (2, 1), told.err
    assert "PLUMBLINE_HOME" in told.err
    assert not (tmp_path / "out").exists()


def test_folders_above_a_file_that_is_written_are_made(asked: Ask, made: Path, tmp_path: Path) -> None:
    told = asked("export", "csv", made, "--out", tmp_path / "a" / "b" / "x.csv")
    assert told.code == 0, told.err
    assert (tmp_path / "a" / "b" / "x.csv").read_text(encoding="utf-8").count("\n") == 13


@pytest.fixture
def home(asked: Ask, tmp_path: Path) -> Path:
    """A home with kept outcomes and runs in it."""
    for folder in (kept_folder(), runs_folder()):
        folder.mkdir(parents=True)
        (folder / "words.json").write_text("{}")
    return tmp_path / "home"


@pytest.mark.parametrize("name", ["evals", "evals/kept", "evals/runs"])
def test_a_link_in_the_place_of_a_folder_is_not_followed_and_nothing_is_removed(asked: Ask, home: Path, tmp_path: Path, name: str) -> None:
    elsewhere = tmp_path / "elsewhere"
    (home / name).rename(elsewhere)
    (home / name).symlink_to(elsewhere)
    before = sorted(p for p in tmp_path.rglob("*"))
    with pytest.raises(Refused, match="is not followed, and nothing was removed"):
        remove_all()
    assert sorted(p for p in tmp_path.rglob("*")) == before
    told = asked("clean")
    assert (told.code, told.err.count("\n")) == (2, 1), told.err


def test_clean_says_what_it_removed_and_where_there_was_nothing(asked: Ask, home: Path) -> None:
    (home / "evals" / "held").write_text("a file where a folder was")
    told = asked("clean")
    assert [line.rpartition("/")[2] for line in told.out.splitlines()] == ["kept", "runs", "held"]
    assert "nothing to remove" in asked("clean").out
