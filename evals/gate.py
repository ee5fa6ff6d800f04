"""A gate for changes: a run held against a baseline that is committed, and changed by an explicit command alone."""

import json
from pathlib import Path
from typing import Any

from pydantic import Field, ValidationError

from alignment.errors import BadRequest, NotFound
from alignment.record import Record
from evals.case import State
from evals.figures import COMMON, Figure
from evals.metrics import Total
from evals.running.folder import Run, write
from evals.suites import SUITES

MOST_SLACK = 0.05
CASES = "crashed"
"""The figure that counts every case."""
_UNGATED = frozenset({*(m.name for m in COMMON if m.name != "crashed"), "own_ms", "pooled_ms", "real_time_factor"})
"""What depends on the machine, or on a provider, and not on what is right."""


class Held(Record):
    """One figure of a baseline, and how much worse it may be; `slack` is none for counts of what may never happen."""

    value: float = Field(allow_inf_nan=False)
    n: float = Field(allow_inf_nan=False)
    unscored: int
    better: str
    slack: float = Field(ge=0, allow_inf_nan=False)


class Baseline(Record):
    """The figures by suite, and what they were made from."""

    revision: str = ""
    materials: dict[str, str]
    suites: dict[str, dict[str, Held]]


class Found(Record):
    """One thing that the gate found; `stops` whether it keeps the change out."""

    suite: str
    metric: str
    told: str
    stops: bool


def baseline_of(run: Run) -> Baseline:
    """What a run's figures hold later ones to, each with a slack.

    Eight-bit arithmetic falls out otherwise on another processor, which moves a few cases: half the way to the worse end of the figure's
    own interval, and at least two cases' worth, up to MOST_SLACK, or one case's where few are right in part. A count of nothing has an
    interval of nothing, and so no slack at all.
    """
    if crashed := sorted({o.suite for o in run.outcomes if o.state is State.CRASHED}):
        todo = "Mend that first: `python -m evals show CASE` has the whole of one."
        raise BadRequest(
            f"Cases crashed in {', '.join(crashed)}, and a baseline holds later runs to what is right", where=run.name, todo=todo
        )
    suites = {s: {n: _held(s, n, f) for n, f in of.items() if f.value is not None and _gated(n, f)} for s, of in run.summary.items()}
    return Baseline(
        revision=str(run.manifest["program"].get("revision", "")),
        materials=run.manifest["materials"],
        suites={s: {n: h for n, h in of.items() if h} for s, of in suites.items()},
    )


def _gated(name: str, figure: Figure) -> bool:
    return bool(figure.better) and name not in _UNGATED


def _held(suite: str, name: str, f: Figure) -> Held:
    assert f.value is not None, "figures without a value are no baseline"
    counts = {m.name for m in (*SUITES[suite].metrics, *COMMON) if isinstance(m, Total)}
    return Held(value=f.value, n=f.n, unscored=f.unscored, better=f.better, slack=slack_of(f, count=name in counts))


def slack_of(f: Figure, *, count: bool) -> float:
    """How much worse that figure may be: half the way to the worse end of its interval, and of a ratio at least two cases' worth.

    Of few cases one is worth more than MOST_SLACK, and a ratio cannot be held to less, unless that one would use it up; what was right in
    all of them may miss none.
    """
    assert f.value is not None, "figures without a value have no slack"
    cases = 0.0 if count else min(MOST_SLACK, 2 / f.n) if f.n else MOST_SLACK
    left = f.value if f.better == "more" else 1 - f.value
    if not count and f.n and f.value not in (0, 1) and left > 1.5 / f.n:  # what one case would use up is held by its interval alone
        cases = max(cases, 1 / f.n)
    worse = f.lo if f.better == "more" else f.hi
    return round(max(cases, abs(f.value - worse) / 2 if worse is not None else 0.0), 4)


def write_baseline(path: Path, baseline: Baseline) -> None:
    """Write a baseline's file."""
    path.parent.mkdir(parents=True, exist_ok=True)
    write(path, json.dumps(baseline.model_dump(), indent=1, sort_keys=True) + "\n")


def read_baseline(path: Path) -> Baseline:
    """A baseline from its file; NotFound where there is none, BadRequest where it is none."""
    try:
        found = Baseline.model_validate_json(path.read_text(encoding="utf-8"))
    except OSError as e:
        raise NotFound(
            "There is no baseline there", where=str(path), todo="Write one with `python -m evals baseline RUN --write FILE`."
        ) from e
    except (ValidationError, ValueError) as e:
        raise BadRequest("That file holds no baseline", where=str(path)) from e
    if not any(found.suites.values()):
        raise BadRequest("That baseline holds nothing", where=str(path), todo="Write one with `python -m evals baseline RUN --write FILE`.")
    return found


def held_against(baseline: Baseline, run: Run) -> list[Found]:
    """Everything in which a run is worse than its baseline, lacks something of it, or is better than it."""
    found: list[Found] = []
    if other := sorted(n for n, d in baseline.materials.items() if run.manifest["materials"].get(n) != d):
        told = f"{len(other)} materials are not those of the baseline, {other[0]} among them"
        found.append(Found(suite="", metric="", told=told, stops=True))
    for suite, figures in baseline.suites.items():
        if suite not in run.summary:
            found.append(Found(suite=suite, metric="", told="was not run", stops=True))
            continue
        for name, held in figures.items():
            found += _one(suite, name, held, run.summary[suite].get(name))
    return found


def _one(suite: str, name: str, held: Held, now: Figure | None) -> list[Found]:
    def told(what: str, *, stops: bool) -> list[Found]:
        return [Found(suite=suite, metric=name, told=what, stops=stops)]

    if now is None or now.value is None:
        return told("has no value any more", stops=True)
    if name == CASES and now.n < held.n:
        return told(f"{now.n:g} cases, and {held.n:g} before", stops=True)
    if now.unscored > held.unscored:
        return told(f"{now.unscored} cases crashed or could not be scored, {held.unscored} before", stops=True)
    worse = (held.value - now.value) * (1 if held.better == "more" else -1)
    if worse > held.slack + 1e-9:
        return told(f"{now.value:g}, and at worst {_least(held):g} was allowed (baseline {held.value:g})", stops=True)
    if -worse > held.slack + 1e-9:
        return told(f"{now.value:g}, better than the baseline's {held.value:g}", stops=False)
    return []


def _least(held: Held) -> float:
    return round(held.value - held.slack if held.better == "more" else held.value + held.slack, 4)


def as_json(found: list[Found]) -> dict[str, Any]:
    """What the gate found, and whether it stays shut."""
    return {"passes": not any(f.stops for f in found), "found": [f.model_dump() for f in found]}
