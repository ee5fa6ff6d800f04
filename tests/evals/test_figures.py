"""Figures: a crash is no zero, groups widen intervals, repeats are no further cases, and every kind of figure is what it says."""

import numpy as np
import pytest

from evals.case import Case, Outcome, Sums
from evals.figures import drawn, figures
from evals.metrics import F1, MacroF1, Ratio, Total, pair

RIGHT = Ratio("right", "hit", "n")


def outcome(id: str, group: str, sums: Sums, repeat: int = 0) -> Outcome:
    return Outcome.of(Case(suite="s", id=id, group=group), sums=sums, repeat=repeat)


def case(id: str) -> Case:
    return Case(suite="s", id=id, group="g")


def test_a_crashed_case_and_one_that_cannot_be_scored_are_counted_and_are_no_zero() -> None:
    good = [outcome(f"c{n}", f"g{n}", {"n": 1, "hit": 1}) for n in range(3)]
    bad = [Outcome.crash(case("x"), RuntimeError("boom")), Outcome.unscorable(case("y"), "no gold")]
    made = figures((RIGHT,), [*good, *bad], 7)
    assert (made["right"].value, made["right"].n, made["right"].unscored) == (1.0, 3, 2)
    assert made["crashed"].value == 1


def test_a_figure_made_of_nothing_has_no_value() -> None:
    made = figures((RIGHT, MacroF1("f", "verdict"), F1("g", "a", "b", "c")), [outcome("c", "g", {})], 7)
    assert made["right"].value is made["right"].lo is made["f"].value is made["g"].value is None


def test_cases_that_resemble_each_other_in_groups_make_a_wider_interval_than_cases_apart() -> None:
    def made(apart: bool) -> float:
        rows = [outcome(f"c{n}", str(n) if apart else f"g{n % 4}", {"n": 1, "hit": float(n % 4 < 2)}) for n in range(80)]
        figure = figures((RIGHT,), rows, 7)["right"]
        assert figure.value == 0.5
        assert figure.lo is not None
        assert figure.hi is not None
        return figure.hi - figure.lo

    assert made(apart=False) > 2 * made(apart=True)


def test_an_interval_of_cases_apart_is_that_of_their_share() -> None:
    rows = [outcome(f"c{n}", f"c{n}", {"n": 1, "hit": float(n < 50)}) for n in range(100)]
    figure = figures((RIGHT,), rows, 7)["right"]
    assert figure.lo == pytest.approx(0.5 - 1.96 * 0.05, abs=0.03)
    assert figure.hi == pytest.approx(0.5 + 1.96 * 0.05, abs=0.03)


def test_repeats_of_a_case_are_averaged_and_told_as_a_spread() -> None:
    rows = [outcome(f"c{n}", f"g{n}", {"n": 1, "hit": float(r == 0)}, repeat=r) for n in range(4) for r in range(2)]
    figure = figures((RIGHT,), rows, 7)["right"]
    assert (figure.value, figure.n) == (0.5, 4)
    assert figure.sd == pytest.approx(0.7071, abs=1e-3)


def test_macro_f1_is_the_mean_over_the_classes_that_are_right_somewhere() -> None:
    rows = [
        outcome("a", "a", {pair("v", "yes", "yes"): 2, pair("v", "yes", "no"): 1}),
        outcome("b", "b", {pair("v", "no", "no"): 1, pair("v", "no", "maybe"): 1, pair("v", "no", None): 1}),
    ]
    yes, no = 2 * 2 / (3 + 2), 2 * 1 / (3 + 2)
    assert figures((MacroF1("f", "v"),), rows, 7)["f"].value == pytest.approx((yes + no) / 2, abs=1e-4)


def test_f1_and_totals_are_sums_over_all_cases() -> None:
    rows = [outcome("a", "a", {"hit": 1, "told": 2, "there": 1}), outcome("b", "b", {"hit": 0, "told": 0, "there": 1})]
    made = figures((F1("f", "hit", "told", "there"), Total("t", "told", "there")), rows, 7)
    assert (made["f"].value, made["t"].value) == (0.5, 2)


def test_every_drawing_takes_as_many_groups_as_there_are() -> None:
    weights = drawn(["a", "a", "b", "c"], seed=3, draws=50)
    assert weights.shape == (50, 4)
    assert set(np.unique(weights.sum(axis=1))) <= {3.0, 4.0, 5.0, 6.0}
    assert (drawn(["a", "b"], 3, 20) == drawn(["a", "b"], 3, 20)).all()
