"""`make bench` too: what a packet and a corpus question cost as the corpus grows, and whether counts agree with reading everything.

Corpora of each size are made by `evals.corpora`, the same for the same seed, in homes of their own; with --keep they stay and are taken up
again. Times are of the product's own calls in an open workbench: `debrief` for candidates drawn at random, `answer` for twelve questions of
every kind, after the cells are made once. Agreed: of all rows of questions about losses, splits and unborne claims, those that have exactly
the counts that `evals.brute` reads from the store. A reader's planted leaning is found where the severity's sign is the leaning's.
"""

import argparse
import asyncio
import random
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from datetime import date
from functools import partial
from pathlib import Path
from statistics import median

from rich.console import Console
from rich.table import Table

from agents.corpus_questions.answering import answer
from agents.corpus_questions.keeping import keep
from agents.debriefs import debrief
from agents.desk import organisation_of
from agents.workbench import Workbench, open_workbench
from alignment.corpus_answer import CorpusRow, Measure
from alignment.record import OrganisationId
from alignment.settings import load_settings
from evals.bench import timed
from evals.brute import Claimed, Graded, counts, read_everything
from evals.corpora import leaning_of, make

TODAY = date(2026, 11, 26)
SIZES = (200, 2000)
PACKETS = 40
PACKET_S, QUESTION_S, FLAT = 1.0, 2.0, 1.5
QUESTIONS = (
    "Where do candidates for backend roles lose us on M-criteria?",
    "Which competencies get clean reads and which do not, by role family, this quarter?",
    "Whose grades are harsher than the evidence?",
    "Show three different candidates who described taking a number to somebody who did not like it",
    "Show three different candidates in nursing who admitted a mistake since March",
    "Where do panels split?",
    "Which claims are not borne out, by interviewer?",
    "How many interviews per search?",
    "Which criteria are never asked about?",
    "What grades are given, by role family, this year?",
    "Which role families use standards outside the contract?",
    "Where do candidates do well?",
)
_BRUTE: tuple[tuple[str, Measure, Callable[[Graded | Claimed], str]], ...] = (
    ("Where do candidates lose us, by interviewer?", Measure.LOSSES, lambda r: r.reader),
    ("Where do candidates lose us, by search?", Measure.LOSSES, lambda r: r.search.title),
    ("Where do panels split, by role family?", Measure.SPLITS, lambda r: r.search.role_family),
    ("Which claims are not borne out, by interviewer?", Measure.UNSUPPORTED, lambda r: r.reader),
    ("Which claims are not borne out, by role family?", Measure.UNSUPPORTED, lambda r: r.search.role_family),
)


class Report:
    """What was asked, what was seen, and whether all of it is met."""

    def __init__(self) -> None:
        self.table = Table("at", "what", "seen", "asked for")
        self.met = True
        self.packets: dict[int, float] = {}

    def add(self, size: int, what: str, seen: str, asked: str = "", met: bool = True) -> None:
        """One line; red where what is asked for is not met."""
        self.table.add_row(f"{size:,}", what, seen if met else f"[red]{seen}[/red]", asked)
        self.met = self.met and met


async def bench_one(size: int, seed: int, home: Path, report: Report, console: Console, *, questions: bool) -> None:
    """One corpus: made where it is not there, its cells made, and everything timed; without `questions` packets alone."""
    settings = load_settings(home=home, store_url="", index="", checkpoints_url="")
    begun = time.perf_counter()
    async with open_workbench(settings) as bench:
        opened = time.perf_counter() - begun
        org = (await organisation_of(bench)).id
        held = len(await bench.store.interviews(org))
        if held < size:
            console.print(f"making {size:,} interviews …")
            await make(bench, size, seed)
        report.add(size, "open", f"{opened:.2f} s")
        await _packets(bench, org, size, seed, report)
        if not questions:
            return
        console.print(f"{size:,}: making cells …")
        begun = time.perf_counter()
        read = await keep(bench, org)
        made = time.perf_counter() - begun
        if read:
            report.add(size, "cells made once", f"{made:.0f} s, {1000 * made / read:.0f} ms a candidate")
        report.add(size, "finding that nothing changed", f"{1000 * await timed(partial(keep, bench, org)):.0f} ms")
        await _questions(bench, org, size, report)
        await _agreement(bench, org, size, report)
        await _leanings(bench, org, size, report)


