"""How questions to the whole corpus are understood: `python -m evals.corpus_questions FILE [--show]`.

FILE has one JSON object a line: {question, expect: {measure, groups, family, lines, period, interviewer}}, `period` the words that give it.
Each is read against eight role families and six interviewers; right is a measure that is the expected one, groups that are the expected
set, and so on. A period counts as read where one was found just where one was meant. Beside the figures stands what always taking the most
frequent answer would reach. --show lists what was read otherwise.
"""

import argparse
import json
from collections import Counter
from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table

from agents.corpus_questions.reading import CorpusAsk, read

TODAY = date(2026, 11, 26)
FAMILIES = (
    "backend engineering", "nursing", "enterprise sales", "product design", "finance operations", "data science", "customer support",
    "logistics",
)  # fmt: skip
INTERVIEWERS = ("Priya Raman", "Tomasz Wierzbicki", "Graciela Montoya", "Ines Duarte", "Hamid Sarraf", "Jun Okada")
UNGROUPED = ("moments", "cannot", "unclear")

ASPECTS: dict[str, tuple[Callable[[dict[str, Any]], Any], Callable[[CorpusAsk], Any]]] = {
    "measure": (lambda e: e["measure"], lambda a: a.measure.value),
    "groups": (lambda e: tuple(sorted(e["groups"])), lambda a: tuple(sorted(g.value for g in a.groups))),
    "role family": (lambda e: e["family"], lambda a: a.family),
    "lines": (lambda e: tuple(sorted(e["lines"])), lambda a: tuple(sorted(a.lines))),
    "period": (lambda e: bool(e["period"]), lambda a: a.period is not None),
    "interviewer": (lambda e: e["interviewer"], lambda a: a.interviewer),
}


def main() -> None:
    """Read every question and print how many were understood."""
    parser = argparse.ArgumentParser(prog="python -m evals.corpus_questions", description=__doc__.split("\n")[0] if __doc__ else None)
    parser.add_argument("file", type=Path, help="the questions")
    parser.add_argument("--show", action="store_true", help="list what was read otherwise")
    given = parser.parse_args()
    rows = [json.loads(line) for line in given.file.read_text(encoding="utf-8").splitlines() if line.strip()]
    asked = [(row, read(row["question"], TODAY, FAMILIES, INTERVIEWERS)) for row in rows]
    console = Console(width=160)
    console.print(_table(asked))
    if given.show:
        for row, ask in asked:
            wrong = [
                f"{n}: {told(ask)} for {meant(row['expect'])}" for n, meant, told in _compared(row) if meant(row["expect"]) != told(ask)
            ]
            if wrong:
                console.print(f"{row['question']}\n    {'; '.join(wrong)}", markup=False)


def _compared(row: dict[str, Any]) -> list[tuple[str, Callable[[dict[str, Any]], Any], Callable[[CorpusAsk], Any]]]:
    """What is compared for a question: of what cannot be answered, the measure alone; of moments everything but groups."""
    measure = row["expect"]["measure"]
    without = set(ASPECTS) - {"measure"} if measure in ("cannot", "unclear") else {"groups"} if measure in UNGROUPED else set()
    return [(name, *pair) for name, pair in ASPECTS.items() if name not in without]


def _table(asked: Sequence[tuple[dict[str, Any], CorpusAsk]]) -> Table:
    table = Table("read", "right", "of", "share", "always the most frequent")
    for name, (meant, told) in ASPECTS.items():
        own = [(meant(row["expect"]), told(ask)) for row, ask in asked if name in {n for n, _, _ in _compared(row)}]
        right = sum(a == b for a, b in own)
        frequent = Counter(a for a, _ in own).most_common(1)[0][1]
        table.add_row(name, str(right), str(len(own)), f"{right / len(own):.2f}", f"{frequent / len(own):.2f}")
    whole = sum(all(meant(row["expect"]) == told(ask) for _, meant, told in _compared(row)) for row, ask in asked)
    table.add_row("all of it", str(whole), str(len(asked)), f"{whole / len(asked):.2f}", "")
    return table


if __name__ == "__main__":
    main()
