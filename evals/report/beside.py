"""What the report says of other runs beside its own: which cases flipped and which way, how figures moved, and what quality cost."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup

from alignment.errors import Conflict
from evals.compare import Comparison, Flip, Moved, compared
from evals.figures import Figure
from evals.report.plots import Point, cost_quality
from evals.report.shown import headlines, shown
from evals.running.folder import Run

LETTERS = 26


@dataclass(frozen=True)
class Flips:
    """The cases at which one mark came out otherwise, in each direction."""

    suite: str
    mark: str
    right: tuple[str, ...]
    wrong: tuple[str, ...]


@dataclass(frozen=True)
class Beside:
    """One other run: from it to the run of the report. `why_not` says why the two cannot be compared."""

    name: str
    model: str
    flips: tuple[Flips, ...] = ()
    moved: tuple[Moved, ...] = ()
    alone: int = 0
    why_not: str = ""

    @property
    def right(self) -> int:
        """How many marks are right now that were wrong."""
        return sum(len(f.right) for f in self.flips)

    @property
    def wrong(self) -> int:
        """How many marks are wrong now that were right."""
        return sum(len(f.wrong) for f in self.flips)


def beside(run: Run, other: Run) -> Beside:
    """What became otherwise from the other run to this one."""
    model = str(other.manifest.get("model", ""))
    try:
        found = compared(other, run, int(run.manifest.get("seed", 7)))
    except Conflict as e:
        return Beside(other.name, model, why_not=e.what)
    return Beside(other.name, model, _by_mark(found.flips), _told(found), found.alone)


def _told(found: Comparison) -> tuple[Moved, ...]:
    """The figures that moved at all."""
    return tuple(m for m in found.moved if m.difference)


def _by_mark(flips: Sequence[Flip]) -> tuple[Flips, ...]:
    found: dict[tuple[str, str], dict[bool, list[str]]] = defaultdict(lambda: {True: [], False: []})
    for f in flips:
        found[f.suite, f.mark][f.after].append(f.case)
    made = [Flips(suite, mark, tuple(of[True]), tuple(of[False])) for (suite, mark), of in found.items()]
    return tuple(sorted(made, key=lambda f: (-len(f.right) - len(f.wrong), f.suite, f.mark)))


def cost_plots(run: Run, others: Sequence[Run]) -> list[tuple[str, Markup]]:
    """A plot for each suite that another run has as well: its first figure against tokens, or seconds where no run asked a chat model."""
    plots = []
    letters = {id(r): letter for r, letter in zip((run, *others), lettered((run, *others)), strict=True)}
    for suite, own in run.summary.items():
        first = next(iter(headlines(shown(suite, own))), None)
        having = [r for r in (run, *others) if first and first.name in r.summary.get(suite, {})]
        if first is None or len(having) < 2:
            continue
        by_tokens = any(_tokens(r.summary[suite]) for r in having)
        made = [_point(r, suite, first.name, by_tokens, r is run, letters[id(r)]) for r in having]
        points = [p for p in made if p]
        cost = "tokens in and out, a case" if by_tokens else "seconds, a case"
        if len(points) > 1:
            plots.append((f"{suite}: {first.name}", cost_quality(points, cost, first.name, f"{suite}: {first.name} against {cost}")))
    return plots


def lettered(runs: Sequence[Run]) -> list[str]:
    """A letter for each run, by which plots name it: A is the run of the report."""
    return [chr(ord("A") + n) if n < LETTERS else str(n + 1) for n in range(len(runs))]


def _point(run: Run, suite: str, name: str, by_tokens: bool, own: bool, letter: str) -> Point | None:
    of = run.summary[suite]
    f = of[name]
    cost = _tokens(of) if by_tokens else _value(of.get("seconds"))
    if f.value is None or f.lo is None or f.hi is None:
        return None
    return Point(letter, cost, f.value, f.lo, f.hi, own)


def _tokens(of: dict[str, Figure]) -> float:
    return _value(of.get("tokens_in")) + _value(of.get("tokens_out"))


def _value(figure: Figure | None) -> float:
    return figure.value or 0.0 if figure else 0.0
