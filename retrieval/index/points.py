"""What both engines share: point ids, payloads, BM25 vectors, scopes as conditions, and the order of hits."""

import uuid
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from functools import cache
from typing import Any, Literal, NamedTuple

import qdrant_edge as edge

from alignment.errors import IndexMismatch
from retrieval.index.entries import Entry, Hit, Level, Scope

DENSE, WORDS = "dense", "words"
KEYWORDS = ("interview", "search", "candidate", "roles", "people", "whole")
TIMES = ("start_s", "end_s")
RETURNED = ("interview", "transcript", "first", "last", "words")
BATCH = 128
RRF_K = 60
AVERAGE_LENGTH = {Level.UTTERANCE: 80.0, Level.PASSAGE: 160.0}
"""What BM25 measures lengths against: far above the true means (7 and 68 words without stop words), so that a long answer is hardly
held back by its length. On 738 claims over 35 real meetings 80 finds .70 of the turns in the first five, the true mean .62."""

_NAMESPACE = uuid.UUID("6f1c5a0e-8d0b-5b7e-9a53-1f2d3c4b5a69")


class Condition(NamedTuple):
    """One narrowing of a scope in neither engine's words."""

    field: str
    kind: Literal["any", "above", "below"]
    value: Any


def conditions(scope: Scope) -> list[Condition]:
    """What a point must meet to be in the scope, the organisation aside."""
    wanted = {
        "interview": list(scope.interviews),
        "search": [scope.search] if scope.search is not None else [],
        "candidate": [scope.candidate] if scope.candidate is not None else [],
        "roles": [str(role) for role in scope.roles],
        "people": list(scope.people),
    }
    found = [Condition(field, "any", values) for field, values in wanted.items() if values]
    if scope.from_s is not None:
        found.append(Condition("end_s", "above", scope.from_s))
    if scope.until_s is not None:
        found.append(Condition("start_s", "below", scope.until_s))
    return found


def point_id(organisation: str, entry: Entry) -> str:
    """The id that the same place in the same transcript always gets."""
    parts = (organisation, entry.transcript, entry.level.value, str(entry.first), str(entry.last), str(entry.piece))
    return str(uuid.uuid5(_NAMESPACE, "\x1f".join(parts)))


def payload(organisation: str, entry: Entry, total: int) -> dict[str, Any]:
    """Ids, filter fields and numbers of one point; `total` is how many points its transcript has at both levels."""
    fields: dict[str, Any] = {
        "organisation": organisation,
        "interview": entry.interview,
        "search": entry.search,
        "candidate": entry.candidate,
        "transcript": entry.transcript,
        "whole": f"{entry.transcript}:{total}",
        "roles": [str(role) for role in entry.roles],
        "people": list(entry.people),
        "first": entry.first,
        "last": entry.last,
        "words": entry.words,
    }
    if entry.start_s is not None and entry.end_s is not None:
        fields |= {"start_s": float(entry.start_s), "end_s": float(entry.end_s)}
    return fields


def check_entries(entries: Sequence[Entry], transcript: str) -> None:
    """ValueError where the entries are of several interviews, or of another transcript."""
    found = {(e.interview, e.transcript) for e in entries}
    if len(found) != 1 or {t for _, t in found} != {transcript}:
        raise ValueError(f"entries of transcript {transcript} and no other were expected, not {sorted(found)[:3]}")


def prepared(organisation: str, entries: Sequence[Entry]) -> dict[Level, list[tuple[str, Entry, dict[str, Any]]]]:
    """Point id, entry and payload at each level; a place that stands twice counts once."""
    unique = {point_id(organisation, e): e for e in entries}
    made: dict[Level, list[tuple[str, Entry, dict[str, Any]]]] = {level: [] for level in Level}
    for id_, entry in unique.items():
        made[entry.level].append((id_, entry, payload(organisation, entry, len(unique))))
    return made


