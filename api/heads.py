"""HEAD on whatever answers to GET: the same headers, and no body."""

from starlette.types import ASGIApp, Message, Receive, Scope, Send


class Heads:
    """The layer that asks with GET where HEAD came, and keeps the body back."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on; of the answer to a HEAD its head alone."""
        if scope["type"] != "http" or scope["method"] != "HEAD":
            await self._app(scope, receive, send)
            return

        async def without_body(message: Message) -> None:
            if message["type"] == "http.response.body":
                message = {**message, "body": b""}
            await send(message)

        scope["method"] = "GET"
        scope.setdefault("state", {})["head"] = True
        await self._app(scope, receive, without_body)
