"""One organisation's points on disk: a folder of its own with one Qdrant Edge shard a level.

A shard of its own makes the words' statistics the organisation's own, lets a search scan vectors that lie side by side, and leaves nothing
that could leak to another. Shards are never given an HNSW graph (m = 0): a scan is exact, and takes about 9 ms over 100,000 vectors.
"""

import hashlib
import shutil
import threading
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import qdrant_edge as edge

from retrieval.index.edge_cells import CellShard
from retrieval.index.entries import Entry, Hit, Level, Scope, Vector
from retrieval.index.points import (
    DENSE,
    KEYWORDS,
    RETURNED,
    TIMES,
    WORDS,
    Bag,
    batches,
    conditions,
    deep,
    document_bag,
    held_from,
    hit,
    in_order,
    prepared,
)

MERGE_KB = 30_000
"""Segments beyond this (about 20,000 vectors) are merged into a form that opens faster."""
FLUSH_EVERY = 5_000
"""Points between two flushes: what was put survives a killed process without one, in the engine's log, and a flush stops every search."""
REWRITE_SHARE = 0.2
STALE_SHARE = 0.02
EVERYTHING = 10_000_000

Prepared = tuple[str, Entry, dict[str, Any]]


def folder_of(place: Path, organisation: str) -> Path:
    """The organisation's folder: named by digest, since an id may hold what a file name may not."""
    return place / f"org-{hashlib.sha256(organisation.encode()).hexdigest()[:32]}"


class Tenant:
    """The shards of one organisation; calls block and are for one writing thread at a time."""

    def __init__(self, folder: Path, dimensions: int) -> None:
        self._folder, self._dimensions = folder, dimensions
        # There from the first deletion until the rewrite is done: an erasure that was cut short is finished by the next change.
        self._erasing = folder / "erasing"
        current = folder / "current"
        if current.is_file():
            self._generation = folder / current.read_text(encoding="utf-8")
            self._shards = {level: edge.EdgeShard.load(str(self._generation / level)) for level in Level}
        else:
            self._generation = folder / "generation-1"
            self._shards = self._created(self._generation)
            self._point_at(self._generation)
        self._sweep()
        self._deleted = dict.fromkeys(Level, 0)
        self._written, self._unflushed = False, 0
        self._cells: CellShard | None = None
        self._opening_cells = threading.Lock()

    @property
    def cells(self) -> CellShard:
        """The organisation's cells, opened when they are first asked for."""
        with self._opening_cells:
            if self._cells is None:
                self._cells = CellShard(self._folder / "cells", self._dimensions)
            return self._cells

    def put(self, organisation: str, entries: Sequence[Entry]) -> None:
        """Replace the points of the entries' interview by these."""
        ready = prepared(organisation, entries)
        self._delete([entries[0].interview])
        for level, points in ready.items():
            for batch in batches(points):
                self._shards[level].update(edge.UpdateOperation.upsert_points([_point(level, p) for p in batch]))
        self._written, self._unflushed = True, self._unflushed + len(entries)
        if self._erasing.exists() or any(self._deleted[level] > REWRITE_SHARE * self._points(level) + 1000 for level in Level):
            self._rewrite()
        elif self._unflushed > FLUSH_EVERY:
            self._flush()

    def erase(self, interviews: Sequence[str]) -> None:
        """Remove the interviews and rewrite what remains, so that neither the log nor a segment keeps their vectors."""
        if self.count(Scope("", interviews=tuple(interviews))):
            self._erasing.touch()
            self._delete(interviews)
        if self._erasing.exists() or any(self._deleted.values()):
            self._rewrite()
        if (self._folder / "cells").is_dir():
            self.cells.erase(interviews)

    def held(self) -> dict[str, bool]:
        """The transcripts here, and whether each is whole."""
        request = edge.FacetRequest("whole", limit=EVERYTHING, exact=True)
        return held_from((str(h.value), h.count) for level in Level for h in self._shards[level].facet(request).hits)

    def count(self, scope: Scope) -> int:
        """How many points of both levels are in the scope."""
        request = edge.CountRequest(filter=_filter(scope), exact=True)
        return sum(self._shards[level].count(request) for level in Level)

    def search(self, scope: Scope, level: Level, vector: Vector | None, bag: Bag | None, limit: int) -> list[list[Hit]]:
        """A ranking for the vector and one for the words, in that order, in one pass; None asks for no ranking."""
        narrowed = _filter(scope) if conditions(scope) else None
        requests = []
        if vector is not None:
            nearest = edge.Query.Nearest(vector.tolist(), using=DENSE)
            requests.append(_request(nearest, narrowed, deep(limit), edge.SearchParams(exact=True)))
        if bag is not None:
            nearest = edge.Query.Nearest(edge.SparseVector(*bag), using=WORDS)
            requests.append(_request(nearest, narrowed, deep(limit), edge.SearchParams(idf=self._statistics(level))))
        found = self._shards[level].query_batch(edge.QueryBatchRequest(requests))
        return [in_order((hit(level, p.score, p.payload or {}) for p in points), limit) for points in found]

    def close(self) -> None:
        """Merge what was written, flush, and release the files."""
        for shard in self._shards.values():
            if self._written:
                shard.optimize()
            shard.close()
        if self._cells is not None:
            self._cells.close()

    def _statistics(self, level: Level) -> edge.IdfParams | None:
        # The engine's own statistics count deleted points until they are rewritten; to count afresh takes 0.1 ms a 1,000 points.
        stale = self._deleted[level] > STALE_SHARE * self._points(level)
        return edge.IdfParams(corpus=edge.Filter(must_not=[])) if stale else None

    def _points(self, level: Level) -> int:
        return int(self._shards[level].info().points_count)

    def _delete(self, interviews: Sequence[str]) -> None:
        gone = _filter(Scope("", interviews=tuple(interviews)))
        for level, shard in self._shards.items():
            if many := shard.count(edge.CountRequest(filter=gone, exact=True)):
                shard.update(edge.UpdateOperation.delete_points_by_filter(gone))
                self._deleted[level] += many

    def _rewrite(self) -> None:
        """Copy what is alive into new shards, point at them, and remove the old ones; searches read the old ones meanwhile."""
        generation = self._folder / f"generation-{int(self._generation.name.rsplit('-', 1)[1]) + 1}"
        shutil.rmtree(generation, ignore_errors=True)
        fresh = self._created(generation)
        for level, shard in self._shards.items():
            _copy(shard, fresh[level])
            fresh[level].flush()
        self._point_at(generation)
        # The old shards are let go of, not closed: a search may be on its way into one of them.
        self._shards, self._generation, self._unflushed = fresh, generation, 0
        self._deleted = dict.fromkeys(Level, 0)
        self._sweep()
        self._erasing.unlink(missing_ok=True)

    def _created(self, generation: Path) -> dict[Level, edge.EdgeShard]:
        shutil.rmtree(generation, ignore_errors=True)
        return {level: _new_shard(generation / level, self._dimensions) for level in Level}

    def _point_at(self, generation: Path) -> None:
        draft = self._folder / "current.draft"
        draft.write_text(generation.name, encoding="utf-8")
        draft.replace(self._folder / "current")

    def _sweep(self) -> None:
        for other in self._folder.glob("generation-*"):
            if other != self._generation:
                shutil.rmtree(other, ignore_errors=True)

    def _flush(self) -> None:
        for shard in self._shards.values():
            shard.flush()
        self._unflushed = 0


