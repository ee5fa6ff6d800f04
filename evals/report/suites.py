"""What the report says of one suite: its figures, how they are spread, where they are worse, and what went wrong."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from markupsafe import Markup

from evals.case import Outcome, State
from evals.figures import Figure, figures
from evals.report.plots import bins_of, histogram, reliability
from evals.report.shown import Shown, counts, headlines, metrics_of, shown
from evals.running.folder import Run
from evals.suites import SUITES

FEW = 10
"""Fewer cases than this say nothing about a slice."""
MOST_VALUES, MOST_MARKS, MOST_WHYS = 40, 8, 100
MATERIAL = "material"


@dataclass(frozen=True)
class Slice:
    """One value of a slice: its cases and the main figures over them."""

    value: str
    cases: int
    figures: dict[str, Figure]

    @property
    def few(self) -> bool:
        """Whether it is too few cases to say anything."""
        return self.cases < FEW


@dataclass(frozen=True)
class SliceTable:
    """The figures by the values of one slice; `left_out` values have no row."""

    name: str
    columns: tuple[str, ...]
    rows: tuple[Slice, ...]
    left_out: int


@dataclass(frozen=True)
class Missed:
    """Why cases crashed, or could not be scored: how often each reason was, and the cases."""

    reasons: tuple[tuple[str, int], ...]
    cases: tuple[Outcome, ...]
    count: int


@dataclass(frozen=True)
class Mark:
    """One mark and how often it was right."""

    name: str
    right: int
    of: int


@dataclass(frozen=True)
class SuiteView:
    """Everything that the report shows of a suite."""

    name: str
    about: str
    outcomes: int
    cases: int
    groups: int
    repeats: int
    shown: list[Shown]
    headlines: list[Shown]
    counts: list[Shown]
    controls: tuple[str, ...]
    plots: list[tuple[str, Markup]]
    unplotted: list[str]
    marks: list[Mark]
    slices: list[SliceTable]
    crashed: Missed
    unscored: Missed
    failed: list[Outcome]
    failed_in_all: int


def suite_view(run: Run, suite: str, most_failed: int) -> SuiteView:
    """The view of one suite of a run, with the traces of at most so many failed cases."""
    of = [o for o in run.outcomes if o.suite == suite]
    all_shown = shown(suite, run.summary[suite])
    first = headlines(all_shown)
    failed = worst(of)
    plots, unplotted = _plots(suite, of)
    return SuiteView(
        name=suite,
        about=SUITES[suite].about if suite in SUITES else "This suite is not here any more: its figures stand as they were written.",
        outcomes=len(of),
        cases=len({o.case for o in of}),
        groups=len({o.group for o in of}),
        repeats=len({o.repeat for o in of}),
        shown=all_shown,
        headlines=first,
        counts=counts(all_shown),
        controls=tuple(dict.fromkeys(name for s in all_shown for name in s.figure.controls)),
        plots=plots,
        unplotted=unplotted,
        marks=_marks(of),
        slices=slice_tables(suite, of, [s.name for s in first], int(run.manifest.get("seed", 7))),
        crashed=_missed(of, State.CRASHED),
        unscored=_missed(of, State.UNSCORED),
        failed=failed[:most_failed],
        failed_in_all=len(failed),
    )


def _plots(suite: str, outcomes: Sequence[Outcome]) -> tuple[list[tuple[str, Markup]], list[str]]:
    """The plots with their titles, and a sentence for each that has nothing to show."""
    drawn: list[tuple[str, Markup]] = []
    left: list[str] = []
    tokens = [o.cost.tokens_in + o.cost.tokens_out for o in outcomes]
    spreads: list[tuple[str, str, Mapping[str, float]]] = [
        ("Marks that are right", "share of its marks that are right", right_shares(outcomes)),
        ("Time", "seconds", _means((o.case, o.took_s) for o in outcomes)),
        ("Tokens", "tokens in and out", _means((o.case, t) for o, t in zip(outcomes, tokens, strict=True)) if any(tokens) else {}),
    ]
    for title, axis, by_case in spreads:
        values = list(by_case.values())
        if len(set(values)) > 1:
            drawn.append((title, histogram(values, axis, f"{suite}: {title}, {len(values)} cases")))
        elif values:
            left.append(f"{title}: {values[0]:.3g} for every case.")
    pairs = [pair for o in outcomes for pair in o.sureness]
    if pairs:
        drawn.append((f"Sureness (off by {_off(pairs):.2f}, n = {len(pairs)})", reliability(bins_of(pairs), f"{suite}: sureness")))
    else:
        left.append("No outcome says how sure the product was, so there is nothing to tell of its sureness.")
    return drawn, left


def _off(pairs: Sequence[tuple[float, bool]]) -> float:
    """How far sureness is from the share that was right, on average over answers."""
    return sum(b.n * abs(b.sure - b.right) for b in bins_of(pairs)) / len(pairs)


def right_shares(outcomes: Iterable[Outcome]) -> dict[str, float]:
    """The share of each scored case's marks that are right, over its repeats; cases without a mark are left out."""
    scored = [o for o in outcomes if o.state is State.SCORED and o.marks]
    return _means((o.case, sum(o.marks.values()) / len(o.marks)) for o in scored)


