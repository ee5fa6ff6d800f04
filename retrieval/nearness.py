"""How near every utterance of one interview is to a text: by its own words and meaning, and by those of the passages around it."""

from collections.abc import Iterable
from dataclasses import dataclass

from retrieval.embedding import Embedder
from retrieval.index import Hit, Index, Scope

EVERYTHING = 5000
"""More points than an interview has at either level, so that every one of them is scored."""


@dataclass(frozen=True)
class Nearness:
    """BM25 of the utterance and of its best passage, cosine of the utterance and of its best passage; 0 where nothing is shared."""

    terms: float = 0.0
    window_terms: float = 0.0
    meaning: float = 0.0
    window_meaning: float = 0.0


async def nearness(text: str, organisation: str, interview: str, *, index: Index, embedder: Embedder) -> dict[int, Nearness]:
    """The nearness of each utterance that the index holds of the interview, by utterance index."""
    vector = (await embedder.embed([text]))[0]
    found = await index.gather(Scope(organisation=organisation, interviews=(interview,)), text, vector, EVERYTHING)
    terms, meaning = _by_utterance(found.utterance_sparse), _by_utterance(found.utterance_dense)
    window_terms, window_meaning = _by_utterance(found.passage_sparse), _by_utterance(found.passage_dense)
    every = set(terms) | set(meaning) | set(window_terms) | set(window_meaning)
    return {i: Nearness(terms.get(i, 0.0), window_terms.get(i, 0.0), meaning.get(i, 0.0), window_meaning.get(i, 0.0)) for i in every}


def _by_utterance(hits: Iterable[Hit]) -> dict[int, float]:
    best: dict[int, float] = {}
    for hit in hits:
        for i in range(hit.first, hit.last + 1):
            best[i] = max(best.get(i, float("-inf")), hit.score)
    return best
