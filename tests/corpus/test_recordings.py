"""Recordings decoded: any container and rate on the player's clock, and a sentence for each one that cannot be."""

import struct
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from alignment.errors import BadAudio
from corpus import recordings
from corpus.recordings import BLOCK, RATE, decoded
from tests.corpus.recordings import PHONE, cut, recorded, tone, wav

KINDS = {
    "call.mp4": ("mp4", "aac"),
    "call.mkv": ("matroska", "aac"),
    "call.webm": ("webm", "libopus"),
    "call.ogg": ("ogg", "libopus"),
    "call.flac": ("flac", "flac"),
    "call.mp3": ("mp3", "libmp3lame"),
}


def length_s(path: Path) -> float:
    return float(sum(block.shape[1] for block in decoded(path))) / RATE


def refused(path: Path) -> str:
    with pytest.raises(BadAudio) as told:
        list(decoded(path))
    assert path.name in str(told.value)
    assert str(path.parent) not in str(told.value)
    assert told.value.todo
    return told.value.what


@pytest.mark.parametrize("name", KINDS)
def test_a_recording_in_any_container_keeps_its_length(tmp_path: Path, name: str) -> None:
    kind, codec = KINDS[name]
    assert length_s(recorded(tmp_path / name, codec, tone(3, 48_000), kind=kind)) == pytest.approx(3, abs=0.1)


@pytest.mark.parametrize(("rate", "channels"), [(8_000, 1), (44_100, 2), (96_000, 2)])
def test_any_rate_and_number_of_channels_is_heard(tmp_path: Path, rate: int, channels: int) -> None:
    blocks = list(decoded(wav(tmp_path / "call.wav", tone(1.5, rate, channels), rate)))
    assert [b.shape[0] for b in blocks] == [channels]
    assert blocks[0].shape[1] / RATE == pytest.approx(1.5, abs=0.01)


def test_long_sound_comes_in_blocks_of_ten_seconds(tmp_path: Path) -> None:
    assert [b.shape[1] for b in decoded(wav(tmp_path / "call.wav", tone(25)))] == [BLOCK, BLOCK, BLOCK // 2]


def test_sound_that_begins_after_the_picture_is_told_at_the_players_time(tmp_path: Path) -> None:
    path = recorded(tmp_path / "call.mkv", "aac", tone(2, 48_000), kind="matroska", pictures_s=4, starts_s=1.5)
    signal = np.concatenate(list(decoded(path)), axis=1)[0]
    assert np.flatnonzero(np.abs(signal) > 0.05)[0] / RATE == pytest.approx(1.5, abs=0.1)
    assert len(signal) / RATE == pytest.approx(3.5, abs=0.15)


def test_an_empty_file_is_called_empty(tmp_path: Path) -> None:
    (tmp_path / "call.wav").touch()
    assert refused(tmp_path / "call.wav") == "The file is empty"


@pytest.mark.parametrize("text", ["Dana: Hello there.\n" * 20, "1\n00:00:01,000 --> 00:00:02,000\nHello\n\n"])
def test_text_that_is_named_as_sound_is_called_text(tmp_path: Path, text: str) -> None:
    (tmp_path / "call.wav").write_text(text, encoding="utf-8")
    assert refused(tmp_path / "call.wav") == "The file is text, not a recording"


def test_bytes_that_are_nothing_are_no_recording(tmp_path: Path) -> None:
    (tmp_path / "call.mp3").write_bytes(np.random.default_rng(7).bytes(4000))
    assert refused(tmp_path / "call.mp3").endswith(("is no recording that is known here", "its sound cannot be decoded"))


@pytest.mark.parametrize("name", ["call.mp4", "call.mkv", "call.flac", "call.mp3"])
def test_a_file_that_was_not_copied_whole_is_said_to_be_cut_off(tmp_path: Path, name: str) -> None:
    kind, codec = KINDS[name]
    assert refused(cut(recorded(tmp_path / name, codec, tone(4, 48_000), kind=kind))).startswith("The recording is cut off")


def test_a_wav_that_is_cut_off_says_how_much_is_there(tmp_path: Path) -> None:
    path = cut(wav(tmp_path / "call.wav", tone(2)))
    assert refused(path) == "The recording is cut off: 32,022 of 64,044 bytes are there"


def test_a_wav_whose_recorder_never_wrote_its_size_is_whole(tmp_path: Path) -> None:
    path = wav(tmp_path / "call.wav", tone(1))
    streamed = bytearray(path.read_bytes())
    streamed[4:8] = streamed[40:44] = struct.pack("<I", 0xFFFF_FFFF)
    path.write_bytes(streamed)
    assert length_s(path) == pytest.approx(1, abs=0.01)


def test_a_video_without_sound_is_told_from_no_recording(tmp_path: Path) -> None:
    path = recorded(tmp_path / "call.mp4", "aac", None, kind="mp4", pictures_s=2)
    assert refused(path) == "The video has no sound"


@pytest.mark.parametrize("make", [lambda p: p / "nowhere.wav", lambda p: p])
def test_what_cannot_be_opened_says_why(tmp_path: Path, make: Callable[[Path], Path]) -> None:
    with pytest.raises(BadAudio, match="cannot be opened"):
        list(decoded(make(tmp_path)))


def test_more_than_four_hours_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = wav(tmp_path / "call.wav", tone(3))
    monkeypatch.setattr(recordings, "LONGEST_S", 2.0)
    assert refused(path).endswith("four are the most")


def test_a_stream_that_does_not_say_how_long_it_is_is_refused_once_it_is_too_long(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = recorded(tmp_path / "call.aac", "aac", tone(4, 48_000), kind="adts")
    monkeypatch.setattr(recordings, "LONGEST_S", 2.0)
    assert refused(path).endswith("four are the most")


@pytest.mark.parametrize(
    "playlist", ["ffconcat version 1.0\nfile '{}'\n", "#EXTM3U\n#EXT-X-TARGETDURATION:9\n#EXTINF:9,\nfile://{}\n#EXT-X-ENDLIST\n"]
)
def test_a_playlist_never_opens_another_file(tmp_path: Path, playlist: str) -> None:
    (tmp_path / "private.wav").write_bytes(PHONE.read_bytes())
    for target in ("private.wav", str(tmp_path / "private.wav")):
        (tmp_path / "call.wav").write_text(playlist.format(target), encoding="utf-8")
        assert refused(tmp_path / "call.wav") == "The file is text, not a recording"
