"""A line to a server on which requests go through and answers may be lost: each write may meet one misfortune."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import httpx

KEPT = ("content-type", "etag", "location", "retry-after")
Misfortune = Callable[[], None]


@dataclass
class Line:
    """Where it is reached, what happens to the next writes instead of an answer, and the idempotency keys that writes came with."""

    url: str = ""
    lost: list[Misfortune] = field(default_factory=list)
    refused: list[tuple[int, str, int]] = field(default_factory=list)
    keys: list[str] = field(default_factory=list)


@contextmanager
def line_to(upstream: str) -> Iterator[Line]:
    """A line to the server at that address."""
    line = Line()
    server = ThreadingHTTPServer(("127.0.0.1", 0), _forwarding(line, upstream))
    line.url = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield line
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def _forwarding(line: Line, upstream: str) -> type[BaseHTTPRequestHandler]:
    class Forwarding(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def _forward(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
            writes = self.command != "GET"
            if writes:
                line.keys.append(self.headers.get("Idempotency-Key", ""))
            if writes and line.refused:
                status, code, after_s = line.refused.pop(0)
                told = {"code": code, "detail": "Not now.", "retryable": True}
                self._answer(httpx.Response(status, json=told, headers={"Retry-After": str(after_s)}))
                return
            headers = {k: v for k, v in self.headers.items() if k.lower() not in ("host", "connection", "accept-encoding")}
            reply = httpx.request(self.command, upstream + self.path, headers=headers, content=body, timeout=60)
            if writes and line.lost:
                line.lost.pop(0)()
                self.close_connection = True
                return
            self._answer(reply)

        def _answer(self, reply: httpx.Response) -> None:
            self.send_response(reply.status_code)
            for name in KEPT:
                if name in reply.headers:
                    self.send_header(name, reply.headers[name])
            self.send_header("Content-Length", str(len(reply.content)))
            self.end_headers()
            self.wfile.write(reply.content)

        def log_message(self, format: str, *args: object) -> None:
            """Say nothing."""

    for method in ("GET", "POST", "PUT", "PATCH", "DELETE"):
        setattr(Forwarding, f"do_{method}", Forwarding._forward)
    return Forwarding
