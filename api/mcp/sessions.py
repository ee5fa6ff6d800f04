"""How many sessions a key may keep over MCP: whoever begins one too many loses the one that was used least, and nobody else's."""

from collections import OrderedDict
from typing import Any

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Message, Receive, Scope, Send

HEADER = "mcp-session-id"
MOST = 100
"""Sessions of one key; the server's own bound is a hundred times that."""


class Sessions:
    """The layer that counts them, around what answers; a request's `user` says whose it is."""

    def __init__(self, answer: ASGIApp, most: int = MOST) -> None:
        self._answer, self._most = answer, most
        self._of: dict[str, OrderedDict[str, Any]] = {}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, and see whether it begins a session, uses one or ends one."""
        named, begun = Headers(scope=scope).get(HEADER, ""), ""

        async def seen(message: Message) -> None:
            nonlocal begun
            if message["type"] == "http.response.start" and not named and message["status"] < 400:
                begun = Headers(raw=message["headers"]).get(HEADER, "")
            await send(message)

        held = self._of.setdefault(scope["user"].username, OrderedDict())
        if named in held:
            held.move_to_end(named)
        await self._answer(scope, receive, seen)
        if scope["method"] == "DELETE":
            held.pop(named, None)
        if begun:
            held[begun] = scope["user"]
        while len(held) > self._most:
            await self._end(*held.popitem(last=False))

    async def _end(self, session: str, user: Any) -> None:
        """End a session as its client would."""

        async def nothing() -> Message:
            return {"type": "http.request", "body": b"", "more_body": False}

        async def unheard(_: Message) -> None:
            return None

        headers = [(HEADER.encode(), session.encode()), (b"accept", b"application/json")]
        scope = {"type": "http", "method": "DELETE", "path": "/", "query_string": b"", "headers": headers, "user": user}
        await self._answer(scope, nothing, unheard)
