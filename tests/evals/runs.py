"""Runs that tests make up, and a server on this machine that writes down what is sent to it."""

import json
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from evals.case import Case, Cost, Outcome, Step
from evals.figures import summed_up
from evals.metrics import Metric, Ratio, Total
from evals.running.folder import Run

SUITE = "toy"
METRICS: tuple[Metric, ...] = (Ratio("right", "hit", "n", told="those that are right"), Total("invented", "invented", "n"))
SECRET = "the candidate said he was fired in Leeds"


def outcome(n: int, *, hit: bool, repeat: int = 0, **more: Any) -> Outcome:
    """The outcome of case `n`, one of twelve in three groups."""
    case = Case(suite=SUITE, id=f"c{n}", group=f"g{n % 3}", slices={"family": "nursing" if n % 4 else "sales"})
    given = {
        "sums": {"n": 1.0, "hit": float(hit), "invented": 0.0},
        "marks": {"right": hit, "quoted": True},
        "controls": {"constant": {"n": 1.0, "hit": 0.0, "invented": 0.0}, "random": {"n": 1.0, "hit": float(n == 1), "invented": 1.0}},
        "answer": {"statement": SECRET},
        "trace": (Step(kind="retrieved", text=SECRET, data={"score": 0.5}), Step(kind="answered", text="so it is")),
        "took_s": 0.1 + n / 10,
        "cost": Cost(asked=1, tokens_in=100 + n, tokens_out=10),
    }
    return Outcome.of(case, repeat=repeat, **{**given, **more})


def crash(n: int, error: BaseException) -> Outcome:
    """A case at which the product failed."""
    return Outcome.crash(Case(suite=SUITE, id=f"c{n}", group=f"g{n % 3}"), error)


def unscorable(n: int, why: str) -> Outcome:
    """A case that cannot be scored."""
    return Outcome.unscorable(Case(suite=SUITE, id=f"c{n}", group=f"g{n % 3}"), why)


def twelve() -> list[Outcome]:
    """Ten that are right and two that are not."""
    return [outcome(n, hit=n not in (2, 5)) for n in range(12)]


def run_of(outcomes: Sequence[Outcome], path: Path, **manifest: Any) -> Run:
    """A run with these outcomes, as its folder would have it."""
    told = {
        "model": "rules",
        "seed": 7,
        "repeat": 1,
        "data": [str(path / "data")],
        "materials": {"search a": "ab" * 32},
        "program": {"revision": "0123456789abcdef", "changed": False},
        "versions": {"numpy": "2.0"},
        "command": ["python", "-m", "evals", "run", SUITE, "--data", str(path / "data")],
        "began": "2026-01-02T03:04:05+00:00",
        "took_s": 1.5,
        **manifest,
    }
    return Run(path, told, tuple(outcomes), summed_up({SUITE: METRICS}, outcomes, 7))


@dataclass
class Recorded:
    """What a server was sent: method, path and body, in order; `answers` are by method and the beginning of a path; a number refuses."""

    answers: dict[tuple[str, str], Any]
    requests: list[tuple[str, str, bytes]] = field(default_factory=list)
    address: str = ""

    def answer(self, method: str, path: str, body: bytes) -> Any:
        """What the request is answered; the longest path that fits decides, and an answer may be made from the body."""
        fitting = [key for key in self.answers if key[0] == method and path.startswith(key[1])]
        found = self.answers[max(fitting, key=lambda key: len(key[1]))] if fitting else {}
        return found(path, body) if callable(found) else found

    @property
    def everything(self) -> bytes:
        """All bodies and paths in one."""
        return b"\n".join(path.encode() + b"\n" + body for _, path, body in self.requests)


@contextmanager
def recording(answers: dict[tuple[str, str], Any]) -> Iterator[Recorded]:
    """A server on this machine that writes everything down until the block ends."""
    kept = Recorded(answers)

    class Handler(BaseHTTPRequestHandler):
        def _handle(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            kept.requests.append((self.command, self.path, body))
            answer = kept.answer(self.command, self.path, body)
            told = json.dumps({} if isinstance(answer, int) else answer).encode()
            self.send_response(answer if isinstance(answer, int) else 200)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(told)))
            self.end_headers()
            self.wfile.write(told)

        do_GET = do_POST = do_PATCH = do_PUT = _handle  # noqa: N815  # http.server calls them so

        def log_message(self, *_: Any) -> None:
            """Nothing of it on the console."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    kept.address = f"http://127.0.0.1:{server.server_address[1]}"
    try:
        yield kept
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
