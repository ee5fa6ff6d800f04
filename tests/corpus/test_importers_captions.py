import pytest

from alignment.errors import BadTranscript
from corpus.importers import UNKNOWN_SPEAKER, Parsed, read_transcript
from corpus.importers.cues import parse_webvtt_cues


def read(text: str) -> Parsed:
    return read_transcript(text.encode(), where="call")


def said(parsed: Parsed) -> list[tuple[str, str]]:
    return [(u.speaker, u.text) for u in parsed.utterances]


def vtt(*cues: tuple[str, str]) -> str:
    return "WEBVTT\n\n" + "\n\n".join(f"{times}\n{text}" for times, text in cues) + "\n"


TEAMS = """WEBVTT

0f2c5e6a-6d3b-4a35-9d57-2a1f6d9d7a11/12-0
00:00:02.387 --> 00:00:05.000
<v Priya Rao>Tell me about a conflict
with another team.</v>

0f2c5e6a-6d3b-4a35-9d57-2a1f6d9d7a11/13-0
00:00:06.000 --> 00:00:09.500
<v Tomás Vidal>We disagreed &amp; argued,</v>

0f2c5e6a-6d3b-4a35-9d57-2a1f6d9d7a11/13-1
00:00:10.000 --> 00:00:12.000
<v Tomás Vidal>and then <i>we</i> settled.</v>
"""


def test_teams_voices_over_several_lines_become_utterances_with_a_mark_for_each_cue() -> None:
    parsed = read(TEAMS)
    assert parsed.format == "webvtt"
    assert parsed.labels == ("Priya Rao", "Tomás Vidal")
    first, second = parsed.utterances
    assert (first.text, first.start_s, first.end_s) == ("Tell me about a conflict with another team.", 2.387, 5.0)
    assert second.text == "We disagreed & argued, and then we settled."
    assert second.marks == ((0, 6.0, 9.5), (second.text.index("and then"), 10.0, 12.0))
    assert second.time_at(second.text.index("and then"), len(second.text)) == (10.0, 12.0)


def test_zoom_names_in_front_of_the_words_become_labels() -> None:
    parsed = read(
        vtt(
            ("00:00:01.000 --> 00:00:03.000", "Priya Rao: Ready?"),
            ("00:00:03.500 --> 00:00:05.000", "Tomás Vidal: I have one rule: never guess."),
            ("00:00:05.500 --> 00:00:07.000", "Tomás Vidal: It helps."),
        )
    )
    assert said(parsed) == [("Priya Rao", "Ready?"), ("Tomás Vidal", "I have one rule: never guess. It helps.")]


def test_several_voices_in_one_cue_are_several_utterances() -> None:
    parsed = read(vtt(("00:01.000 --> 00:04.000", "<v.loud Priya Rao>Ready?</v>\n<v Tomás Vidal>Yes.")))
    assert said(parsed) == [("Priya Rao", "Ready?"), ("Tomás Vidal", "Yes.")]
    assert all((u.start_s, u.end_s) == (1.0, 4.0) for u in parsed.utterances)


def test_words_outside_every_voice_are_nobodys() -> None:
    parsed = read(vtt(("00:01.000 --> 00:02.000", "<v Priya Rao>Ready?"), ("00:03.000 --> 00:04.000", "Somebody coughs.")))
    assert said(parsed) == [("Priya Rao", "Ready?"), (UNKNOWN_SPEAKER, "Somebody coughs.")]


def test_styling_timestamps_and_entities_are_resolved() -> None:
    text = "{\\an8}<c.yellow>R&amp;D</c> <00:00:01.500><b>is</b>&nbsp;fun &lt;b&gt; a < b"
    assert said(read(vtt(("00:01.000 --> 00:02.000", text)))) == [(UNKNOWN_SPEAKER, "R&D is fun <b> a < b")]


def test_cues_out_of_order_are_sorted_and_ties_keep_the_order_of_the_file() -> None:
    cues = [("00:05.000 --> 00:06.000", "<v A>five"), ("00:01.000 --> 00:02.000", "<v B>one"), ("00:01.000 --> 00:03.000", "<v C>one too")]
    assert [u.speaker for u in read(vtt(*cues)).utterances] == ["B", "C", "A"]


def test_overlapping_speech_keeps_its_own_times() -> None:
    parsed = read(
        vtt(("00:01.000 --> 00:09.000", "<v A>long"), ("00:02.000 --> 00:03.000", "<v B>hm"), ("00:04.000 --> 00:05.000", "<v B>yes"))
    )
    assert [(u.start_s, u.end_s) for u in parsed.utterances] == [(1.0, 9.0), (2.0, 5.0)]


def test_an_empty_cue_leaves_no_utterance() -> None:
    assert said(read(vtt(("00:01.000 --> 00:02.000", "<v A></v>"), ("00:03.000 --> 00:04.000", "<v B>hm")))) == [("B", "hm")]


def test_a_missing_end_is_the_next_start() -> None:
    parsed = read(vtt(("00:01.000 -->", "<v A>so"), ("00:02.500 --> 00:04.000", "<v B>hm")))
    assert parsed.utterances[0].end_s == 2.5


def test_a_missing_end_before_a_long_silence_is_estimated() -> None:
    parsed = read(vtt(("00:01.000 -->", "<v A>so there"), ("10:00.000 --> 10:01.000", "<v B>hm")))
    assert parsed.utterances[0].end_s == 5.0


def test_comments_styles_and_regions_are_not_speech() -> None:
    text = "WEBVTT - call\nKind: captions\n\nSTYLE\n::cue { color: red }\n\nNOTE\nA: nothing\n\n00:01.000 --> 00:02.000\nhello\n"
    assert said(read(text)) == [(UNKNOWN_SPEAKER, "hello")]


