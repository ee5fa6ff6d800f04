"""Conversations in one channel whose turns are known, made by a seed of what people said one after the other in real recordings.

    python -m evals.conversations --data DATA --out FOLDER [--part dev|held-out] [--seed N] [--count N]

Takes `DATA/audio`: stretches of the meetings in which one person speaks alone, cut at pauses, and the sentences of two readers. Each
conversation has one to four of these people, all that they say in an order drawn by lot, pauses of 0.05 to 0.8 s, each voice at a loudness
of its own; a third of them is clean, a third has noise (15 dB below), a third came over a telephone (8 kHz, mu-law). `dev` and `held-out`
share no meeting and no sentence; one of the people at the meetings and the two readers speak in both. Then: `python -m evals run speech
--data FOLDER`.
"""

import argparse
import json
import random
import wave
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from corpus.recordings import RATE, decoded
from evals.sources import read_rows

Sound = NDArray[np.float32]
MEETINGS = {"dev": ("trn03", "trn04", "trn05", "trn06"), "held-out": ("dev00", "dev01", "trn07", "trn08", "trn09")}
SENTENCES = {"dev": (1, 2), "held-out": (3, 4, 5)}
READERS = ("spk1", "spk2")
PEOPLE = (1, 2, 2, 2, 3, 3, 4)
PAUSES_S = (0.05, 0.1, 0.2, 0.3, 0.5, 0.8)
KINDS = ("clean", "noise", "telephone")
LEAST_S, TURN_S, LONGEST_TURN_S, LONGEST_S = 3.0, 1.5, 7.0, 75.0
LOUD, NOISE_DB = 0.06, 15.0
MU = 255.0


@dataclass(frozen=True)
class Turn:
    """What one person says in a row, and its words: (text, start, end) in seconds from its beginning."""

    sound: Sound
    words: tuple[tuple[str, float, float], ...]


def turns_of(audio: Path, part: str) -> dict[str, list[Turn]]:
    """The turns by whose they are, of people who have enough of them."""
    found: dict[str, list[Turn]] = {}
    for clip in json.loads((audio / "ami_word_times.json").read_text(encoding="utf-8")):
        if clip["id"] in MEETINGS[part]:
            sound = _sound(audio / clip["wav"])
            for speaker, words in _alone([w for w in clip["words"] if not w.get("punc") and w.get("start") is not None]):
                found.setdefault(speaker, []).extend(_cut(sound, words))
    for _, row in read_rows(audio / "manifest.jsonl"):
        name = Path(row["audio"]).stem
        reader, _, sentence = name.partition("_snt")
        if reader in READERS and sentence and int(sentence) in SENTENCES[part]:
            found.setdefault(reader, []).append(_read(_sound(audio / row["audio"]), row["reference"].split()))
    return {who: turns for who, turns in sorted(found.items()) if sum(len(t.sound) for t in turns) > LEAST_S * RATE}


def _sound(path: Path) -> Sound:
    return np.concatenate([block[0] for block in decoded(path)])


def _alone(words: list[dict[str, Any]]) -> Iterator[tuple[str, list[dict[str, Any]]]]:
    """Words in a row by one speaker, less than a second apart."""
    words.sort(key=lambda w: w["start"])
    first = 0
    for i in range(1, len(words) + 1):
        ends = i == len(words) or words[i]["speaker"] != words[first]["speaker"] or words[i]["start"] - words[i - 1]["end"] >= 1.0
        if ends:
            yield words[first]["speaker"], words[first:i]
            first = i


def _cut(sound: Sound, words: list[dict[str, Any]]) -> Iterator[Turn]:
    """Turns of 1.5 to 7 s, cut between words, at pauses where there are any."""
    first = 0
    for i in range(1, len(words) + 1):
        start_s = words[first]["start"]
        if i < len(words):
            paused = words[i]["start"] - words[i - 1]["end"] >= 0.15 and words[i - 1]["end"] - start_s >= TURN_S
            if not paused and words[i]["end"] - start_s < LONGEST_TURN_S:
                continue
        own, first = words[first:i], i
        end_s = own[-1]["end"]
        if end_s - start_s >= 1.0 and len(own) > 1:
            timed = tuple((w["w"], w["start"] - start_s, w["end"] - start_s) for w in own)
            yield Turn(sound[int(start_s * RATE) : int(end_s * RATE)], timed)


