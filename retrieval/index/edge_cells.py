"""The cells of one organisation in the embedded engine: a shard of their own beside the passages'."""

import shutil
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import qdrant_edge as edge

from retrieval.index.cells import (
    CELL,
    EVERY,
    KEYWORDS,
    WORDING,
    CellPoint,
    CellScope,
    cell_conditions,
    cell_id,
    cell_payload,
    states_from,
    wording_payload,
)
from retrieval.index.entries import Vector
from retrieval.index.points import DENSE, batches


class CellShard:
    """One organisation's cells; calls block and are for one writing thread at a time."""

    def __init__(self, folder: Path, dimensions: int) -> None:
        self._folder, self._dimensions = folder, dimensions
        self._current = folder / "current"
        if self._current.is_file():
            self._generation = folder / self._current.read_text(encoding="utf-8")
            self._shard = edge.EdgeShard.load(str(self._generation))
        else:
            shutil.rmtree(folder, ignore_errors=True)
            self._generation = folder / "cells-1"
            self._shard = _new_shard(self._generation, dimensions)
            self._point_at(self._generation)
        for other in folder.glob("cells-*"):
            if other != self._generation:
                shutil.rmtree(other, ignore_errors=True)

    def put(self, organisation: str, interview: str, state: str, cells: Sequence[CellPoint]) -> None:
        """See Cells.put."""
        self._shard.update(edge.UpdateOperation.delete_points_by_filter(_filter(CellScope("", {"interview": (interview,)}))))
        points = [
            edge.Point(cell_id(organisation, interview, c.interviewer, c.criterion), {}, cell_payload(organisation, state, c, len(cells)))
            for c in cells
        ]
        for batch in batches(points):
            self._shard.update(edge.UpdateOperation.upsert_points(list(batch)))

    def held(self) -> dict[str, str]:
        """See Cells.held."""
        return states_from(self.facet(CellScope(""), "whole").items())

    def erase(self, interviews: Sequence[str]) -> None:
        """See Cells.erase; what remains is copied into a new shard, since the engine leaves deleted bytes on disk."""
        gone = CellScope("", {"interview": tuple(interviews)})
        # Rewritten also where none is alive: a crash, or cells that were made anew, may have left the bytes of older ones.
        self._shard.update(edge.UpdateOperation.delete_points_by_filter(_filter(gone)))
        left = self.facet(CellScope(""), "wording")
        orphans = _filter(CellScope("", lacking={"wording": tuple(left)}), WORDING)
        self._shard.update(edge.UpdateOperation.delete_points_by_filter(orphans))
        self._rewrite()

    def count(self, scope: CellScope) -> int:
        """See Cells.count."""
        return 0 if scope.empty else int(self._shard.count(edge.CountRequest(filter=_filter(scope), exact=True)))

    def facet(self, scope: CellScope, name: str) -> dict[str, int]:
        """See Cells.facet."""
        if scope.empty:
            return {}
        found = self._shard.facet(edge.FacetRequest(name, limit=EVERY, exact=True, filter=_filter(scope)))
        return {str(h.value): h.count for h in found.hits if h.count}

    def values(self, scope: CellScope, name: str) -> frozenset[str]:
        """See Cells.values; the engine's approximation concerns how many points have a value, not which values there are."""
        if scope.empty:
            return frozenset()
        found = self._shard.facet(edge.FacetRequest(name, limit=EVERY, exact=False, filter=_filter(scope)))
        return frozenset(str(h.value) for h in found.hits if h.count)

    def put_wordings(self, organisation: str, wordings: Mapping[str, Vector]) -> None:
        """See Cells.put_wordings."""
        points = [
            edge.Point(cell_id(organisation, WORDING, w), {DENSE: v.tolist()}, wording_payload(organisation, w))
            for w, v in wordings.items()
        ]
        for batch in batches(points):
            self._shard.update(edge.UpdateOperation.upsert_points(list(batch)))

    def wordings(self) -> dict[str, Vector]:
        """See Cells.wordings."""
        found: dict[str, Vector] = {}
        offset = None
        while True:
            request = edge.ScrollRequest(
                offset=offset, limit=512, with_payload=True, with_vector=True, filter=_filter(CellScope(""), WORDING)
            )
            records, offset = self._shard.scroll(request)
            for r in records:
                vector: Any = r.vector
                found[str((r.payload or {})["wording"])] = np.asarray(vector[DENSE], dtype=np.float32)
            if offset is None:
                return found

    def close(self) -> None:
        """Flush, and release the files."""
        self._shard.flush()
        self._shard.close()

    def _rewrite(self) -> None:
        generation = self._folder / f"cells-{int(self._generation.name.rsplit('-', 1)[1]) + 1}"
        shutil.rmtree(generation, ignore_errors=True)
        fresh = _new_shard(generation, self._dimensions)
        offset = None
        while True:
            records, offset = self._shard.scroll(edge.ScrollRequest(offset=offset, limit=512, with_payload=True, with_vector=True))
            if records:
                fresh.update(edge.UpdateOperation.upsert_points([edge.Point(r.id, r.vector or {}, r.payload or {}) for r in records]))
            if offset is None:
                break
        fresh.flush()
        self._point_at(generation)
        old, self._shard, self._generation = self._generation, fresh, generation
        shutil.rmtree(old, ignore_errors=True)

    def _point_at(self, generation: Path) -> None:
        draft = self._folder / "current.draft"
        draft.write_text(generation.name, encoding="utf-8")
        draft.replace(self._current)


def _new_shard(folder: Path, dimensions: int) -> edge.EdgeShard:
    folder.mkdir(parents=True)
    config = edge.EdgeConfig(
        vectors={DENSE: edge.EdgeVectorParams(size=dimensions, distance=edge.Distance.Cosine)},
        hnsw_config=edge.HnswIndexConfig(m=0, ef_construct=4, full_scan_threshold=EVERY),
    )
    shard = edge.EdgeShard.create(str(folder), config)
    for name in KEYWORDS:
        shard.update(edge.UpdateOperation.create_field_index(name, edge.KeywordIndexParams()))
    shard.update(edge.UpdateOperation.create_field_index("day", edge.FloatIndexParams()))
    return shard


def _filter(scope: CellScope, kind: str = CELL) -> edge.Filter:
    musts: list[Any] = []
    nots: list[Any] = []
    for condition in cell_conditions(scope, kind):
        if condition.kind in ("any", "none"):
            wanted = edge.FieldCondition(key=condition.field, match=edge.MatchAny(condition.value))
            (musts if condition.kind == "any" else nots).append(wanted)
        elif condition.kind == "from":
            musts.append(edge.FieldCondition(key=condition.field, range=edge.RangeFloat(gte=condition.value)))
        else:
            musts.append(edge.FieldCondition(key=condition.field, range=edge.RangeFloat(lt=condition.value)))
    return edge.Filter(must=musts, must_not=nots)
