"""Runs, comparisons and traces as a terminal shows them."""

from collections.abc import Sequence

from rich.console import Console, Group, RenderableType
from rich.markup import escape
from rich.table import Table
from rich.text import Text

from evals.case import Outcome, State
from evals.compare import Comparison
from evals.figures import Figure
from evals.running.folder import Run

SHOWN = 40
STYLES = {"better": "green", "worse": "red", "refused": "red", "verified": "green", "answered": "bold", "retrieved": "dim"}


def number(value: float | None) -> str:
    """A figure as it is printed: three digits, whole numbers without any; a dash where there is none."""
    if value is None:
        return "–"
    return f"{value:.0f}" if float(value).is_integer() and abs(value) > 1 else f"{value:.3f}"


def between(figure: Figure) -> str:
    """Its interval as it is printed."""
    return "" if figure.lo is None else f"{number(figure.lo)} to {number(figure.hi)}"


def beats(figure: Figure) -> str:
    """Whether the whole interval lies on the better side of every control; empty where there is nothing to say.

    A count of what may not happen that is 0 can beat nothing, and is as good as it gets.
    """
    if figure.better == "less" and figure.value == 0:
        return ""
    controls = [c for c in figure.controls.values() if c is not None]
    if not controls or figure.lo is None or figure.hi is None or not figure.better:
        return ""
    over = figure.lo > max(controls) if figure.better == "more" else figure.hi < min(controls)
    return "yes" if over else "no"


def run_tables(run: Run) -> RenderableType:
    """A table a suite: each figure with its interval, its controls, and whether it beats them."""
    tables: list[RenderableType] = []
    for suite, figures in run.summary.items():
        names = list(dict.fromkeys(c for f in figures.values() for c in f.controls))
        table = Table("figure", "value", "95%", "of", *names, "beats them", title=suite, title_justify="left", title_style="bold")
        for name, f in figures.items():
            if f.n or f.value:
                controls = (number(f.controls.get(c)) if f.controls else "" for c in names)
                table.add_row(name, number(f.value), between(f), f"{f.n:g}", *controls, beats(f))
        tables.append(table)
        states = [o.state for o in run.outcomes if o.suite == suite]
        crashed, unscored = (sum(s is state for s in states) for state in (State.CRASHED, State.UNSCORED))
        tables.append(f"{len(states)} outcomes; {crashed} crashed, {unscored} could not be scored\n")
        failed = len({o.case for o in run.outcomes if o.suite == suite and o.cost.failed})
        if failed:
            tables.append(f"In {failed} cases the chat model failed and the rules stood in: these figures are partly theirs.\n")
    return Group(*tables)


def comparison_tables(found: Comparison) -> RenderableType:
    """How far each figure moved, which cases flipped, and what changed between the two."""
    moved = Table("suite", "figure", "before", "after", "difference", "95%", "", title="Figures", title_justify="left")
    for m in found.moved:
        if m.before is not None or m.after is not None:
            low_high = "" if m.lo is None else f"{m.lo:+.3f} to {m.hi:+.3f}"
            difference = "–" if m.difference is None else f"{m.difference:+.3f}"
            moved.add_row(
                m.suite, m.metric, number(m.before), number(m.after), difference, low_high, Text(m.told, STYLES.get(m.told, "dim"))
            )
    flips = Table("suite", "case", "mark", "now", title=f"{len(found.flips)} flips", title_justify="left")
    for f in found.flips[:SHOWN]:
        flips.add_row(f.suite, escape(f.case), escape(f.mark), Text("right", "green") if f.after else Text("wrong", "red"))
    changed = Table("what changed", "before", "after", title_justify="left")
    for name, (a, b) in found.changed.items():
        changed.add_row(escape(name), escape(str(a)), escape(str(b)))
    more = [f"{len(found.flips) - SHOWN} further flips: see --json"] if len(found.flips) > SHOWN else []
    alone = [f"{found.alone} cases were scored in one of the two alone, and count in neither"] if found.alone else []
    nothing = ["Nothing differs in model, prompts, settings, data, program or versions."] if not found.changed else [changed]
    return Group(moved, *([flips] if found.flips else ["No case flipped."]), *more, *alone, *nothing)


def trace(outcome: Outcome) -> RenderableType:
    """One case whole: what was retrieved, claimed, verified, refused and why."""
    lines: list[RenderableType] = [Text(f"{outcome.suite} · {outcome.case} · repeat {outcome.repeat} · {outcome.state}", "bold")]
    if outcome.why:
        lines.append(Text(outcome.why, "red"))
    for step in outcome.trace:
        style = STYLES.get(step.kind, "")
        told = ", ".join(f"{k}={_short(v)}" for k, v in step.data.items() if v not in (None, "", [], {}))
        lines.append(Text.assemble((f"{step.kind:>10}  ", style or "cyan"), (step.text, style), (f"   {told}" if told else "", "dim")))
    marks = Table("mark", "", show_header=False, box=None)
    for name, right in outcome.marks.items():
        marks.add_row(escape(name), Text("right", "green") if right else Text("wrong", "red"))
    return Group(*lines, marks)


def _short(value: object) -> str:
    told = f"{value:.2f}" if isinstance(value, float) else str(value)
    return told if len(told) <= 160 else f"{told[:159]}…"


def show(console: Console, outcomes: Sequence[Outcome]) -> None:
    """Print the traces one after the other."""
    for outcome in outcomes:
        console.print(trace(outcome))
