"""What is seen of every request: its id, a line in the log, its count and time, and for a known caller a line in the audit log.

No query, no body and no key is written anywhere: they hold names, words and secrets.
"""

import logging
import re
import time
from datetime import UTC, datetime
from uuid import uuid4

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from agents.access import Caller
from api.metrics import Metrics

_log = logging.getLogger("plumbline.requests")
REQUEST_ID = re.compile(r"[A-Za-z0-9._-]{1,100}")
UNSEEN = ("/healthz", "/readyz", "/metrics")
LONGEST_TARGET = 500
NOBODY = 499
"""How a request is counted whose client went away before it was answered."""


class Observing:
    """The outermost layer of the app."""

    def __init__(self, app: ASGIApp, metrics: Metrics) -> None:
        self._app, self._metrics = app, metrics

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, and see how it ends."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        given = Headers(scope=scope).get("x-request-id", "")
        request_id = given if REQUEST_ID.fullmatch(given) else uuid4().hex
        state = scope.setdefault("state", {})
        state["request_id"] = request_id
        began, status = time.perf_counter(), NOBODY

        async def seen(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                headers = MutableHeaders(scope=message)
                headers["X-Request-Id"] = request_id
                for name, value in state.get("rate", {}).items():
                    headers[name] = value
                headers.setdefault("Cache-Control", "no-store")
                headers.setdefault("X-Content-Type-Options", "nosniff")
                if not headers.get("content-type", "").startswith("text/event-stream"):
                    # On record before it is acknowledged.
                    await audited(scope, status)
            await send(message)

        with self._metrics.running.track_inprogress():
            try:
                await self._app(scope, receive, seen)
            finally:
                await audited(scope, status)
                self._tell(scope, status, time.perf_counter() - began)

    def _tell(self, scope: Scope, status: int, took_s: float) -> None:
        route = pattern_of(scope)
        self._metrics.requests.labels(scope["method"], route, str(status)).inc()
        self._metrics.seconds.labels(route).observe(took_s)
        if scope["path"] in UNSEEN:
            return
        caller: Caller | None = scope["state"].get("caller")
        _log.info(
            "request",
            extra={
                "request": scope["state"]["request_id"],
                "method": scope["method"],
                "route": route,
                "status": status,
                "took_ms": round(took_s * 1000, 1),
                "key": caller.key.id if caller else "",
                "organisation": caller.org if caller else "",
            },
        )


async def audited(scope: Scope, status: int) -> None:
    """Put the request of a known caller on the audit log, once."""
    state = scope["state"]
    caller: Caller | None = state.get("caller")
    if caller is None or state.get("audited"):
        return
    state["audited"] = True
    detail = {k: v for k, v in state.get("detail", {}).items() if v}
    person = state.get("acting") or (caller.person.name if caller.person else "")
    await scope["app"].state.bench.store.add_audit(
        caller.org,
        at=datetime.now(UTC),
        action=f"{scope['method']} {pattern_of(scope)}",
        status=status,
        key=caller.key.id,
        person=person,
        # An address may hold what no database keeps; one that is itself a secret says what it opens instead.
        target="".join(c if c.isprintable() else "\ufffd" for c in state.get("target") or scope["path"])[:LONGEST_TARGET],
        request=state["request_id"],
        detail=detail,
    )


def pattern_of(scope: Scope) -> str:
    """The route's pattern, such as /v1/searches/{search}, or what a door of many calls has it be; where none fits, that."""
    route, door = scope.get("route"), scope.get("state", {}).get("door")
    return door or getattr(route, "path_format", None) or getattr(route, "path", None) or "(no route)"
