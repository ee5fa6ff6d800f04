"""Runs: broken off and gone on with, asked once and no more, and a folder that holds the whole of it or nothing."""

import json
from dataclasses import replace
from pathlib import Path

import pytest
from typer.testing import CliRunner

from alignment.errors import BadRequest, BadSettings, Conflict, NotFound
from evals.__main__ import app
from evals.case import Case, Outcome, State
from evals.running import working
from evals.running.conditions import Conditions
from evals.running.folder import read_run
from evals.running.plan import planned
from evals.running.run import Wanted, run
from evals.sources import SAMPLES, Sources, read_cases
from evals.suite import Suite
from tests.agents.silent import NAME as MODEL
from tests.agents.silent import silence
from tests.evals.toy import METRICS, NAME, Toy, right, toy

__all__ = ["toy"]


def test_a_run_that_was_broken_off_goes_on_where_it_was(toy: Toy, tmp_path: Path) -> None:
    def stops(case: Case, given: Conditions) -> Outcome:
        if case.id == "c3" and toy.asked.count("c3") == 1:
            raise KeyboardInterrupt
        return right(case, given)

    toy.answer = stops
    with pytest.raises(KeyboardInterrupt):
        toy.run(tmp_path / "out", tmp_path / "kept")
    assert not (tmp_path / "out").exists()
    made = toy.run(tmp_path / "out", tmp_path / "kept")
    assert toy.asked == ["c0", "c1", "c2", "c3", "c3", "c4", "c5"]
    assert [o.case for o in made.outcomes] == ["c0", "c1", "c2", "c3", "c4", "c5"]
    assert made.manifest["found_kept"] == 3


def test_what_was_asked_is_not_asked_again_under_the_same_conditions_and_is_under_others(toy: Toy, tmp_path: Path) -> None:
    toy.run(tmp_path / "a", tmp_path / "kept")
    toy.run(tmp_path / "b", tmp_path / "kept")
    assert len(toy.asked) == 6
    toy.run(tmp_path / "c", tmp_path / "kept", conditions=Conditions(seed=8))
    assert len(toy.asked) == 12
    toy.run(tmp_path / "d", None)
    assert len(toy.asked) == 18


def test_a_crash_is_tried_again_and_stands_in_the_cases_with_its_reason(toy: Toy, tmp_path: Path) -> None:
    toy.answer = lambda case, given: Outcome.crash(case, RuntimeError("boom")) if case.id == "c1" else right(case, given)
    made = toy.run(tmp_path / "a", tmp_path / "kept")
    assert [(o.case, o.why) for o in made.outcomes if o.state is State.CRASHED] == [("c1", "RuntimeError: boom")]
    assert (made.summary[NAME]["right"].value, made.summary[NAME]["right"].unscored) == (1.0, 1)
    toy.answer = right
    assert toy.run(tmp_path / "b", tmp_path / "kept").summary[NAME]["crashed"].value == 0
    assert toy.asked[6:] == ["c1"]


def test_a_material_that_cannot_be_opened_crashes_all_its_cases_and_no_others(toy: Toy, tmp_path: Path) -> None:
    def fails(case: Case, given: Conditions) -> Outcome:
        raise OSError("no such disk")

    toy.answer = fails
    made = toy.run(tmp_path / "a")
    assert {o.why for o in made.outcomes} == {"OSError: no such disk"}
    assert made.summary[NAME]["crashed"].value == 6


def test_every_repeat_is_asked_by_itself(toy: Toy, tmp_path: Path) -> None:
    toy.answer = lambda case, given: right(case, given, hit=given.repeat == 0)
    made = toy.run(tmp_path / "a", tmp_path / "kept", repeats=3)
    assert len(toy.asked) == 18
    assert made.summary[NAME]["right"].value == pytest.approx(1 / 3, abs=1e-3)
    assert made.summary[NAME]["right"].sd is not None


def test_the_folder_tells_what_makes_the_run_again(toy: Toy, tmp_path: Path) -> None:
    made = toy.run(tmp_path / "a")
    summary = json.loads((tmp_path / "a" / "summary.json").read_text())
    assert summary[NAME]["right"].keys() >= {"value", "lo", "hi", "n", "unscored"}
    assert made.manifest.keys() >= {"program", "versions", "settings", "prompts", "materials", "seed", "command"}
    assert "feedback_shaper/weigh" in made.manifest["prompts"]
    assert read_run(tmp_path / "a") == made


def test_a_folder_with_something_else_in_it_is_left_alone(toy: Toy, tmp_path: Path) -> None:
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "letter.txt").write_text("dear")
    with pytest.raises(Conflict, match="something else"):
        toy.run(tmp_path / "mine")
    toy.run(tmp_path / "a")
    with pytest.raises(Conflict, match="other seed"):
        toy.run(tmp_path / "a", conditions=Conditions(seed=9))
    assert toy.run(tmp_path / "a").summary


