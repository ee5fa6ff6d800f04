"""A clip is exactly the part of the recording that was asked for, whatever holds it, and costs no more than that part."""

import io
import random
import time
import wave
from pathlib import Path

import av
import numpy as np
import pytest
from numpy.typing import NDArray

from alignment.errors import BadAudio, BadRequest
from corpus.clips import LONGEST_CLIP_S, cut
from corpus.recordings import RATE, Signal, decoded
from corpus.sinks import ClipKind
from tests.corpus.recordings import PHONE, TWO_CHANNELS, recorded, tone, wav

STEP_HZ, LOWEST_HZ = 40, 300
CONTAINERS = [
    ("wav", "", "wav"),
    ("m4a", "aac", "mp4"),
    ("webm", "libopus", "webm"),
    ("ogg", "libopus", "ogg"),
    ("mp3", "libmp3lame", "mp3"),
    ("flac", "flac", "flac"),
    ("aac", "aac", "adts"),
    ("ts", "aac", "mpegts"),
]


def ladder(seconds: int, rate: int = 48_000, channels: int = 1) -> Signal:
    """A tone that is higher by a step in every second; the second channel is a fifth above the first."""
    at = np.arange(rate) / rate
    rungs = [(LOWEST_HZ + STEP_HZ * (second % 50)) * at for second in range(seconds)]
    return np.stack([0.3 * np.sin(2 * np.pi * np.concatenate(rungs) * (1 + c / 2)) for c in range(channels)]).astype(np.float32)


def heard(data: bytes) -> tuple[NDArray[np.float64], int]:
    """The clip's channels × samples, and its rate."""
    with av.open(io.BytesIO(data), "r") as container:
        parts = [f.to_ndarray() for f in container.decode(audio=0)]
        sound = container.streams.audio[0]
        whole = np.concatenate(parts, axis=1).astype(float)
        packed = not sound.format.is_planar
        return (whole.reshape(-1, sound.channels).T if packed else whole), sound.rate


