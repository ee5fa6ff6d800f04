"""The signals that our rules go by, on data that others labelled: `python -m evals.signals --data DATA [--pairs N] [--seed N]`.

`DATA/stance`: whether a reply speaks against what stands before it, F1 on NEG among the pairs labelled NEG or POS, resampled by meeting.
`DATA/claims`: whether a summary is consistent with its document, balanced accuracy on one half of the documents (thresholds come from the
other), resampled by document, with two controls: the claim without the record, and against another document of its kind. A signal is worth
something where its 95% interval lies above the best trivial baseline, and as a reading of the record where it lies above both controls as
well. A rule that has no threshold is shown over all documents too, half of them being few. None of these data are interviews: the tables
tell what a signal reads, not what it is worth in one.
"""

import argparse
import asyncio
import json
import random
import tempfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import ArrayLike, NDArray
from rich.console import Console
from rich.table import Table

from agents.workbench import Workbench, make_embedder, open_workbench
from alignment.settings import load_settings
from evals.consistency import Document, documents, scores
from evals.stance import AGAINST, TRIVIAL, Pair, pairs_of

RESAMPLES: Final = 2000
WITHIN: Final = 0.5
"""What a score that is a yes or a no is parted at; the others by the threshold that is best on the half that is not reported."""

Counts = NDArray[np.float64]
Numbers = NDArray[np.float64]


def f1(counts: Counts) -> Counts:
    """F1 from (…, 4) counts of true and false positives, false and true negatives."""
    tp, fp, fn, _ = np.moveaxis(counts, -1, 0)
    return np.asarray(2 * tp / np.maximum(1, 2 * tp + fp + fn))


def balanced(counts: Counts) -> Counts:
    """Balanced accuracy from the same counts."""
    tp, fp, fn, tn = np.moveaxis(counts, -1, 0)
    return np.asarray((tp / np.maximum(1, tp + fn) + tn / np.maximum(1, tn + fp)) / 2)


def counted(told: ArrayLike, true: ArrayLike, groups: ArrayLike) -> Counts:
    """One row of the four counts for each group."""
    names, at = np.unique(np.asarray(groups), return_inverse=True)
    counts = np.zeros((len(names), 4))
    np.add.at(counts, (at, 2 * (1 - np.array(told, dtype=int)) + (1 - np.array(true, dtype=int))), 1)
    return counts


@dataclass(frozen=True)
class Measured:
    """A figure with its 95% interval."""

    point: float
    low: float
    high: float

    @property
    def told(self) -> tuple[str, str]:
        """Both as they are printed."""
        return f"{self.point:.3f}", f"{self.low:.3f} to {self.high:.3f}"

    def above(self, other: float) -> str:
        """Whether the interval lies above a figure."""
        return "yes" if self.low > other else "NO"


def measured(counts: Counts, by: Callable[[Counts], Counts], seed: int) -> Measured:
    """The figure, and where it lies when whole groups (meetings, documents) are drawn again with replacement."""
    many = len(counts)
    drawn = np.random.default_rng(seed).multinomial(many, np.full(many, 1 / many), size=RESAMPLES) @ counts
    low, high = np.percentile(by(drawn), (2.5, 97.5))
    return Measured(float(by(counts.sum(axis=0))), float(low), float(high))


def stance(pairs: Sequence[Pair], seed: int) -> Table:
    """The table of the pairs: what is trivial first, then each signal of ours."""
    true, groups = [p.against for p in pairs], [p.meeting for p in pairs]
    table = Table("signal (where it is used)", "says so", "precision", "recall", "F1 on NEG", "95%", "above the best trivial one")
    counts = {name: counted([sign(p) for p in pairs], true, groups) for name, sign in (TRIVIAL | AGAINST).items()}
    table.title = f"Speaks against: {len(pairs)} pairs, {sum(true)} NEG, {len(set(groups))} meetings"
    best = max(float(f1(counts[name].sum(axis=0))) for name in TRIVIAL)
    for name, of in counts.items():
        found, (tp, fp, fn, _) = measured(of, f1, seed), of.sum(axis=0)
        shares = f"{tp / max(1, tp + fp):.3f}", f"{tp / max(1, tp + fn):.3f}"
        table.add_row(name, f"{(tp + fp) / len(pairs):.3f}", *shares, *found.told, "trivial" if name in TRIVIAL else found.above(best))
    return table


