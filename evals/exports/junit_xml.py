"""A run as JUnit XML, which every CI shows as tests."""

from collections.abc import Iterable
from pathlib import Path

from junitparser import Error, Failure, JUnitXml, Skipped, TestCase, TestSuite

from evals.case import Outcome, State
from evals.placeless import placeless
from evals.running.folder import Run


def junit(run: Run, path: Path) -> Path:
    """Write a suite as a test suite and a case as a test: it passes where all its marks are right, and a failure names the others.

    A crash is an error, and what cannot be scored is skipped, each with its reason.
    """
    whole = JUnitXml(_legal(run.name))
    for suite in dict.fromkeys(o.suite for o in run.outcomes):
        whole.add_testsuite(_suite(run, suite))
    path.parent.mkdir(parents=True, exist_ok=True)
    whole.write(str(path), pretty=True)
    return path


def _suite(run: Run, suite: str) -> TestSuite:
    made = TestSuite(_legal(suite))
    for name in ("model", "seed"):
        made.add_property(name, _legal(str(run.manifest.get(name, ""))))
    for name, figure in run.summary.get(suite, {}).items():
        made.add_property(_legal(f"figure {name}"), "" if figure.value is None else repr(figure.value))
    made.add_testcases(_cases(o for o in run.outcomes if o.suite == suite))
    return made


def _cases(outcomes: Iterable[Outcome]) -> list[TestCase]:
    return [_case(o) for o in outcomes]


def _case(outcome: Outcome) -> TestCase:
    repeat = f" (repeat {outcome.repeat})" if outcome.repeat else ""
    made = TestCase(_legal(f"{outcome.case}{repeat}"), _legal(f"{outcome.suite}.{outcome.group}"), outcome.took_s)
    wrong = [name for name, right in outcome.marks.items() if not right]
    why = _legal(placeless(outcome.why))
    if outcome.state is State.CRASHED:
        made.result = [Error(why, why.partition(":")[0])]
    elif outcome.state is State.UNSCORED:
        made.result = [Skipped(why)]
    elif wrong:
        made.result = [Failure(_legal(f"wrong: {', '.join(wrong)}"), "marks")]
    return made


def _legal(text: str) -> str:
    """Without the control characters that XML has no way to hold."""
    return "".join(c if c in "\t\n\r" or " " <= c <= "\ud7ff" or "\ue000" <= c <= "\ufffd" or c > "\uffff" else "�" for c in text)
