"""Questions in the room, scored turn by turn: `python -m evals.room --data SEARCHES --asked FILE`.

FILE has one JSON object a turn: {search, conversation, turn, asker, question, expect: {kind, criterion, interview, interviewers, moments,
before}}. Each search is replayed into a home of its own under its given contract, and every conversation is held through the product's
own path. Printed: how many turns were understood as what they are; of those that a moment answers, in how many one of the expected
moments was cited; what was denied, or left open, of that which the record does not hold, and of that which it does. Beside them stands what
always taking the most frequent kind, and citing any moment at random, would reach. --only odd or even takes every second conversation.
"""

import argparse
import asyncio
import json
import random
from collections import Counter, defaultdict
from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from rich.console import Console
from rich.table import Table

from agents.desk import organisation_of, search_called
from agents.replay import replay_search
from agents.room import ask
from agents.workbench import Workbench, open_workbench
from alignment.answer import Answer
from alignment.citation import Citation
from alignment.people import Search
from alignment.settings import load_settings

SLACK_S = 2.0
_ALSO = {
    "moments": {"speaker", "duration"},
    "criterion_text": {"criterion"},
    "hire": {"people_decide"},
    "drift": {"findings"},
    "over_indexing": {"findings"},
    "injection": {"findings"},
    "missing": {"probing", "findings"},
    "probing": {"missing"},
    "claims": {"conflict"},
    "conflict": {"claims"},
    "not_held": {"moments", "probing", "order", "duration", "speaker"},
}
"""Kinds whose answers serve each other's questions; what the record does not hold can be asked in several forms."""