def held_from(counts: Iterable[tuple[str, int]]) -> dict[str, bool]:
    """Transcripts and whether each is whole, from how many points carry each `transcript:total`."""
    sums: dict[str, int] = {}
    for whole, count in counts:
        if count:  # the embedded engine still lists what was deleted, at 0
            sums[whole] = sums.get(whole, 0) + count
    held: dict[str, bool] = {}
    for whole, count in sums.items():
        transcript, total = whole.rsplit(":", 1)
        # Two totals of one transcript are two half-replaced generations of it: not whole, whatever the counts say.
        held[transcript] = transcript not in held and count == int(total)
    return held


class Bag(NamedTuple):
    """A sparse vector: hashed words and their weights."""

    indices: list[int]
    values: list[float]


def document_bag(level: Level, text: str) -> Bag:
    """BM25 weights of a text to be indexed: stemmed, without stop words, accents folded."""
    made = _bm25(level).embed_document(text)
    return Bag(list(made.indices), list(made.values))


def query_bag(text: str) -> Bag:
    """The distinct words of a question, each of weight 1."""
    made = _bm25(Level.PASSAGE).embed_query(text)
    return Bag(list(made.indices), list(made.values))


@cache
def _bm25(level: Level) -> edge.Bm25:
    return edge.Bm25(edge.Bm25Config(language="english", ascii_folding=True, avg_len=AVERAGE_LENGTH[level]))


def hit(level: Level, score: float, fields: dict[str, Any]) -> Hit:
    """A hit from a scored point's payload."""
    return Hit(fields["interview"], fields["transcript"], level, fields["first"], fields["last"], fields["words"], score)


def in_order(hits: Iterable[Hit], limit: int) -> list[Hit]:
    """Best first, scores equal to five digits by place, so that every engine gives one order; a place counts once, by its best."""
    best: dict[tuple[str, int, int], Hit] = {}
    for found in sorted(hits, key=lambda h: (-round(h.score, 5), h.place)):
        best.setdefault(found.place, found)
    return list(best.values())[:limit]


def fused(rankings: Sequence[Sequence[Hit]], limit: int) -> list[Hit]:
    """Reciprocal rank fusion, k = 60, of rankings of one level."""
    scores: dict[tuple[str, int, int], float] = {}
    kept: dict[tuple[str, int, int], Hit] = {}
    for ranking in rankings:
        for rank, found in enumerate(ranking):
            place = found.place
            kept.setdefault(place, found)
            scores[place] = scores.get(place, 0.0) + 1.0 / (RRF_K + rank + 1)
    best = sorted(scores, key=lambda place: (-round(scores[place], 9), place))[:limit]
    return [replace(kept[place], score=scores[place]) for place in best]


def deep(limit: int) -> int:
    """How many to ask the engine for: some more than wanted, since it cuts through equal scores at random and we do not."""
    return limit + max(8, limit // 8)


def pool(limit: int) -> int:
    """How deep each ranking is read before fusion."""
    return max(2 * limit, 50)


def batches(things: Sequence[Any]) -> Iterator[Sequence[Any]]:
    """The things in runs of 128: short enough that a search waits a few milliseconds, not for a whole interview."""
    return (things[at : at + BATCH] for at in range(0, len(things), BATCH))


def about(embedder: str, dimensions: int) -> dict[str, Any]:
    """What an index records of how it was made."""
    return {"format": 1, "embedder": embedder, "dimensions": dimensions}


def check_about(found: dict[str, Any], wanted: dict[str, Any], place: str) -> None:
    """IndexMismatch, naming both embedders, where the index was made otherwise than it is now opened."""
    if found == wanted:
        return
    if found.get("format") != wanted["format"]:
        what = f"The index has format {found.get('format')}, not {wanted['format']}"
    else:
        what = f"The index was made by {found.get('embedder')}, not by {wanted['embedder']}"
    raise IndexMismatch(what, where=place, todo="Run `plumbline reindex`.")
