"""What kind of claim some words read like: a small linear head over the bundled embedding and the closed classes.

The weights are `claim_kinds.json`, made by `python -m evals.train_claims` from the claims in `evals/claims/`; docs/evaluation.md has what
they are worth. They speak for the bundled embedder only: with another one the closed classes judge alone.
"""

import json
import math
import re
from functools import cache
from importlib.resources import files

import numpy as np
from numpy.typing import NDArray

from agents.feedback_shaper.rules import cues
from agents.feedback_shaper.rules.fitness import asserts_nothing_seen, content, is_nameless, trait_in
from agents.language.phrases import plain

KINDS = ("assertion", "denial", "episode", "guess", "not_job_related", "too_vague")
EMBEDDER = "all-MiniLM-L6-v2"
_SCALE = 3.0
_DIGIT = re.compile(r"\d")

Numbers = NDArray[np.float64]


def kinds_of(span: str, vector: NDArray[np.float32], embedder: str) -> dict[str, float]:
    """A probability for each kind; empty where the weights are for another embedder."""
    if not embedder.startswith(EMBEDDER):
        return {}
    weights, bias = _head()
    scores = weights @ features(span, vector) + bias
    odds = np.exp(scores - scores.max())
    return {kind: round(float(p), 4) for kind, p in zip(KINDS, odds / odds.sum(), strict=True)}


def features(span: str, vector: NDArray[np.float32]) -> Numbers:
    """The embedding, scaled to weigh against the flags, and what the closed classes find in the words."""
    flat = plain(span)
    flags = [
        bool(trait_in(span)),
        is_nameless(span),
        asserts_nothing_seen(span),
        bool(cues.SPECULATION.search(flat)),
        bool(cues.CONDITIONAL.search(flat)),
        bool(cues.DENIAL.search(flat)),
        bool(cues.PRETERITE_MODAL.search(flat)),
        bool(cues.ASKED.search(flat)),
        bool(cues.FRONTED_ASK.search(flat)),
        bool(cues.DUCKED.search(flat)),
        bool(cues.PERFECT.search(flat)),
        bool(cues.CANDIDATE_REFERENCE.search(flat)),
        bool(cues.SUBJECTLESS.match(flat)),
        bool(cues.REACTION.match(flat)),
        bool(_DIGIT.search(flat)),
        flat.rstrip().endswith("?"),
    ]
    lengths = [math.log1p(len(flat.split())) / 2, math.log1p(len(content(flat))) / 2]
    return np.concatenate([_SCALE * vector.astype(np.float64), np.array(flags, dtype=np.float64), np.array(lengths)])


@cache
def _head() -> tuple[Numbers, Numbers]:
    told = json.loads((files("agents.feedback_shaper.rules") / "claim_kinds.json").read_text(encoding="utf-8"))
    return np.array(told["weights"]), np.array(told["bias"])
