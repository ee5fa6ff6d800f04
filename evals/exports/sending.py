"""What is sent of a run, and by whose client."""

import importlib
import os
import re
import uuid
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any

from alignment.errors import BadSettings, PlumblineError, Unavailable
from evals.case import Outcome, State
from evals.placeless import placeless, placeless_values
from evals.running.folder import Run

_NAMESPACE = uuid.UUID("6a1a0a1e-52a5-5e0c-9a5e-0f4b7d3a8c11")
_ERROR = re.compile(r"([A-Za-z_]\w*): ")
_TELLING = ("model", "seed", "repeat", "limit", "settings", "prompts", "materials", "program", "python")


def client_of(module: str) -> Any:
    """The vendor's own module; BadSettings tells how to have it."""
    try:
        return importlib.import_module(module)
    except ImportError as e:
        raise BadSettings(f"The client {module} is not installed", where="export", todo=f"Run `pip install {module}`.") from e


@contextmanager
def telling(vendor: str) -> Iterator[None]:
    """Whatever a vendor's client raises is told in one sentence, as Unavailable."""
    try:
        yield
    except PlumblineError:
        raise
    except Exception as e:
        reason = (str(e).splitlines() or [""])[0][:200]
        todo = "Send it again once that is mended."
        raise Unavailable(f"{vendor} did not take the whole run: {type(e).__name__}: {reason}", where="export", todo=todo) from e


def keyed(*choices: Sequence[str]) -> None:
    """Pass where the environment has all names of one of the choices; else BadSettings names those of the first."""
    if not any(all(os.environ.get(name) for name in names) for names in choices):
        todo = f"Set {' and '.join(choices[0])}."
        raise BadSettings("The environment names no key for that place", where="export", todo=todo)


def told(outcome: Outcome, *, words: bool) -> dict[str, Any]:
    """What is sent of an outcome; a reason may quote a transcript, so without `words` only the kind of error is told."""
    made: dict[str, Any] = {
        "state": outcome.state.value,
        "marks": outcome.marks,
        "sums": outcome.sums,
        "seconds": outcome.took_s,
        "cost": outcome.cost.model_dump(),
    }
    kind = _ERROR.match(outcome.why) if outcome.state is State.CRASHED else None
    if kind:
        made["error"] = kind[1]
    if words:
        made |= {"why": placeless(outcome.why), "answer": placeless_values(outcome.answer)}
    return made


def asked(outcome: Outcome) -> dict[str, Any]:
    """What names an outcome's case: ids alone, never what the case gives."""
    named = {"suite": outcome.suite, "case": outcome.case, "group": outcome.group}
    return {**named, "repeat": outcome.repeat} if outcome.repeat else named


def told_of_run(run: Run) -> dict[str, Any]:
    """What is sent of a run's manifest: what its answers depend on, and no place of this machine."""
    chosen = {name: run.manifest[name] for name in _TELLING if name in run.manifest}
    return {"run": run.name, **dict(placeless_values(chosen))}


def flat_figures(run: Run) -> dict[str, float]:
    """Every figure that has a value by `suite/name`, with its interval's ends and its controls beside it."""
    flat: dict[str, float | None] = {}
    for suite, figures in run.summary.items():
        for name, f in figures.items():
            at = f"{suite}/{name}"
            flat |= {at: f.value, f"{at}/lo": f.lo, f"{at}/hi": f.hi, f"{at}/n": f.n}
            flat |= {f"{at}/{control}": value for control, value in f.controls.items()}
    return {name: value for name, value in flat.items() if value is not None}


def began(run: Run) -> datetime:
    """When a run began; now where its manifest does not tell."""
    try:
        return datetime.fromisoformat(str(run.manifest["began"]))
    except (KeyError, ValueError):
        return datetime.now(UTC)


def id_of(run: Run, *parts: object) -> uuid.UUID:
    """The id that the same part of the same run always gets, so that sending it twice does not make two of it."""
    return uuid.uuid5(_NAMESPACE, "\n".join(map(str, (run.name, run.manifest.get("began", ""), *parts))))