def halves(rows: Sequence[Mapping[str, Any]], seed: int) -> NDArray[np.bool_]:
    """Which rows are reported on: those of one half of the documents."""
    texts = sorted({r["evidence"] for r in rows})
    random.Random(seed).shuffle(texts)
    chosen = set(texts[: (len(texts) + 1) // 2])
    return np.array([r["evidence"] in chosen for r in rows])


def _is_a_rule(values: Numbers) -> bool:
    return set(np.unique(values)) <= {0.0, 1.0}


def threshold(values: Numbers, true: NDArray[np.bool_]) -> float:
    """Where a score parts consistent from inconsistent best."""
    if _is_a_rule(values):
        return WITHIN
    return max((float(v) for v in np.unique(values)), key=lambda t: float(balanced(counted(values >= t, true, np.zeros(len(true)))[0])))


def after(rows: Sequence[Mapping[str, Any]]) -> dict[str, str]:
    """For each document another one of its own set."""
    kin = [sorted({r["evidence"] for r in rows if r["set"] == s}) for s in sorted({r["set"] for r in rows})]
    return {text: texts[(n + 1) % len(texts)] for texts in kin for n, text in enumerate(texts)}


async def claims(bench: Workbench, rows: Sequence[Mapping[str, Any]], seed: int) -> Table:
    """The table of the claims: each signal against its own document, without one, and against another."""
    held, other = await documents(bench, rows), after(rows)
    nothing = Document()
    places = {
        "own": [held[r["evidence"]] for r in rows],
        "none": [nothing for _ in rows],
        "other": [held[other[r["evidence"]]] for r in rows],
    }
    found = {how: [await scores(r["claim"], on, bench.embedder) for r, on in zip(rows, of, strict=True)] for how, of in places.items()}
    true, last = np.array([bool(r["label"]) for r in rows]), halves(rows, seed)
    groups = np.unique([r["evidence"] for r in rows], return_inverse=True)[1]
    counts = {}
    for name in found["own"][0]:
        for how, of in found.items():
            values = np.array([float(s[name]) for s in of])
            counts[name, how] = counted(values[last] >= threshold(values[~last], true[~last]), true[last], groups[last])
            if how == "own" and _is_a_rule(values):
                counts[name, "all"] = counted(values >= WITHIN, true, groups)
    title = f"Consistent: {last.sum()} claims ({true[last].sum()} are) on {len(set(groups[last]))} documents; thresholds from the others"
    return laid_out(counts, title, seed)


def laid_out(counts: Mapping[tuple[str, str], Counts], title: str, seed: int) -> Table:
    """One row a signal: the reported half, both controls, and all documents where it has no threshold; baselines begin with a dash."""
    figures = {at: measured(of, balanced, seed) for at, of in counts.items()}
    names = list(dict.fromkeys(name for name, _ in counts))
    best = {how: max([WITHIN, *(f.point for (n, h), f in figures.items() if h == how and n.startswith("-"))]) for how in ("own", "all")}
    heads = ("says so", "bal. acc.", "95%", "above trivial", "no record", "other doc.", "above both", "all documents", "above trivial")
    table = Table("signal (where it is used)", *heads, title=title)
    table.add_row("- constant", "1.000", "0.500", *[""] * 7)
    for name in names:
        own, none, other = (figures[name, how] for how in ("own", "none", "other"))
        whole, (tp, fp, fn, tn) = figures.get((name, "all")), counts[name, "own"].sum(axis=0)
        trivial = name.startswith("-")
        row = [f"{(tp + fp) / (tp + fp + fn + tn):.3f}", *own.told, "" if trivial else own.above(best["own"])]
        row += [f"{none.point:.3f}", f"{other.point:.3f}", "" if trivial else own.above(max(none.point, other.point, WITHIN))]
        row += [f"{whole.told[0]} ({whole.told[1]})", "" if trivial else whole.above(best["all"])] if whole else ["", ""]
        table.add_row(name, *row)
    return table


def read(path: Path) -> list[dict[str, Any]]:
    """The rows of a file of JSON lines."""
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


async def run(data: Path, most: int, seed: int, only: str, console: Console) -> None:
    """Measure what is asked for and print it."""
    if only != "claims":
        pairs = await pairs_of(read(data / "stance" / "pairs_dev.jsonl"), most, make_embedder(load_settings()), seed)
        console.print(stance(pairs, seed))
    if only != "stance":
        rows = read(data / "claims" / "claims_dev.jsonl")
        with tempfile.TemporaryDirectory(prefix="plumbline-eval-") as home:
            async with open_workbench(load_settings(home=Path(home), store_url="", index="", checkpoints_url="")) as bench:
                console.print(await claims(bench, rows, seed))


def main() -> None:
    """Read the command line and run."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True, help="the folder that holds stance/ and claims/")
    parser.add_argument("--pairs", type=int, default=0, help="a seeded sample of so many pairs; 0 takes all")
    parser.add_argument("--seed", type=int, default=7, help="draws the sample, the halves and the intervals")
    parser.add_argument("--only", choices=("stance", "claims"), default="", help="one of the two")
    given = parser.parse_args()
    asyncio.run(run(given.data, given.pairs, given.seed, given.only, Console(width=180)))


if __name__ == "__main__":
    main()
