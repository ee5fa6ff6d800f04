"""Kill -9 in the middle of ingesting, again and again: `python -m evals.kill [--times 20] [--seed 7] [--data SEARCH_FOLDER]`.

One home takes the search folder in under a new name each round; the process is killed at a random moment, one round in eight while it
is still starting, else at work, which begins when it has opened the index and lasts as long as a clean import does. Then the store must
hold every transcript whole or not at all, as the clean import has it, and the next start must make the index agree with the store and
answer a question. At the end every round is taken in once more, to its end.
"""

import argparse
import asyncio
import os
import random
import shutil
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from agents.asking import find
from agents.desk import organisation_of
from agents.workbench import Workbench, open_workbench
from alignment.errors import NotFound, PlumblineError
from alignment.settings import Settings, load_settings
from alignment.transcript import Transcript
from corpus.store import Store, open_store

SAMPLE = Path(__file__).resolve().parents[1] / "corpus" / "samples" / "harbour-analyst"
PLUMBLINE = (sys.executable, "-c", "from api.cli import main; main()")
PATIENCE_S = 300
WHILE_STARTING = 1 / 8

Whole = tuple[int, str]
"""How many utterances a transcript has and the digest of its source: what a clean import and an interrupted one must agree on."""


@dataclass(frozen=True)
class Clean:
    """What an import that nobody interrupts comes to: each interview's transcript, a question to ask, and how long start and work took."""

    transcripts: dict[str, Whole]
    question: str
    start_s: float
    work_s: float


@dataclass(frozen=True)
class Kill:
    """When to kill: so long after the process was started, or after it has begun to work."""

    after_s: float
    at_work: bool

    def __str__(self) -> str:
        return f"{self.after_s:5.2f} s into its {'work' if self.at_work else 'start'}"


@dataclass(frozen=True)
class Seen:
    """One round: when the kill came, what was on record, what the next start indexed, and what was not as it must be."""

    round: str
    kill: Kill
    alive: bool
    on_record: int
    healed: int
    violations: tuple[str, ...]

    def __str__(self) -> str:
        how = "killed" if self.alive else "done by"
        wrong = "; ".join(self.violations) or "agrees"
        return f"{self.round}  {how} {self.kill}  {self.on_record} on record, {self.healed} indexed at the next start  {wrong}"


