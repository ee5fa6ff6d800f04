"""Commands that ask the product: suites, run, matrix."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from itertools import product
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TaskID, TextColumn, TimeElapsedColumn
from rich.table import Table

from alignment.errors import BadRequest
from alignment.record import digest
from alignment.settings import RULES
from evals.case import Outcome, State
from evals.commands.writing import folder_for
from evals.running.conditions import Conditions
from evals.running.folder import Run
from evals.running.places import check_home, kept_folder, runs_folder
from evals.running.run import Wanted, planned_for, run
from evals.suites import SUITES
from evals.tables import number, run_tables

ALL = ["all"]
err_console = Console(stderr=True)
out_console = Console() if Console().is_terminal else Console(width=160)

Names = Annotated[list[str], typer.Argument(metavar="SUITE…", help="Which suites; `all` takes every one that finds cases in the data.")]
Data = Annotated[list[Path] | None, typer.Option("--data", help="A folder of data, in any layout that `suites` tells; repeatable.")]
Limit = Annotated[int, typer.Option(min=0, help="At most so many cases a suite, drawn by the seed; 0 takes all.")]
Seed = Annotated[int, typer.Option(help="Draws the sample, what is random in controls, and the intervals.")]
Repeat = Annotated[int, typer.Option("--repeat", min=1, help="How often every case is asked.")]
Jobs = Annotated[int, typer.Option(min=1, help="How many processes work side by side.")]
NoCache = Annotated[bool, typer.Option("--no-cache", help="Ask everything anew, and keep nothing.")]


def suites() -> None:
    """What can be measured, and which data each suite reads."""
    table = Table("suite", "asks", "figures", title_justify="left")
    for name, suite in SUITES.items():
        table.add_row(name, suite.about, ", ".join(m.name for m in suite.metrics[:6]) + (" …" if len(suite.metrics) > 6 else ""))
    out_console.print(table)


def run_suites(
    names: Names,
    data: Data = None,
    model: Annotated[str, typer.Option(help="Who judges: rules, or a chat model as provider:model.")] = RULES,
    judge: Annotated[str, typer.Option(help="A chat model that judges the answers afterwards; needs ragas.")] = "",
    embedder: Annotated[str, typer.Option(help="Another embedder, as provider:model.")] = "",
    prompts: Annotated[Path | None, typer.Option(help="A folder of prompts that stand in for ours.")] = None,
    without: Annotated[list[str] | None, typer.Option(help="A kind of evidence that the rules do without; repeatable.")] = None,
    limit: Limit = 0,
    seed: Seed = 7,
    repeat: Repeat = 1,
    jobs: Jobs = 2,
    out: Annotated[Path | None, typer.Option("--out", help="The run's folder; one in the home folder where none is named.")] = None,
    no_cache: NoCache = False,
) -> None:
    """Ask the product every case of the suites, and write a folder with figures, cases, manifest and report.

    A run that was broken off goes on where it was when the same command is given again.
    """
    if judge:
        from evals.judging import check_judge

        check_judge(judge)
    chosen, places = _chosen(names), _once(data)
    conditions = Conditions(model=model, embedder=embedder, prompts=prompts, without=tuple(without or ()), seed=seed)
    wanted = Wanted(chosen, places, limit, repeat, jobs, None if no_cache else kept_folder(), lenient=names == ALL)
    made = _watched(wanted, conditions, out or _fresh(chosen))
    out_console.print(run_tables(made))
    _finish(made, judge)


def matrix(
    names: Names,
    data: Data = None,
    model: Annotated[list[str] | None, typer.Option("--model", help="A model to try; repeatable.")] = None,
    embedder: Annotated[list[str] | None, typer.Option("--embedder", help="An embedder to try; repeatable.")] = None,
    prompts: Annotated[list[Path] | None, typer.Option("--prompts", help="A folder of prompts to try beside ours; repeatable.")] = None,
    limit: Limit = 0,
    seed: Seed = 7,
    repeat: Repeat = 1,
    jobs: Jobs = 2,
    out: Annotated[Path | None, typer.Option("--out", help="The folder of the runs.")] = None,
    no_cache: NoCache = False,
) -> None:
    """Every model with every embedder and every folder of prompts: a run each, one table and one report of them all."""
    chosen = _chosen(names)
    place = out or _fresh(chosen)
    runs = []
    wanted = Wanted(chosen, _once(data), limit, repeat, jobs, None if no_cache else kept_folder(), lenient=names == ALL)
    for m, e, p in product(model or [RULES], embedder or [""], [None, *(prompts or ())]):
        conditions = Conditions(model=m, embedder=e, prompts=p, seed=seed)
        runs.append(_watched(wanted, conditions, place / _called(m, e, p)))
    table = Table("suite", "figure", *(escape(r.name) for r in runs), title_justify="left")
    for suite, figures in runs[0].summary.items():
        for name in figures:
            table.add_row(suite, name, *(number(r.summary[suite][name].value) for r in runs))
    out_console.print(table)
    from evals.report import write_report

    out_console.print(f"Report: {write_report(runs[0], place / 'report.html', runs[1:])}", markup=False, soft_wrap=True)


def _chosen(names: Sequence[str]) -> tuple[str, ...]:
    return tuple(SUITES) if names == ALL else tuple(names)


def _once(data: Sequence[Path] | None) -> tuple[Path, ...]:
    """The folders as they were named, each place once: a link to one that was named is the same cases again."""
    return tuple({path.resolve(): path for path in reversed(data or ())}.values())[::-1]


def _called(model: str, embedder: str, prompts: Path | None) -> str:
    parts = [model, embedder, prompts.name if prompts else ""]
    readable = "-".join("".join(c if c.isalnum() or c in ".-" else "_" for c in part) for part in parts if part)
    # Two that read the same are two all the same.
    return readable if readable == model else f"{readable}-{digest(model, embedder, str(prompts and prompts.resolve()))[:6]}"


def _fresh(names: tuple[str, ...]) -> Path:
    at = datetime.now(UTC).strftime("%Y%m%d-%H%M%S")
    return runs_folder() / f"{at}-{'-'.join(names) if len(names) < 4 else 'several'}"


def _watched(wanted: Wanted, conditions: Conditions, out: Path) -> Run:
    cases = sum(len(b.cases) for b in planned_for(wanted, conditions.seed)) * wanted.repeats
    if not cases:
        raise BadRequest("There is nothing to ask", where="--data")
    check_home()
    folder_for(out)
    with _bar(cases, conditions.model) as told:
        return run(wanted, conditions, out, told)


@contextmanager
def _bar(cases: int, title: str) -> Iterator["_Told"]:
    title_column, last = TextColumn("{task.description}", markup=False), TextColumn("{task.fields[last]}", markup=False)
    columns = (title_column, BarColumn(), MofNCompleteColumn(), TimeElapsedColumn(), last)
    with Progress(*columns, console=err_console, transient=True, disable=not err_console.is_terminal) as bar:
        yield _Told(bar, bar.add_task(title, total=cases, last=""))


class _Told:
    """Counts outcomes on a bar, and says at once where one crashed."""

    def __init__(self, bar: Progress, task: TaskID) -> None:
        self._bar, self._task = bar, task

    def __call__(self, outcome: Outcome) -> None:
        self._bar.update(self._task, advance=1, last=f"{outcome.suite} {outcome.case}"[:60])
        if outcome.state is State.CRASHED:
            self._bar.console.print(f"{outcome.suite} {outcome.case} crashed: {outcome.why[:300]}", style="red", markup=False)


def _finish(made: Run, judge: str) -> None:
    if judge:
        from evals.judging import judge_run

        judge_run(made, judge, out_console)
    from evals.report import write_report

    report = write_report(made, made.path / "report.html")
    out_console.print(f"Run:    {made.path}\nReport: {report}", soft_wrap=True, markup=False)
    if not any(o.state is State.SCORED for o in made.outcomes):
        err_console.print("No case could be scored: `python -m evals show CASE` tells why.", style="red")
        raise typer.Exit(1)