def test_an_arrow_in_speech_does_not_end_the_cue() -> None:
    text = vtt(("00:01.000 --> 00:02.000", "<v A>state\ngoes a --> b\nand back"))
    assert said(read(text)) == [("A", "state goes a --> b and back")]
    assert parse_webvtt_cues(text)[0].text == "<v A>state"  # what the format itself demands


@pytest.mark.parametrize("times", ["00:00:0x.000 --> 00:02.000", "00:000.000 --> 00:02.000", "00:01.00 --> 00:02.000"])
def test_unreadable_times_are_refused_with_their_line_and_not_dropped(times: str) -> None:
    with pytest.raises(BadTranscript, match=r"call, line 6.*00:00:01\.000 --> 00:00:04\.000"):
        read(vtt(("00:01.000 --> 00:02.000", "fine"), (times, "lost?")))


def test_a_cue_inside_another_block_is_refused_and_not_dropped() -> None:
    with pytest.raises(BadTranscript, match="line 5"):
        read("WEBVTT\n\nchapter\ntwo lines of id\n00:01.000 --> 00:02.000\nlost?\n")


def test_a_cue_that_ends_before_it_starts_is_refused_with_its_line() -> None:
    with pytest.raises(BadTranscript, match=r"call, line 3.*end time"):
        read(vtt(("00:05.000 --> 00:02.000", "hm")))


def test_srt_is_known_by_its_content_and_read_with_names() -> None:
    text = "1\n00:00:01,000 --> 00:00:02,000\nPriya Rao: <i>Ready?</i>\n\n2\n00:00:02,500 --> 00:00:04,000\nTomás Vidal: Yes.\n"
    parsed = read(text)
    assert parsed.format == "srt"
    assert said(parsed) == [("Priya Rao", "Ready?"), ("Tomás Vidal", "Yes.")]
    assert parsed.utterances[1].start_s == 2.5


def test_an_empty_line_inside_an_srt_cue_does_not_lose_the_rest() -> None:
    text = "1\n00:00:01,000 --> 00:00:02,000\nfirst\n\n42\nsecond\n\n2\n00:00:30,000 --> 00:00:31,000\nthird\n"
    assert [u.text for u in read(text).utterances] == ["first 42 second", "third"]


YOUTUBE = """WEBVTT
Kind: captions
Language: en

00:00:00.000 --> 00:00:02.000 align:start position:0%
{blank}
we<00:00:00.500><c> had</c><00:00:01.000><c> a</c><00:00:01.500><c> queue</c>

00:00:02.000 --> 00:00:02.010 align:start position:0%
we had a queue
{blank}

00:00:02.010 --> 00:00:04.000 align:start position:0%
we had a queue
that<00:00:02.500><c> was</c><00:00:03.000><c> stuck</c>

00:00:04.000 --> 00:00:04.010 align:start position:0%
that was stuck
{blank}

00:00:04.010 --> 00:00:06.000 align:start position:0%
that was stuck
for<00:00:05.000><c> days</c>
""".replace("{blank}", " ")


def test_rolling_captions_are_said_once() -> None:
    assert said(read(YOUTUBE)) == [(UNKNOWN_SPEAKER, "we had a queue that was stuck for days")]


def test_captions_that_grow_word_by_word_are_said_once() -> None:
    lines = ["we", "we had", "we had a queue", "we had a queue of orders"]
    cues = [(f"00:0{i}.000 --> 00:0{i + 1}.000", line) for i, line in enumerate(lines)]
    assert said(read(vtt(*cues))) == [(UNKNOWN_SPEAKER, "we had a queue of orders")]


def test_people_who_repeat_themselves_are_not_rolled_up() -> None:
    cues = [(f"00:0{i}.000 --> 00:0{i + 1}.000", "<v A>Yes." if i % 2 else "<v B>Yes.") for i in range(6)]
    assert len(read(vtt(*cues)).utterances) == 6
    same = [(f"00:0{i}.000 --> 00:0{i + 1}.000", "<v A>Yes.") for i in range(4)]
    assert said(read(vtt(*same))) == [("A", "Yes. Yes. Yes. Yes.")]


def test_a_change_of_unnamed_speakers_parts_their_words() -> None:
    parsed = read(vtt(("00:01.000 --> 00:02.000", "&gt;&gt; so you left"), ("00:02.000 --> 00:03.000", ">> I did")))
    assert said(parsed) == [(UNKNOWN_SPEAKER, "so you left"), (UNKNOWN_SPEAKER, "I did")]


def test_unnamed_speech_is_not_gathered_into_one_endless_utterance() -> None:
    cues = [(f"00:{i:02d}.000 --> 00:{i + 1:02d}.000", "and then we went on") for i in range(58)]
    parsed = read(vtt(*cues))
    assert all(u.end_s is not None and u.start_s is not None and u.end_s - u.start_s <= 30 for u in parsed.utterances)
    assert len(parsed.utterances) == 2


def test_a_cue_whose_end_is_no_time_is_refused_with_its_line() -> None:
    with pytest.raises(BadTranscript, match="line 3"):
        read_transcript(b"WEBVTT\n\n00:00:01.000 --> nonsense\nAna: hello there\n", where="bad.vtt")


def test_a_cue_without_an_end_may_still_have_settings() -> None:
    read_it = read_transcript(b"WEBVTT\n\n00:00:01.000 --> align:start line:0\nAna: hello there\n", where="call.vtt")
    (only,) = read_it.utterances
    assert (only.start_s, only.text.endswith("hello there")) == (1.0, True)