def _means(pairs: Iterable[tuple[str, float]]) -> dict[str, float]:
    found: dict[str, list[float]] = defaultdict(list)
    for case, value in pairs:
        found[case].append(value)
    return {case: sum(of) / len(of) for case, of in found.items()}


def _marks(outcomes: Iterable[Outcome]) -> list[Mark]:
    """The marks that were wrong most often."""
    right: Counter[str] = Counter()
    total: Counter[str] = Counter()
    for o in outcomes:
        total.update(o.marks.keys())
        right.update(name for name, hit in o.marks.items() if hit)
    wrong = [Mark(name, right[name], total[name]) for name in total if right[name] < total[name]]
    return sorted(wrong, key=lambda m: (m.right - m.of, m.name))[:MOST_MARKS]


def slice_tables(suite: str, outcomes: Sequence[Outcome], names: Sequence[str], seed: int) -> list[SliceTable]:
    """A table for each slice, and one by material: the suite's main figures over the cases of each value."""
    metrics = [m for m in metrics_of(suite) if m.name in names]
    if not metrics:
        return []
    by_slice: dict[str, dict[str, list[Outcome]]] = defaultdict(lambda: defaultdict(list))
    for o in outcomes:
        for name, value in {**o.slices, MATERIAL: o.group}.items():
            by_slice[name][value].append(o)
    if len(by_slice[MATERIAL]) in (1, len({o.case for o in outcomes})) or _parts(by_slice[MATERIAL]) in (
        _parts(of) for name, of in by_slice.items() if name != MATERIAL
    ):
        del by_slice[MATERIAL]
    tables = []
    for name, values in by_slice.items():
        sized = sorted(values.items(), key=lambda item: (-len({o.case for o in item[1]}), item[0]))
        rows = []
        for value, of in sized[:MOST_VALUES]:
            made = figures(metrics, of, seed)
            rows.append(Slice(value, len({o.case for o in of}), {m.name: made[m.name] for m in metrics}))
        tables.append(SliceTable(name, tuple(m.name for m in metrics), tuple(rows), max(0, len(values) - MOST_VALUES)))
    return tables


def _parts(values: Mapping[str, Sequence[Outcome]]) -> set[frozenset[str]]:
    """Which cases a slice puts together."""
    return {frozenset(o.case for o in of) for of in values.values()}


def _missed(outcomes: Iterable[Outcome], state: State) -> Missed:
    of = [o for o in outcomes if o.state is state]
    return Missed(tuple(Counter(o.why for o in of).most_common()), tuple(of[:MOST_WHYS]), len(of))


def worst(outcomes: Iterable[Outcome]) -> list[Outcome]:
    """The cases that failed: those that crashed first, then by the share of marks that are wrong, then by how many are."""
    failed = [o for o in outcomes if o.state is State.CRASHED or not all(o.marks.values())]
    return sorted(failed, key=_how_bad, reverse=True)


def _how_bad(outcome: Outcome) -> tuple[bool, float, int]:
    wrong = sum(not right for right in outcome.marks.values())
    return outcome.state is State.CRASHED, wrong / (len(outcome.marks) or 1), wrong
