"""`make bench`: an hour of recording from its bytes to the index, as `plumbline capture` does it, in a process of its own.

The recording is made of shorter ones, one after the other in an order drawn by seed, mixed down to one channel at 16 kHz. With `--kill N`
the process is killed N times at moments drawn by seed before it may end; then there must be exactly one transcript, and the figures hold
all of the starts, too.
"""

import argparse
import json
import os
import random
import resource
import subprocess
import sys
import tempfile
import time
import wave
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from rich.console import Console
from rich.table import Table

from alignment.settings import TINY_ENGLISH
from corpus.recordings import RATE, decoded
from evals.sources import SAMPLES

PLUMBLINE = (sys.executable, "-c", "from api.cli import main; main()")
SOUNDS = {".wav", ".flac", ".mp3", ".ogg", ".m4a"}
PAUSE_S = 0.8
LEAST_KILL_S, MOST_KILL_S = 4.0, 60.0


@dataclass(frozen=True)
class Measured:
    """What one capture took: seconds, the largest resident set of its processes in MB, utterances, how often it was killed."""

    length_s: float
    took_s: float
    most_mb: float
    utterances: int
    transcripts: int
    kills: int


def long_recording(folder: Path, minutes: float, out: Path, seed: int = 7) -> float:
    """Write the folder's recordings one after the other until they last so long; the length in seconds."""
    sounds = sorted(p for p in folder.rglob("*") if p.suffix in SOUNDS)
    drawn, length = random.Random(seed), 0
    with wave.open(str(out), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(RATE)
        while length < minutes * 60 * RATE:
            for block in decoded(drawn.choice(sounds)):
                file.writeframes((np.clip(block.mean(axis=0), -1, 1) * 32767).astype("<i2").tobytes())
                length += block.shape[1]
            file.writeframes(b"\0\0" * int(PAUSE_S * RATE))
            length += int(PAUSE_S * RATE)
    return length / RATE


def measure(recording: Path, length_s: float, home: Path, kills: int, model: str, seed: int = 7) -> Measured:
    """Capture that recording into that home by that speech model, killed so often before it may end."""
    environment = {k: v for k, v in os.environ.items() if not k.startswith("PLUMBLINE_")}
    environment |= {"PLUMBLINE_HOME": str(home), "PLUMBLINE_SPEECH__MODEL": model}

    def plumbline(*args: str) -> subprocess.Popen[str]:
        return subprocess.Popen([*PLUMBLINE, *args], env=environment, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)

    def told(*args: str) -> str:
        out, _ = plumbline(*args).communicate()
        return out

    told("search", "new", "bench", "--title", "Bench", "--recruiter", "Dana Whitlock")
    about = ("--search", "bench", "--interview", "hour", "--candidate", "Tomás Rivera", "--consent", "recorded-elsewhere")
    command = ("capture", str(recording), *about, "--json")
    drawn, began = random.Random(seed), time.perf_counter()
    for _ in range(kills):
        running = plumbline(*command)
        time.sleep(drawn.uniform(LEAST_KILL_S, MOST_KILL_S))
        running.kill()
        running.communicate()
    heard = told(*command)
    if not heard:
        raise SystemExit(
            "The capture was refused: run `plumbline capture` with that recording to see why. Longer than four hours it may not be."
        )
    row = json.loads(heard)
    took_s = time.perf_counter() - began
    found = json.loads(told("jobs", "list", "--json"))
    kept = sum(step["step"] == "kept" for job in found for step in job["steps"])
    if row["state"] != "done":
        raise SystemExit(f"The capture ended {row['state']}: {row['why']}")
    most_mb = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
    return Measured(length_s, took_s, most_mb, len(row["utterances"]), kept if row["version"] == 1 else 0, kills)


def main() -> None:
    """Print one row for each way of doing it."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--audio", type=Path, default=SAMPLES / "speech", help="the folder of recordings that it is made of")
    parser.add_argument("--minutes", type=float, default=60)
    parser.add_argument("--model", default=TINY_ENGLISH, help="the speech model, by name or folder")
    parser.add_argument("--kill", type=int, default=0, help="a second time, killed so often")
    given = parser.parse_args()
    table = Table(
        *("minutes", "killed", "took", "real-time factor", "largest memory", "utterances", "transcripts"),
        title=f"Captures, heard by {given.model}",
    )
    with tempfile.TemporaryDirectory() as held:
        recording = Path(held) / "hour.wav"
        length_s = long_recording(given.audio, given.minutes, recording)
        for kills in dict.fromkeys((0, given.kill)):
            m = measure(recording, length_s, Path(held) / f"home-{kills}", kills, given.model)
            factor = f"{m.took_s / m.length_s:.3f}"
            table.add_row(
                f"{m.length_s / 60:.1f}",
                str(m.kills),
                f"{m.took_s:.0f} s",
                factor,
                f"{m.most_mb:.0f} MB",
                str(m.utterances),
                str(m.transcripts),
            )
    Console(width=120).print(table)


if __name__ == "__main__":
    main()
