"""A server as a load test has it: started on loopback as `plumbline serve`, watched from outside, killed and started again."""

import asyncio
import json
import os
import signal
import socket
import subprocess
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path

import httpx

PLUMBLINE = (sys.executable, "-c", "from api.cli import main; main()")
PATIENCE_S = 60


@dataclass
class Server:
    """One home, and the process that serves it on one port; several processes one after another where it is killed.

    `ready_s` is how long each took until it said that it was ready.
    """

    home: Path
    port: int = 0
    process: subprocess.Popen[bytes] | None = None
    pids: list[int] = field(default_factory=list)
    ready_s: list[float] = field(default_factory=list)

    @property
    def url(self) -> str:
        """Where it listens."""
        return f"http://127.0.0.1:{self.port}"

    def environment(self) -> dict[str, str]:
        """What its processes are told: its home, and limits that one machine's load does not meet."""
        own = {"PLUMBLINE_HOME": str(self.home), "PLUMBLINE_SERVE__PER_MINUTE": "1000000"}
        return {**{k: v for k, v in os.environ.items() if not k.startswith("PLUMBLINE_")}, **own}

    async def start(self) -> None:
        """Start it, on the same port as before, and wait until it is ready."""
        self.port = self.port or _free_port()
        began = time.perf_counter()
        self.process = await asyncio.to_thread(self._started)
        self.pids.append(self.process.pid)
        async with httpx.AsyncClient(base_url=self.url) as client:
            for _ in range(PATIENCE_S * 20):
                try:
                    if (await client.get("/readyz")).status_code == 200:
                        self.ready_s.append(time.perf_counter() - began)
                        return
                except httpx.TransportError:
                    pass
                await asyncio.sleep(0.05)
        raise TimeoutError(f"the server was not ready after {PATIENCE_S} s: see {self.home / 'serve.log'}")

    def _started(self) -> subprocess.Popen[bytes]:
        command = [*PLUMBLINE, "serve", "--port", str(self.port)]
        with (self.home / "serve.log").open("ab") as log:
            return subprocess.Popen(command, env=self.environment(), stdout=subprocess.DEVNULL, stderr=log)

    async def kill(self) -> None:
        """Kill it as a crash would."""
        assert self.process is not None, "it was started"
        self.process.kill()
        await asyncio.to_thread(self.process.wait)

    async def stop(self) -> int:
        """End it as an operator would; its exit code."""
        assert self.process is not None, "it was started"
        self.process.send_signal(signal.SIGTERM)
        return await asyncio.to_thread(self.process.wait, PATIENCE_S)

    def key(self, organisation: str) -> str:
        """A service's key to an organisation of that name."""
        command = [*PLUMBLINE, "key", "new", "--org", organisation, "--scopes", "read,write,admin", "--json"]
        told = subprocess.run(command, env=self.environment(), check=True, capture_output=True, text=True)
        return str(json.loads(told.stdout)["key"])

    def resident_mb(self) -> float:
        """Memory that the process holds now."""
        status = Path(f"/proc/{self.process.pid if self.process else 0}/status").read_text(encoding="ascii")
        return int(status.split("VmRSS:")[1].split()[0]) / 1024

    def handles(self) -> int:
        """Files and sockets that the process has open now."""
        return len(os.listdir(f"/proc/{self.process.pid if self.process else 0}/fd"))


def _free_port() -> int:
    with socket.socket() as made:
        made.bind(("127.0.0.1", 0))
        return int(made.getsockname()[1])