async def hold(bench: Workbench, path: Path, turns: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """Replay a search and hold its conversations; each turn with what came back."""
    await replay_search(bench, path, lambda *_: None)
    organisation = await organisation_of(bench)
    search = await search_called(bench, organisation.id, path.name)
    names = {i.id: i.name for i in await bench.store.interviews(organisation.id, search.id)}
    return [await _turn(bench, search, t, names) for t in turns]


async def _turn(bench: Workbench, search: Search, turn: dict[str, Any], names: dict[Any, str]) -> dict[str, Any]:
    try:
        answer = await ask(bench, search, turn["asker"], turn["question"], thread=str(turn["conversation"]))
    except Exception as e:  # a crash is data, not a zero
        return {**turn, "crash": f"{type(e).__name__}: {e}", "lines": [], "kind": "", "cited": [], "held": False}
    return {
        **turn,
        "kind": answer.kind,
        "about": answer.about,
        "held": any(s.held for s in answer.sentences),
        "denied": not any(s.held for s in answer.sentences) or answer.sentences[0].text.startswith("The record does not hold"),
        "lines": [s.text for s in answer.sentences],
        "cited": [(names[c.interview], c.start_s, c.end_s) for c in _citations(answer)],
    }


def _open(row: dict[str, Any]) -> bool:
    return any(line.startswith("The record may not hold") for line in row["lines"])


def _citations(answer: Answer) -> list[Citation]:
    return list(dict.fromkeys(c for s in answer.sentences for c in s.citations))


def hits(row: dict[str, Any], most: int = 3) -> bool:
    """Whether one of the first few citations overlaps an expected moment."""
    return any(_overlap(c, m) for c in row["cited"][:most] for m in row["expect"]["moments"])


def _overlap(cited: Sequence[Any], wanted: Sequence[Any]) -> bool:
    interview, start, end = cited
    if interview != wanted[0] or start is None:
        return False
    return bool(start - SLACK_S <= (wanted[2] if wanted[2] is not None else wanted[1]) and wanted[1] - SLACK_S <= (end or start))


def understood(row: dict[str, Any]) -> bool:
    """Whether the kind is the expected one, or one whose answer serves."""
    wanted = row["expect"]["kind"]
    return row["kind"] == wanted or row["kind"] in _ALSO.get(wanted, ())


def figures(rows: Sequence[dict[str, Any]]) -> list[tuple[str, str, str]]:
    """What is printed: name, figure, and what no understanding at all reaches."""
    kinds = Counter(r["expect"]["kind"] for r in rows)
    known = [r for r in rows if r["expect"]["kind"] != "other"]
    moments = [r for r in rows if r["expect"].get("moments") and r["expect"]["kind"] in ("moments", "order", "speaker")]
    absent = [r for r in rows if r["expect"]["kind"] == "not_held"]
    asked = [r for r in rows if r["expect"]["kind"] == "moments" and r["expect"].get("moments")]
    order = [r for r in rows if r["expect"]["kind"] == "order" and r["expect"].get("before") is not None]
    right = sum(any(line.startswith("Before" if r["expect"]["before"] else "After") for line in r["lines"]) for r in order)
    lines = [r for r in rows if r["expect"].get("criterion") and r["expect"]["kind"] in ("grades", "probing", "conflict", "criterion_text")]
    named = sum(any(str(r["expect"]["criterion"]) in line for line in r["lines"]) for r in lines)
    return [
        ("turns", str(len(rows)), ""),
        ("crashed", str(sum("crash" in r for r in rows)), ""),
        (
            "understood",
            _share(sum(understood(r) for r in known), len(known)),
            f"always the most frequent: {_share(max(kinds.values()), len(known))}",
        ),
        ("moment cited (of 3)", _share(sum(hits(r) for r in moments), len(moments)), f"any three at random: {_by_chance(moments):.2f}"),
        ("moment cited, where it asks what was said", _share(sum(hits(r) for r in asked), len(asked)), ""),
        ("denied, where the record does not hold it", _share(sum(r.get("denied", False) for r in absent), len(absent)), "never denying: 0"),
        ("denied, where it does", _share(sum(r.get("denied", False) for r in asked), len(asked)), "always denying: 1"),
        ("left open, where the record does not hold it", _share(sum(_open(r) for r in absent), len(absent)), ""),
        ("left open, where it does", _share(sum(_open(r) for r in asked), len(asked)), ""),
        ("order right", _share(right, len(order)), ""),
        ("its line named", _share(named, len(lines)), ""),
    ]


def _share(n: int, of: int) -> str:
    return f"{n}/{of}" + (f" = {n / of:.2f}" if of else "")


def _by_chance(rows: Sequence[dict[str, Any]]) -> float:
    """The chance that three of sixty replies drawn at random hit one of the expected moments."""
    drawn = random.Random(7)
    tries = [any(drawn.random() < len(r["expect"]["moments"]) / 60 for _ in range(3)) for r in rows for _ in range(200)]
    return sum(tries) / len(tries) if tries else 0.0


async def run(data: Path, turns: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """Every conversation of every search."""
    by_search: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for t in turns:
        by_search[t["search"]].append(t)
    rows = []
    for slug, own in by_search.items():
        with TemporaryDirectory(prefix="plumbline-room-") as home:
            settings = load_settings(home=Path(home), store_url="", index="", checkpoints_url="")
            async with open_workbench(settings) as bench:
                rows += await hold(bench, data / slug, own)
    return rows


def main() -> None:
    """Hold the conversations and print the figures."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True, help="search folders")
    parser.add_argument("--asked", type=Path, required=True, help="the conversations, a JSON object a turn")
    parser.add_argument("--only", choices=("odd", "even"), help="every second conversation")
    parser.add_argument("--show", choices=("wrong", "all"), help="print these turns with their answers")
    parser.add_argument("--out", type=Path, help="write every turn with its answer here, a JSON object a line")
    given = parser.parse_args()
    turns = [json.loads(line) for line in given.asked.read_text(encoding="utf-8").splitlines() if line.strip()]
    if given.only:
        turns = [t for t in turns if int(str(t["conversation"]).lstrip("c")) % 2 == (given.only == "odd")]
    rows = asyncio.run(run(given.data, turns))
    if given.out:
        given.out.write_text("".join(json.dumps(r, ensure_ascii=False) + "\n" for r in rows), encoding="utf-8")
    console = Console()
    for r in rows:
        wrong = "crash" in r or not understood(r) or (r["expect"]["kind"] == "moments" and r["expect"].get("moments") and not hits(r))
        if given.show == "all" or (given.show and wrong):
            _show(console, r)
    table = Table("", "figure", "without understanding", title=f"{given.asked.name}, {len(rows)} turns")
    for row in figures(rows):
        table.add_row(*row)
    console.print(table)


def _show(console: Console, r: dict[str, Any]) -> None:
    console.print(f"\n{r['search']} {r['conversation']}.{r['turn']} {r['asker']}: {r['question']}", markup=False, style="bold")
    console.print(f"  wanted {r['expect']}", markup=False)
    console.print(f"  got {r['kind']}, about “{r.get('about', '')}” {r.get('crash', '')}", markup=False)
    for line in r["lines"]:
        console.print(f"    {line}", markup=False)


if __name__ == "__main__":
    main()
