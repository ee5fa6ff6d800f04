"""Fifty people at once: `python -m evals.load [--sessions 50] [--turns 5000] [--minutes 10] [--ingest] [--kill N] [--seed 7]`.

Half of them question the referee, others write feedback and accept what comes back, others answer an intake; half of the turns are
streamed. Whatever was acknowledged must be on record once in the end, also where the server was killed `--kill` times meanwhile.
`--ingest` takes transcripts in beside them. Prints the seconds of a turn, memory and open handles over time; exits 1 where a turn was
lost, doubled or failed, or where memory or handles kept growing.
"""

import argparse
import asyncio
import random
import sys
import time
from contextlib import suppress
from pathlib import Path
from tempfile import TemporaryDirectory

import httpx
import numpy as np
from rich.console import Console
from rich.table import Table

from evals.load.server import Server
from evals.load.sessions import Asking, Meter, Settling, Writing

SAMPLE = Path(__file__).resolve().parents[2] / "corpus" / "samples" / "two-minutes"
ORGANISATIONS = ("Load one", "Load two")
SEARCHES = 10
LOOK_S = 2.0
WARM = 0.3
"""The share of the turns after which caches are full and nothing may grow any more."""

GROWTH, HANDLES = 1.15, 20
Sample = tuple[float, int, float, int]
"""Seconds since the start, turns so far, resident MB, open handles."""


async def main(given: argparse.Namespace) -> int:
    """Run it, print what was seen, and return the exit code."""
    with TemporaryDirectory(prefix="plumbline-load-") as home:
        server = Server(Path(home))
        await server.start()
        clients = [_client(server, server.key(name), given.sessions) for name in ORGANISATIONS]
        for client in clients:
            await _seed(client)
        meter = Meter()
        sessions = [_session(i, clients[i % len(clients)], meter, bool(given.kill)) for i in range(given.sessions)]
        samples, began = await _run(given, server, sessions, meter, clients)
        took_s = time.perf_counter() - began
        wrong = [w for s in sessions for w in await s.wrong()]
        for client in clients:
            chain = (await client.get("/v1/audit/chain")).json()
            wrong += [] if chain["whole"] else [f"the audit log is broken at {chain['broken_at']}"]
            await client.aclose()
        code = await server.stop()
        wrong += [] if code == 0 else [f"the server ended with {code}"]
        wrong += [] if given.kill else _grown(samples)
        print(f"ready {server.ready_s[0]:.1f} s after it was started on an empty home")
        _tell(meter, samples, took_s, [*meter.errors, *wrong], len(server.pids) - 1)
        return 1 if meter.errors or wrong else 0


def _client(server: Server, key: str, sessions: int) -> httpx.AsyncClient:
    limits = httpx.Limits(max_connections=sessions + 10, max_keepalive_connections=sessions)
    return httpx.AsyncClient(base_url=server.url, headers={"Authorization": f"Bearer {key}"}, timeout=120, limits=limits)


async def _seed(client: httpx.AsyncClient) -> None:
    """The sample search, several times under other names, as a hiring tool would put it there."""
    for n in range(SEARCHES):
        people = {"recruiter": "Dana Whitlock", "hiring_manager": "Priya Raman"}
        seat = {"person": "Inés Duarte", "interview": "1-work", "stage": "work", "focus": ["M1", "M2", "D1"]}
        lines = {"M1": "Has run nights alone", "M2": "Has taught somebody a dough", "M3": "Has kept a van on time when something broke"}
        more = {"T1": "Gives up a diploma for years at the oven", "T2": "Gives up speed for a steady hand", "D1": "Blames the apprentice"}
        criteria = [{"id": id, "text": text} for id, text in {**lines, **more}.items()]
        body = {"slug": f"baker-{n}", "title": "Night baker", **people, "panel": [seat], "criteria": criteria}
        (await client.post("/v1/searches", json=body)).raise_for_status()
        await _take_in(client, f"baker-{n}", "1-work", (SAMPLE / "interviews" / "1-work.vtt").read_bytes())


async def _take_in(client: httpx.AsyncClient, search: str, interview: str, content: bytes) -> None:
    params = {"candidate": "Tomás Rivera", "consent": "recorded-elsewhere"}
    path = f"/v1/searches/{search}/interviews/{interview}/transcript"
    (await client.put(path, params=params, content=content)).raise_for_status()


def _session(i: int, client: httpx.AsyncClient, meter: Meter, forgiving: bool) -> Asking | Writing | Settling:
    # Nobody asks about a round to which feedback comes every second: half of the searches are asked about, half are written on.
    search = f"baker-{i // 2 % (SEARCHES // 2) + (SEARCHES // 2 if i % 4 >= 2 else 0)}"
    if i % 4 < 2:
        return Asking(client, meter, i, search, forgiving)
    return Writing(client, meter, i, search, forgiving) if i % 8 < 6 else Settling(client, meter, i, f"intake-{i}", forgiving)