def _read(sound: Sound, words: list[str]) -> Turn:
    """A sentence without the silence around it, its words at an even pace."""
    loud = np.flatnonzero(np.abs(sound) > 0.05 * np.abs(sound).max())
    sound = sound[loud[0] : loud[-1]]
    each_s = len(sound) / RATE / len(words)
    return Turn(sound, tuple((word, i * each_s, (i + 1) * each_s) for i, word in enumerate(words)))


def conversation(turns: dict[str, list[Turn]], drawn: random.Random) -> tuple[Sound, list[dict[str, Any]]]:
    """Its sound, and its words with speaker and start."""
    people = drawn.sample(list(turns), drawn.choice(PEOPLE))
    deck = [(who, turn) for who in people for turn in turns[who]]
    drawn.shuffle(deck)
    loud = {who: drawn.uniform(0.5, 1.6) for who in people}
    parts, words = [np.zeros(RATE // 2, np.float32)], []
    for who, turn in deck:
        at = sum(map(len, parts)) / RATE
        if at > LONGEST_S:
            break
        level = LOUD * loud[who] / float(np.sqrt(np.mean(np.square(turn.sound)) + 1e-12))
        words += [{"w": text, "speaker": who, "start": round(at + start_s, 3)} for text, start_s, _ in turn.words]
        parts += [turn.sound * np.float32(level), np.zeros(int(drawn.choice(PAUSES_S) * RATE), np.float32)]
    return np.concatenate(parts), words


def spoilt(sound: Sound, kind: str, seed: int) -> tuple[Sound, int]:
    """The sound as it comes over that kind of line, and its rate."""
    noise = np.random.default_rng(seed).standard_normal(len(sound)).astype(np.float32)
    if kind == "noise":
        return sound + noise * np.float32(np.sqrt(np.mean(np.square(sound))) * 10 ** (-NOISE_DB / 20)), RATE
    sound = sound + noise * np.float32(1e-4)
    if kind != "telephone":
        return sound, RATE
    even = len(sound) // 4 * 4
    bands = np.fft.rfft(sound[:even])
    hz = np.fft.rfftfreq(even, 1 / RATE)
    bands[(hz < 300) | (hz > 3400)] = 0
    slow = np.clip(np.fft.irfft(bands[: even // 4 + 1], even // 2) / 2, -1, 1)
    steps = np.round(np.log1p(MU * np.abs(slow)) / np.log1p(MU) * 127) / 127
    return (np.sign(slow) * np.expm1(steps * np.log1p(MU)) / MU).astype(np.float32), RATE // 2


def write(out: Path, name: str, sound: Sound, rate: int) -> None:
    """A WAV file of 16 bits."""
    with wave.open(str(out / name), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(rate)
        file.writeframes((np.clip(sound, -1, 1) * 32767).astype("<i2").tobytes())


def make(audio: Path, out: Path, part: str, seed: int, count: int) -> None:
    """Write the recordings, their manifest and the times of their words."""
    out.mkdir(parents=True, exist_ok=True)
    turns, drawn = turns_of(audio, part), random.Random(f"{part} {seed}")
    rows, times = [], []
    for n in range(count):
        kind, name = KINDS[n % len(KINDS)], f"{part}-{n:02}.wav"
        clean, words = conversation(turns, drawn)
        write(out, name, *spoilt(clean, kind, seed * 1000 + n))
        people = len({w["speaker"] for w in words})
        rows.append({"audio": name, "channels": 1, "speakers": people, "source": kind, "reference": " ".join(w["w"] for w in words)})
        times.append({"wav": name, "words": words})
    (out / "manifest.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    (out / "word_times.json").write_text(json.dumps(times), encoding="utf-8")


def main() -> None:
    """The command."""
    parser = argparse.ArgumentParser(prog="python -m evals.conversations", description="Conversations with known turns.")
    parser.add_argument("--data", type=Path, required=True, help="the folder that holds audio/")
    parser.add_argument("--out", type=Path, required=True, help="where to write them")
    parser.add_argument("--part", choices=list(MEETINGS), default="held-out")
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--count", type=int, default=45)
    given = parser.parse_args()
    make(given.data / "audio", given.out, given.part, given.seed, given.count)


if __name__ == "__main__":
    main()
