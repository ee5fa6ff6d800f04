"""The report's page put together from its views; whatever it shows is escaped, and loses the places of this machine."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from evals.placeless import placeless
from evals.report.beside import beside, cost_plots, lettered
from evals.report.shown import exact, short
from evals.report.suites import SuiteView, suite_view
from evals.running.folder import Run, write

TRACES, LEAST_TRACES = 60, 8
MOST_STEPS, LONGEST_TEXT, LONGEST_ANSWER = 60, 700, 6000


@dataclass(frozen=True)
class Line:
    """One line of the manifest."""

    name: str
    value: str


def write_report(run: Run, path: Path, others: Sequence[Run] = ()) -> Path:
    """Write the report of a run, with others beside it, and return its path; the page reaches for nothing outside itself."""
    most = max(LEAST_TRACES, TRACES // max(1, len(run.summary)))
    views = [suite_view(run, suite, most) for suite in run.summary]
    page = _environment().get_template("report.html.j2")
    text = page.render(
        run=run,
        manifest=run.manifest,
        suites=views,
        totals=_totals(views),
        others=[beside(run, other) for other in others],
        letters=list(zip(lettered((run, *others)), (run, *others), strict=True)),
        costs=cost_plots(run, others),
        lines=_lines(run.manifest),
        materials=run.manifest.get("materials", {}),
        prompts=run.manifest.get("prompts", {}),
        versions=run.manifest.get("versions", {}),
    )
    path.parent.mkdir(parents=True, exist_ok=True)
    write(path, text)
    return path


def _environment() -> Environment:
    made = Environment(
        loader=FileSystemLoader(Path(__file__).parent),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        finalize=_finalized,
    )
    made.filters |= {"exact": exact, "short": short, "cut": _cut, "data": _data, "answer": _answer, "slug": _slug}
    made.globals |= {"most_steps": MOST_STEPS}
    return made


def _finalized(value: Any) -> Any:
    """Everything that the templates put out passes here; markup is our own drawing."""
    return placeless(value) if isinstance(value, str) and not isinstance(value, Markup) else value


def _cut(text: str, most: int = LONGEST_TEXT) -> str:
    return text if len(text) <= most else f"{text[: most - 1]}…"


def _data(data: dict[str, Any]) -> str:
    """A step's data in one line, without what is empty."""
    told = {k: f"{v:.3g}" if isinstance(v, float) else _plain(v) for k, v in data.items() if v not in (None, "", [], {})}
    return _cut(", ".join(f"{k} {v}" for k, v in told.items()), 300)


def _answer(answer: Any) -> str:
    return _cut(json.dumps(answer, indent=1, ensure_ascii=False, default=str), LONGEST_ANSWER)


def _slug(text: str) -> str:
    return "".join(c if c.isalnum() else "-" for c in text)


def _totals(views: Sequence[SuiteView]) -> dict[str, int]:
    return {
        "cases": sum(v.cases for v in views),
        "crashed": sum(v.crashed.count for v in views),
        "unscored": sum(v.unscored.count for v in views),
    }


def _lines(manifest: dict[str, Any]) -> list[Line]:
    """What makes the run again, a line each; the long tables of it stand apart."""
    apart = ("materials", "prompts", "versions", "suites")
    lines = []
    for name, value in manifest.items():
        if name in apart:
            continue
        if name in ("command", "data") and isinstance(value, list):
            lines.append(Line(name, " ".join(placeless(str(part)) for part in value)))
        elif isinstance(value, dict):
            lines += [Line(f"{name}: {k}", _plain(v)) for k, v in value.items()]
        else:
            lines.append(Line(name, _plain(value)))
    return lines


def _plain(value: Any) -> str:
    if isinstance(value, dict):
        return ", ".join(f"{k} {_plain(v)}" for k, v in value.items() if v is not None) or "–"
    return "–" if value is None else str(value)
