"""The largest request: told before its body is read where it says how long it is, and while it is read where it does not."""

from starlette.datastructures import Headers
from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from alignment.errors import BadRequest, PlumblineError, TooLarge
from alignment.settings import ServeSettings
from api.problems import respond

UPLOADS, RECORDINGS = ("/transcript", "/track"), "/recording"
ROOM_OF_A_FORM = 16_384
"""What a form adds to the file that it holds."""


class BodyLimit:
    """The layer that no larger request comes through."""

    def __init__(self, app: ASGIApp, settings: ServeSettings) -> None:
        self._app, self._settings = app, settings

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, as long as it is no longer than it may be."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        most = self._most(scope["path"])
        if refused := _told_length(scope, most):
            await respond(Request(scope), refused)(scope, receive, send)
            return
        read = 0

        async def counted() -> Message:
            nonlocal read
            message = await receive()
            read += len(message.get("body", b""))
            if read > most:
                raise _too_large(scope, most)
            return message

        await self._app(scope, counted, send)

    def _most(self, path: str) -> int:
        if path.endswith(RECORDINGS):
            return self._settings.recording_bytes
        return self._settings.upload_bytes + ROOM_OF_A_FORM if path.endswith(UPLOADS) else self._settings.body_bytes


def _told_length(scope: Scope, most: int) -> PlumblineError | None:
    told = Headers(scope=scope).get("content-length", "0")
    if not (told.isascii() and told.isdigit()):
        return BadRequest("The length of the request is no number", where="Content-Length")
    return _too_large(scope, most) if int(told) > most else None


def _too_large(scope: Scope, most: int) -> TooLarge:
    return TooLarge(f"The request is larger than {most} bytes", where=scope["path"], todo="Send less at once.")
