"""A server that speaks Qdrant's REST interface on loopback, with the client's own engine behind it.

    python -m tests.qdrant_wire PORT [KEY]

Requests are read by the client's models, which forbid what they do not know; a collection that is there is refused with 409, one that is
not with 404, a wrong key with 401. It is no Qdrant: what is shown with it is what goes over the wire, and that machines share it.
"""

import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Annotated, Any

import httpx
import uvicorn
from fastapi import Body, FastAPI, HTTPException, Request, Response
from fastapi.responses import JSONResponse
from pydantic import BaseModel
from qdrant_client import QdrantClient, models

MEMORY = ":memory:"
PATIENCE_S = 30


@dataclass
class Wire:
    """Such a server in a process of its own; what it holds is gone with it."""

    port: int
    key: str = ""
    process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        """Where it listens."""
        return f"http://127.0.0.1:{self.port}"

    def start(self) -> None:
        """Start it, and wait until it answers."""
        self.process = subprocess.Popen([sys.executable, "-W", "ignore", "-m", "tests.qdrant_wire", str(self.port), self.key])
        deadline = time.monotonic() + PATIENCE_S
        while True:
            try:
                httpx.get(f"{self.url}/collections/none/exists")
                return
            except httpx.TransportError:
                assert time.monotonic() < deadline
                time.sleep(0.05)

    def stop(self) -> None:
        """End it."""
        if self.process:
            self.process.kill()
            self.process.wait()


@contextmanager
def wired(key: str = "") -> Iterator[Wire]:
    """A server on a port of its own, until it is no longer needed."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        wire = Wire(free.getsockname()[1], key)
    wire.start()
    try:
        yield wire
    finally:
        wire.stop()


def made(key: str) -> FastAPI:
    """The server; every request carries that key, where it is not empty."""
    app, held = FastAPI(), QdrantClient(MEMORY)
    _collections(app, held)
    _points(app, held)
    _questions(app, held)

    @app.middleware("http")
    async def keyed(request: Request, call_next: Any) -> Response:
        if key and request.headers.get("api-key") != key:
            return JSONResponse({"status": {"error": "Must provide an API key"}}, 401)
        response: Response = await call_next(request)
        return response

    return app


def _told(result: Any) -> JSONResponse:
    plain = result.model_dump(mode="json") if isinstance(result, BaseModel) else result
    return JSONResponse({"result": plain, "status": "ok", "time": 0.0})


def _done() -> JSONResponse:
    return _told({"operation_id": 0, "status": "completed"})


def _must_be(held: QdrantClient, name: str) -> None:
    if not held.collection_exists(name):
        raise HTTPException(404, f"Not found: Collection `{name}` doesn't exist!")


def _collections(app: FastAPI, held: QdrantClient) -> None:
    @app.get("/collections/{name}/exists")
    def exists(name: str) -> JSONResponse:
        return _told({"exists": held.collection_exists(name)})

    @app.get("/collections/{name}")
    def read(name: str) -> JSONResponse:
        _must_be(held, name)
        return _told(held.get_collection(name))

    @app.put("/collections/{name}")
    def make(name: str, asked: Annotated[dict[str, Any], Body()]) -> JSONResponse:
        if held.collection_exists(name):
            raise HTTPException(409, f"Wrong input: Collection `{name}` already exists!")
        wanted = models.CreateCollection.model_validate(asked)
        held.create_collection(
            name, vectors_config=wanted.vectors or {}, sparse_vectors_config=wanted.sparse_vectors, metadata=wanted.metadata
        )
        return _told(True)

    @app.delete("/collections/{name}")
    def drop(name: str) -> JSONResponse:
        return _told(held.delete_collection(name))

    @app.put("/collections/{name}/index")
    def index(name: str, asked: Annotated[dict[str, Any], Body()]) -> JSONResponse:
        _must_be(held, name)
        models.CreateFieldIndex.model_validate(asked)
        return _done()


def _points(app: FastAPI, held: QdrantClient) -> None:
    @app.put("/collections/{name}/points")
    def upsert(name: str, asked: Annotated[dict[str, Any], Body()]) -> JSONResponse:
        _must_be(held, name)
        held.upsert(name, models.PointsList.model_validate(asked).points)
        return _done()

    @app.post("/collections/{name}/points/delete")
    def delete(name: str, asked: Annotated[dict[str, Any], Body()]) -> JSONResponse:
        _must_be(held, name)
        which = models.FilterSelector if "filter" in asked else models.PointIdsList
        held.delete(name, which.model_validate(asked))
        return _done()

    @app.post("/collections/{name}/points/scroll")
    def scroll(name: str, asked: Annotated[dict[str, Any], Body()]) -> JSONResponse:
        _must_be(held, name)
        wanted = models.ScrollRequest.model_validate(asked)
        points, offset = held.scroll(
            name,
            wanted.filter,
            limit=wanted.limit or 10,
            offset=wanted.offset,
            with_payload=True if wanted.with_payload is None else wanted.with_payload,
            with_vectors=wanted.with_vector or False,
        )
        return _told({"points": [p.model_dump(mode="json") for p in points], "next_page_offset": offset})


def _questions(app: FastAPI, held: QdrantClient) -> None:
    @app.post("/collections/{name}/points/count")
    def count(name: str, asked: Annotated[dict[str, Any], Body()]) -> JSONResponse:
        _must_be(held, name)
        wanted = models.CountRequest.model_validate(asked)
        return _told(held.count(name, wanted.filter, exact=wanted.exact is not False))

    @app.post("/collections/{name}/facet")
    def facet(name: str, asked: Annotated[dict[str, Any], Body()]) -> JSONResponse:
        _must_be(held, name)
        wanted = models.FacetRequest.model_validate(asked)
        return _told(held.facet(name, wanted.key, wanted.filter, limit=wanted.limit or 10, exact=bool(wanted.exact)))

    @app.post("/collections/{name}/points/query/batch")
    def query(name: str, asked: Annotated[dict[str, Any], Body()]) -> JSONResponse:
        _must_be(held, name)
        wanted = models.QueryRequestBatch.model_validate(asked)
        return _told([r.model_dump(mode="json") for r in held.query_batch_points(name, wanted.searches)])


if __name__ == "__main__":
    uvicorn.run(made(*sys.argv[2:3] or [""]), host="127.0.0.1", port=int(sys.argv[1]), log_level="warning")
