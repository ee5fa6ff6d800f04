"""Outcomes as rows of a table."""

from typing import Any

import pandas as pd

from evals.case import Outcome
from evals.running.folder import Run


def frame(run: Run) -> pd.DataFrame:
    """A row an outcome, with a column for each slice (`slice.x`), mark (`mark.x`) and sum (`sum.x`) that any of them has."""
    rows = [row(o) for o in run.outcomes]
    names = list(dict.fromkeys(name for r in rows for name in r))
    kinds = ("slice.", "mark.", "sum.")
    own = [n for n in names if not n.startswith(kinds)]
    return pd.DataFrame(rows, columns=own + [n for kind in kinds for n in sorted(names) if n.startswith(kind)])


def row(outcome: Outcome) -> dict[str, Any]:
    """One outcome as a flat row."""
    cost = outcome.cost
    return {
        "suite": outcome.suite,
        "case": outcome.case,
        "group": outcome.group,
        "repeat": outcome.repeat,
        "state": outcome.state.value,
        "why": outcome.why,
        "seconds": outcome.took_s,
        "tokens_in": cost.tokens_in,
        "tokens_out": cost.tokens_out,
        "requests": cost.asked,
        **{f"slice.{name}": value for name, value in outcome.slices.items()},
        **{f"mark.{name}": value for name, value in outcome.marks.items()},
        **{f"sum.{name}": value for name, value in outcome.sums.items()},
    }
