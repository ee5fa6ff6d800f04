"""The server engine: one collection a level on a Qdrant server or cluster, with the organisation as its tenant field."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from typing import Any

from qdrant_client import AsyncQdrantClient, models

from alignment.errors import IndexDown, PlumblineError
from retrieval.index.entries import Entry, Gathered, Hit, Level, Scope, Vector
from retrieval.index.points import (
    DENSE,
    KEYWORDS,
    RETURNED,
    TIMES,
    WORDS,
    Bag,
    about,
    batches,
    check_about,
    check_entries,
    conditions,
    deep,
    document_bag,
    fused,
    held_from,
    hit,
    in_order,
    pool,
    prepared,
    query_bag,
)
from retrieval.index.server_cells import COLLECTION as CELLS
from retrieval.index.server_cells import ServerCells, made_first

EXACT_BELOW_KB = 75_000
"""Up to this much (about 50,000 vectors) the server scans a tenant exactly; beyond it walks a graph of that tenant alone."""
EF = 512
MOST_TRANSCRIPTS = 1_000_000
MEMORY = ":memory:"


def _collection(level: Level) -> str:
    return f"plumbline-{level.value}"


async def open_server(place: str, api_key: str, embedder: str, dimensions: int) -> "ServerIndex":
    """The index on a server, its collections made if they are not there; IndexMismatch or IndexDown where it cannot be used."""
    client = _client(place, api_key)
    index = ServerIndex(client, place)
    try:
        async with _told(place):
            for level in Level:
                await index.prepare(level, about(embedder, dimensions))
            await index.cells.prepare(dimensions, place == MEMORY)
    except BaseException:
        await client.close()
        raise
    return index


async def wipe_server(place: str, api_key: str) -> None:
    """Drop the collections."""
    client = _client(place, api_key)
    async with _told(place):
        for level in Level:
            await client.delete_collection(_collection(level))
        await client.delete_collection(CELLS)
    await client.close()


def _client(place: str, api_key: str) -> AsyncQdrantClient:
    if place == MEMORY:
        return AsyncQdrantClient(MEMORY)
    # The check would ask from a thread of its own and warn; the first call tells whether the server answers.
    return AsyncQdrantClient(url=place, api_key=api_key or None, timeout=30, check_compatibility=False)


class ServerIndex:
    """All organisations of one server; safe for many processes."""

    def __init__(self, client: AsyncQdrantClient, place: str) -> None:
        self._client, self._place = client, place
        self._closed = False
        self.cells = ServerCells(client, self._asked)

    async def prepare(self, level: Level, wanted: dict[str, Any]) -> None:
        """Make the level's collection, or compare the one that is there with what made it."""
        name = _collection(level)
        if await self._client.collection_exists(name) or not await self._make(name, wanted):
            found = (await self._client.get_collection(name)).config.metadata or {}
            check_about(found, wanted, self._place)
        if self._place == MEMORY:
            return  # no payload indexes there, and it warns when asked for one
        # Each time: whoever made the collection may have died before they were made, and what is there stays.
        tenant = models.KeywordIndexParams(type=models.KeywordIndexType.KEYWORD, is_tenant=True)
        await self._client.create_payload_index(name, "organisation", tenant)
        for field in KEYWORDS:
            plain = models.KeywordIndexParams(type=models.KeywordIndexType.KEYWORD, enable_hnsw=False)
            await self._client.create_payload_index(name, field, plain)
        for field in TIMES:
            number = models.FloatIndexParams(type=models.FloatIndexType.FLOAT, enable_hnsw=False)
            await self._client.create_payload_index(name, field, number)

    async def _make(self, name: str, wanted: dict[str, Any]) -> bool:
        """Whether it was made here: False where another machine that starts now was first."""
        return await made_first(
            self._client,
            name,
            vectors_config={DENSE: models.VectorParams(size=wanted["dimensions"], distance=models.Distance.COSINE)},
            sparse_vectors_config={WORDS: models.SparseVectorParams(modifier=models.Modifier.IDF)},
            # No graph over everybody, one for each organisation: what Qdrant advises for many tenants.
            hnsw_config=models.HnswConfigDiff(m=0, payload_m=16, ef_construct=200, full_scan_threshold=EXACT_BELOW_KB),
            metadata=wanted,
        )

    async def put(self, organisation: str, transcript: str, entries: Sequence[Entry]) -> None:
        """See Index.put; no entries, nothing to do."""
        if not entries:
            return
        check_entries(entries, transcript)
        ready = await asyncio.to_thread(_points, organisation, entries)
        async with self._asked():
            await self._delete(organisation, [entries[0].interview])
            for level, points in ready.items():
                for batch in batches(points):
                    await self._client.upsert(_collection(level), list(batch), wait=True)

    async def held(self, organisation: str) -> dict[str, bool]:
        """See Index.held."""
        mine = _filter(Scope(organisation))
        async with self._asked():
            asked = [self._client.facet(_collection(level), "whole", mine, limit=MOST_TRANSCRIPTS, exact=True) for level in Level]
            answers = await asyncio.gather(*asked)
        return held_from((str(h.value), h.count) for answer in answers for h in answer.hits)

    async def erase(self, organisation: str, interviews: Sequence[str]) -> None:
        """See Index.erase; the server's own vacuum rewrites its files later."""
        if interviews:
            async with self._asked():
                await self._delete(organisation, interviews)
            await self.cells.erase(organisation, interviews)

    async def dense(self, scope: Scope, level: Level, vector: Vector, limit: int) -> list[Hit]:
        """See Index.dense."""
        return (await self._rankings(scope, level, None, vector, limit))[0]

    async def sparse(self, scope: Scope, level: Level, text: str, limit: int) -> list[Hit]:
        """See Index.sparse."""
        return (await self._rankings(scope, level, text, None, limit))[1]

    async def hybrid(self, scope: Scope, level: Level, text: str, vector: Vector, limit: int) -> list[Hit]:
        """See Index.hybrid."""
        return fused(await self._rankings(scope, level, text, vector, pool(limit)), limit)

    async def gather(self, scope: Scope, text: str, vector: Vector, limit: int) -> Gathered:
        """See Index.gather."""
        utterance, passage = await asyncio.gather(
            self._rankings(scope, Level.UTTERANCE, text, vector, limit), self._rankings(scope, Level.PASSAGE, text, vector, limit)
        )
        return Gathered(*utterance, *passage)

    async def count(self, scope: Scope) -> int:
        """See Index.count."""
        async with self._asked():
            return sum([(await self._client.count(_collection(level), _filter(scope), exact=True)).count for level in Level])

    async def close(self) -> None:
        """See Index.close."""
        if not self._closed:
            self._closed = True
            await self._client.close()

    async def _rankings(self, scope: Scope, level: Level, text: str | None, vector: Vector | None, limit: int) -> list[list[Hit]]:
        """A dense and a sparse ranking, empty where it was not asked for."""
        bag = query_bag(text) if text is not None else None
        words = bag if bag and bag.indices else None
        if limit < 1 or (vector is None and words is None):
            return [[], []]
        requests = []
        if vector is not None:
            params = None if self._place == MEMORY else models.SearchParams(hnsw_ef=EF)
            requests.append(_request(scope, vector.tolist(), DENSE, params, deep(limit)))
        if words is not None:
            # Only the organisation's own points count, or its ranking would depend on other people's words.
            own = models.SearchParams(idf=models.IdfCorpusParams(corpus=_filter(Scope(scope.organisation))))
            requests.append(_request(scope, _sparse(words), WORDS, own, deep(limit)))
        async with self._asked():
            answers = await self._client.query_batch_points(_collection(level), requests)
        found = iter([in_order((hit(level, p.score, p.payload or {}) for p in answer.points), limit) for answer in answers])
        return [next(found) if asked is not None else [] for asked in (vector, words)]

    async def _delete(self, organisation: str, interviews: Sequence[str]) -> None:
        gone = models.FilterSelector(filter=_filter(Scope(organisation, interviews=tuple(interviews))))
        for level in Level:
            await self._client.delete(_collection(level), gone, wait=True)

    @asynccontextmanager
    async def _asked(self) -> AsyncIterator[None]:
        if self._closed:
            raise IndexDown("The index is closed", where=self._place)
        async with _told(self._place):
            yield


