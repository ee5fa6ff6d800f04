"""What the judge of evidence says by itself, before anything is held against it: listened to where it is asked, and never changed.

The product hardly lets a judge do harm: a verdict that the rules read apart becomes a question. That is right for people, and would
hide a judge that always says the same from an evaluation. Beside its verdicts stand the two controls that evidence from the record
must beat: verdicts from the wording of the claim alone, and from other replies of the same interview.
"""

import random
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from agents.feedback_shaper.judgements import Judgements, WeighIn, WeighOut
from agents.feedback_shaper.rules import RULES, weighing
from agents.workbench import Workbench
from alignment.feedback import Verdict
from evals.case import Sums
from evals.metrics import pair
from evals.suites.constant import NEVER

Weigh = Callable[[WeighIn], Awaitable[WeighOut]]
LABEL = "judge"
CONSTANTS = {"constant": Verdict.SUPPORTED.value, NEVER: Verdict.NO_EVIDENCE.value}


async def wording_alone(given: WeighIn) -> WeighOut:
    """A verdict from how the claim is worded: guesses have no evidence, denials are contradicted, the rest is supported."""
    reading = weighing.read(given.span, given.polarity, given.signals)
    verdict = Verdict.NO_EVIDENCE if reading.guess else Verdict.CONTRADICTED if reading.denial else Verdict.SUPPORTED
    return WeighOut(verdict=verdict, moments=tuple(m.label for m in given.moments[:1]), assertable=verdict is Verdict.SUPPORTED)


def against_other_pieces(seed: int) -> Weigh:
    """The rules as a judge that weighs every claim against three replies of the same interview that are not the nearest ones."""

    async def weigh(given: WeighIn) -> WeighOut:
        reading = weighing.read(given.span, given.polarity, given.signals)
        others = weighing.rank(given, reading)[weighing.KEPT :]
        chosen = random.Random(f"{seed} {given.span}").sample(others, min(weighing.KEPT, len(others)))
        return weighing.verdict_on(given.span, reading, chosen)

    return weigh


@dataclass
class Overheard:
    """The verdicts on each claim by its words: the judge's own (`""`), and those of the controls by name."""

    seed: int
    verdicts: dict[str, dict[str, str]] = field(default_factory=dict)

    def listen(self, bench: Workbench) -> None:
        """Hear what the workbench's judge of evidence says from now on."""
        bench.judgements = replace(bench.judgements, weigh_evidence=self._beside(bench.judgements))

    def _beside(self, judgements: Judgements) -> Weigh:
        controls: dict[str, Weigh] = {"wording": wording_alone}
        if judgements.by == RULES.by:  # asking a model once more for every claim would double what a run costs
            controls["elsewhere"] = against_other_pieces(self.seed)

        async def weigh(given: WeighIn) -> WeighOut:
            out = await judgements.weigh_evidence(given)
            told = {name: (await control(given)).verdict.value for name, control in controls.items()}
            self.verdicts.setdefault(given.span, {"": out.verdict.value, **told})
            return out

        return weigh

    def sums(self, gold: Sequence[Mapping[str, Any]], told: Sequence[Mapping[str, Any]], pairs: Mapping[int, int]) -> dict[str, Sums]:
        """The sums of the judge (`""`) and of each control, over the gold claims that reached it."""
        sums: dict[str, Sums] = {}
        for i, j in pairs.items():
            for name, verdict in (self.verdicts.get(told[j]["span"], {}) | CONSTANTS).items():
                if told[j]["span"] in self.verdicts:
                    own, column = sums.setdefault(name, {}), pair(LABEL, gold[i]["verdict"], verdict)
                    own[column] = own.get(column, 0.0) + 1
        return sums
