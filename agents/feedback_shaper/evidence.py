"""What a claim can be weighed against: the candidate's words in one interview, with how near each is to a claim and to each criterion."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Self

import numpy as np

from agents.feedback_shaper.judgements import MomentView
from alignment.contract import Contract
from alignment.transcript import Transcript, minute_of
from retrieval.embedding import Embedder
from retrieval.exchanges import Exchange, exchanges_of, substance_of
from retrieval.nearness import Nearness
from retrieval.stretches import Stretch, stretches_of

NearTo = Callable[[str], Awaitable[Mapping[int, Nearness]]]
"""A text -> how near each utterance of the interview is to it, by utterance index."""

REMEMBERED = 12
"""Claims whose moments are kept: each is asked for by several steps of one shaping, and by nobody after."""

Numbers = np.ndarray[tuple[int], np.dtype[np.float64]]


@dataclass
class Evidence:
    """The stretches of one interview that a statement may cite, and their signals towards any text."""

    transcript: Transcript
    near_to: NearTo
    embedder: Embedder
    exchanges: list[Exchange]
    stretches: list[tuple[int, Stretch]]
    vectors: np.ndarray
    fixed: dict[str, Numbers]
    towards: dict[str, Numbers] = field(default_factory=dict)
    known: dict[str, np.ndarray] = field(default_factory=dict)
    remembered: dict[str, tuple[MomentView, ...]] = field(default_factory=dict)

    @classmethod
    async def gather(cls, transcript: Transcript, contract: Contract, near_to: NearTo, embedder: Embedder) -> Self:
        """Everything that does not depend on the claim: stretches, their properties, and nearness to each criterion."""
        exchanges = exchanges_of(transcript)
        stretches = [(n, s) for n, e in enumerate(exchanges) for i in e.reply for s in stretches_of(transcript.utterances[i])]
        texts = [s.text for _, s in stretches]
        count = len(transcript.utterances)
        substance = np.array([substance_of(t).score for t in texts])
        fixed = {
            "substance": substance,
            "substance_z": standardised(substance),
            "length": standardised(np.log1p([len(t.split()) for t in texts])),
            "order": np.array([s.utterance / max(1, count - 1) for _, s in stretches]),
        }
        fixed["order_z"] = standardised(fixed["order"])
        vectors = await embedder.embed(texts) if texts else np.zeros((0, embedder.dimensions))
        evidence = cls(transcript, near_to, embedder, exchanges, stretches, vectors, fixed)
        for criterion in contract.criteria:
            evidence.towards[f"on:{criterion.id}"] = (await evidence._near(f"{criterion.text} {criterion.shown_by}".strip()))["near"]
        return evidence

    async def embedded(self, texts: Sequence[str]) -> np.ndarray:
        """One row a text; texts that come up with every claim, such as the criteria, are embedded once."""
        fresh = [t for t in dict.fromkeys(texts) if t not in self.known]
        if fresh:
            self.known.update(zip(fresh, await self.embedder.embed(fresh), strict=True))
        return np.array([self.known[t] for t in texts])

    async def moments(self, claim: str) -> tuple[MomentView, ...]:
        """Every stretch as a view with its signals towards the claim, nearest first; the last few claims' are remembered."""
        if claim in self.remembered:
            return self.remembered[claim]
        if not self.stretches:
            return ()
        signals = {**self.fixed, **self.towards, **await self._near(claim)}
        views = [self._view(n, {k: round(float(v[n]), 4) for k, v in signals.items()}) for n in range(len(self.stretches))]
        found = tuple(sorted(views, key=lambda v: (-v.signals["near"], v.label)))
        while len(self.remembered) >= REMEMBERED:
            self.remembered.pop(next(iter(self.remembered)))
        self.remembered[claim] = found
        return found

    async def _near(self, text: str) -> dict[str, Numbers]:
        nearness = await self.near_to(text)
        zero = Nearness()
        own = [nearness.get(s.utterance, zero) for _, s in self.stretches]
        closeness = self.vectors @ (await self.embedder.embed([text]))[0]
        near = sum(
            (standardised(np.array(v)) for v in ([n.terms for n in own], [n.window_terms for n in own], [n.window_meaning for n in own])),
            start=standardised(closeness),
        )
        asked = [[nearness.get(i, zero) for i in self.exchanges[n].asked] for n, _ in self.stretches]
        asked_near = sum(
            standardised(np.array([max((getattr(a, name) for a in row), default=0.0) for row in asked])) for name in ("terms", "meaning")
        )
        return {"near": near, "asked_near": np.asarray(asked_near), "closeness": closeness}

    def _view(self, n: int, signals: dict[str, float]) -> MomentView:
        exchange, stretch = self.stretches[n]
        utterance = self.transcript.utterances[stretch.utterance]
        asked = " ".join(self.transcript.utterances[i].text for i in self.exchanges[exchange].asked)
        at = utterance.time_at(stretch.start, stretch.end)
        return MomentView(
            label=stretch.label,
            speaker=utterance.speaker,
            text=stretch.text,
            minute=minute_of(at[0]) if at else None,
            asked=asked,
            exchange=exchange,
            order=round(float(self.fixed["order"][n]), 4),
            signals=signals,
        )


def standardised(values: Numbers) -> Numbers:
    """The values with mean 0 and standard deviation 1; zeros where they do not differ."""
    spread = float(np.std(values)) if len(values) else 0.0
    return (values - np.mean(values)) / spread if spread > 1e-9 else np.zeros(len(values))
