import json
import time

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from alignment.errors import BadTranscript
from alignment.transcript import Speaker, Transcript
from corpus.importers import Parsed, read_transcript

VTT = "WEBVTT\n\n1\n00:00:01.000 --> 00:00:04.000\n<v Priya Rao>Ready &amp; willing?\n\n00:05.000 --> 00:06.000\nTomás: Yes: I am.\n"
SRT = "1\n00:00:01,000 --> 00:00:02,000\nPriya Rao: Ready?\n\n2\n00:00:02,500 --> 00:00:04,000\nTomás Vidal: Yes.\n"
OTTER = "Priya Rao  0:06\nTell me.\n\nTomás Vidal  1:00:12\nWe met at 10:30.\n"
DIALOGUE = "Priya: Ready?\nTomás: Yes.\nPriya: So: begin.\n"
WORD = {"word": "so", "punctuated_word": "So", "text": "so", "start": 1.0, "end": 1.5, "speaker": 0}
WHISPERX = json.dumps({"segments": [{"start": 1, "end": 2, "text": " so", "words": [{**WORD, "speaker": "S"}]}]})
DEEPGRAM = json.dumps({"results": {"channels": [{"alternatives": [{"words": [WORD], "transcript": "so"}]}], "utterances": None}})
ASSEMBLY = json.dumps(
    {"status": "completed", "utterances": [{"text": "so", "start": 1, "end": 2, "speaker": "A", "words": [], "confidence": 1}]}
)
PLAIN = json.dumps({"utterances": [{"speaker": "A", "text": "so \ud800", "start": 1, "end": 2}]})
VALID = [text.encode() for text in (VTT, SRT, OTTER, DIALOGUE, WHISPERX, DEEPGRAM, ASSEMBLY, PLAIN)]
FRAGMENTS = [
    b"-->",
    b"\n\n",
    b":",
    b"00:00:01.000 --> 00:00:00.500",
    b"<v ",
    b"</v>",
    b"1e999",
    b"null",
    b"[",
    b'"',
    b"\xff\xfe",
    b"\0",
    b"99999999999",
]

mutated = st.builds(
    lambda data, edits: _edited(data, edits),
    st.sampled_from(VALID),
    st.lists(st.tuples(st.floats(0, 1), st.integers(0, 6), st.one_of(st.sampled_from(FRAGMENTS), st.binary(max_size=4))), max_size=6),
)


def _edited(data: bytes, edits: list[tuple[float, int, bytes]]) -> bytes:
    for where, cut, put in edits:
        at = int(where * len(data))
        data = data[:at] + put + data[at + cut :]
    return data


def whole(data: bytes) -> Parsed | None:
    """Read, and check what every reader of a transcript relies on."""
    try:
        parsed = read_transcript(data, where="call")
    except BadTranscript:
        return None
    speakers = tuple(Speaker(label=label) for label in parsed.labels)
    Transcript.model_validate(
        {
            "id": "t",
            "organisation": "o",
            "interview": "i",
            "source_format": parsed.format,
            "source_digest": parsed.source_digest,
            "speakers": speakers,
            "utterances": parsed.utterances,
        }
    ).digest.encode()
    for u in parsed.utterances:
        assert u.text.encode() == " ".join(u.text.split()).encode() != b""
        assert (u.start_s is None) == (u.end_s is None)
        if u.start_s is not None and u.end_s is not None:
            assert 0 <= u.start_s <= u.end_s
            assert all(u.start_s <= s <= e <= u.end_s for _, s, e in u.marks)
            assert [m[0] for m in u.marks] == sorted({m[0] for m in u.marks})
            assert not u.marks or u.marks[0][0] == 0
            assert u.time_at(0, len(u.text)) is not None
    return parsed


@given(st.one_of(st.binary(max_size=400), st.text(max_size=200).map(lambda t: t.encode("utf-8", "surrogatepass"))))
@settings(max_examples=300, deadline=None)
def test_any_bytes_are_a_transcript_or_a_refusal(data: bytes) -> None:
    whole(data)


