"""A run to MLflow: one of its runs with every figure, and the outcomes as a table that its pages show."""

import os
import re
from collections.abc import Iterator, Sequence
from typing import Any

from evals.exports.rows import frame
from evals.exports.sending import began, client_of, flat_figures, telling, told_of_run
from evals.placeless import placeless, placeless_values
from evals.running.folder import Run

EXPERIMENT = "plumbline evals"
_MOST_AT_ONCE = 500
_MOST_PARAMS = 100
_LONGEST_PARAM = 500


def export_mlflow(run: Run, *, words: bool = False) -> str:
    """Write the run to the tracking server or folder that MLFLOW_TRACKING_URI names, and return the id it has there."""
    # Its client reports its own use to its makers otherwise, which nobody asked for.
    os.environ.setdefault("MLFLOW_DISABLE_TELEMETRY", "true")
    mlflow = client_of("mlflow")
    with telling("MLflow"):
        return _written(mlflow, run, words)


def _written(mlflow: Any, run: Run, words: bool) -> str:
    client = mlflow.MlflowClient()
    found = client.get_experiment_by_name(EXPERIMENT)
    experiment = found.experiment_id if found else client.create_experiment(EXPERIMENT)
    made = client.create_run(experiment, run_name=run.name, tags=_tags(run)).info.run_id
    entities = mlflow.entities
    at_ms = int(began(run).timestamp() * 1000)
    metrics = [entities.Metric(_name(n), value, at_ms, 0) for n, value in flat_figures(run).items()]
    for part in _parts(metrics, _MOST_AT_ONCE):
        client.log_batch(made, metrics=part)
    params = [entities.Param(_name(n), value[:_LONGEST_PARAM]) for n, value in _flat(told_of_run(run))]
    for part in _parts(params, _MOST_PARAMS):
        client.log_batch(made, params=part)
    client.log_table(made, data=_rows(run, words), artifact_file="outcomes.json")
    client.log_dict(made, told_of_run(run), "manifest.json")
    client.set_terminated(made)
    return str(made)


def _rows(run: Run, words: bool) -> Any:
    rows = frame(run)
    if words:
        return rows.assign(why=rows["why"].map(placeless), answer=[placeless_values(o.answer) for o in run.outcomes])
    return rows.drop(columns=["why"])


def _tags(run: Run) -> dict[str, str]:
    program = run.manifest.get("program", {})
    tags = {"suites": ", ".join(run.summary), "model": str(run.manifest.get("model", ""))}
    if program.get("revision"):
        tags["mlflow.source.git.commit"] = program["revision"]
    return tags


def _name(name: str) -> str:
    """A name as MLflow allows them."""
    return re.sub(r"[^\w\-. :/]", "_", name.replace("@", "_at_"))


def _flat(value: Any, prefix: str = "") -> Iterator[tuple[str, str]]:
    if isinstance(value, dict):
        for name, of in value.items():
            yield from _flat(of, f"{prefix}.{name}" if prefix else str(name))
    elif value is not None:
        yield prefix, str(value)


def _parts(items: Sequence[Any], most: int) -> Iterator[Sequence[Any]]:
    for at in range(0, len(items), most):
        yield items[at : at + most]
