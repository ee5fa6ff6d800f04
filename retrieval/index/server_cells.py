"""The cells of all organisations on a Qdrant server: one collection, with the organisation as its tenant field."""

from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from typing import Any

import numpy as np
from qdrant_client import AsyncQdrantClient, models
from qdrant_client.http.exceptions import UnexpectedResponse

from retrieval.index.cells import (
    CELL,
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

COLLECTION = "plumbline-cell"
MOST = 1_000_000


async def made_first(client: AsyncQdrantClient, name: str, **wanted: Any) -> bool:
    """Whether the collection was made: False where another machine that starts now had made it meanwhile."""
    try:
        await client.create_collection(name, **wanted)
    except UnexpectedResponse:  # a server's versions differ in how they refuse what is there
        if await client.collection_exists(name):
            return False
        raise
    return True


class ServerCells:
    """See Cells; `asked` is how the index guards a call."""

    def __init__(self, client: AsyncQdrantClient, asked: Callable[[], AbstractAsyncContextManager[None]]) -> None:
        self._client, self._asked = client, asked

    async def prepare(self, dimensions: int, in_memory: bool) -> None:
        """Make the collection where it is not there."""
        if not await self._client.collection_exists(COLLECTION):
            await made_first(
                self._client,
                COLLECTION,
                vectors_config={DENSE: models.VectorParams(size=dimensions, distance=models.Distance.COSINE)},
                hnsw_config=models.HnswConfigDiff(m=0),
            )
        if in_memory:
            return  # in memory there are no payload indexes, and it warns when asked for one
        tenant = models.KeywordIndexParams(type=models.KeywordIndexType.KEYWORD, is_tenant=True)
        await self._client.create_payload_index(COLLECTION, "organisation", tenant)
        for name in KEYWORDS:
            plain = models.KeywordIndexParams(type=models.KeywordIndexType.KEYWORD, enable_hnsw=False)
            await self._client.create_payload_index(COLLECTION, name, plain)
        number = models.FloatIndexParams(type=models.FloatIndexType.FLOAT, enable_hnsw=False)
        await self._client.create_payload_index(COLLECTION, "day", number)

    async def put(self, organisation: str, interview: str, state: str, cells: Sequence[CellPoint]) -> None:
        """See Cells.put."""
        points = [
            models.PointStruct(
                id=cell_id(organisation, interview, c.interviewer, c.criterion),
                vector={},
                payload=cell_payload(organisation, state, c, len(cells)),
            )
            for c in cells
        ]
        async with self._asked():
            await self._delete(CellScope(organisation, {"interview": (interview,)}))
            for batch in batches(points):
                await self._client.upsert(COLLECTION, list(batch), wait=True)

    async def held(self, organisation: str) -> dict[str, str]:
        """See Cells.held."""
        return states_from((await self.facet(CellScope(organisation), "whole")).items())

    async def erase(self, organisation: str, interviews: Sequence[str]) -> None:
        """See Cells.erase."""
        if not interviews:
            return
        async with self._asked():
            await self._delete(CellScope(organisation, {"interview": tuple(interviews)}))
        left = await self.facet(CellScope(organisation), "wording")
        async with self._asked():
            await self._delete(CellScope(organisation, lacking={"wording": tuple(left)}), WORDING)

    async def count(self, scope: CellScope) -> int:
        """See Cells.count."""
        if scope.empty:
            return 0
        async with self._asked():
            return (await self._client.count(COLLECTION, _filter(scope), exact=True)).count

    async def facet(self, scope: CellScope, name: str) -> dict[str, int]:
        """See Cells.facet."""
        if scope.empty:
            return {}
        async with self._asked():
            found = await self._client.facet(COLLECTION, name, _filter(scope), limit=MOST, exact=True)
        return {str(h.value): h.count for h in found.hits if h.count}

    async def values(self, scope: CellScope, name: str) -> frozenset[str]:
        """See Cells.values; exact throughout, since a server moves points between segments while it is asked."""
        return frozenset(await self.facet(scope, name))

    async def put_wordings(self, organisation: str, wordings: Mapping[str, Vector]) -> None:
        """See Cells.put_wordings."""
        points = [
            models.PointStruct(
                id=cell_id(organisation, WORDING, w),
                vector={DENSE: v.tolist()},
                payload=wording_payload(organisation, w),
            )
            for w, v in wordings.items()
        ]
        async with self._asked():
            for batch in batches(points):
                await self._client.upsert(COLLECTION, list(batch), wait=True)

    async def wordings(self, organisation: str) -> dict[str, Vector]:
        """See Cells.wordings."""
        found: dict[str, Vector] = {}
        offset: Any = None
        async with self._asked():
            while True:
                records, offset = await self._client.scroll(
                    COLLECTION, _filter(CellScope(organisation), WORDING), limit=512, offset=offset, with_payload=True, with_vectors=True
                )
                for r in records:
                    vector: Any = r.vector
                    found[str((r.payload or {})["wording"])] = np.asarray(vector[DENSE], dtype=np.float32)
                if offset is None:
                    return found

    async def _delete(self, scope: CellScope, kind: str = CELL) -> None:
        await self._client.delete(COLLECTION, models.FilterSelector(filter=_filter(scope, kind)), wait=True)


def _filter(scope: CellScope, kind: str = CELL) -> models.Filter:
    musts: list[models.Condition] = [models.FieldCondition(key="organisation", match=models.MatchValue(value=scope.organisation))]
    nots: list[models.Condition] = []
    for condition in cell_conditions(scope, kind):
        if condition.kind in ("any", "none"):
            wanted = models.FieldCondition(key=condition.field, match=models.MatchAny(any=condition.value))
            (musts if condition.kind == "any" else nots).append(wanted)
        elif condition.kind == "from":
            musts.append(models.FieldCondition(key=condition.field, range=models.Range(gte=condition.value)))
        else:
            musts.append(models.FieldCondition(key=condition.field, range=models.Range(lt=condition.value)))
    return models.Filter(must=musts, must_not=nots)
