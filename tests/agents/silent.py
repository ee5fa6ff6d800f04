"""A chat model that finds nothing settled in any call, and has nothing usable to say to anything else."""

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

from tests.agents.wire import completion

NAME = "openai:silent"


class Silent(BaseHTTPRequestHandler):
    """Answers every request with an empty reading."""

    heard: list[dict[str, Any]]
    says = '{"lines": []}'

    def do_POST(self) -> None:
        self.heard.append(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
        body = completion(self.says).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:
        """Nothing on the tests' own output."""


@contextmanager
def silence(patch: pytest.MonkeyPatch, *, keeps: bool = False, says: str = Silent.says) -> Iterator[list[dict[str, Any]]]:
    """What it was asked, while `NAME` is that model; it may keep connections, as real servers do, and say something else."""
    heard: list[dict[str, Any]] = []
    handler = type("Hearing", (Silent,), {"heard": heard, "says": says, "protocol_version": "HTTP/1.1" if keeps else "HTTP/1.0"})
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    patch.setenv("OPENAI_BASE_URL", f"http://127.0.0.1:{server.server_port}/v1")
    patch.setenv("OPENAI_API_KEY", "none")
    yield heard
    server.shutdown()
    server.server_close()
