"""Commands as they are typed: one place named twice, a case by the end of its id, every suite in a matrix, brackets in paths."""

import shutil
from pathlib import Path

import pytest

from evals.case import Case, Outcome
from evals.running.folder import write_run
from evals.sources import SAMPLES
from tests.evals.runs import run_of
from tests.evals.test_refusals import Ask, asked

__all__ = ["asked"]


@pytest.fixture
def made(tmp_path: Path) -> Path:
    """A run of cases whose ids end alike, in a folder with brackets in its name."""
    outcomes = [Outcome.of(Case(suite="toy", id=n, group="g"), sums={"n": 1.0, "hit": 1.0}) for n in ("a/F1", "a/F2", "b/F2", "b/F12")]
    run = run_of(outcomes, tmp_path / "run[bold]s")
    write_run(run.path, run.manifest, list(run.outcomes), run.summary)
    return run.path


def test_a_case_is_found_by_the_end_of_its_id_where_that_is_one_and_candidates_are_named_where_not(asked: Ask, made: Path) -> None:
    found = asked("show", "F1", "--run", made, "--json")
    assert (found.code, '"a/F1"' in found.out, '"b/F12"' in found.out) == (0, True, False)
    several = asked("show", "F2", "--run", made)
    assert several.code == 2
    assert "2 cases end in F2" in several.err
    assert "Name one of them: a/F2, b/F2." in several.err
    assert "There are, for example: a/F1" in asked("show", "F9", "--run", made).err


def test_brackets_in_a_path_are_told_as_they_stand(asked: Ask, made: Path) -> None:
    assert str(made / "outcomes.csv") in asked("export", "csv", made).out
    assert str(made / "report.html") in asked("report", made).out


def test_one_place_that_is_named_twice_is_one_place(asked: Ask, tmp_path: Path) -> None:
    shutil.copytree(SAMPLES / "verification", tmp_path / "verification")
    (tmp_path / "link").symlink_to(tmp_path / "verification")
    named = ("--data", tmp_path / "verification", "--data", tmp_path / "link", "--data", f"{tmp_path}/link/../verification")
    told = asked("run", "verification", *named, "--limit", "2", "--no-cache", "--jobs", "1", "--out", tmp_path / "out[red]")
    assert told.code == 0, told.err
    assert "2 outcomes" in told.out
    assert str(tmp_path / "out[red]") in told.out


def test_a_matrix_of_all_suites_takes_those_that_find_cases(asked: Ask, tmp_path: Path) -> None:
    shutil.copytree(SAMPLES / "verification", tmp_path / "data" / "verification")
    limited = ("--limit", "2", "--no-cache", "--jobs", "1")
    told = asked("matrix", "all", "--data", tmp_path / "data", *limited, "--out", tmp_path / "out[red]")
    assert told.code == 0, told.err
    assert str(tmp_path / "out[red]" / "report.html") in told.out
