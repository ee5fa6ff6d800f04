"""Whether a reply speaks against what stands before it: what our rules say of it, on pairs of utterances from meetings.

None of these are interviews: the figures tell what a signal reads, not what it is worth in one.
"""

import random
import re
import time
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from agents.feedback_shaper.rules import polarity, weighing
from agents.feedback_shaper.rules.kinds import kinds_of
from agents.language.phrases import plain
from alignment.errors import BadRequest
from alignment.feedback import Polarity
from evals.case import Batch, Case, Outcome, Step, Sums
from evals.metrics import F1, Metric
from evals.running.conditions import Conditions
from evals.sources import digest_of, read_rows
from evals.suites.signals.citing import cited
from evals.suites.signals.counts import counted
from retrieval.embedding import Embedder
from retrieval.exchanges import NON_ANSWER
from retrieval.wording import ProblemKind, unsupported_words

KIND = "signals_replies"
AGAINST, WITH = "NEG", "POS"
NEGATION: Final = re.compile(r"\b(?:no|not)\b|n't\b", re.IGNORECASE)


@dataclass(frozen=True)
class Pair:
    """Two utterances in a row; `kinds` is what the shaper's head makes of the second."""

    first: str
    reply: str
    against: bool
    kinds: Mapping[str, float]


def denial(p: Pair) -> bool:
    """Whether the shaper reads the reply as a denial."""
    return weighing.read(p.reply, polarity.polarity_of(p.reply), p.kinds).denial


def adds_denial(p: Pair) -> bool:
    """Whether the reply, held against what stands before it, denies more than that does."""
    return any(problem.kind is ProblemKind.NEGATION for problem in unsupported_words(p.reply, cited([p.first]), None))


SIGNALS: Final[dict[str, tuple[Callable[[Pair], bool], str]]] = {
    "leans_negative": (lambda p: polarity.polarity_of(p.reply) is Polarity.NEGATIVE, "how its words lean (polarity_of)"),
    "denial": (denial, "the shaper reads a denial (weighing.read)"),
    "non_answer": (lambda p: bool(NON_ANSWER.search(p.reply)), "it passes (NON_ANSWER)"),
    "adds_denial": (adds_denial, "it denies more than what stands before it (unsupported_words)"),
}


def metrics() -> tuple[Metric, ...]:
    """F1 of each signal on the replies that speak against."""
    return tuple(
        F1(f"reply_{name}_f1", f"reply {name} tp", f"reply {name} told", "reply there", told=f"replies that speak against, told by: {told}")
        for name, (_, told) in SIGNALS.items()
    )


def batches(path: Path, suite: str) -> Batch:
    """A case for each meeting that has pairs which are clear."""
    meetings = dict.fromkeys(row["meeting"] for row in _clear(path))
    cases = tuple(Case(suite=suite, id=f"{path.stem}/{m}", group=m, slices={"about": "replies"}, given={"meeting": m}) for m in meetings)
    return Batch(KIND, path, digest_of([path]), cases)


def _clear(path: Path) -> list[dict[str, Any]]:
    rows = []
    for number, row in read_rows(path):
        try:
            told = {"meeting": str(row["meeting"]), "label": row["label"], "first": row["first"]["text"], "reply": row["reply"]["text"]}
        except (KeyError, TypeError) as e:
            raise BadRequest(f"That is no pair of utterances: {type(e).__name__} {e}", where=f"{path}, line {number}") from e
        if told["label"] in (AGAINST, WITH):
            rows.append(told)
    return rows


async def pairs_of(rows: Sequence[Mapping[str, Any]], embedder: Embedder) -> list[Pair]:
    """The pairs, each reply with what the head makes of it."""
    told = [(plain(r["first"].strip()), plain(r["reply"].strip()), r["label"] == AGAINST) for r in rows]
    replies = list(dict.fromkeys(reply for _, reply, _ in told))
    kinds = {t: kinds_of(t, v, embedder.name) for t, v in zip(replies, await embedder.embed(replies), strict=True)}
    return [Pair(first, reply, against, kinds[reply]) for first, reply, against in told]


async def hold(batch: Batch, given: Conditions) -> AsyncIterator[Outcome]:
    """The outcome of each meeting."""
    rows = _clear(batch.source)
    async with given.workbench() as bench:
        for case in batch.cases:
            began = time.perf_counter()
            try:
                pairs = await pairs_of([r for r in rows if r["meeting"] == case.given["meeting"]], bench.embedder)
                said = {name: [sign(p) for p in pairs] for name, (sign, _) in SIGNALS.items()}
            except Exception as e:  # a crash is data
                yield Outcome.crash(case, e, repeat=given.repeat, took_s=time.perf_counter() - began)
                continue
            yield _outcome(case, pairs, said, given, time.perf_counter() - began)


def _outcome(case: Case, pairs: Sequence[Pair], said: Mapping[str, Sequence[bool]], given: Conditions, took_s: float) -> Outcome:
    drawn = random.Random(f"{given.seed} {case.id}")
    guesses = {
        "constant": [True for _ in pairs],
        "random": [drawn.random() < 0.5 for _ in pairs],
        "negation": [bool(NEGATION.search(p.reply)) for p in pairs],
    }
    steps = [
        Step(kind="judged", text=p.reply, data={"after": p.first, "speaks against": p.against, "said": told})
        for n, p in enumerate(pairs)
        for told in [[name for name, of in said.items() if of[n]]]
        if told or p.against
    ]
    return Outcome.of(
        case,
        repeat=given.repeat,
        sums=_sums(pairs, said),
        controls={name: _sums(pairs, dict.fromkeys(SIGNALS, of)) for name, of in guesses.items()},
        trace=tuple(steps),
        took_s=took_s,
    )


def _sums(pairs: Sequence[Pair], said: Mapping[str, Sequence[bool]]) -> Sums:
    true = [p.against for p in pairs]
    sums: Sums = {"reply there": float(sum(true))}
    for name, of in said.items():
        sums |= counted(f"reply {name}", of, true) | {f"reply {name} told": float(sum(of))}
    return sums
