"""Figures as a page shows them: exact, short, as a bar between its ends, and in one plain sentence against its controls."""

from collections.abc import Mapping
from dataclasses import dataclass

from evals.figures import COMMON, Figure
from evals.metrics import Metric, Total
from evals.suites import SUITES
from evals.tables import beats

HEADLINES = 5
_CONTROLS = {"constant": "a constant answer", "random": "random answers"}
_BETTER = {"more": "more is better", "less": "less is better", "": ""}


@dataclass(frozen=True)
class Bar:
    """Where a figure, its interval and its controls lie on their scale, in percent of it, and what its ends are."""

    value: float
    lo: float
    hi: float
    controls: tuple[tuple[str, float], ...]
    ends: tuple[str, str]


@dataclass(frozen=True)
class Shown:
    """One figure: `verdict` is whether it beats its controls (yes, no, or empty), `sentence` says so."""

    name: str
    told: str
    better: str
    figure: Figure
    bar: Bar | None
    verdict: str
    sentence: str
    count: bool


def metrics_of(suite: str) -> tuple[Metric, ...]:
    """The metrics of a suite; none where there is no such suite any more."""
    return SUITES[suite].metrics if suite in SUITES else ()


def shown(suite: str, figures: Mapping[str, Figure]) -> list[Shown]:
    """All figures of a suite as they are shown."""
    known = {m.name: m for m in (*metrics_of(suite), *COMMON)}
    return [_shown(name, known.get(name), f) for name, f in figures.items()]


def headlines(all_shown: list[Shown]) -> list[Shown]:
    """The few that stand first: the suite's own, in its order, that say which way is better and are made of something; no counts."""
    own = [s for s in all_shown if s.name not in _COMMON and s.figure.better and s.figure.value is not None]
    return [s for s in own if not s.count][:HEADLINES] or own[:HEADLINES]


_COMMON = frozenset(m.name for m in COMMON)


def counts(all_shown: list[Shown]) -> list[Shown]:
    """Counts of what should not happen, and crashes."""
    return [s for s in all_shown if s.count and s.figure.better == "less" and s.figure.value is not None]


def _shown(name: str, metric: Metric | None, f: Figure) -> Shown:
    told = metric.told if metric else ""
    count = isinstance(metric, Total)
    # Of what never happened nothing can do with less: to call that a defeat would be wrong.
    verdict = "" if count and f.better == "less" and not f.value else beats(f)
    return Shown(name, told, _BETTER[f.better], f, bar(f), verdict, sentence(f, verdict), count)


def bar(figure: Figure) -> Bar | None:
    """The bar of a figure: from 0 to 1 where everything is a share, else from the least to the most there is."""
    if figure.value is None or figure.lo is None or figure.hi is None:
        return None
    known = {name: value for name, value in figure.controls.items() if value is not None}
    all_values = [figure.value, figure.lo, figure.hi, *known.values(), 0.0]
    low, high = min(all_values), max(all_values)
    high = 1.0 if high <= 1 else high

    def at(value: float) -> float:
        return round(100 * (value - low) / (high - low), 2)

    where = tuple((name, at(value)) for name, value in known.items())
    return Bar(at(figure.value), at(figure.lo), at(figure.hi), where, (short(low), short(high)))


def sentence(figure: Figure, verdict: str) -> str:
    """Whether a figure beats its controls, in one plain sentence."""
    known = {name: value for name, value in figure.controls.items() if value is not None}
    if figure.value is None:
        return "It is made of nothing here."
    if not known or not figure.better:
        return "It has no control." if not known else "Neither more nor less of it is better."
    more = figure.better == "more"
    name, best = (max if more else min)(known.items(), key=lambda item: item[1])
    who = _CONTROLS.get(name, f"the control “{name}”")
    if verdict == "yes":
        return f"Beats its controls: the whole interval lies {'above' if more else 'below'} {short(best)}, which {who} would reach."
    if figure.value == best:
        return f"Does not beat its controls: level with {who}, at {short(best)}."
    if (figure.value > best) == more:
        return f"Not told from its controls: ahead of {who} at {short(best)}, but the interval reaches back to it."
    return f"Does not beat its controls: {who} would reach {short(best)}."


def exact(value: float | None) -> str:
    """A number as summary.json has it, to its last digit; a dash where there is none."""
    if value is None:
        return "–"
    return f"{value:.0f}" if float(value).is_integer() else f"{value:.4f}"


def short(value: float | None) -> str:
    """A number in three digits or so, for where it is looked at."""
    if value is None:
        return "–"
    if float(value).is_integer():
        return f"{value:.0f}"
    return f"{value:.1f}" if abs(value) >= 10 else f"{value:.3f}"
