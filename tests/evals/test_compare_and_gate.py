"""Two runs held against each other, and one against its baseline: chance is told from change, and what got worse keeps the gate shut."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from alignment.errors import BadRequest, Conflict, NotFound
from evals import gate
from evals.__main__ import app
from evals.case import Case, Outcome
from evals.compare import compared
from evals.figures import Figure
from evals.running.conditions import Conditions
from evals.running.folder import Run
from tests.evals.toy import NAME, Toy, right, toy

__all__ = ["toy"]


def told(toy: Toy, out: Path, wrong: set[str], invented: int = 0) -> Run:
    """A run in which these cases are wrong, and one invents something."""
    toy.answer = lambda case, given: right(case, given, case.id not in wrong, invented if case.id == "c0" else 0)
    return toy.run(out)


def test_a_change_that_chance_makes_as_well_is_told_as_such_and_a_large_one_is_not(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    toy = Toy(cases=60, groups=20).put(monkeypatch)
    before = told(toy, tmp_path / "a", {f"c{n}" for n in range(0, 60, 2)})
    one = told(toy, tmp_path / "b", {f"c{n}" for n in range(2, 60, 2)})
    all_right = told(toy, tmp_path / "c", set())
    small = next(m for m in compared(before, one).moved if m.metric == "right")
    large = next(m for m in compared(before, all_right).moved if m.metric == "right")
    assert small.told == "no difference told from chance"
    assert (large.told, large.difference) == ("better", 0.5)
    assert next(m for m in compared(all_right, before).moved if m.metric == "right").told == "worse"


def test_cases_that_flipped_are_named_in_their_direction(toy: Toy, tmp_path: Path) -> None:
    before, after = told(toy, tmp_path / "a", {"c1"}), told(toy, tmp_path / "b", {"c2"})
    assert {(f.case, f.after) for f in compared(before, after).flips} == {("c1", True), ("c2", False)}


def test_a_changed_prompt_stands_in_the_comparison_with_both_hashes(toy: Toy, tmp_path: Path) -> None:
    own = Path(__file__).parents[2] / "agents" / "feedback_shaper" / "prompts" / "weigh.md"
    (tmp_path / "prompts" / "feedback_shaper").mkdir(parents=True)
    (tmp_path / "prompts" / "feedback_shaper" / "weigh.md").write_text("Be strict.\n" + own.read_text())
    before = toy.run(tmp_path / "a")
    after = toy.run(tmp_path / "b", conditions=Conditions(prompts=tmp_path / "prompts"))
    a, b = compared(before, after).changed["prompts: feedback_shaper/weigh"]
    assert (len(a), len(b), a == b) == (16, 16, False)
    assert not [name for name in compared(before, toy.run(tmp_path / "c")).changed if name.startswith("prompts")]


def test_cases_that_only_one_of_the_two_could_score_count_in_neither(toy: Toy, tmp_path: Path) -> None:
    before = told(toy, tmp_path / "a", {"c1"})

    def crashes(case: Case, given: Conditions) -> Outcome:
        return Outcome.crash(case, RuntimeError("x")) if case.id == "c1" else right(case, given)

    toy.answer = crashes
    found = compared(before, toy.run(tmp_path / "b"))
    assert found.alone == 1
    assert next(m for m in found.moved if m.metric == "right").difference == 0
    toy.answer = lambda case, given: Outcome.unscorable(case, "nothing there")
    with pytest.raises(Conflict, match="no scored case in common"):
        compared(before, toy.run(tmp_path / "c"))


def test_the_gate_stays_shut_for_what_is_worse_and_opens_for_what_is_the_same_or_better(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    toy = Toy(cases=200, groups=20).put(monkeypatch)
    base = gate.baseline_of(told(toy, tmp_path / "a", {f"c{n}" for n in range(20)}))
    assert gate.held_against(base, told(toy, tmp_path / "b", {f"c{n}" for n in range(22)})) == []
    slack = base.suites[NAME]["right"].slack
    assert 2 / 200 <= slack <= 0.03, "half the way to the end of an interval that 200 cases in 20 groups have"
    (worse,) = gate.held_against(base, told(toy, tmp_path / "c", {f"c{n}" for n in range(27)}))
    assert (worse.metric, worse.stops) == ("right", True)
    (better,) = gate.held_against(base, told(toy, tmp_path / "d", set()))
    assert (better.metric, better.stops) == ("right", False)


@pytest.mark.parametrize(
    ("figure", "count", "moved"),
    [
        (Figure(value=0.5714, lo=None, hi=None, n=4, unscored=0, better="more"), False, 0.0715),
        (Figure(value=0.5714, lo=0.0, hi=1.0, n=4, unscored=0, better="more"), False, 0.0715),
        (Figure(value=0.8704, lo=0.76, hi=0.95, n=54, unscored=0, better="more"), False, 0.0371),
        (Figure(value=21, lo=10, hi=34, n=77, unscored=0, better="less"), True, 2),
    ],
)
def test_what_was_seen_to_move_on_another_processor_passes(figure: Figure, *, count: bool, moved: float) -> None:
    assert gate.slack_of(figure, count=count) >= moved


@pytest.mark.parametrize(("value", "better"), [(1.0, "more"), (0.0, "less")])
def test_what_was_right_in_all_of_a_few_cases_may_miss_none(value: float, better: str) -> None:
    assert gate.slack_of(Figure(value=value, lo=value, hi=value, n=5, unscored=0, better=better), count=False) < 1 / 5


def test_of_what_may_never_happen_nothing_passes() -> None:
    assert gate.slack_of(Figure(value=0, lo=0, hi=0, n=77, unscored=0, better="less"), count=True) == 0


def test_one_invention_more_than_in_the_baseline_is_one_too_many(toy: Toy, tmp_path: Path) -> None:
    base = gate.baseline_of(told(toy, tmp_path / "a", set()))
    (found,) = gate.held_against(base, told(toy, tmp_path / "b", set(), invented=1))
    assert (found.metric, found.stops) == ("invented", True)


def test_a_case_that_crashes_cannot_make_a_run_look_better(toy: Toy, tmp_path: Path) -> None:
    base = gate.baseline_of(told(toy, tmp_path / "a", {"c1"}))
    toy.answer = lambda case, given: Outcome.crash(case, RuntimeError("x")) if case.id == "c1" else right(case, given)
    found = gate.held_against(base, toy.run(tmp_path / "b"))
    assert {f.metric for f in found if f.stops} >= {"right", "crashed"}


def test_other_data_or_a_suite_left_out_keep_the_gate_shut(toy: Toy, tmp_path: Path) -> None:
    run = told(toy, tmp_path / "a", set())
    base = gate.baseline_of(run)
    other = base.model_copy(update={"materials": {"toy nowhere": "1"}})
    assert any(f.stops and "materials" in f.told for f in gate.held_against(other, run))
    more = base.model_copy(update={"suites": {**base.suites, "chat": base.suites[NAME]}})
    assert any(f.stops and f.told == "was not run" for f in gate.held_against(more, run))


def test_the_commands_end_with_the_code_that_a_script_goes_by(toy: Toy, tmp_path: Path) -> None:
    good, bad = told(toy, tmp_path / "a", set()), told(toy, tmp_path / "b", {"c1", "c2"}, invented=1)
    file = str(tmp_path / "baseline.json")
    cli = CliRunner()
    assert cli.invoke(app, ["baseline", str(good.path), "--write", file]).exit_code == 0
    assert cli.invoke(app, ["gate", str(good.path), "--baseline", file]).exit_code == 0
    shut = cli.invoke(app, ["gate", str(bad.path), "--baseline", file, "--json"])
    assert (shut.exit_code, json.loads(shut.stdout)["passes"]) == (1, False)
    found = json.loads(cli.invoke(app, ["compare", str(good.path), str(bad.path), "--json"]).stdout)
    assert {f["case"] for f in found["flips"]} == {"c1", "c2"}
    shown = json.loads(cli.invoke(app, ["show", "c1", "--run", str(bad.path), "--json"]).stdout)
    assert shown[0]["marks"] == {"right": False}
    assert isinstance(cli.invoke(app, ["show", "zz", "--run", str(bad.path)]).exception, NotFound)
    (tmp_path / "baseline.json").write_text("{}")
    assert isinstance(cli.invoke(app, ["gate", str(good.path), "--baseline", file]).exception, BadRequest)
