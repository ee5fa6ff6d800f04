"""A run to LangSmith: a dataset for each suite, and an experiment over it with a run an outcome and feedback a mark."""

import uuid
from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from evals.case import Outcome, State
from evals.exports.sending import asked, began, client_of, flat_figures, id_of, keyed, telling, told, told_of_run
from evals.running.folder import Run

FLUSH_S = 120


def export_langsmith(run: Run, *, words: bool = False) -> list[str]:
    """Send the run to the server that LANGSMITH_ENDPOINT names, with the key in LANGSMITH_API_KEY; the names of its experiments."""
    langsmith = client_of("langsmith")
    keyed(("LANGSMITH_API_KEY",), ("LANGCHAIN_API_KEY",))
    failures: list[Exception] = []
    with telling("LangSmith"):
        client = langsmith.Client(omit_traced_runtime_info=True, tracing_error_callback=failures.append)
        names = [_experiment(client, run, suite, words) for suite in run.summary]
        client.flush(FLUSH_S)
        # It sends in the background, and what fails there it only logs.
        if failures or client.tracing_queue.unfinished_tasks:
            raise failures[0] if failures else TimeoutError(f"not everything was sent within {FLUSH_S} s")
    return names


def _experiment(client: Any, run: Run, suite: str, words: bool) -> str:
    outcomes = [o for o in run.outcomes if o.suite == suite]
    dataset, examples = _examples(client, suite, outcomes)
    figures = {name: value for name, value in flat_figures(run).items() if name.startswith(f"{suite}/")}
    name = f"{run.name} {suite}"
    metadata = {**told_of_run(run), "figures": figures}
    project = client.create_project(name, metadata=metadata, upsert=True, reference_dataset_id=dataset)
    for outcome in outcomes:
        _send(client, run, project, outcome, examples[outcome.case], words)
    return name


def _examples(client: Any, suite: str, outcomes: Sequence[Outcome]) -> tuple[Any, dict[str, Any]]:
    """The suite's dataset and its examples by case; those that it has already stay as they are."""
    called = f"plumbline {suite}"
    there = client.has_dataset(dataset_name=called)
    dataset = client.read_dataset(dataset_name=called) if there else client.create_dataset(called)
    found = {str(e.inputs["case"]): e.id for e in client.list_examples(dataset_id=dataset.id)} if there else {}
    new = {o.case: o for o in outcomes if o.case not in found}
    if new:
        ids = {case: uuid.uuid5(dataset.id, case) for case in new}
        rows = [
            {"id": ids[o.case], "inputs": {"suite": suite, "case": o.case, "group": o.group}, "metadata": dict(o.slices)}
            for o in new.values()
        ]
        client.create_examples(dataset_id=dataset.id, examples=rows)
        found |= ids
    return dataset.id, found


def _send(client: Any, run: Run, project: Any, outcome: Outcome, example: Any, words: bool) -> None:
    sent = told(outcome, words=words)
    own = id_of(run, outcome.suite, outcome.case, outcome.repeat)
    start = began(run)
    client.create_run(
        outcome.suite,
        asked(outcome),
        "chain",
        project_name=project.name,
        id=own,
        trace_id=own,
        dotted_order=f"{start:%Y%m%dT%H%M%S%f}Z{own}",
        start_time=start,
        end_time=start + timedelta(seconds=outcome.took_s),
        outputs=sent,
        error=sent.get("why") or sent.get("error", "crashed") if outcome.state is State.CRASHED else None,
        reference_example_id=example,
        extra={"metadata": dict(outcome.slices)},
    )
    for mark, right in outcome.marks.items():
        client.create_feedback(
            own, mark, score=int(right), trace_id=own, session_id=project.id, start_time=start, feedback_id=id_of(run, own, mark)
        )
