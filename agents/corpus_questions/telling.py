"""An answer over the corpus in words: Markdown that is read in a terminal as well."""

import re
from collections.abc import Iterator

from agents.workbench import Workbench
from alignment.citation import Citation
from alignment.corpus_answer import CorpusAnswer, CorpusRow, Measure, Severity
from alignment.record import InterviewId, OrganisationId
from alignment.transcript import clock


async def names_in(bench: Workbench, organisation: OrganisationId, answer: CorpusAnswer) -> dict[InterviewId, str]:
    """The names of the interviews that the answer cites."""
    cited = {c.interview for row in answer.rows for c in row.citations}
    return {i: (await bench.store.interview(organisation, i)).name for i in cited}


def markdown(answer: CorpusAnswer, names: dict[InterviewId, str]) -> str:
    """The whole answer; `names` are those of the cited interviews."""
    return re.sub(r"\n{3,}", "\n\n", "\n".join(_lines(answer, names))).rstrip() + "\n"


def _lines(a: CorpusAnswer, names: dict[InterviewId, str]) -> Iterator[str]:
    if a.counted:
        yield f"Counted: {a.counted}."
        yield f"Scope: {a.scope or 'everything'}, {a.period}: {_many(a.interviews, 'interview')}, {_many(a.candidates, 'candidate')}, " + (
            f"{_many(a.searches, 'search')}."
        )
        yield from _left_out(a)
        yield ""
    if a.total:
        yield f"- {_row(a.measure, a.total)}"
    for row in a.rows:
        yield f"- {_row(a.measure, row)}"
        yield from (f"  - {_cited(c, names)}" for c in row.citations)
    if a.more:
        yield f"\nAnd {_many(a.more, 'further group')}: narrow the question to see them."
    if a.too_few:
        yield f"\nToo few to say: {'; '.join(a.too_few)}."
    if a.note:
        yield ("\n" if a.rows else "") + a.note


def _left_out(a: CorpusAnswer) -> Iterator[str]:
    if a.waiting:
        belong = "belongs to an open round" if a.waiting == 1 else "belong to open rounds"
        yield f"{_many(a.waiting, 'interview')} of them {belong}: whose grades and claims are not counted yet."
    if a.undated:
        yield f"{_many(a.undated, 'further interview')} without a date {'is' if a.undated == 1 else 'are'} in no period."


def _many(n: int, what: str) -> str:
    return f"{n} {what if n == 1 else what + ('es' if what.endswith('h') else 's')}"


def _row(measure: Measure, row: CorpusRow) -> str:
    parts = ", ".join(f"{name} {n}" if measure is not Measure.GRADES else f"{n} × {name}" for name, n in row.parts.items())
    if measure is Measure.MOMENTS:
        return f"{row.group}:"
    if measure is Measure.CALIBRATION:
        return f"{row.group}: {_calibration(row)}"
    if measure is Measure.COUNTS:
        return f"{row.group}: {_many(row.of, 'interview')}; {parts}"
    over = "" if measure in (Measure.UNSUPPORTED, Measure.DRIFT) and row.so is not None else f" in {_many(row.interviews, 'interview')}"
    if row.so is not None and row.share is not None:
        head = f"{row.group}: {row.so} of {row.of}{over} ({row.share:.0%}, 95% interval {row.lo:.0%} to {row.hi:.0%})"
    else:
        head = f"{row.group}: median {row.median:g}{over}"
    return f"{head}; {parts}" if parts else head


def _calibration(row: CorpusRow) -> str:
    told = [_severity(row.severity) if row.severity else "too few grades beside others'"]
    if row.so is not None and row.share is not None:
        below, same, above = (row.parts.get(k, 0) for k in ("below", "with", "above"))
        told.append(
            f"beside what settled claims show, {_many(below, 'grade')} below, {same} with and {above} above it: below in {row.so} of "
            f"{_many(row.of, 'interview')} ({row.share:.0%}, {row.lo:.0%} to {row.hi:.0%})"
        )
    else:
        told.append("too few settled claims beside the grades")
    return "; ".join(told)


def _severity(s: Severity) -> str:
    lo, hi = f"{s.lo:+.2f}", f"{s.hi:+.2f}"
    if s.hi < 0 or s.lo > 0:
        lo, hi = (f"{v:.2f}" for v in sorted((abs(s.lo), abs(s.hi))))
        lean = f"{'harsher' if s.hi < 0 else 'milder'} than the panel's others by {abs(s.mean):.2f} grades"
    else:
        lean = f"no different, as far as can be told, from the panel's others ({s.mean:+.2f} grades)"
    alone = "; all of it in one search, so that it may be the others who lean" if s.searches == 1 else ""
    compared = f"{_many(s.readings, 'grade')} in {_many(s.interviews, 'interview')}"
    return f"{lean}, 95% interval {lo} to {hi}, over {compared}; single grades scatter by {s.spread:.2f}{alone}"


def _cited(c: Citation, names: dict[InterviewId, str]) -> str:
    at = f", {clock(c.start_s)}" if c.start_s is not None else f", utterance u{c.first}"
    return f"“{c.text}” {c.spoken}, {names.get(c.interview, c.interview)}{at}{c.doubt}"
