"""A conference tool's speaker track laid over what was heard: each word its turn's label, and nobody's where the track does not say."""

import json
import time
from pathlib import Path

import pytest

from alignment.errors import BadTranscript
from corpus.heard import HeardStretch, HeardWord, Said
from corpus.retelling import retold
from corpus.speakers import map_speakers
from corpus.speech import hear
from corpus.speech_models import open_speech
from corpus.tracks import Track, TrackTurn, by_track, read_track, read_written
from corpus.tracks import written as track_written
from tests.corpus.recordings import PHONE
from tests.transcripts import transcript

DANA, TOMAS = "Dana Fox", "Tomás Alvarez"


def heard(*words: tuple[str, float, float]) -> list[HeardStretch]:
    told = tuple(HeardWord(text, start_s, end_s, 0.9) for text, start_s, end_s in words)
    return [HeardStretch(0, (Said(0, " ".join(w.text for w in told), told),))]


def labels(stretches: list[HeardStretch], *turns: tuple[str, float, float]) -> list[tuple[str, str]]:
    return [(one.label, one.said.text) for one in by_track(stretches, tuple(TrackTurn(*turn) for turn in turns))]


TWO = heard(("Who", 0.2, 0.5), ("left?", 0.5, 0.9), ("I", 2.0, 2.2), ("did.", 2.2, 2.6))


def test_words_get_the_label_of_the_turn_that_they_lie_in() -> None:
    assert labels(TWO, (DANA, 0, 1), (TOMAS, 1.8, 3)) == [(DANA, "Who left?"), (TOMAS, "I did.")]
    assert {one.sure for one in by_track(TWO, (TrackTurn(DANA, 0, 3),))} == {1.0}


def test_where_the_track_is_silent_nobody_is_named() -> None:
    assert labels(TWO, (DANA, 0, 1)) == [(DANA, "Who left?"), ("", "I did.")]


def test_a_track_that_lights_up_a_moment_late_still_names_the_speaker() -> None:
    assert labels(TWO, (DANA, 0.3, 1.4), (TOMAS, 2.05, 3)) == [(DANA, "Who left?"), (TOMAS, "I did.")]


def test_where_two_speak_at_once_nobody_is_named() -> None:
    assert labels(TWO, (DANA, 0, 3), (TOMAS, 1.5, 3)) == [(DANA, "Who left?"), ("", "I did.")]


def test_an_early_turn_that_lasts_is_not_passed_over() -> None:
    words = heard(("Still", 50.0, 50.4), ("here.", 50.4, 50.8))
    short = [(TOMAS, float(n), n + 0.1) for n in range(1, 40)]
    assert labels(words, (DANA, 0, 60), *short) == [(DANA, "Still here.")]


def written(folder: Path, content: object) -> Path:
    file = folder / "call.speakers.json"
    file.write_text(content if isinstance(content, str) else json.dumps(content), encoding="utf-8")
    return file


def test_a_list_of_turns_is_read_in_order_and_so_is_an_object_that_holds_one(tmp_path: Path) -> None:
    rows = [{"speaker": TOMAS, "start": 4, "end": 5.5}, {"speaker": f" {DANA} ", "start": 0, "end": 4}]
    expected: Track = (TrackTurn(DANA, 0.0, 4.0), TrackTurn(TOMAS, 4.0, 5.5))
    assert read_track(written(tmp_path, rows)) == expected
    assert read_track(written(tmp_path, {"turns": rows})) == expected


def test_a_meetings_captions_are_a_track_cue_by_cue(tmp_path: Path) -> None:
    cues = f"WEBVTT\n\n00:00.000 --> 00:01.000\n<v {DANA}>Who</v>\n\n00:09.000 --> 00:10.000\n<v {DANA}>left?</v>\n"
    assert read_track(written(tmp_path, cues)) == (TrackTurn(DANA, 0.0, 1.0), TrackTurn(DANA, 9.0, 10.0))


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        ([{"speaker": DANA, "start": 2, "end": 1}], "no turn of a speaker track.*turn 1"),
        ([{"speaker": "", "start": 0, "end": 1}], "no turn of a speaker track"),
        ([{"speaker": DANA, "start": True, "end": 1}], "no turn of a speaker track"),
        ([{"speaker": DANA, "start": 0, "end": float("inf")}], "no turn of a speaker track"),
        ([], "names nobody at any time"),
        ("Dana: Hello.\nTomás: Hello.\nDana: Well.\nTomás: Well.\n", "names nobody at any time"),
        ("nothing of the kind", "call.speakers.json"),
    ],
)
def test_what_is_no_track_is_refused_in_a_sentence(content: object, sentence: str, tmp_path: Path) -> None:
    with pytest.raises(BadTranscript, match=sentence):
        read_track(written(tmp_path, content))


def test_a_track_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(BadTranscript, match="cannot be opened"):
        read_track(tmp_path / "nowhere.json")


def test_a_recording_with_a_track_is_heard_by_its_names() -> None:
    track = (TrackTurn(DANA, 0, 10.4), TrackTurn(TOMAS, 10.4, 16))
    told = hear(PHONE, model=open_speech(), track=track).parsed
    assert told.labels == (DANA, TOMAS)
    assert "driver" in told.utterances[-1].text
    assert all(u.attribution is not None and u.attribution > 0.7 for u in told.utterances)


def test_a_track_of_very_many_turns_that_lie_over_each_other_is_read_in_seconds() -> None:
    words = tuple(HeardWord("word", i * 0.5, i * 0.5 + 0.4, 1.0) for i in range(20_000))
    stretch = HeardStretch(0, (Said(0, " ".join(w.text for w in words), words),), None)
    turns = tuple(
        sorted((TrackTurn(DANA, 0, 10_000), *(TrackTurn(TOMAS, 0.01 * (i % 100), 1.5) for i in range(40_000))), key=lambda t: t.start_s)
    )
    began = time.monotonic()
    assert by_track([stretch], turns)
    assert time.monotonic() - began < 20


@pytest.mark.parametrize("label", ["x" * 101, "\ufffe\ufffe"])
def test_a_name_that_is_none_is_refused(tmp_path: Path, label: str) -> None:
    with pytest.raises(BadTranscript):
        read_track(written(tmp_path, [{"speaker": label, "start": 0, "end": 1}]))


def test_turns_of_nobody_and_too_many_are_no_track(tmp_path: Path) -> None:
    nobody = {"speaker": "unknown speaker", "start": 0, "end": 1}
    with pytest.raises(BadTranscript, match="names nobody"):
        read_track(written(tmp_path, [nobody]))
    with pytest.raises(BadTranscript, match="more than"):
        read_track(written(tmp_path, [{"speaker": f"S{i}", "start": i, "end": i + 1} for i in range(101)]))


def test_what_was_told_apart_by_a_track_is_told_the_same_by_it_again() -> None:
    for turns in ((TrackTurn(DANA, 0, 10.4), TrackTurn(TOMAS, 10.4, 16)), (TrackTurn(DANA, 0, 4), TrackTurn(TOMAS, 6, 13))):
        parsed = hear(PHONE, model=open_speech(), track=turns).parsed
        once = transcript().model_copy(update={"speakers": map_speakers(parsed.labels, (), {}), "utterances": parsed.utterances})
        assert retold(once, turns) == parsed.utterances
    assert read_written(track_written(turns)) == turns
