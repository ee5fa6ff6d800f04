"""A real server for tests: `plumbline serve` in a process of its own, on loopback, over a home of its own."""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx

PLUMBLINE = (sys.executable, "-c", "from api.cli import main; main()")
SAMPLES = Path(__file__).resolve().parents[2] / "corpus" / "samples"
PATIENCE_S = 60
DANA, PRIYA, INES, TOMAS = "Dana Whitlock", "Priya Raman", "Inés Duarte", "Tomás Rivera"
BAKER, WORK = "night-baker", "1-work"
LINES = {
    "M1": "Has run nights alone",
    "M2": "Has taught somebody a dough",
    "M3": "Has kept a van on time when something broke",
    "T1": "Gives up a diploma for years at the oven",
    "T2": "Gives up speed for a steady hand",
    "D1": "Blames the apprentice",
}


@dataclass
class Served:
    """One home and the process that serves it; `settings` are its PLUMBLINE_ variables besides."""

    home: Path
    settings: dict[str, str]
    process: subprocess.Popen[str] | None = None
    url: str = ""

    def environment(self) -> dict[str, str]:
        """What its processes are told."""
        own = {"PLUMBLINE_HOME": str(self.home), **self.settings}
        return {**{k: v for k, v in os.environ.items() if not k.startswith("PLUMBLINE_")}, **own}

    def start(self, port: int = 0) -> None:
        """Start it and wait until it has told where it listens."""
        self.home.mkdir(parents=True, exist_ok=True)
        with (self.home.parent / f"{self.home.name}.log").open("a") as log:
            command = [*PLUMBLINE, "serve", "--port", str(port)]
            self.process = subprocess.Popen(command, env=self.environment(), stdout=subprocess.PIPE, stderr=log, text=True)
        assert self.process.stdout is not None
        told = self.process.stdout.readline()
        assert told.startswith("Plumbline listens on "), self.log()
        self.url = told.split()[-1]

    @property
    def port(self) -> int:
        """Where it listens, to start it there again."""
        return int(self.url.rsplit(":", 1)[-1])

    def log(self) -> str:
        """What it wrote to its log."""
        return (self.home.parent / f"{self.home.name}.log").read_text(encoding="utf-8")

    def kill(self) -> None:
        """Kill it as a crash would."""
        assert self.process is not None
        self.process.kill()
        self._reap()

    def stop(self) -> int:
        """End it as an operator would; its exit code."""
        assert self.process is not None
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
        return self._reap()

    def _reap(self) -> int:
        assert self.process is not None
        code = self.process.wait(PATIENCE_S)
        if self.process.stdout is not None:
            self.process.stdout.close()
        return code

    def key(self, org: str = "Acme", role: str = "service", scopes: str = "read,write,admin", person: str = "") -> str:
        """The secret of a new key."""
        command = [*PLUMBLINE, "key", "new", "--org", org, "--role", role, "--scopes", scopes, "--json"]
        told = subprocess.run(
            [*command, *(["--person", person] if person else [])], env=self.environment(), check=True, capture_output=True, text=True
        )
        return str(json.loads(told.stdout)["key"])

    def client(self, key: str = "", **more: Any) -> httpx.Client:
        """A client that sends the key; one of a new service's where none is given."""
        headers = {"Authorization": f"Bearer {key or self.key()}", **more.pop("headers", {})}
        return httpx.Client(base_url=self.url, headers=headers, timeout=60, **more)


@contextmanager
def serving(home: Path, **settings: str) -> Iterator[Served]:
    """A server over that home until the end of the block; `settings` by the names of their variables."""
    served = Served(home, settings)
    served.start()
    try:
        yield served
    finally:
        served.stop()


def put_baker(client: httpx.Client, slug: str = BAKER, *, feedback: bool = False) -> None:
    """The sample search of the night baker, as a hiring tool would put it on record: panel, contract, one interview."""
    seat = {"person": INES, "interview": WORK, "stage": "work", "focus": ["M1", "M2", "D1"]}
    body = {
        "slug": slug,
        "title": "Night baker",
        "recruiter": DANA,
        "hiring_manager": PRIYA,
        "role_family": "bakery",
        "panel": [seat],
        "criteria": [{"id": id, "text": text} for id, text in LINES.items()],
    }
    client.post("/v1/searches", json=body).raise_for_status()
    params = {"candidate": TOMAS, "consent": "recorded-elsewhere", "held_on": "2026-10-20"}
    content = (SAMPLES / "two-minutes" / "interviews" / "1-work.vtt").read_bytes()
    client.put(f"/v1/searches/{slug}/interviews/{WORK}/transcript", params=params, content=content).raise_for_status()
    if feedback:
        given = json.loads((SAMPLES / "two-minutes" / "feedback.jsonl").read_text(encoding="utf-8").splitlines()[0])
        told = {"as": INES, "interview": WORK, "text": given["raw"], "name": "F1"}
        client.post(f"/v1/searches/{slug}/feedback", json=told).raise_for_status()