async def _packets(bench: Workbench, org: OrganisationId, size: int, seed: int, report: Report) -> None:
    interviews = await bench.store.interviews(org)
    pairs = sorted({(i.search, i.candidate.id) for i in interviews})
    times = []
    for search_id, candidate in random.Random(seed).sample(pairs, min(PACKETS, len(pairs))):
        search = await bench.store.search(org, search_id)
        times.append(await timed(partial(debrief, bench, search, candidate)))
    middle, worst = median(times), max(times)
    report.packets[size] = middle
    report.add(
        size, f"packet, {len(times)} candidates", f"median {middle:.2f} s, worst {worst:.2f} s", f"< {PACKET_S:g} s", worst < PACKET_S
    )


async def _questions(bench: Workbench, org: OrganisationId, size: int, report: Report) -> None:
    times = {q: await timed(partial(answer, bench, org, q, TODAY)) for q in QUESTIONS}
    slowest = max(times, key=times.__getitem__)
    asked = f"< {QUESTION_S:g} s" if size <= max(SIZES) else ""
    told = f"median {median(times.values()):.2f} s, worst {times[slowest]:.2f} s ({slowest})"
    report.add(size, f"corpus question, {len(times)} kinds", told, asked, not asked or times[slowest] < QUESTION_S)


async def _agreement(bench: Workbench, org: OrganisationId, size: int, report: Report) -> None:
    begun = time.perf_counter()
    everything = await read_everything(bench, org)
    read = time.perf_counter() - begun
    people = {str(p.id): p.name for p in await bench.store.interviewers(org)}
    same = of = 0
    for question, measure, group in _BRUTE:
        wanted = {people.get(n, n): c for n, c in counts(everything, measure, group, lambda _: True).items()}
        rows = (await answer(bench, org, question, TODAY)).rows
        same += sum(wanted.get(r.group) == (r.of, r.so) for r in rows)
        of += len(rows)
    report.add(size, "rows that agree with reading everything", f"{same} of {of} (reading took {read:.1f} s)", "all", same == of > 0)
    report.add(size, "grades and claims read", f"{len(everything.graded):,} and {len(everything.claimed):,}")


async def _leanings(bench: Workbench, org: OrganisationId, size: int, report: Report) -> None:
    rows: list[CorpusRow] = []
    for name in [p.name for p in await bench.store.interviewers(org)]:
        rows += (await answer(bench, org, f"Are {name}'s grades harsher than the others'?", TODAY)).rows
    sure = [r for r in rows if r.severity and (r.severity.hi < 0 or r.severity.lo > 0)]
    right = sum((r.severity.mean > 0) == (leaning_of(r.group) > 0) for r in sure if r.severity and leaning_of(r.group))
    fair = sum(not leaning_of(r.group) for r in sure)
    told = f"{len(sure)} of {len(rows)} readers are told apart: {right} as planted, {fair} without a leaning of their own"
    report.add(size, "calibration", told)


async def bench(sizes: Sequence[int], seed: int, keep_in: Path | None, console: Console, *, questions: bool = True) -> Report:
    """Every size in turn; the packet's cost is flat where the largest corpus's median is near the smallest's."""
    report = Report()
    for size in sizes:
        with ExitStack() as stack:
            place = keep_in or Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="plumbline-corpora-")))
            await bench_one(size, seed, place / f"interviews-{size}", report, console, questions=questions)
    if len(sizes) > 1:
        ratio = report.packets[sizes[-1]] / report.packets[sizes[0]]
        what = f"packet's cost against that at {sizes[0]:,}"
        report.add(sizes[-1], what, f"{ratio:.2f} times", f"flat: < {FLAT:g} times", ratio < FLAT)
    return report


def main() -> None:
    """Parse the options, run, print the table; exit code 1 where something asked is not met."""
    parser = argparse.ArgumentParser(prog="python -m evals.bench_corpora", description=__doc__.split("\n")[0] if __doc__ else None)
    parser.add_argument("--sizes", default=",".join(map(str, SIZES)), help="interviews in each corpus, by commas (200,2000)")
    parser.add_argument("--seed", type=int, default=7, help="of everything that is drawn (7)")
    parser.add_argument("--keep", type=Path, default=None, help="a folder in which the corpora stay and are taken up again")
    parser.add_argument("--packets", action="store_true", help="packets alone: corpus questions first read every candidate once")
    given = parser.parse_args()
    console = Console(width=180)
    report = asyncio.run(bench([int(s) for s in given.sizes.split(",")], given.seed, given.keep, console, questions=not given.packets))
    console.print(report.table)
    sys.exit(0 if report.met else 1)


if __name__ == "__main__":
    main()