def _new_shard(folder: Path, dimensions: int) -> edge.EdgeShard:
    folder.mkdir(parents=True)
    config = edge.EdgeConfig(
        vectors={DENSE: edge.EdgeVectorParams(size=dimensions, distance=edge.Distance.Cosine)},
        sparse_vectors={WORDS: edge.EdgeSparseVectorParams(modifier=edge.Modifier.Idf)},
        hnsw_config=edge.HnswIndexConfig(m=0, ef_construct=4, full_scan_threshold=EVERYTHING),
        optimizers=edge.EdgeOptimizersConfig(indexing_threshold=MERGE_KB),
    )
    shard = edge.EdgeShard.create(str(folder), config)
    for field in KEYWORDS:
        shard.update(edge.UpdateOperation.create_field_index(field, edge.KeywordIndexParams()))
    for field in TIMES:
        shard.update(edge.UpdateOperation.create_field_index(field, edge.FloatIndexParams()))
    return shard


def _copy(old: edge.EdgeShard, new: edge.EdgeShard) -> None:
    offset = None
    while True:
        request = edge.ScrollRequest(offset=offset, limit=128, with_payload=True, with_vector=True)
        records, offset = old.scroll(request)
        if records:
            new.update(edge.UpdateOperation.upsert_points([edge.Point(r.id, r.vector or {}, r.payload or {}) for r in records]))
        if offset is None:
            return


def _point(level: Level, prepared_point: Prepared) -> edge.Point:
    id_, entry, fields = prepared_point
    vectors: dict[str, Any] = {DENSE: entry.vector.tolist()}
    bag = document_bag(level, entry.text)
    if bag.indices:
        vectors[WORDS] = edge.SparseVector(*bag)
    return edge.Point(id_, vectors, fields)


def _request(query: edge.Query, narrowed: edge.Filter | None, limit: int, params: edge.SearchParams) -> edge.QueryRequest:
    wanted = edge.PayloadSelector.Include(list(RETURNED))
    return edge.QueryRequest(limit=limit, query=query, filter=narrowed, params=params, with_payload=wanted)


def _filter(scope: Scope) -> edge.Filter:
    musts: list[Any] = []
    for condition in conditions(scope):
        if condition.kind == "any":
            musts.append(edge.FieldCondition(key=condition.field, match=edge.MatchAny(condition.value)))
        elif condition.kind == "above":
            musts.append(edge.FieldCondition(key=condition.field, range=edge.RangeFloat(gt=condition.value)))
        else:
            musts.append(edge.FieldCondition(key=condition.field, range=edge.RangeFloat(lt=condition.value)))
    return edge.Filter(must=musts)