async def _run(
    given: argparse.Namespace, server: Server, sessions: list[Asking | Writing | Settling], meter: Meter, clients: list[httpx.AsyncClient]
) -> tuple[list[Sample], float]:
    began, samples = time.perf_counter(), list[Sample]()
    over = asyncio.Event()

    async def talk(session: Asking | Writing | Settling) -> None:
        while not over.is_set():
            await session.step()
            if meter.turns >= given.turns or time.perf_counter() - began > given.minutes * 60:
                over.set()

    beside = [asyncio.create_task(_watch(server, meter, samples, began, over))]
    if given.kill:
        beside.append(asyncio.create_task(_kill(given, server, over)))
    if given.ingest:
        beside.append(asyncio.create_task(_ingest(clients[0], over)))
    await asyncio.gather(*(talk(s) for s in sessions))
    await asyncio.gather(*beside)
    return samples, began


async def _watch(server: Server, meter: Meter, samples: list[Sample], began: float, over: asyncio.Event) -> None:
    while not over.is_set():
        with suppress(OSError, IndexError):  # between two processes
            samples.append((time.perf_counter() - began, meter.turns, server.resident_mb(), server.handles()))
        await asyncio.sleep(LOOK_S)


async def _kill(given: argparse.Namespace, server: Server, over: asyncio.Event) -> None:
    chance = random.Random(given.seed)
    for _ in range(given.kill):
        await asyncio.sleep(chance.uniform(2, 8))
        if over.is_set():
            return
        await server.kill()
        await server.start()


async def _ingest(client: httpx.AsyncClient, over: asyncio.Event) -> None:
    """An interview after another, each as long as an hour's, into a search that nobody asks about."""
    body = {"slug": "arriving", "title": "Arriving", "recruiter": "Dana Whitlock", "hiring_manager": "Priya Raman"}
    (await client.post("/v1/searches", json=body)).raise_for_status()
    n = 0
    while not over.is_set():
        lines = [f"{'Inés Duarte' if i % 2 else 'Tomás Rivera'}: {_sentence(n, i)}" for i in range(300)]
        await _take_in(client, "arriving", f"i-{n}", "\n".join(lines).encode())
        n += 1


def _sentence(n: int, i: int) -> str:
    return f"In week {n} on night {i} the oven was at {180 + i % 60} degrees, and we made {20 + (n * i) % 90} loaves before the van came."


def _grown(samples: list[Sample]) -> list[str]:
    """What kept growing after everything was warm."""
    turns = samples[-1][1] if samples else 0
    warm = [s for s in samples if s[1] >= turns * WARM]
    if len(warm) < 6:
        return []
    early, late = warm[: len(warm) // 3], warm[-len(warm) // 3 :]
    memory = [float(np.median([s[2] for s in part])) for part in (early, late)]
    handles = [float(np.median([s[3] for s in part])) for part in (early, late)]
    found = [] if memory[1] < memory[0] * GROWTH else [f"memory grew from {memory[0]:.0f} to {memory[1]:.0f} MB"]
    return found + ([] if handles[1] < handles[0] + HANDLES else [f"open handles grew from {handles[0]:.0f} to {handles[1]:.0f}"])


def _tell(meter: Meter, samples: list[Sample], took_s: float, wrong: list[str], kills: int) -> None:
    out = Console(width=110)
    table = Table(box=None)
    for heading in ("agent", "turns", "p50 s", "p95 s", "p99 s", "worst s"):
        table.add_column(heading, justify="left" if heading == "agent" else "right")
    every = [s for seconds in meter.seconds.values() for s in seconds]
    for agent, seconds in [*sorted(meter.seconds.items()), ("all", every)]:
        cuts = [float(np.percentile(seconds, p)) for p in (50, 95, 99, 100)] if seconds else [0.0] * 4
        table.add_row(agent, str(len(seconds)), *(f"{c:.2f}" for c in cuts))
    out.print(table)
    out.print(f"{meter.turns} turns in {took_s:.0f} s ({meter.turns / took_s:.1f} a second), {kills} kills, {meter.resent} sent again")
    for at, turns, mb, handles in samples[:: max(1, len(samples) // 8)]:
        out.print(f"  after {at:4.0f} s and {turns:5} turns: {mb:5.0f} MB, {handles} handles", highlight=False)
    for told in wrong[:20]:
        out.print(f"WRONG: {told}", highlight=False, markup=False)
    out.print(f"{len(wrong)} errors" if wrong else "no error: every acknowledged turn is on record once")


def _given() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m evals.load", description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--sessions", type=int, default=50)
    parser.add_argument("--turns", type=int, default=5000)
    parser.add_argument("--minutes", type=float, default=10)
    parser.add_argument("--kill", type=int, default=0)
    parser.add_argument("--ingest", action="store_true")
    parser.add_argument("--seed", type=int, default=7)
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(asyncio.run(main(_given())))
