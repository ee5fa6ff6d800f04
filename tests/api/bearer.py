"""A way in for a checker that cannot carry a key: everything is passed on to a server as it came, with the key added."""

import contextlib
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.client import HTTPConnection, HTTPResponse
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import urlsplit

NOT_SENT = {"authorization", "connection", "transfer-encoding"}
NOT_ANSWERED = {"connection", "transfer-encoding", "content-length", "date", "server"}


class _Passing(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    url, key = "", ""

    def handle(self) -> None:
        with contextlib.suppress(OSError):  # whoever asked has gone away
            super().handle()

    def __getattr__(self, name: str) -> Callable[[], None]:
        if not name.startswith("do_"):
            raise AttributeError(name)
        return self._pass_on

    def _pass_on(self) -> None:
        body = self.rfile.read(int(self.headers.get("content-length", 0)))
        with contextlib.closing(HTTPConnection(urlsplit(self.url).netloc, timeout=60)) as to:
            to.putrequest(self.command, self.path, skip_host=True, skip_accept_encoding=True)
            for name, value in self.headers.items():
                if name.lower() not in NOT_SENT:
                    to.putheader(name, value)
            to.putheader("Authorization", f"Bearer {self.key}")
            to.endheaders(body)
            with to.getresponse() as response:
                self._answer(response)

    def _answer(self, response: HTTPResponse) -> None:
        self.send_response(response.status)
        for name, value in response.getheaders():
            if name.lower() not in NOT_ANSWERED:
                self.send_header(name, value)
        self.send_header("Transfer-Encoding", "chunked")
        self.end_headers()
        while piece := response.read1(65_536):
            self.wfile.write(b"%x\r\n%s\r\n" % (len(piece), piece))
            self.wfile.flush()
        self.wfile.write(b"0\r\n\r\n")

    def log_message(self, format: str, *args: object) -> None:
        """Nothing."""


@contextmanager
def with_key(url: str, key: str) -> Iterator[str]:
    """The address on loopback that passes on to that server, until the end of the block."""
    passing = ThreadingHTTPServer(("127.0.0.1", 0), type("Passing", (_Passing,), {"url": url, "key": key}))
    passing.daemon_threads = True
    thread = threading.Thread(target=passing.serve_forever)
    thread.start()
    try:
        yield f"http://127.0.0.1:{passing.server_port}"
    finally:
        passing.shutdown()
        thread.join()
        passing.server_close()
