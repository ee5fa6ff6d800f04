"""Commands that look at runs: show, compare, gate, baseline, report, export, clean."""

import json
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from alignment.errors import Conflict, NotFound
from evals.case import Outcome
from evals.commands.running import out_console
from evals.commands.writing import file_for
from evals.running.folder import MANIFEST, Run, read_run
from evals.running.places import remove_all, runs_folder

AT_MOST = 5
Folder = Annotated[Path, typer.Argument(metavar="RUN", help="A run's folder.")]
Json = Annotated[bool, typer.Option("--json", help="As JSON.")]


def latest() -> Path:
    """The folder of the newest run; NotFound where there is none yet."""
    found = sorted((p.parent for p in runs_folder().glob(f"*/{MANIFEST}")), key=lambda p: p.name)
    if not found:
        raise NotFound("There is no run yet", where=str(runs_folder()), todo="Make one with `python -m evals run SUITE`.")
    return found[-1]


def show(
    case: Annotated[str, typer.Argument(metavar="CASE", help="A case's id, the beginning of some, or the end of one.")],
    run: Annotated[Path | None, typer.Option("--run", help="Of which run; the newest where none is named.")] = None,
    as_json: Json = False,
) -> None:
    """The whole trace of one case: what was retrieved, claimed, verified, refused and why."""
    from evals.tables import show as printed

    made = read_run(run or latest())
    found = _called(made, case)
    if as_json:
        typer.echo(json.dumps([o.model_dump(mode="json") for o in found], ensure_ascii=False))
        return
    printed(out_console, found[:AT_MOST])
    if len(found) > AT_MOST:
        out_console.print(f"{len(found) - AT_MOST} further cases begin so.")


def _called(made: Run, case: str) -> list[Outcome]:
    """The outcomes of the case with that id; or of those that begin so; or of the one that ends so. NotFound names candidates."""
    names = list(dict.fromkeys(o.case for o in made.outcomes))
    found = [n for n in names if n == case] or [n for n in names if n.startswith(case)]
    if not found:
        found = [n for n in names if n.endswith(f"/{case}")] or [n for n in names if n.endswith(case)]
        if len(found) > 1:
            more = f" and {len(found) - AT_MOST} more" if len(found) > AT_MOST else ""
            todo = f"Name one of them: {', '.join(found[:AT_MOST])}{more}."
            raise NotFound(f"{len(found)} cases end in {case}, and none begins so", where=str(made.path), todo=todo)
    if not found:
        raise NotFound(f"There is no case {case}", where=str(made.path), todo=f"There are, for example: {', '.join(names[:AT_MOST])}.")
    return [o for o in made.outcomes if o.case in found]


def compare(
    before: Folder,
    after: Folder,
    seed: Annotated[int, typer.Option(help="Draws the intervals.")] = 7,
    as_json: Json = False,
) -> None:
    """Two runs case by case: how far each figure moved with its paired interval, which cases flipped, and what was changed."""
    from evals.compare import compared
    from evals.tables import comparison_tables

    found = compared(read_run(before), read_run(after), seed)
    if as_json:
        typer.echo(json.dumps(found.as_json(), ensure_ascii=False))
    else:
        out_console.print(comparison_tables(found))


def gate(
    run: Folder,
    baseline: Annotated[Path, typer.Option("--baseline", help="The baseline's file.")],
    as_json: Json = False,
) -> None:
    """Hold a run against a baseline; exit code 1 where anything is worse than it allows."""
    from evals.gate import as_json as told_as_json
    from evals.gate import held_against, read_baseline

    found = held_against(read_baseline(baseline), read_run(run))
    told = told_as_json(found)
    if as_json:
        typer.echo(json.dumps(told))
    else:
        for f in found:
            mark = "STOP" if f.stops else "note"
            out_console.print(f"{mark}  {' '.join(x for x in (f.suite, f.metric) if x)}: {f.told}", markup=False, soft_wrap=True)
        out_console.print("The gate is open." if told["passes"] else "The gate stays shut.")
    if not told["passes"]:
        raise typer.Exit(1)


def baseline(
    run: Folder,
    write: Annotated[Path, typer.Option("--write", help="The file that is written.")],
    force: Annotated[bool, typer.Option("--force", help="Also where the baseline that is there has suites that this run has not.")] = False,
) -> None:
    """Make a run's figures the ones that later runs are held to."""
    from evals.gate import baseline_of, read_baseline, write_baseline

    finished, path = read_run(run), file_for(write)
    made = baseline_of(finished)
    if path.exists() and not force and (lost := sorted(read_baseline(path).suites.keys() - made.suites.keys())):
        todo = "Run them too, or say --force."
        raise Conflict(f"The baseline that is there holds suites that this run has not: {', '.join(lost)}", where=str(write), todo=todo)
    write_baseline(path, made)
    out_console.print(
        f"{sum(map(len, made.suites.values()))} figures of {len(made.suites)} suites are written to {write}.", markup=False, soft_wrap=True
    )


def report(
    run: Folder,
    others: Annotated[list[Path] | None, typer.Argument(metavar="[RUN…]", help="Runs to set beside it.")] = None,
    out: Annotated[Path | None, typer.Option("--out", help="The file; report.html in the run's folder where none is named.")] = None,
) -> None:
    """One HTML file that needs nothing else: plots, tables by slice, flips, cost against quality."""
    from evals.report import write_report

    made = read_run(run)
    out_console.print(
        f"Report: {write_report(made, file_for(out or made.path / 'report.html'), [read_run(o) for o in others or ()])}",
        soft_wrap=True,
        markup=False,
    )


class Target(StrEnum):
    """Where a run's results can go."""

    JUNIT = "junit"
    CSV = "csv"
    LANGFUSE = "langfuse"
    MLFLOW = "mlflow"
    LANGSMITH = "langsmith"


def export(
    target: Annotated[Target, typer.Argument(help="What to make of it, or where to send it.")],
    run: Folder,
    out: Annotated[Path | None, typer.Option("--out", help="The file, for junit and csv.")] = None,
    words: Annotated[bool, typer.Option("--words", help="Send what people said too; else figures, marks and ids alone.")] = False,
) -> None:
    """A run's results where engineers already are: a file for CI or a table, or an experiment tracker by its own client."""
    made = read_run(run)
    out_console.print(_exported(target, made, out, words), soft_wrap=True, markup=False)


def _exported(target: Target, made: Run, out: Path | None, words: bool) -> str:
    from evals import exports

    if target is Target.JUNIT:
        path = file_for(out or made.path / "junit.xml")
        exports.junit(made, path)
        return f"Written: {path}"
    if target is Target.CSV:
        path = file_for(out or made.path / "outcomes.csv")
        exports.frame(made).to_csv(path, index=False)
        return f"Written: {path}"
    send = {Target.LANGFUSE: exports.export_langfuse, Target.MLFLOW: exports.export_mlflow, Target.LANGSMITH: exports.export_langsmith}
    send[target](made, words=words)
    return f"Sent to {target.value}: {len(made.outcomes)} outcomes{'' if words else ', without what people said'}."


def clean() -> None:
    """Remove every kept outcome, the runs made without --out and what killed runs left: they hold what people said."""
    there = remove_all()
    for place in there:
        out_console.print(f"Removed: {place}", soft_wrap=True, markup=False)
    if not there:
        out_console.print(f"There is nothing to remove below {runs_folder().parent}.", soft_wrap=True, markup=False)
