import codecs

import pytest

from alignment.errors import BadTranscript
from corpus.importers import Parsed, read_transcript

OTTER = """Intake with Tomás
Summary keywords: queue, outage

Priya Rao  0:06
Tell me about the outage.
It was long.

Tomás Vidal  0:12
We met at 10:30
and it rained.

It rained a lot.

Priya Rao  1:00:05
Thanks.

Transcribed by https://otter.ai
"""
CALL = "WEBVTT\n\n00:01.000 --> 00:02.000\n<v Tomás Vidal>Größe — naïve café\n\n00:03.000 --> 00:04.000\n<v Priya Rao>ok\n"


def read(text: str) -> Parsed:
    return read_transcript(text.encode(), where="notes.txt")


def test_otter_text_has_start_times_and_ends_where_the_next_begins() -> None:
    parsed = read(OTTER)
    assert parsed.format == "otter"
    assert [(u.speaker, u.text) for u in parsed.utterances] == [
        ("Priya Rao", "Tell me about the outage. It was long."),
        ("Tomás Vidal", "We met at 10:30 and it rained. It rained a lot."),
        ("Priya Rao", "Thanks."),
    ]
    assert [u.start_s for u in parsed.utterances] == [6.0, 12.0, 3605.0]
    assert parsed.utterances[0].end_s == 12.0


def test_the_last_otter_utterance_ends_by_the_rate_of_speech() -> None:
    parsed = read("Priya Rao  0:06\nHello there.\n\nTomás Vidal  0:10\none two three four five six seven eight nine ten\n")
    assert parsed.utterances[-1].end_s == 14.0


def test_a_silence_is_not_counted_to_the_otter_utterance_before_it() -> None:
    parsed = read("Priya Rao  0:06\nRead the sheet.\n\nTomás Vidal  9:10\nDone.\n")
    assert parsed.utterances[0].end_s == 11.0


def test_otter_paragraphs_of_one_speaker_are_one_utterance_with_marks() -> None:
    utterance = read("Priya Rao  0:06\nHello.\n\nPriya Rao  0:08\nAgain.\n").utterances[0]
    assert utterance.text == "Hello. Again."
    assert utterance.marks[1][:2] == (7, 8.0)


def test_named_lines_without_times_are_an_untimed_transcript() -> None:
    parsed = read("Meeting notes\n\nPriya: Ready?\nTomás: Yes.\nI am.\nPriya: So: begin.\nTomás: Fine.\n")
    assert parsed.format == "text"
    assert [(u.speaker, u.text) for u in parsed.utterances] == [
        ("Priya", "Ready?"),
        ("Tomás", "Yes. I am."),
        ("Priya", "So: begin."),
        ("Tomás", "Fine."),
    ]
    assert all(u.start_s is None and u.end_s is None and u.marks == () for u in parsed.utterances)


@pytest.mark.parametrize(
    "text", ["Title: Plumbline\nLicense: Apache\nYear: 2026\n", "It was a dark night. One thing: it rained.\n", "hello"]
)
def test_text_that_is_no_transcript_is_refused(text: str) -> None:
    with pytest.raises(BadTranscript, match=r"notes\.txt, line 1.*Otter"):
        read(text)


@pytest.mark.parametrize(
    "data",
    [
        CALL.encode(),
        codecs.BOM_UTF8 + CALL.encode(),
        codecs.BOM_UTF16_LE + CALL.encode("utf-16-le"),
        codecs.BOM_UTF16_BE + CALL.encode("utf-16-be"),
        CALL.encode("utf-16-le"),
        CALL.encode("utf-16-be"),
        codecs.BOM_UTF32_LE + CALL.encode("utf-32-le"),
        CALL.replace("\n", "\r\n").encode(),
        CALL.replace("\n", "\r").encode(),
    ],
    ids=["utf-8", "bom", "utf-16-le", "utf-16-be", "utf-16-le bare", "utf-16-be bare", "utf-32", "crlf", "cr"],
)
def test_every_encoding_and_line_ending_gives_the_same_words(data: bytes) -> None:
    parsed = read_transcript(data, where="call")
    assert parsed.labels == ("Tomás Vidal", "Priya Rao")
    assert parsed.utterances[0].text == "Größe — naïve café"


def test_an_old_western_encoding_is_recognised() -> None:
    text = CALL.replace("ok", "Il a été très occupé, à côté de la fenêtre; señor Muñoz está aquí.")
    parsed = read_transcript(text.encode("cp1252"), where="call")
    assert parsed.labels == ("Tomás Vidal", "Priya Rao")


@pytest.mark.parametrize(
    ("encoding", "words"),
    [
        ("cp1252", "déjà vu, naïve café"),
        ("cp1250", "Zażółć gęślą jaźń, świetnie się pracowało"),
        ("cp1251", "Мы работали вместе три года, и это было непросто"),
        ("shift_jis", "私たちは三年間一緒に働きました。"),
    ],
)
def test_an_old_encoding_of_any_script_keeps_its_words(encoding: str, words: str) -> None:
    data = f"WEBVTT\n\n00:01.000 --> 00:02.000\n<v A>{words}\n".encode(encoding)
    assert read_transcript(data, where="call").utterances[0].text == words


def test_the_digest_is_of_the_bytes_and_not_of_the_words() -> None:
    one, other = read_transcript(CALL.encode(), where="a"), read_transcript(codecs.BOM_UTF8 + CALL.encode(), where="b")
    assert one.utterances == other.utterances
    assert one.source_digest != other.source_digest
    assert one == read_transcript(CALL.encode(), where="elsewhere")


def test_nothing_that_a_database_cannot_hold_comes_through() -> None:
    parsed = read_transcript(b"WEBVTT\n\n00:01.000 --> 00:02.000\n<v A>a\x01b &#0; \xe2\x80\x8ec\n", where="call")
    assert parsed.utterances[0].text.isprintable()


@pytest.mark.parametrize(
    ("data", "kind"),
    [
        (b"", "empty"),
        (b" \r\n\t\n", "empty"),
        (b"PK\x03\x04\x14\x00\x06\x00" + bytes(200), "Word"),
        (b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n", "PDF"),
        (b"RIFF\x24\x08\x00\x00WAVEfmt ", "recording"),
        (b"\x00\x00\x00\x20ftypisom\x00\x00", "MP4"),
        (bytes(range(256)) * 20, "not text"),
    ],
)
def test_what_is_not_text_is_refused_by_its_kind(data: bytes, kind: str) -> None:
    with pytest.raises(BadTranscript, match=rf"{kind}.*Expected: a transcript"):
        read_transcript(data, where="call")