@given(mutated)
@settings(max_examples=700, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_a_damaged_file_is_a_transcript_or_a_refusal(data: bytes) -> None:
    whole(data)


json_values = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), st.text(max_size=5)),
    lambda inner: st.one_of(
        st.lists(inner, max_size=3),
        st.dictionaries(
            st.sampled_from(["text", "start", "end", "speaker", "words", "word", "transcript", "alternatives", "paragraphs"]),
            inner,
            max_size=4,
        ),
    ),
    max_leaves=12,
)


@given(st.sampled_from(["segments", "utterances", "results", "words"]), json_values)
@settings(max_examples=400, deadline=None)
def test_json_of_any_shape_is_a_transcript_or_a_refusal(key: str, value: object) -> None:
    whole(json.dumps({key: value, "text": "so"}).encode())
    whole(json.dumps({"results": {"channels": value, "utterances": value}}).encode())


@pytest.mark.parametrize("data", VALID)
def test_the_undamaged_files_are_read(data: bytes) -> None:
    assert whole(data) is not None or b"ud800" in data


def ten_hours() -> dict[str, bytes]:
    n = 12_000
    stamp = [f"{i * 3 // 3600:02d}:{i * 3 // 60 % 60:02d}:{i * 3 % 60:02d}" for i in range(n + 1)]
    names = ["Priya Rao", "Tomás Vidal"]
    cues = [f"{i}\n{stamp[i]}.000 --> {stamp[i + 1]}.000\n<v {names[i // 3 % 2]}>and then we looked at the queue</v>" for i in range(n)]
    srt = [f"{i}\n{stamp[i]},000 --> {stamp[i + 1]},000\n{names[i // 3 % 2]}: and then we looked at the queue" for i in range(n)]
    words = [[{"word": "queue", "start": i * 3 + k / 3, "end": i * 3 + k / 3 + 0.3} for k in range(8)] for i in range(n)]
    rows = [{"start": i * 3, "end": i * 3 + 3, "text": " queue" * 8, "speaker": "S", "words": words[i]} for i in range(n)]
    otter = [f"{names[i % 2]}  {stamp[i]}\nand then we looked at the queue" for i in range(n)]
    return {
        "webvtt": ("WEBVTT\n\n" + "\n\n".join(cues)).encode(),
        "srt": "\n\n".join(srt).encode(),
        "otter": "\n\n".join(otter).encode(),
        "whisperx": json.dumps({"segments": rows}).encode(),
    }


@pytest.mark.parametrize(("kind", "data"), ten_hours().items())
def test_ten_hours_are_read_in_seconds(kind: str, data: bytes) -> None:
    began = time.perf_counter()
    parsed = read_transcript(data, where="long")
    assert parsed.format == kind
    assert parsed.utterances[-1].end_s == pytest.approx(36_000, abs=10)
    assert time.perf_counter() - began < 10  # a quadratic reader needs minutes


@pytest.mark.parametrize(
    "text",
    [
        "WEBVTT\n\n00:01.000 --> 00:02.000\n" + "<v " * 30_000,
        "WEBVTT\n\n00:01.000 --> 00:02.000\n<v" + " " * 200_000 + "\nhm",
        "WEBVTT\n\n00:01.000 --> 00:02.000\n" + "<" * 100_000 + "hm",
        "A" + " " * 200_000 + ": b\n" * 3,
        " " * 200_000 + "x\nPriya: a\nTomás: b\nPriya: c",
        "1\n" + "0" * 200_000 + " --> \n",
        "[" + "[" * 50_000,
        json.dumps(
            {
                "segments": [
                    {"start": 0, "end": 9, "text": "a " * 50_000, "speaker": "S", "words": [{"word": "zz", "start": 1, "end": 2}] * 50_000}
                ]
            }
        ),
    ],
)
def test_a_hostile_file_takes_no_longer_than_an_honest_one(text: str) -> None:
    began = time.perf_counter()
    whole(text.encode())
    assert time.perf_counter() - began < 5


def test_what_nobody_can_have_said_in_a_row_is_refused_at_once() -> None:
    with pytest.raises(BadTranscript, match="in a row"):
        read_transcript(f"WEBVTT\n\n00:01.000 --> 00:02.000\n<v A>{'word ' * 220_000}\n".encode(), where="long.vtt")
