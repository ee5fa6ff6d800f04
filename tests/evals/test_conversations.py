"""Conversations made of what people said: their turns are known, and the same seed makes the same ones."""

import json
import random
from pathlib import Path

import numpy as np
import pytest

from corpus.recordings import RATE, decoded
from evals.conversations import LONGEST_S, Turn, conversation, make, spoilt, turns_of

AUDIO = Path(__file__).parents[3] / "shared" / "data" / "audio"


def deck() -> dict[str, list[Turn]]:
    drawn = np.random.default_rng(7)
    return {
        who: [Turn(drawn.standard_normal(2 * RATE).astype(np.float32), ((f"{who}{n}", 0.5, 1.0),)) for n in range(30)] for who in "ABCD"
    }


def test_each_word_is_where_its_speaker_says_it() -> None:
    sound, words = conversation(deck(), random.Random(7))
    assert len(sound) <= (LONGEST_S + 4) * RATE
    for word in words:
        assert word["w"].startswith(word["speaker"])
        at = int(word["start"] * RATE)
        assert np.abs(sound[at : at + RATE // 2]).max() > 0


def test_a_telephone_lets_nothing_through_above_its_band_and_noise_is_as_loud_as_told() -> None:
    sound = deck()["A"][0].sound * np.float32(0.1)
    slow, rate = spoilt(sound, "telephone", 7)
    assert rate == RATE // 2
    assert abs(len(slow) / rate - len(sound) / RATE) < 0.01
    noisy, _ = spoilt(sound, "noise", 7)
    assert 10 * np.log10(np.mean(np.square(sound)) / np.mean(np.square(noisy - sound))) == pytest.approx(15, abs=0.5)


@pytest.mark.skipif(not AUDIO.is_dir(), reason="the clips of real people are not here")
def test_both_parts_are_made_of_other_sound_and_a_seed_makes_them_again(tmp_path: Path) -> None:
    dev, held = (turns_of(AUDIO, part) for part in ("dev", "held-out"))
    assert set(dev) & set(held) <= {"FEE083", "spk1", "spk2"}
    said = [{t.sound[:2000].tobytes() for turns in part.values() for t in turns} for part in (dev, held)]
    assert not said[0] & said[1]
    for name in ("one", "other"):
        make(AUDIO, tmp_path / name, "held-out", 7, 3)
    files = sorted(path.name for path in (tmp_path / "one").iterdir())
    assert files == ["held-out-00.wav", "held-out-01.wav", "held-out-02.wav", "manifest.jsonl", "word_times.json"]
    assert all((tmp_path / "one" / f).read_bytes() == (tmp_path / "other" / f).read_bytes() for f in files)
    times = json.loads((tmp_path / "one" / "word_times.json").read_text(encoding="utf-8"))
    length_s = sum(block.shape[1] for block in decoded(tmp_path / "one" / "held-out-00.wav")) / RATE
    assert max(w["start"] for w in times[0]["words"]) < length_s
