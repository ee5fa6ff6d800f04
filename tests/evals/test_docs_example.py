"""The example in the documentation is what a reader's own pytest makes of it."""

import json
import re
from pathlib import Path

import pytest

from tests.evals.small_search import small_search
from tests.evals.test_pytest_plugin import ran

pytest_plugins = ["pytester"]

PAGE = Path(__file__).parents[2] / "docs" / "evals.md"


def test_the_tests_printed_in_the_documentation_pass_for_feedback_that_the_record_supports_or_not(pytester: pytest.Pytester) -> None:
    (example,) = (
        block for block in re.findall(r"```python\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.S) if "plumbline_suite" in block
    )
    gold = small_search(pytester.path / "my-searches") / "gold" / "feedback.jsonl"
    supported = {
        "span": "He closed the upper gate by hand",
        "verdict": "supported",
        "polarity": "positive",
        "criterion": "M1",
        "moments": [[10, 18]],
    }
    gold.write_text(json.dumps({"id": "F1", "claims": [supported]}) + "\n", encoding="utf-8")
    ran(pytester, example).assert_outcomes(passed=2)
    gold.write_text(json.dumps({"id": "F1", "claims": [{"span": "He whistles nicely", "verdict": "no_evidence"}]}) + "\n", encoding="utf-8")
    ran(pytester, example).assert_outcomes(passed=1, failed=1)
