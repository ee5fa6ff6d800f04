"""Train the head that tells what kind of claim some words read like: `python -m evals.train_claims`.

Softmax regression with an L2 penalty, by gradient descent from zero, over `rules.kinds.features`; the data are the project's own:
`evals/claims/train.jsonl` (text, label) to learn from and `evals/claims/held_out.jsonl` (raw, claims) to report on. The same data give the
same file, `agents/feedback_shaper/rules/claim_kinds.json`.
"""

import argparse
import asyncio
import json
from collections import Counter
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
from numpy.typing import NDArray

from agents.feedback_shaper.rules import claims, fitness, weighing
from agents.feedback_shaper.rules.kinds import KINDS, features
from agents.workbench import make_embedder
from alignment.feedback import Polarity
from alignment.settings import load_settings
from retrieval.embedding import Embedder
from retrieval.words import keys

Numbers = NDArray[np.float64]
HERE = Path(__file__).parent / "claims"
NEAR = 0.62
OUT = Path(__file__).parent.parent / "agents" / "feedback_shaper" / "rules" / "claim_kinds.json"


def fit(x: Numbers, y: NDArray[np.int64], penalty: float, steps: int = 3000, pace: float = 0.5) -> tuple[Numbers, Numbers]:
    """Weights (kinds, features) and bias (kinds) of a softmax regression; the penalty is per example."""
    wanted = np.eye(len(KINDS))[y]
    weights, bias = np.zeros((len(KINDS), x.shape[1])), np.zeros(len(KINDS))
    for step in range(steps):
        scores = x @ weights.T + bias
        odds = np.exp(scores - scores.max(axis=1, keepdims=True))
        off = odds / odds.sum(axis=1, keepdims=True) - wanted
        rate = pace / (1 + 3 * step / steps)
        weights -= rate * (off.T @ x / len(x) + penalty * weights)
        bias -= rate * off.mean(axis=0)
    return weights, bias


async def matrix(spans: list[str], embedder: Embedder) -> Numbers:
    """One row of features a span."""
    vectors = await embedder.embed(spans)
    return np.array([features(s, v) for s, v in zip(spans, vectors, strict=True)])


def report(name: str, told: list[str], wanted: list[str]) -> None:
    """Accuracy, and precision and recall a kind."""
    right = sum(a == b for a, b in zip(told, wanted, strict=True))
    commonest = max(Counter(wanted).values()) / len(wanted)
    print(f"{name}: {right}/{len(wanted)} = {right / len(wanted):.3f}; always the commonest = {commonest:.3f}")
    for kind in KINDS:
        both = sum(a == b == kind for a, b in zip(told, wanted, strict=True))
        precision, recall = both / max(1, told.count(kind)), both / max(1, wanted.count(kind))
        print(f"  {kind:16} precision {precision:.2f}  recall {recall:.2f}  n {wanted.count(kind)}")


def by_closed_classes(span: str, polarity: str) -> str:
    """The kind that the closed classes of words alone give a claim, without the head."""
    unfit = fitness.unfit(span, {})
    if unfit:
        return unfit.value
    reading = weighing.read(span, Polarity(polarity), {})
    return next((kind for kind in ("guess", "denial", "episode") if getattr(reading, kind)), "assertion")


def feedback_of(searches: Path) -> list[str]:
    """Every piece of feedback of a folder of searches."""
    files = sorted(searches.glob("*/feedback.jsonl"))
    return [json.loads(line)["raw"] for f in files for line in f.read_text(encoding="utf-8").splitlines()]


async def near(train: list[str], raws: list[str], embedder: Embedder) -> list[str]:
    """The training claims that share a run of four words with a piece of feedback, or come closer to a claim of it than 0.62."""
    said = [raw[a:b] for raw in raws for a, b in claims.split(raw)]
    runs = {row[i : i + 4] for text in said for row in [keys(text)] for i in range(len(row) - 3)}
    close = (await embedder.embed(train)) @ (await embedder.embed(said)).T
    shared = [any(row[i : i + 4] in runs for i in range(len(row) - 3)) for row in map(keys, train)]
    return [t for t, alike, c in zip(train, shared, close.max(axis=1), strict=True) if alike or c > NEAR]


async def main() -> None:
    """Train, report on claims that were not trained on, and write the weights."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--penalty", type=float, default=0.003)
    parser.add_argument("--dry", action="store_true", help="report only")
    parser.add_argument("--near", type=Path, help="list the training claims that are near to the feedback of these searches, and stop")
    given = parser.parse_args()
    train = [json.loads(line) for line in (HERE / "train.jsonl").read_text(encoding="utf-8").splitlines()]
    held = [json.loads(line) for line in (HERE / "held_out.jsonl").read_text(encoding="utf-8").splitlines()]
    spans = [(c["span"], c["label"]) for piece in held for c in piece["claims"]]
    with TemporaryDirectory() as home:
        embedder = make_embedder(load_settings(home=Path(home)))
        if given.near:
            found_near = await near([t["text"] for t in train], feedback_of(given.near), embedder)
            print("\n".join([*found_near, f"{len(found_near)} of {len(train)} training claims are near"]))
            return
        x = await matrix([t["text"] for t in train], embedder)
        x_held = await matrix([s for s, _ in spans], embedder)
    weights, bias = fit(x, np.array([KINDS.index(t["label"]) for t in train]), given.penalty)
    report("training claims", [KINDS[i] for i in np.argmax(x @ weights.T + bias, axis=1)], [t["label"] for t in train])
    report("held-out claims", [KINDS[i] for i in np.argmax(x_held @ weights.T + bias, axis=1)], [label for _, label in spans])
    told = [by_closed_classes(c["span"], c["polarity"]) for piece in held for c in piece["claims"]]
    report("held-out claims, closed classes alone", told, [label for _, label in spans])
    found = sum(len(claims.split(p["raw"])) for p in held)
    print(f"splitting: {found} claims found in {len(held)} pieces that hold {len(spans)}")
    if not given.dry:
        OUT.write_text(
            json.dumps({"kinds": KINDS, "weights": weights.round(4).tolist(), "bias": bias.round(4).tolist()}) + "\n", encoding="utf-8"
        )


if __name__ == "__main__":
    asyncio.run(main())