def main() -> int:
    """Run from the command line; 1 where anything was not as it must be."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--times", type=int, default=20)
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--data", type=Path, default=SAMPLE)
    given = parser.parse_args()
    with TemporaryDirectory(prefix="plumbline-kill-") as place:
        seen, unfinished = run(Path(place), given.data, given.times, given.seed)
    violations = sum(len(s.violations) for s in seen) + len(unfinished)
    killed, healed = sum(s.alive for s in seen), sum(s.healed for s in seen)
    print(*unfinished, sep="\n", end="\n" if unfinished else "")
    print(f"{len(seen)} rounds, {killed} killed, {healed} interviews indexed at a next start, {violations} violations")
    return 1 if violations else 0


def run(place: Path, data: Path, times: int, seed: int) -> tuple[list[Seen], list[str]]:
    """Every round as it was seen, told as it goes, and what taking the rounds in to their end did not mend."""
    chance = random.Random(seed)
    clean = _clean_import(place / "clean", data)
    print(f"a clean import of {len(clean.transcripts)} transcripts starts in {clean.start_s:.2f} s and works for {clean.work_s:.2f} s")
    home = place / "home"
    shutil.copytree(place / "clean" / "models", home / "models")  # converted once: the window is the import, not the conversion
    seen = []
    for n in range(1, times + 1):
        folder = shutil.copytree(data, place / f"round-{n:02d}")
        starting = chance.random() < WHILE_STARTING
        kill = Kill(chance.uniform(0, clean.start_s if starting else clean.work_s), at_work=not starting)
        alive = _ingest(home, folder, kill)
        seen.append(asyncio.run(_look(_settings(home), folder.name, kill, alive, clean)))
        print(seen[-1], flush=True)
    return seen, _finish(home, [place / s.round for s in seen], clean)


def _clean_import(home: Path, data: Path) -> Clean:
    if not (home / "models").exists():
        _ingest(home, data)  # pays for the model's conversion
        _forget(home)
    begun = time.perf_counter()
    with _started(home, data) as process:
        _wait_for_work(home, process)
        start_s = time.perf_counter() - begun
        _must_succeed(process)
    work_s = time.perf_counter() - begun - start_s
    transcripts = asyncio.run(_transcripts(_settings(home), data.resolve().name))
    longest = max((u.text for t in transcripts.values() for u in t.utterances), key=len)
    wholes = {name: _whole(t) for name, t in transcripts.items()}
    return Clean(wholes, question=" ".join(longest.split()[:12]), start_s=start_s, work_s=work_s)


def _forget(home: Path) -> None:
    for path in home.iterdir():
        if path.is_dir() and path.name != "models":
            shutil.rmtree(path)
        elif path.is_file():
            path.unlink()


def _ingest(home: Path, folder: Path, kill: Kill | None = None) -> bool:
    """Whether the process was still there when it was to be killed; where it was not, or without a kill, it must have succeeded."""
    with _started(home, folder) as process:
        if kill:
            if kill.at_work:
                _wait_for_work(home, process)
            try:
                process.wait(kill.after_s)
            except subprocess.TimeoutExpired:
                process.kill()
                return True
        _must_succeed(process)
    return False


def _started(home: Path, folder: Path) -> "subprocess.Popen[bytes]":
    command = [*PLUMBLINE, "ingest", str(folder), "--consent", "recorded-elsewhere"]
    return subprocess.Popen(command, env={**os.environ, "PLUMBLINE_HOME": str(home)}, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)


def _must_succeed(process: "subprocess.Popen[bytes]") -> None:
    _, told = process.communicate(timeout=PATIENCE_S)
    if process.returncode:
        raise SystemExit(f"plumbline ingest ended with {process.returncode}: {told.decode().strip()}")


def _wait_for_work(home: Path, process: "subprocess.Popen[bytes]") -> None:
    """Until the process has the index, whose lock says who holds it; or until it has ended."""
    lock = home / "index" / "lock"
    while process.poll() is None and not (lock.exists() and lock.read_text() == str(process.pid)):
        time.sleep(0.005)


def _settings(home: Path) -> Settings:
    return load_settings(home=home, store_url="", index="", checkpoints_url="")


async def _look(settings: Settings, slug: str, kill: Kill, alive: bool, clean: Clean) -> Seen:
    transcripts = await _transcripts(settings, slug)
    violations = [f"{name} is not whole: {_whole(t)}" for name, t in transcripts.items() if _whole(t) != clean.transcripts.get(name)]
    if not alive and transcripts.keys() != clean.transcripts.keys():
        violations.append(f"it was done, and only {sorted(transcripts)} are on record")
    healed: list[int] = []
    try:
        async with open_workbench(settings, progress=lambda done, of: healed.append(of)) as bench:
            violations += await _disagreements(bench)
            if transcripts and not await find(bench, (await organisation_of(bench)).id, clean.question, search=slug):
                violations.append("find answers nothing")
    except PlumblineError as e:
        violations.append(f"the next start fails: {e}")
    return Seen(slug, kill, alive, len(transcripts), max(healed, default=0), tuple(violations))


async def _disagreements(bench: Workbench) -> list[str]:
    """What the index lacks of the store, or has besides it."""
    organisation = (await organisation_of(bench)).id
    held = await bench.index.held(organisation)
    current = {c.transcript for c in await bench.store.transcripts_current(organisation)}
    lacking = [f"the index does not hold {t} whole" for t in sorted(current) if not held.get(t)]
    return lacking + [f"the index holds {t}, which the store does not" for t in sorted(held.keys() - current)]


async def _transcripts(settings: Settings, slug: str) -> dict[str, Transcript]:
    """What the store alone says of the search, by interview; nothing is mended by looking."""
    store: Store = await open_store(settings.store)
    try:
        organisation = (await store.create_organisation(settings.organisation)).id
        search = await store.search_by_slug(organisation, slug)
        names = {i.id: i.name for i in await store.interviews(organisation, search.id)}
        current = [c for c in await store.transcripts_current(organisation) if c.search == search.id]
        return {names[c.interview]: await store.transcript(organisation, c.interview) for c in current}
    except NotFound:
        return {}
    finally:
        await store.close()


def _whole(transcript: Transcript) -> Whole:
    return len(transcript.utterances), transcript.source_digest


def _finish(home: Path, folders: list[Path], clean: Clean) -> list[str]:
    """The same command again for every round, uninterrupted: what is still not as it must be."""
    wrong = []
    for folder in folders:
        _ingest(home, folder)
        transcripts = asyncio.run(_transcripts(_settings(home), folder.name))
        if {name: _whole(t) for name, t in transcripts.items()} != clean.transcripts:
            wrong.append(f"{folder.name} is not complete after the same command again")
    return wrong


if __name__ == "__main__":
    sys.exit(main())
