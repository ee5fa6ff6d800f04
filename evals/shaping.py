"""Shaping over whole searches, with the controls that a verdict signal must beat: `python -m evals.shaping --data SEARCHES --out OUT`.

Three runs over the product's own path, each in the layout that replay writes: `rules`, as users get them; `wording`, where every
verdict comes from the claim's wording and the record is not looked at; `elsewhere`, where every claim is weighed against other replies
of the same interview, drawn at random. Score each with a scorer of that layout; --scorer names one and prints its figures. With
--without NAME the rules run alone, without that kind of evidence.
"""

import argparse
import asyncio
import random
import subprocess
import sys
from collections.abc import Awaitable, Callable
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory
from types import ModuleType

from agents.feedback_shaper.judgements import WeighIn, WeighOut
from agents.feedback_shaper.rules import RULES, kinds, ties, weighing
from agents.replay import replay_search, write_shaped
from agents.workbench import open_workbench
from alignment.feedback import Verdict
from alignment.settings import load_settings

EVIDENCE: dict[str, tuple[ModuleType, str, float | str]] = {
    "panel": (ties, "_FOCUS", 0.0),
    "intake": (ties, "_SAID", 0.0),
    "criterion": (weighing, "_CRITERION", 0.0),
    "substance": (weighing, "_SUBSTANCE", 0.0),
    "question": (weighing, "_ASKED", 0.0),
    "order": (weighing, "_ORDER", 0.0),
    "length": (weighing, "_LENGTH", 0.0),
    "kinds": (kinds, "EMBEDDER", "no embedder has this name"),
}
"""What can be left out: where its weight stands, and what it is without."""

Weigh = Callable[[WeighIn], Awaitable[WeighOut]]


async def wording_alone(given: WeighIn) -> WeighOut:
    """A verdict from how the claim is worded: guesses have no evidence, denials are contradicted, the rest is supported."""
    reading = weighing.read(given.span, given.polarity, given.signals)
    verdict = Verdict.NO_EVIDENCE if reading.guess else Verdict.CONTRADICTED if reading.denial else Verdict.SUPPORTED
    return WeighOut(verdict=verdict, moments=tuple(m.label for m in given.moments[:1]), assertable=verdict is Verdict.SUPPORTED)


def against_other_pieces(seed: int) -> Weigh:
    """A judge that weighs every claim against three replies of the same interview that are not the nearest ones."""
    drawn = random.Random(seed)

    async def weigh(given: WeighIn) -> WeighOut:
        reading = weighing.read(given.span, given.polarity, given.signals)
        others = weighing.rank(given, reading)[weighing.KEPT :]
        chosen = drawn.sample(others, min(weighing.KEPT, len(others)))
        return weighing.verdict_on(given.span, reading, chosen)

    return weigh


async def run(searches: list[Path], out: Path, weigh: Weigh) -> None:
    """Replay every search with that judge of evidence and write what came out."""
    for path in searches:
        with TemporaryDirectory(prefix="plumbline-eval-") as home:
            async with open_workbench(load_settings(home=Path(home), store_url="", index="", checkpoints_url="")) as bench:
                bench.judgements = replace(RULES, weigh_evidence=weigh)
                write_shaped(out / path.name, (await replay_search(bench, path, lambda _: None))[0])
        print(f"{out.name}: {path.name}", file=sys.stderr)


def main() -> None:
    """Run the three and score them where a scorer is named."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True, help="a folder of search folders")
    parser.add_argument("--out", type=Path, required=True, help="where the runs are written")
    parser.add_argument("--scorer", type=Path, help="a program that takes OUT and SEARCHES")
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument(
        "--without", choices=sorted(EVIDENCE), action="append", default=[], help="leave out one kind of evidence; repeatable"
    )
    given = parser.parse_args()
    searches = sorted(p.parent for p in given.data.glob("*/search.json"))
    runs: dict[str, Weigh] = {"rules": RULES.weigh_evidence}
    if not given.without:
        runs |= {"wording": wording_alone, "elsewhere": against_other_pieces(given.seed)}
    for name in given.without:
        module, weight, nothing = EVIDENCE[name]
        setattr(module, weight, nothing)
    for name, weigh in runs.items():
        asyncio.run(run(searches, given.out / name, weigh))
    for name in runs if given.scorer else ():
        print(f"== {name}", flush=True)
        subprocess.run([sys.executable, str(given.scorer), str(given.out / name), str(given.data)], check=True)


if __name__ == "__main__":
    main()
