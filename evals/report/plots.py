"""Plots as inline SVG: colours are those of the page, by its variables, so that one drawing serves light and dark."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil, floor, log10, sqrt
from typing import Any

import altair as alt
import numpy as np
import vl_convert
from markupsafe import Markup
from numpy.typing import NDArray

INK, MUTED, LINE, ACCENT = "var(--ink)", "var(--muted)", "var(--line)", "var(--accent)"
FONT = "system-ui, sans-serif"
WIDTH, HEIGHT = 200, 150
BINS, MOST_BINS = 10, 12
THOUSAND = 1000
_NAMESPACE = re.compile(r' xmlns(?::\w+)?="[^"]*"')


@dataclass(frozen=True)
class Point:
    """One run in cost and quality; `lo` and `hi` are the interval of its quality, `own` whether it is the run of the report."""

    letter: str
    cost: float
    value: float
    lo: float
    hi: float
    own: bool


@dataclass(frozen=True)
class Bin:
    """Answers about as sure as each other: how sure on average, the share that was right with its 95% interval, and how many."""

    sure: float
    right: float
    lo: float
    hi: float
    n: int


def histogram(values: Sequence[float], title: str, told: str) -> Markup:
    """How values are spread over cases."""
    edges = _edges(min(values), max(values))
    counts, _ = np.histogram(values, edges)
    rows = [{"low": float(lo), "high": float(hi), "cases": int(n)} for lo, hi, n in zip(edges, edges[1:], counts, strict=False)]
    x = alt.Scale(domain=[float(edges[0]), float(edges[-1])], nice=False)
    ticks = _edges(0.0, float(max(counts)), 4, whole=True)
    y = alt.Scale(domain=[0, float(ticks[-1])], nice=False)
    bars = (
        alt.Chart(_rows(rows))
        .transform_calculate(ground="0")
        .mark_rect(color=ACCENT, x2Offset=-1)
        .encode(
            x=alt.X("low:Q", scale=x, title=title, axis=_numbers(edges[-1])),
            x2="high:Q",
            y=alt.Y("cases:Q", title="cases", scale=y, axis=alt.Axis(values=[float(t) for t in ticks], format="d")),
            y2="ground:Q",
        )
    )
    return _svg(bars, told)


def _rows(rows: Sequence[dict[str, Any]]) -> Any:
    """Rows as they stand in a drawing's description: nothing is read from a file or an address."""
    inline: Any = alt.Data
    return inline(values=rows)


def _numbers(most: float) -> alt.Axis:
    return alt.Axis(grid=False, tickCount=4, labelOverlap="greedy", format="~s" if most >= THOUSAND else "~g")


def _edges(low: float, high: float, most: int = MOST_BINS, *, whole: bool = False) -> NDArray[np.float64]:
    """Edges of bins, or ticks, as people would draw them: a step of 1, 2 or 5, from 0 where that is near."""
    low = 0.0 if 0 <= low < (high - low) else low
    rough = max((high - low) / most, 1.0 if whole else 0.0)
    power = 10.0 ** floor(log10(rough))
    step = next(s * power for s in (1, 2, 5, 10) if s * power >= rough * 0.999)
    first, last = floor(round(low / step, 6)), ceil(round(high / step, 6))
    return np.asarray(np.arange(first, last + 1) * step, dtype=np.float64)


def reliability(bins: Sequence[Bin], told: str) -> Markup:
    """How often answers were right that were said to be so sure; on the dashed line both are the same."""
    rows = _rows([vars(b) for b in bins])
    share = alt.Scale(domain=[0, 1], nice=False)
    x = alt.X("sure:Q", scale=share, title="how sure it said it was", axis=_shares())
    line = alt.Chart(_rows([{"sure": 0, "right": 0}, {"sure": 1, "right": 1}]))
    even = line.mark_line(color=MUTED, strokeDash=[4, 4], strokeWidth=1).encode(x=x, y=_right(share))
    spread = alt.Chart(rows).mark_rule(color=ACCENT, opacity=0.5, strokeWidth=2).encode(x=x, y=alt.Y("lo:Q", scale=share), y2="hi:Q")
    size = alt.Size("n:Q", legend=None, scale=alt.Scale(range=[25, 160]))
    dots = alt.Chart(rows).mark_circle(color=ACCENT, opacity=1).encode(x=x, y=_right(share), size=size)
    below = alt.Y("lo:Q", scale=share)
    count = alt.Chart(rows).mark_text(color=INK, fontSize=10, font=FONT, dy=9).encode(x=x, y=below, text="n:Q")
    return _svg(alt.layer(even, spread, dots, count), told)


