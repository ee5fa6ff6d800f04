import json
from typing import Any

import pytest

from alignment.errors import BadTranscript
from corpus.importers import UNKNOWN_SPEAKER, Parsed, read_transcript


def read(value: Any, indent: int | None = None) -> Parsed:
    return read_transcript(json.dumps(value, indent=indent).encode(), where="call.bin")


def said(parsed: Parsed) -> list[tuple[str, str]]:
    return [(u.speaker, u.text) for u in parsed.utterances]


def word(text: str, start: float | None, speaker: Any = None, name: str = "word") -> dict[str, Any]:
    return {name: text, "start": start, "end": None if start is None else start + 0.4, "speaker": speaker, "score": 0.9}


def test_whisperx_segments_of_one_speaker_are_one_utterance_with_times_for_words() -> None:
    words = [word("in", 4.0), word("2019", None), word("we", 8.0), word("moved", 8.5)]
    parsed = read(
        {
            "segments": [
                {"start": 1.0, "end": 2.0, "text": " Hello.", "speaker": "SPEAKER_00"},
                {"start": 3.9, "end": 9.0, "text": " in 2019 we moved", "speaker": "SPEAKER_00", "words": words},
                {"start": 9.5, "end": 9.9, "text": " ok", "speaker": "SPEAKER_01"},
                {"start": 9.9, "end": 10.5, "text": " who"},
            ],
            "language": "en",
        }
    )
    assert parsed.format == "whisperx"
    assert said(parsed) == [("SPEAKER_00", "Hello. in 2019 we moved"), ("SPEAKER_01", "ok"), (UNKNOWN_SPEAKER, "who")]
    utterance = parsed.utterances[0]
    at = utterance.text.index("we moved")
    placed = utterance.time_at(at, len(utterance.text))
    assert placed is not None
    assert placed[0] == pytest.approx(8.0, abs=0.11)
    assert placed[1] == pytest.approx(8.9, abs=0.11)


def test_marks_are_far_fewer_than_words_and_still_place_every_word() -> None:
    words = [word(f"w{i}", 1.0 + i * 0.5 + (7 if i > 100 else 0)) for i in range(200)]
    text = " ".join(str(w["word"]) for w in words)
    utterance = read({"segments": [{"start": 1.0, "end": 110.0, "text": text, "speaker": "S", "words": words}]}).utterances[0]
    assert len(utterance.marks) < 40
    for w in words:
        at = f"{text} ".index(f"{w['word']} ")
        placed = utterance.time_at(at, at + 1)
        assert placed is not None
        assert placed[0] == pytest.approx(w["start"], abs=0.11)


def test_a_segment_that_names_nobody_is_split_by_its_words_speakers() -> None:
    words = [word("Ready?", 1.0, "A"), word("Yes", 2.0, "B"), word("2019", None), word("ok", 3.0, "B")]
    assert said(read({"segments": [{"start": 1, "end": 4, "text": "Ready? Yes 2019 ok", "words": words}]})) == [
        ("A", "Ready?"),
        ("B", "Yes 2019 ok"),
    ]


def test_a_word_without_a_usable_time_is_left_out_of_the_marks() -> None:
    words = [word("so", float("nan")), word("we", -5.0), word("left", 99.0)]
    utterance = read({"segments": [{"start": 1, "end": 2, "text": "so we left", "speaker": "A", "words": words}]}).utterances[0]
    assert (utterance.start_s, utterance.end_s, utterance.marks) == (1.0, 2.0, ())


def deepgram(**results: Any) -> dict[str, Any]:
    return {"metadata": {"request_id": "r"}, "results": results}


WORDS = [
    {"word": "ready", "punctuated_word": "Ready?", "start": 1.0, "end": 1.4, "speaker": 0},
    {"word": "yes", "punctuated_word": "Yes.", "start": 1.6, "end": 1.9, "speaker": 1},
    {"word": "so", "punctuated_word": "So.", "start": 5.0, "end": 5.3, "speaker": 1},
]


def test_deepgram_words_are_gathered_by_speaker() -> None:
    parsed = read(deepgram(channels=[{"alternatives": [{"transcript": "ready yes so", "words": WORDS}]}]))
    assert parsed.format == "deepgram"
    assert said(parsed) == [("Speaker 0", "Ready?"), ("Speaker 1", "Yes. So.")]
    assert parsed.utterances[1].time_at(5, 8) == (5.0, 5.3)


def test_deepgram_utterances_and_paragraphs_are_read_too() -> None:
    utterances = [
        {"start": 1.0, "end": 1.4, "transcript": "Ready?", "speaker": 0},
        {"start": 1.6, "end": 1.9, "transcript": "Yes.", "speaker": 1},
    ]
    paragraphs = [
        {"speaker": 0, "sentences": [{"text": "Ready?", "start": 1.0, "end": 1.4}]},
        {"speaker": 1, "sentences": [{"text": "Yes."}]},
    ]
    for results in (
        deepgram(utterances=utterances, channels=[]),
        deepgram(channels=[{"alternatives": [{"paragraphs": {"paragraphs": paragraphs}}]}]),
    ):
        assert said(read(results)) == [("Speaker 0", "Ready?"), ("Speaker 1", "Yes.")]


