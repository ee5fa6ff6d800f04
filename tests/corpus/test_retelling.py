"""A transcript told anew by a speaker track: the same words at the same times, each whose turn has them."""

import json

import pytest

from alignment.errors import BadRequest
from alignment.transcript import Utterance
from corpus.importers.parsed import UNKNOWN_SPEAKER
from corpus.retelling import retold
from corpus.tracks import track_in
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
