"""A case as a test: each by its id, a batch held once, and a crash and what cannot be scored told as what they are."""

import subprocess
import sys
from importlib.metadata import entry_points

import pytest

from evals.case import Case, Outcome
from evals.running.conditions import Conditions
from tests.evals.toy import NAME, Toy, right, toy

__all__ = ["toy"]

pytest_plugins = ["pytester"]

PLUGIN = "evals.pytest_plugin"
RIGHT = f"""
    import pytest

    @pytest.mark.plumbline_suite("{NAME}")
    def test_a_case(eval_outcome):
        assert all(eval_outcome.marks.values()), eval_outcome.case
"""


def ran(pytester: pytest.Pytester, text: str, *more: str) -> pytest.RunResult:
    """What pytest makes of a file of tests in which the plugin is loaded."""
    pytester.makepyfile(text)
    registered = any(point.value == PLUGIN for point in entry_points(group="pytest11"))
    load = () if registered else ("-p", PLUGIN)
    return pytester.runpytest_inprocess(
        "--strict-markers", "-o", "asyncio_default_fixture_loop_scope=function", "-p", "no:cacheprovider", *load, *more
    )


def test_every_case_is_a_test_by_its_id_and_their_batch_is_held_once(pytester: pytest.Pytester, toy: Toy) -> None:
    found = ran(pytester, RIGHT, "-v")
    found.assert_outcomes(passed=6)
    found.stdout.fnmatch_lines(["*test_a_case[[]c0[]] PASSED*", "*test_a_case[[]c5[]] PASSED*"])
    assert toy.asked == ["c0", "c1", "c2", "c3", "c4", "c5"]


def test_two_tests_of_one_suite_share_what_was_held_and_another_seed_does_not(pytester: pytest.Pytester, toy: Toy) -> None:
    again = (
        RIGHT
        + f"""
    def test_no_marker_is_needed_without_the_fixture():
        pass

    @pytest.mark.plumbline_suite("{NAME}", model="rules")
    def test_it_again(eval_outcome):
        assert eval_outcome.took_s == 0

    @pytest.mark.plumbline_suite("{NAME}", seed=8)
    def test_it_otherwise(eval_outcome):
        pass
    """
    )
    ran(pytester, again).assert_outcomes(passed=19)
    assert len(toy.asked) == 12


def test_a_wrong_mark_fails_its_case_alone(pytester: pytest.Pytester, toy: Toy) -> None:
    toy.answer = lambda case, given: right(case, given, hit=case.id != "c3")
    found = ran(pytester, RIGHT)
    found.assert_outcomes(passed=5, failed=1)
    found.stdout.fnmatch_lines(["FAILED *test_a_case[[]c3[]]*"])


def test_a_crash_fails_and_what_cannot_be_scored_is_skipped_with_the_reason(pytester: pytest.Pytester, toy: Toy) -> None:
    def answer(case: Case, given: Conditions) -> Outcome:
        if case.id == "c1":
            return Outcome.crash(case, RuntimeError("boom"))
        return Outcome.unscorable(case, "no gold for it") if case.id == "c2" else right(case, given)

    toy.answer = answer
    found = ran(pytester, RIGHT, "-rsfE")
    found.assert_outcomes(passed=4, failed=1, skipped=1)
    found.stdout.fnmatch_lines(["*c1 crashed: RuntimeError: boom*"])
    found.stdout.fnmatch_lines(["*c2 cannot be scored: no gold for it*"])


def test_a_batch_that_cannot_be_opened_is_told_at_every_case(pytester: pytest.Pytester, toy: Toy) -> None:
    def answer(case: Case, given: Conditions) -> Outcome:
        raise OSError("no such disk")

    toy.answer = answer
    ran(pytester, RIGHT).assert_outcomes(failed=6)
    assert toy.asked == ["c0"]


def test_a_limit_takes_no_more_cases(pytester: pytest.Pytester, toy: Toy) -> None:
    ran(pytester, RIGHT.replace(f'"{NAME}"', f'"{NAME}", limit=2')).assert_outcomes(passed=2)
    assert len(toy.asked) == 2


@pytest.mark.parametrize(
    ("marker", "told"),
    [
        ('@pytest.mark.plumbline_suite("no-such")', "*There is no suite no-such*"),
        (f'@pytest.mark.plumbline_suite("{NAME}", data="nowhere")', "*There is no such folder of data*nowhere*"),
        (f'@pytest.mark.plumbline_suite("{NAME}", modle="rules")', "*unexpected keyword argument 'modle'*"),
        (f'@pytest.mark.plumbline_suite("{NAME}", model="gpt")', "*names no judge*"),
        ("", "*needs the marker plumbline_suite*"),
    ],
)
def test_what_there_is_not_ends_the_collection_in_a_sentence(pytester: pytest.Pytester, toy: Toy, marker: str, told: str) -> None:
    found = ran(pytester, RIGHT.replace(f'@pytest.mark.plumbline_suite("{NAME}")', marker))
    found.assert_outcomes(errors=1)
    found.stdout.fnmatch_lines([told])
    assert toy.asked == []


def test_importing_the_plugin_loads_nothing_heavy() -> None:
    told = f"import sys, {PLUGIN}; print(sorted({{'numpy', 'pydantic', 'agents', 'alignment'}} & set(sys.modules)))"
    assert subprocess.run([sys.executable, "-c", told], capture_output=True, text=True, check=True).stdout.strip() == "[]"