def pitches(channel: NDArray[np.float64], rate: int) -> list[int]:
    """What is heard in the middle of each second, in Hz to the nearest ten."""
    found = []
    for second in range(len(channel) // rate):
        part = channel[second * rate + rate // 4 : second * rate + 3 * rate // 4]
        spectrum = np.abs(np.fft.rfft(part * np.hanning(len(part))))
        found.append(round(int(np.argmax(spectrum)) * 2, -1))
    return found


def clipped(path: Path, start_s: float, end_s: float, kind: ClipKind = ClipKind.WAV) -> bytes:
    out = io.BytesIO()
    cut(path, start_s, end_s, kind, out)
    return out.getvalue()


def _made(folder: Path, ending: str, codec: str, kind: str, signal: Signal) -> Path:
    path = folder / f"ladder.{ending}"
    return recorded(path, codec, signal, kind=kind) if codec else wav(path, signal, 48_000)


@pytest.mark.parametrize(("ending", "codec", "kind"), CONTAINERS, ids=[c[0] for c in CONTAINERS])
def test_the_clip_of_seconds_10_to_12_holds_what_sounds_then_in_every_channel(tmp_path: Path, ending: str, codec: str, kind: str) -> None:
    path = _made(tmp_path, ending, codec, kind, ladder(20, channels=2))
    for form in ClipKind:
        samples, rate = heard(clipped(path, 10, 12, form))
        assert len(samples) == 2
        assert abs(samples.shape[1] / rate - 2) < 0.02
        assert pitches(samples[0], rate) == [LOWEST_HZ + STEP_HZ * 10, LOWEST_HZ + STEP_HZ * 11]
        assert pitches(samples[1], rate) == [(LOWEST_HZ + STEP_HZ * n) * 3 // 2 for n in (10, 11)]


def test_a_clip_of_a_wav_is_its_samples_to_the_last_one(tmp_path: Path) -> None:
    path = wav(tmp_path / "whole.wav", ladder(20, 16_000, 2), 16_000)
    with wave.open(str(path)) as file:
        whole = np.frombuffer(file.readframes(file.getnframes()), "<i2").reshape(-1, 2)
    chance = random.Random(7)
    for _ in range(25):
        start_s = chance.uniform(0, 19)
        end_s = chance.uniform(start_s + 0.02, 20)
        with wave.open(io.BytesIO(clipped(path, start_s, end_s))) as file:
            found = np.frombuffer(file.readframes(file.getnframes()), "<i2").reshape(-1, 2)
            assert (file.getframerate(), file.getnchannels()) == (16_000, 2)
        assert np.array_equal(found, whole[round(start_s * 16_000) : round(end_s * 16_000)])


@pytest.mark.parametrize("path", [PHONE, TWO_CHANNELS], ids=["phone", "two channels"])
def test_a_clip_stands_where_hearing_counts_it(path: Path) -> None:
    """To the hundredth of a second: the same words are at the same time in the transcript and in the clip."""
    reference = np.concatenate(list(decoded(path)), axis=1)[0]
    start_s, end_s = 3.0, 5.0
    samples, rate = heard(clipped(path, start_s, end_s))
    at = np.arange(round((end_s - start_s) * RATE)) * (rate / RATE)
    loud = np.abs(np.interp(at, np.arange(samples.shape[1]), samples[0] / 32768))
    part = np.abs(reference[round(start_s * RATE) : round(end_s * RATE)])
    lags = range(-800, 801, 20)
    best = max(lags, key=lambda lag: float(np.dot(part[1000:-1000], loud[1000 + lag : len(loud) - 1000 + lag])))
    assert abs(best) / RATE < 0.01


def test_of_a_video_the_clip_is_the_sound(tmp_path: Path) -> None:
    video = recorded(tmp_path / "call.mp4", "aac", ladder(20), kind="mp4", pictures_s=20)
    samples, rate = heard(clipped(video, 14, 15))
    assert pitches(samples[0], rate) == [LOWEST_HZ + STEP_HZ * 14]


def test_sound_that_begins_later_than_the_pictures_is_cut_at_the_players_clock(tmp_path: Path) -> None:
    video = recorded(tmp_path / "late.mkv", "libopus", ladder(10), kind="matroska", pictures_s=20, starts_s=5)
    samples, rate = heard(clipped(video, 3, 8))
    assert np.abs(samples[0][: int(1.9 * rate)]).max() == 0
    assert pitches(samples[0], rate)[2:] == [LOWEST_HZ + STEP_HZ * n for n in (0, 1, 2)]
    silent, _ = heard(clipped(video, 1, 2))
    assert not silent.any()


@pytest.mark.parametrize("ending", ["wav", "aac"])
def test_a_clip_at_minute_110_of_two_hours_takes_no_more_than_two_seconds(tmp_path: Path, ending: str) -> None:
    """Whether the file says where its seconds lie, or each must be counted from the beginning."""
    rate, sounding = 8000, ladder(60, 8000)
    minutes, before = (0 * sounding, sounding), 110 * 60.0
    if ending == "wav":
        path = wav(tmp_path / "long.wav", np.concatenate([*([minutes[0]] * 110), sounding, *([minutes[0]] * 9)], axis=1), rate)
    else:
        parts = [recorded(tmp_path / f"{n}.aac", "aac", s, rate, kind="adts") for n, s in enumerate(minutes)]
        silent, loud = (part.read_bytes() for part in parts)
        path = tmp_path / "long.aac"
        path.write_bytes(silent * 110 + loud + silent * 9)
        # Its frames are of 1024 samples, so that a minute is a little longer.
        before = 110 * sum(block.shape[1] for block in decoded(parts[0])) / RATE
    began = time.perf_counter()
    data = clipped(path, before + 5, before + 15)
    assert time.perf_counter() - began < 2
    samples, found = heard(data)
    assert pitches(samples[0], found) == [LOWEST_HZ + STEP_HZ * n for n in range(5, 15)]


def test_a_clip_ends_where_the_sound_does(tmp_path: Path) -> None:
    path = wav(tmp_path / "short.wav", tone(5))
    out = io.BytesIO()
    assert cut(path, 4, 60, ClipKind.WAV, out) == pytest.approx(1)


@pytest.mark.parametrize(
    ("start_s", "end_s"),
    [(5, 5), (6, 5), (-1, 2), (0, LONGEST_CLIP_S + 1), (0, 0.001), (14_399, 14_401), (float("nan"), 2), (1, float("inf")), (30, 31)],
)
def test_a_span_that_is_none_or_lies_beyond_the_end_is_refused(tmp_path: Path, start_s: float, end_s: float) -> None:
    path = wav(tmp_path / "short.wav", tone(5))
    with pytest.raises(BadRequest):
        clipped(path, start_s, end_s)


def test_spans_at_random_give_what_they_say_or_are_refused(tmp_path: Path) -> None:
    path = recorded(tmp_path / "random.webm", "libopus", tone(10, 48_000), kind="webm")
    chance = random.Random(7)
    for _ in range(40):
        start_s, end_s = chance.uniform(-1, 12), chance.uniform(-1, 12)
        try:
            samples, rate = heard(clipped(path, start_s, end_s, chance.choice(list(ClipKind))))
        except BadRequest:
            assert start_s < 0 or end_s - start_s < 0.01 or start_s > 9.9
        else:
            assert samples.shape[1] / rate == pytest.approx(min(end_s, 10) - start_s, abs=0.05)


def test_what_is_no_recording_is_no_clip(tmp_path: Path) -> None:
    text = tmp_path / "notes.wav"
    text.write_text("Nothing to hear.", encoding="utf-8")
    with pytest.raises(BadAudio):
        clipped(text, 0, 1)


def test_channels_that_opus_has_no_place_for_are_told_and_come_as_wav(tmp_path: Path) -> None:
    path = wav(tmp_path / "many.wav", tone(2, channels=10))
    with pytest.raises(BadRequest, match="WAV"):
        clipped(path, 0, 1, ClipKind.OGG)
    assert len(heard(clipped(path, 0, 1))[0]) == 10