def test_deepgram_channels_are_told_apart_and_interleaved() -> None:
    channels = [{"alternatives": [{"words": [{"word": w, "start": s, "end": s + 0.5}]}]} for w, s in (("second", 2.0), ("first", 1.0))]
    assert said(read(deepgram(channels=channels))) == [("Channel 1", "first"), ("Channel 0", "second")]


def test_assemblyai_times_are_milliseconds_and_its_utterances_stay() -> None:
    rows = [
        {"speaker": "A", "text": "Ready?", "start": 1000, "end": 1400, "confidence": 0.9, "words": [word("Ready?", 1000, "A", "text")]},
        {"speaker": "A", "text": "Well?", "start": 2500, "end": 2900, "confidence": 0.9, "words": []},
    ]
    for value in (
        {"id": "x", "status": "completed", "utterances": rows},
        {"utterances": rows},
        {"text": "", "words": [], "utterances": rows},
    ):
        parsed = read(value)
        assert parsed.format == "assemblyai"
        assert [(u.speaker, u.start_s, u.end_s) for u in parsed.utterances] == [("A", 1.0, 1.4), ("A", 2.5, 2.9)]


def test_assemblyai_without_utterances_gathers_words_by_speaker() -> None:
    words = [{"text": "Ready?", "start": 1000, "end": 1400, "speaker": "A"}, {"text": "Yes.", "start": 1500, "end": 1900, "speaker": "B"}]
    assert said(read({"text": "Ready? Yes.", "words": words, "utterances": None})) == [("A", "Ready?"), ("B", "Yes.")]


def test_an_unfinished_assemblyai_job_is_refused_as_such() -> None:
    with pytest.raises(BadTranscript, match="not finished"):
        read({"id": "x", "status": "error", "error": "no audio", "words": None, "text": None})


@pytest.mark.parametrize("wrapped", [True, False])
def test_plain_json_keeps_its_utterances_and_may_lack_times_and_speakers(wrapped: bool) -> None:
    rows = [
        {"speaker": "Priya", "text": "Ready?", "start": 1, "end": 2.5},
        {"speaker": "Priya", "text": " Well?\n"},
        {"speaker": None, "text": "Yes."},
        {"speaker": "Priya", "text": "  "},
    ]
    parsed = read({"utterances": rows} if wrapped else rows)
    assert parsed.format == "json"
    assert said(parsed) == [("Priya", "Ready?"), ("Priya", "Well?"), (UNKNOWN_SPEAKER, "Yes.")]
    assert [(u.index, u.start_s, u.end_s) for u in parsed.utterances] == [(0, 1.0, 2.5), (1, None, None), (2, None, None)]


ROW = {"speaker": "A", "text": "hm", "start": 1.0, "end": 2.0}


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"start": -1}, "start"),
        ({"start": float("nan")}, "start"),
        ({"end": float("inf")}, "end"),
        ({"start": 1e300}, "start"),
        ({"start": 10**400}, "start"),
        ({"start": "soon"}, "start"),
        ({"end": 0.5}, "end"),
        ({"text": 7}, "text"),
        ({"speaker": ["A"]}, "speaker"),
    ],
)
def test_a_wrong_field_is_named_with_its_line(change: dict[str, Any], field: str) -> None:
    rows = [ROW, {**ROW, **change}]
    line = json.dumps({"utterances": rows}, indent=1).split("\n").index("  {", 4) + 2 + list(ROW).index(field)
    with pytest.raises(BadTranscript, match=rf"call\.bin, line {line}, utterances\[1\]\.{field}\)\. Expected: "):
        read({"utterances": rows}, indent=1)


@pytest.mark.parametrize(
    "value", [{}, [], {"segments": []}, {"utterances": []}, {"a": 1}, [1, 2], {"results": {"channels": []}}, {"results": 3}]
)
def test_json_of_another_kind_is_refused(value: Any) -> None:
    with pytest.raises(BadTranscript, match=r"call\.bin, line 1"):
        read(value)


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ('{"utterances": [\n{"text": "a"},\n{"text" "b"}]}', "line 3"),
        ('{"segments": [\n', "line 2"),
        ('{"utterances": ' + "[" * 200_000, "nested"),
        ('[{"text": "a", "start": ' + "9" * 5000 + "}]", "too long"),
    ],
)
def test_broken_json_is_refused_with_its_place(text: str, place: str) -> None:
    with pytest.raises(BadTranscript, match=place):
        read_transcript(text.encode(), where="call.bin")
