"""MCP at /mcp: who comes in, and when there is somebody to answer; what is answered is in `api.mcp.server`."""

import asyncio
from collections.abc import Callable
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from fastapi import APIRouter, FastAPI, Request
from starlette.datastructures import Headers
from starlette.responses import JSONResponse, Response
from starlette.routing import Route
from starlette.types import ASGIApp, Receive, Scope, Send

from alignment.access import Access
from alignment.errors import BadRequest, NotPermitted, Unauthenticated, Unavailable
from alignment.settings import ServeSettings
from api.auth import caller_of
from api.mcp.sessions import Sessions
from api.problems import foreseen, respond

if TYPE_CHECKING:
    from mcp.server.streamable_http_manager import StreamableHTTPSessionManager

PATH = "/mcp"
METADATA = f"/.well-known/oauth-protected-resource{PATH}"
HERE = ("localhost", "127.0.0.1", "::1")

router = APIRouter(tags=["mcp"])


@router.get(METADATA, include_in_schema=False)
async def read_metadata(request: Request) -> JSONResponse:
    """What opens the door, as RFC 9728 has it: bearer tokens, which are API keys; no server gives them out over the net."""
    return JSONResponse(
        {
            "resource": f"{_origin(request)}{PATH}",
            "resource_name": "Plumbline",
            "scopes_supported": [Access.READ.value, Access.WRITE.value],
            "bearer_methods_supported": ["header"],
        }
    )


class Door:
    """The ASGI app at /mcp.

    What it leads to takes long to import, and is made once the app has started; who comes before that waits. `sessions` says whether 2025
    clients get a session, which only a server of one process can keep.
    """

    def __init__(self, settings: ServeSettings, *, sessions: bool) -> None:
        self._settings, self._sessions = settings, sessions
        self._opened = asyncio.Event()
        self._answer: ASGIApp | None = None

    async def keep_open(self, over: asyncio.Event) -> None:
        """Make what answers, and let everybody in until it is `over`."""
        try:
            made = await asyncio.to_thread(_imported)
            manager = made(self._settings, sessions=self._sessions)
        except Exception as e:
            foreseen(e)  # has the log tell of it
            self._opened.set()
            return
        async with manager.run():
            self._answer = Sessions(manager.handle_request)
            self._opened.set()
            await over.wait()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One request: its origin and its key, then whatever it says."""
        request = Request(scope, receive)
        request.state.door = PATH
        try:
            _must_be_from_here(request.headers, self._settings)
            caller = await caller_of(request)
        except Unauthenticated as e:
            await _challenged(request, respond(request, e))(scope, receive, send)
            return
        if scope["method"] not in ("POST", "DELETE"):
            # Nothing is ever told that nobody asked for, so there is no stream to listen to.
            refused = BadRequest(f"{scope['method']} is not what one does there", where=PATH, todo="POST a message.")
            await _allowing(respond(request, refused, 405))(scope, receive, send)
            return
        await self._opened.wait()
        if self._answer is None:
            raise Unavailable("MCP could not be started", where=PATH, todo="Look into the server's log.")
        from api.mcp.server import principal

        scope["user"] = principal(caller)
        await self._answer(scope, receive, send)


def _imported() -> "Callable[..., StreamableHTTPSessionManager]":
    from api.mcp.server import make_manager

    return make_manager


def install(app: FastAPI, settings: ServeSettings, *, sessions: bool) -> Door:
    """Put the door into the app; whoever runs the app keeps it open."""
    door = Door(settings, sessions=sessions)
    app.include_router(router)
    app.router.routes.append(Route(PATH, door, include_in_schema=False))
    return door


def _must_be_from_here(headers: Headers, settings: ServeSettings) -> None:
    """Pass where no browser sends it, or one that shows a page of this machine or of an origin that the settings name."""
    origin = headers.get("origin", "")
    if origin and origin not in settings.origins and urlsplit(origin).hostname not in HERE:
        raise NotPermitted("Pages of that origin may not call", where="Origin", todo="Name it in PLUMBLINE_SERVE__ORIGINS.")


def _challenged(request: Request, response: Response) -> Response:
    """The refusal with where to read what opens the door."""
    wrong = ' error="invalid_token",' if request.headers.get("authorization") else ""
    response.headers["WWW-Authenticate"] = f'Bearer realm="plumbline",{wrong} resource_metadata="{_origin(request)}{METADATA}"'
    return response


def _allowing(response: Response) -> Response:
    response.headers["Allow"] = "POST, DELETE"
    return response


def _origin(request: Request) -> str:
    return f"{request.url.scheme}://{request.url.netloc}"
