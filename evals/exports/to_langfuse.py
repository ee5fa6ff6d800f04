"""A run to Langfuse: an experiment for each suite, an item an outcome with a score a mark, and the figures as scores of the whole."""

from typing import Any

from evals.case import Outcome, State
from evals.exports.sending import asked, client_of, flat_figures, keyed, telling, told, told_of_run
from evals.running.folder import Run

_AT_ONCE = 4


def export_langfuse(run: Run, *, words: bool = False) -> list[str]:
    """Send the run to the server that LANGFUSE_BASE_URL names, with the keys in LANGFUSE_PUBLIC_KEY and LANGFUSE_SECRET_KEY."""
    langfuse = client_of("langfuse")
    keyed(("LANGFUSE_PUBLIC_KEY", "LANGFUSE_SECRET_KEY"))
    with telling("Langfuse"):
        client = langfuse.Langfuse()
        names = [_experiment(langfuse, client, run, suite, words) for suite in run.summary]
        client.flush()
    return names


def _experiment(langfuse: Any, client: Any, run: Run, suite: str, words: bool) -> str:
    by_key = {_key(asked(o)): o for o in run.outcomes if o.suite == suite}

    def answered(*, item: Any, **_: Any) -> dict[str, Any]:
        return told(by_key[_key(item["input"])], words=words)

    def marks(*, input: Any, **_: Any) -> list[Any]:
        return _marks(langfuse, by_key[_key(input)])

    def figures(**_: Any) -> list[Any]:
        own = flat_figures(run).items()
        return [langfuse.Evaluation(name=n.removeprefix(f"{suite}/"), value=v) for n, v in own if n.startswith(f"{suite}/")]

    metadata = {name: str(value) for name, value in told_of_run(run).items() if name in ("run", "model", "seed", "repeat", "python")}
    name = f"{run.name} {suite}"
    client.run_experiment(
        name=f"plumbline {suite}",
        run_name=name,
        data=[{"input": asked(o), "metadata": dict(o.slices)} for o in by_key.values()],
        task=answered,
        evaluators=[marks],
        run_evaluators=[figures],
        metadata=metadata,
        max_concurrency=_AT_ONCE,
    )
    return name


def _marks(langfuse: Any, outcome: Outcome) -> list[Any]:
    scores = [langfuse.Evaluation(name=name, value=right, data_type="BOOLEAN") for name, right in outcome.marks.items()]
    return [langfuse.Evaluation(name="crashed", value=outcome.state is State.CRASHED, data_type="BOOLEAN"), *scores]


def _key(named: dict[str, Any]) -> tuple[str, int]:
    return named["case"], named.get("repeat", 0)
