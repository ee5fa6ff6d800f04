"""A transcript told anew by a speaker track: the same words at the same times, each whose turn has them."""

import json

import pytest

from alignment.errors import BadRequest
from alignment.redaction import Parts, silences, strike
from alignment.transcript import Transcript, Utterance
from corpus.heard import HEARD
from corpus.importers.parsed import UNKNOWN_SPEAKER
from corpus.retelling import retold
from corpus.tracks import TrackTurn, track_in
from tests.transcripts import spoken, transcript

TEXT = "Why did you leave? I wanted to build things again. I see."


def heard() -> Utterance:
    doubt = (TEXT.index("build"), TEXT.index("build") + 5, 0.3)
    return spoken(0, TEXT, 0, "Speaker 1").model_copy(update={"confidence": 0.8, "doubts": (doubt,), "attribution": 0.6})


TURNS = [
    {"speaker": "Dana", "start": 0, "end": 3.9},
    {"speaker": "Tom", "start": 4, "end": 9.9},
    {"speaker": "Dana", "start": 10, "end": 12},
]
TRACK = track_in(json.dumps({"turns": TURNS}).encode(), "t")


def test_a_run_of_words_is_cut_where_the_speaker_changes() -> None:
    told = retold(transcript(heard()), TRACK)
    assert [(u.speaker, u.text) for u in told] == [
        ("Dana", "Why did you leave?"),
        ("Tom", "I wanted to build things again."),
        ("Dana", "I see."),
    ]
    assert [u.index for u in told] == [0, 1, 2]
    assert [(u.start_s, u.end_s) for u in told] == [(0, 3.9), (4, 9.9), (10, 11.9)]
    assert [u.doubted(0, len(u.text)) for u in told] == [(), ("build",), ()]
    at = told[1].text.index("things")
    assert told[1].time_at(at, at + 6) == (8, 8.771)
    assert all(u.attribution is not None and u.attribution > 0.9 for u in told)


def test_the_same_again_changes_nothing() -> None:
    once = transcript().model_copy(update={"utterances": retold(transcript(heard()), TRACK)})
    assert retold(once, TRACK) == once.utterances


def test_what_lies_in_nobodys_turn_or_in_two_is_the_unknown_speakers() -> None:
    beyond = track_in(b'[{"speaker": "Dana", "start": 100, "end": 101}]', "t")
    assert [u.speaker for u in retold(transcript(heard()), beyond)] == [UNKNOWN_SPEAKER]
    both = track_in(b'[{"speaker": "Dana", "start": 0, "end": 20}, {"speaker": "Tom", "start": 0, "end": 20}]', "t")
    assert [u.speaker for u in retold(transcript(heard()), both)] == [UNKNOWN_SPEAKER]


def test_lines_with_one_time_go_whole() -> None:
    line = Utterance(index=0, speaker="Speaker 1", text="Good, and you? Fine.", start_s=4.5, end_s=9)
    assert [(u.speaker, u.text) for u in retold(transcript(line), TRACK)] == [("Tom", "Good, and you? Fine.")]


def test_a_transcript_without_times_is_refused() -> None:
    with pytest.raises(BadRequest, match="no times"):
        retold(transcript(Utterance(index=0, speaker="Speaker 1", text="Hello.")), TRACK)


def in_two_marks() -> Transcript:
    """Twelve words and twelve, each dozen evenly spoken in six seconds."""
    text = " ".join(f"word{i:02d}" for i in range(24))
    said = Utterance(index=0, speaker="Speaker 1", text=text, start_s=0, end_s=12, marks=((0, 0, 6), (84, 6, 12)))
    return transcript(said)


def test_a_cut_within_a_mark_cuts_the_mark_and_leaves_every_word_its_time() -> None:
    track = (TrackTurn("Dana", 0, 3), TrackTurn("Tom", 3, 9), TrackTurn("Dana", 9, 12))
    before = in_two_marks()
    told = retold(before, track)
    assert [u.speaker for u in told] == ["Dana", "Tom", "Dana"]
    (whole,) = before.utterances
    for u in told:
        assert u.marks[0][0] == 0
        for word in u.text.split():
            at, then = u.text.index(word), whole.text.index(word)
            start_s, end_s = u.time_at(at, at + len(word)) or (0, 0)
            once = whole.time_at(then, then + len(word)) or (0, 0)
            assert (start_s, end_s) == pytest.approx(once, abs=0.1)
            assert (u.start_s or 0) <= start_s <= end_s <= (u.end_s or 0) + 0.001


def test_what_was_cut_is_cut_again_by_another_track_and_struck_out_with_its_sound() -> None:
    once = in_two_marks().model_copy(update={"utterances": retold(in_two_marks(), (TrackTurn("Dana", 0, 3), TrackTurn("Tom", 3, 12)))})
    other = retold(once, (TrackTurn("Tom", 0, 4.5), TrackTurn("Dana", 4.5, 12)))
    assert " ".join(u.text for u in other) == in_two_marks().utterances[0].text
    (dana,) = [u for u in other if "word10" in u.text]
    assert dana.speaker == "Dana"
    assert dana.start_s == pytest.approx(4.5, abs=0.5)
    struck = strike(once, Parts(words=("word07",)), "1-call")
    ((start_s, end_s),) = silences(once, struck, ())
    assert start_s <= 3.5 <= 4.0 <= end_s + 0.001


def test_an_evenly_spoken_utterance_that_a_machine_heard_is_cut_and_a_line_is_not() -> None:
    said = Utterance(index=0, speaker="Speaker 1", text="Why did you leave? I was bored.", start_s=0, end_s=6)
    track = (TrackTurn("Dana", 0, 3.5), TrackTurn("Tom", 3.5, 6))
    machine, line = (transcript(said).model_copy(update={"source_format": kind}) for kind in (HEARD, "webvtt"))
    assert [u.speaker for u in retold(machine, track)] == ["Dana", "Tom"]
    assert len(retold(line, track)) == 1