def _points(organisation: str, entries: Sequence[Entry]) -> dict[Level, list[models.PointStruct]]:
    ready = prepared(organisation, entries)
    return {level: [_point(level, entry, id_, fields) for id_, entry, fields in points] for level, points in ready.items()}


def _point(level: Level, entry: Entry, id_: str, fields: dict[str, Any]) -> models.PointStruct:
    vectors: dict[str, Any] = {DENSE: entry.vector.tolist()}
    bag = document_bag(level, entry.text)
    if bag.indices:
        vectors[WORDS] = _sparse(bag)
    return models.PointStruct(id=id_, vector=vectors, payload=fields)


def _sparse(bag: Bag) -> models.SparseVector:
    return models.SparseVector(indices=bag.indices, values=bag.values)


def _request(scope: Scope, query: Any, using: str, params: models.SearchParams | None, limit: int) -> models.QueryRequest:
    wanted = models.PayloadSelectorInclude(include=list(RETURNED))
    return models.QueryRequest(query=query, using=using, filter=_filter(scope), params=params, limit=limit, with_payload=wanted)


def _filter(scope: Scope) -> models.Filter:
    musts: list[models.Condition] = [models.FieldCondition(key="organisation", match=models.MatchValue(value=scope.organisation))]
    for condition in conditions(scope):
        if condition.kind == "any":
            musts.append(models.FieldCondition(key=condition.field, match=models.MatchAny(any=condition.value)))
        elif condition.kind == "above":
            musts.append(models.FieldCondition(key=condition.field, range=models.Range(gt=condition.value)))
        else:
            musts.append(models.FieldCondition(key=condition.field, range=models.Range(lt=condition.value)))
    return models.Filter(must=musts)


@asynccontextmanager
async def _told(place: str) -> AsyncIterator[None]:
    """Whatever the client raises as an IndexDown that says where."""
    try:
        yield
    except (PlumblineError, asyncio.CancelledError):
        raise
    except Exception as e:  # httpx's, grpc's and the client's own errors have no common base
        raise IndexDown(f"The index server does not answer: {type(e).__name__}: {str(e)[:200]}", where=place) from e