def _right(scale: alt.Scale) -> alt.Y:
    return alt.Y("right:Q", scale=scale, title="share that was right", axis=_shares())


def _shares() -> alt.Axis:
    return alt.Axis(values=[0, 0.25, 0.5, 0.75, 1], format=".2~f")


def cost_quality(points: Sequence[Point], cost: str, quality: str, told: str) -> Markup:
    """What each run cost against how good it was; a letter stands for each run."""
    rows = [{**vars(p), "at": n} for n, p in enumerate(points)]
    most = max(p.cost for p in points) or 1.0
    ticks = alt.Axis(tickCount=4, format="~s" if most >= THOUSAND else "~g")
    x = alt.X("cost:Q", title=cost, scale=alt.Scale(domain=[0, most * 1.15], nice=False), axis=ticks)
    low, high = min(p.lo for p in points), max(p.hi for p in points)
    pad = (high - low) * 0.12 or 0.1
    top = min(1.0, high + pad) if high <= 1 else high + pad
    scale = alt.Scale(domain=[low - pad, top], nice=False)
    y = alt.Y("value:Q", scale=scale, title=quality, axis=alt.Axis(tickCount=4))
    colour = alt.condition("datum.own", alt.value(ACCENT), alt.value(MUTED))
    chart = alt.Chart(_rows(rows))
    spread = chart.mark_rule(strokeWidth=2, opacity=0.6).encode(x=x, y=alt.Y("lo:Q", scale=scale, title=quality), y2="hi:Q", color=colour)
    dots = chart.mark_circle(size=90, opacity=1).encode(x=x, y=y, color=colour)
    # Side by side with its dot, on both sides in turn: runs that cost the same lie on one line.
    sides = [chart.transform_filter(f"datum.at % 2 == {side}") for side in (0, 1)]
    names = [
        of.mark_text(dx=dx, dy=-6, fontSize=12, font=FONT, fontWeight="bold", color=INK).encode(x=x, y=y, text="letter:N")
        for of, dx in zip(sides, (12, -12), strict=True)
    ]
    return _svg(alt.layer(spread, dots, *names), told)


def bins_of(pairs: Sequence[tuple[float, bool]]) -> list[Bin]:
    """The bins of equal width that hold anything."""
    found: dict[int, list[tuple[float, bool]]] = {}
    for sure, right in pairs:
        found.setdefault(min(int(sure * BINS), BINS - 1), []).append((sure, right))
    return [_bin(found[at]) for at in sorted(found)]


def _bin(pairs: Sequence[tuple[float, bool]]) -> Bin:
    n, z = len(pairs), 1.96
    share = sum(right for _, right in pairs) / n
    middle = (share + z * z / (2 * n)) / (1 + z * z / n)
    half = z * sqrt(share * (1 - share) / n + z * z / (4 * n * n)) / (1 + z * z / n)
    return Bin(round(sum(sure for sure, _ in pairs) / n, 4), round(share, 4), max(0.0, middle - half), min(1.0, middle + half), n)


def _svg(chart: Any, told: str) -> Markup:
    """The chart drawn; nothing is fetched for it, and of its markup only what draws is left."""
    text: dict[str, Any] = {"labelFont": FONT, "titleFont": FONT, "titleFontWeight": "normal", "labelFontSize": 11, "titleFontSize": 11}
    whole = (
        chart.properties(width=WIDTH, height=HEIGHT, background="transparent", padding=4)
        .configure_axis(labelColor=MUTED, titleColor=MUTED, gridColor=LINE, domainColor=LINE, tickColor=LINE, titlePadding=6, **text)
        .configure_view(stroke=None)
    )
    drawn = vl_convert.vegalite_to_svg(whole.to_dict(), vl_version="6.1", allowed_base_urls=[])
    named = _NAMESPACE.sub("", drawn, count=4).replace("<svg", f'<svg role="img" aria-label="{Markup.escape(told)}"', 1)
    return Markup(named)
