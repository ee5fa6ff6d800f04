"""A recording with silences: nothing is heard then, everything else sounds as it did and when it did, in every channel."""

import io
from pathlib import Path

import av
import numpy as np
import pytest

from alignment.errors import BadAudio
from corpus.clips import cut
from corpus.silencing import silence
from corpus.sinks import ClipKind
from tests.corpus.recordings import recorded, tone, wav
from tests.corpus.test_clips import CONTAINERS, LOWEST_HZ, STEP_HZ, heard, ladder, pitches


@pytest.mark.parametrize(("ending", "codec", "kind"), CONTAINERS, ids=[c[0] for c in CONTAINERS])
def test_it_is_silent_then_and_as_it_was_before_and_after(tmp_path: Path, ending: str, codec: str, kind: str) -> None:
    signal = ladder(12, channels=2)
    path = recorded(tmp_path / f"l.{ending}", codec, signal, kind=kind) if codec else wav(tmp_path / "l.wav", signal, 48_000)
    out = io.BytesIO()
    assert silence(path, [(3.0, 5.0), (8.0, 8.5)], out) == pytest.approx(12, abs=0.1)
    samples, rate = heard(out.getvalue())
    for channel, factor in zip(samples, (2, 3), strict=True):
        assert not channel[3 * rate : 5 * rate].any()
        assert not channel[8 * rate : round(8.5 * rate)].any()
        found = pitches(np.delete(channel, np.s_[8 * rate : 9 * rate]), rate)
        expected = [(LOWEST_HZ + STEP_HZ * n) * factor // 2 for n in range(12) if n != 8]
        assert [f for f, e in zip(found, expected, strict=False) if f != e] == [found[3], found[4]]
        assert channel[5 * rate : 5 * rate + rate // 10].any()


def test_a_wav_loses_nothing_else(tmp_path: Path) -> None:
    path = wav(tmp_path / "t.wav", tone(3.0, rate=44_100), 44_100)
    out = io.BytesIO()
    silence(path, [(1.0, 2.0)], out)
    (before,), (after,) = heard(path.read_bytes())[0], heard(out.getvalue())[0]
    assert np.array_equal(np.delete(before, np.s_[44_100:88_200]), np.delete(after, np.s_[44_100:88_200]))
    again = io.BytesIO()
    silence(path, [(1.0, 2.0)], again)
    assert again.getvalue() == out.getvalue()


def test_of_a_video_the_sound_alone_is_left(tmp_path: Path) -> None:
    path = recorded(tmp_path / "v.mp4", "aac", tone(3.0, rate=48_000), kind="mp4", pictures_s=3)
    out = io.BytesIO()
    silence(path, [(1.0, 2.0)], out)
    with av.open(io.BytesIO(out.getvalue())) as container:
        assert [s.type for s in container.streams] == ["audio"]


def test_more_channels_than_flac_has_places_for_are_kept(tmp_path: Path) -> None:
    out = io.BytesIO()
    silence(wav(tmp_path / "many.wav", tone(2, channels=10)), [(0.5, 1.0)], out)
    assert len(heard(out.getvalue())[0]) == 10


def test_a_silence_beyond_its_end_changes_nothing(tmp_path: Path) -> None:
    path = wav(tmp_path / "t.wav", tone(1.0))
    out, clip = io.BytesIO(), io.BytesIO()
    silence(path, [(5.0, 6.0)], out)
    cut(path, 0, 1, ClipKind.FLAC, clip)
    assert np.array_equal(heard(out.getvalue())[0], heard(clip.getvalue())[0])


def test_what_is_no_recording_is_refused(tmp_path: Path) -> None:
    text = tmp_path / "notes.wav"
    text.write_text("Nothing to hear.", encoding="utf-8")
    with pytest.raises(BadAudio):
        silence(text, [(0, 1)], io.BytesIO())
