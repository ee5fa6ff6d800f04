"""Writes that may be sent again: the same `Idempotency-Key` with the same request is answered as it was, and done once."""

import hashlib
import json
from collections.abc import Callable, Coroutine
from datetime import UTC, datetime, timedelta
from typing import Any

from fastapi import Request
from fastapi.responses import JSONResponse, Response
from fastapi.routing import APIRoute

from agents.access import Caller
from alignment.errors import BadRequest
from api.auth import bench_of, caller_of
from corpus.store_requests import KeptReply

HEADER = "idempotency-key"
LEASE = timedelta(minutes=10)
LONGEST = 255
KEPT_HEADERS = ("content-type", "location", "etag")
Handler = Callable[[Request], Coroutine[Any, Any, Response]]


class OnceRoute(APIRoute):
    """A route whose writes are answered once for each idempotency key of a caller."""

    def get_route_handler(self) -> Handler:
        """The handler, behind a look at what was answered before."""
        handle = super().get_route_handler()

        async def once(request: Request) -> Response:
            name = request.headers.get(HEADER, "")
            if not name or request.method in ("GET", "HEAD"):
                return await handle(request)
            if len(name) > LONGEST or not name.isprintable():
                raise BadRequest(f"An Idempotency-Key has at most {LONGEST} printable characters", where=HEADER)
            return await _answered(request, await caller_of(request), name, handle)

        return once


async def _answered(request: Request, caller: Caller, name: str, handle: Handler) -> Response:
    store, owner = bench_of(request).store, request.app.state.owner
    asked = await _digest(request)
    kept = await store.record_request(caller.org, caller.key.id, name, asked, owner=owner, at=datetime.now(UTC), lease=LEASE)
    if kept is not None:
        headers = {**json.loads(kept.headers), "Idempotency-Replayed": "true"}
        return Response(kept.body.encode(), status_code=kept.status, headers=headers)
    reply: KeptReply | None = None
    try:
        response = await handle(request)
        if response.status_code < 400 and isinstance(response, JSONResponse | Response) and hasattr(response, "body"):
            headers = {k: v for k, v in response.headers.items() if k in KEPT_HEADERS}
            reply = KeptReply(status=response.status_code, headers=json.dumps(headers), body=bytes(response.body).decode())
        return response
    finally:
        # What failed may be tried again under the same key.
        await store.save_reply(caller.org, caller.key.id, name, reply)


async def _digest(request: Request) -> str:
    told = hashlib.sha256(f"{request.method} {request.url.path}?{request.url.query}\n".encode())
    if request.headers.get("content-type", "").startswith("multipart/"):
        # A form is cut into parts at a line that each sending chooses anew: what counts is what its parts hold.
        for name, value in (await request.form(max_files=1, max_fields=4)).multi_items():
            content = value.encode() if isinstance(value, str) else await value.read()
            told.update(f"{name} {len(content)}\n".encode() + content)
            if not isinstance(value, str):
                await value.seek(0)
    else:
        told.update(await request.body())
    return told.hexdigest()