def test_what_there_is_not_is_told_before_anything_is_asked(toy: Toy, tmp_path: Path) -> None:
    with pytest.raises(NotFound, match="no suite shapping"):
        run(Wanted(("shapping",)), Conditions(), tmp_path / "a")
    with pytest.raises(NotFound, match="no such folder"):
        run(Wanted((NAME,), data=(tmp_path / "nowhere",)), Conditions(), tmp_path / "a")
    (tmp_path / "empty").mkdir()
    with pytest.raises(NotFound, match="finds no case"):
        run(Wanted(("shaping",), data=(tmp_path / "empty",)), Conditions(), tmp_path / "a")
    with pytest.raises(BadSettings, match="names no judge"):
        toy.run(tmp_path / "a", conditions=Conditions(model="gpt"))
    with pytest.raises(NotFound, match="no whole run"):
        read_run(tmp_path)
    assert toy.asked == []


def test_a_limit_draws_the_same_cases_for_the_same_seed(toy: Toy) -> None:
    def chosen(seed: int) -> list[str]:
        suite = Suite(NAME, "toys", METRICS, toy.batches)
        return [c.id for b in planned([suite], Sources((SAMPLES,)), seed, 3) for c in b.cases]

    assert chosen(1) == chosen(1)
    assert len(chosen(1)) == 3
    assert len({tuple(chosen(seed)) for seed in range(8)}) > 1


def test_two_cases_of_one_name_are_refused(toy: Toy, tmp_path: Path) -> None:
    toy.cases = (*toy.cases, toy.cases[0])
    with pytest.raises(BadRequest, match="Two cases of toy are called c0"):
        toy.run(tmp_path / "a")


def test_a_line_that_is_no_case_is_told_with_its_number(tmp_path: Path) -> None:
    file = tmp_path / "cases.jsonl"
    file.write_text('{"id": "a"}\n\n{"id": "b", "wrong": 1}\n')
    with pytest.raises(BadRequest, match="line 3"):
        read_cases(file, NAME)
    file.write_text("{not json}\n")
    with pytest.raises(BadRequest, match="line 1"):
        read_cases(file, NAME)
    file.write_text('{"id": "a", "given": {"x": 1}}\n')
    assert read_cases(file, NAME) == [Case(suite=NAME, id="a", group="cases", given={"x": 1})]


def test_materials_of_several_suites_are_opened_once(toy: Toy) -> None:
    other = replace(Suite(NAME, "toys", METRICS, toy.batches), name="twin")
    (batch,) = planned([Suite(NAME, "toys", METRICS, toy.batches), other], Sources((SAMPLES,)), 7)
    assert len(batch.cases) == 12


def test_conditions_that_cannot_be_are_refused_once_and_not_case_by_case(toy: Toy, tmp_path: Path) -> None:
    with pytest.raises(BadSettings, match="nope"):
        toy.run(tmp_path / "a", conditions=Conditions(embedder="nope"))
    with pytest.raises(BadSettings, match="nobody"):
        toy.run(tmp_path / "a", conditions=Conditions(model="nobody:knows"))
    assert (toy.asked, (tmp_path / "a").exists()) == ([], False)


def test_a_run_in_which_nothing_could_be_scored_ends_with_an_error(toy: Toy, tmp_path: Path) -> None:
    toy.answer = lambda case, given: Outcome.crash(case, RuntimeError("boom"))
    command = ["run", NAME, "--no-cache", "--jobs", "1", "--out"]
    assert CliRunner().invoke(app, [*command, str(tmp_path / "a")]).exit_code == 1
    toy.answer = right
    assert CliRunner().invoke(app, [*command, str(tmp_path / "b")]).exit_code == 0


async def test_a_home_of_a_run_lies_in_the_home_folder_and_is_gone_afterwards(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PLUMBLINE_HOME", str(tmp_path / "home"))
    async with Conditions().workbench() as bench:
        assert bench.settings.home.parent == tmp_path / "home" / "evals" / "held"
    assert list((tmp_path / "home" / "evals" / "held").iterdir()) == []
    (tmp_path / "home" / "evals" / "held" / "left by a kill").mkdir()
    assert CliRunner().invoke(app, ["clean"]).exit_code == 0
    assert list((tmp_path / "home" / "evals").iterdir()) == []


def test_more_batches_than_two_processes_hold_at_once_end(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Processes of a pool are used up and replaced: the verification suite has a batch a search, and each is held by another process."""
    monkeypatch.setattr(working, "BATCHES_EACH", 1)
    made = run(Wanted(("verification",), data=(SAMPLES / "searches",), limit=24, jobs=2), Conditions(), tmp_path / "a")
    assert len({o.group for o in made.outcomes}) > 2
    assert {o.state for o in made.outcomes} == {State.SCORED}


def test_a_process_asks_a_model_for_one_batch_after_the_other_over_the_connection_that_it_keeps(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with silence(monkeypatch, keeps=True) as heard:
        made = run(Wanted(("intake",), data=(SAMPLES / "intakes",), limit=4, jobs=2), Conditions(model=MODEL), tmp_path / "a")
    assert [(o.state, o.cost.failed) for o in made.outcomes] == [(State.SCORED, 0)] * 4
    assert len(heard) == sum(o.cost.asked for o in made.outcomes) >= 4
