"""Rankings of turns held against the right ones, by ir_measures; and what was found held against the clock."""

from collections.abc import Collection, Mapping, Sequence

import ir_measures
import numpy as np
from ir_measures import RR, R, nDCG

from evals.scorers.spans import Span, iou, pointed, touches

MEASURES = {"recall@5": R @ 5, "recall@10": R @ 10, "nDCG@10": nDCG @ 10, "MRR": RR}
"""The measures by the names that figures have. A right turn counts one, whichever it is."""

IN_TIME = ("hit@1", "hit@3", "time_iou")


def measured(rankings: Mapping[str, Sequence[str]], right: Collection[str]) -> dict[str, dict[str, float]]:
    """Each measure of each ranking of one question, by the ranking's name; a turn that stands twice counts where it stands first."""
    found = {name: dict.fromkeys(MEASURES, 0.0) for name in rankings}
    names = {measure: name for name, measure in MEASURES.items()}
    judged = {name: dict.fromkeys(right, 1) for name in rankings}
    # ir_measures orders by score, and two equal ones by name: the place itself is the score, so that the order stays as it is.
    run = {name: {turn: -float(n) for n, turn in enumerate(dict.fromkeys(turns))} for name, turns in rankings.items()}
    for one in ir_measures.iter_calc(list(names), judged, run):
        found[one.query_id][names[one.measure]] = float(one.value)
    return found


def in_time(found: Sequence[Span | None], right: Sequence[Span]) -> dict[str, float]:
    """Whether one of the first (three) stretches lasts at the same time as a right one, and how much the first and the nearest share.

    None stands for a stretch without times, which hits nothing, as one does that is too long to point at anything.
    """

    def hit(first: int) -> float:
        return float(touches(pointed(s for s in found[:first] if s), right))

    best = pointed(s for s in found[:1] if s)
    return {"hit@1": hit(1), "hit@3": hit(3), "time_iou": max((iou(s, g) for s in best for g in right), default=0.0)}


def sureness(scores: Sequence[float]) -> float:
    """How likely the first of these is by the scores' softmax, the likelihood that the head behind them was learned with.

    It is taken over what was found and not over the whole record; whether it says too much or too little is what a calibration tells.
    """
    if not scores:
        return 0.0
    told = np.exp(np.asarray(scores) - max(scores))
    return round(float(told[0] / told.sum()), 4)
