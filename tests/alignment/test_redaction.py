"""What is struck out of a transcript: words, utterances and times, and everything else as it was."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alignment.erasing import Struck
from alignment.errors import BadRequest, NotFound
from alignment.redaction import MARK, Parts, repeats, silences, strike, struck_words, without
from alignment.transcript import Utterance
from tests.transcripts import spoken as a_word_a_second
from tests.transcripts import transcript

A, B = "Inés Duarte", "Tomás Rivera"


def spoken(index: int, text: str, start_s: float, speaker: str = B) -> Utterance:
    return a_word_a_second(index, text, start_s, speaker)


HELD = transcript(
    spoken(0, "Where were you before that?", 0, A),
    spoken(1, "At Sunrise Clinic, for my treatment. Sunrise clinic let me go.", 10),
    spoken(2, "Thank you.", 30, A),
)


def test_words_go_wherever_they_are_said_in_whatever_case_and_the_rest_stays() -> None:
    left = without(HELD, strike(HELD, Parts(words=("sunrise  clinic",))))
    assert [u.text for u in left.utterances] == [
        "Where were you before that?",
        f"At {MARK}, for my treatment. {MARK} let me go.",
        "Thank you.",
    ]
    assert "sunrise" not in left.model_dump_json().casefold()


def test_a_time_takes_the_words_that_reach_into_it() -> None:
    struck = strike(HELD, Parts(times=((13.5, 15.2),)))
    assert without(HELD, struck).utterances[1].text == f"At Sunrise Clinic, {MARK} Sunrise clinic let me go."
    assert silences(HELD, struck, ((13.5, 15.2),)) == ((12.7, 16.2),)


def test_where_only_lines_are_timed_the_whole_line_goes() -> None:
    line = Utterance(index=0, speaker=A, text="It was hard. My divorce took a year.", start_s=5, end_s=9)
    assert without(transcript(line), strike(transcript(line), Parts(times=((8.5, 8.9),)))).utterances[0].text == MARK


def test_utterances_go_whole_and_keep_who_and_when() -> None:
    left = without(HELD, strike(HELD, Parts(utterances=((1, 2),))))
    assert [(u.text, u.speaker, u.start_s, u.end_s) for u in left.utterances[1:]] == [(MARK, B, 10, 21), (MARK, A, 30, 32)]
    assert left.utterances[1].marks == ((0, 10, 20.9),)


def test_a_word_that_stays_keeps_its_time_and_its_doubt() -> None:
    text = "One Redwood two three."
    held = spoken(0, text, 0).model_copy(update={"doubts": ((4, 11, 0.2), (12, 15, 0.3)), "confidence": 0.7})
    (left,) = without(transcript(held), strike(transcript(held), Parts(words=("redwood",)))).utterances
    assert left.text == f"One {MARK} two three."
    assert left.doubted(0, len(left.text)) == ("two",)
    at = left.text.index("three")
    assert left.time_at(at, at + 6) == (3, 3.9)


def test_struck_out_twice_is_struck_out_once() -> None:
    parts = Parts(times=((10, 12.5),), utterances=((0, 0),))
    once = without(HELD, strike(HELD, parts))
    assert without(once, strike(once, parts)) == once


@pytest.mark.parametrize(
    ("parts", "error", "told"),
    [
        (Parts(words=("moonlight",)), NotFound, "Nobody says"),
        (Parts(words=("…",)), BadRequest, "no word"),
        (Parts(utterances=((1, 3),)), BadRequest, "u0 to u2"),
        (Parts(utterances=((2, 1),)), BadRequest, "u0 to u2"),
    ],
)
def test_what_names_nothing_is_refused(parts: Parts, error: type[Exception], told: str) -> None:
    with pytest.raises(error) as raised:
        strike(HELD, parts)
    assert told in str(raised.value)


def test_a_time_in_a_transcript_without_times_is_refused() -> None:
    untimed = transcript(Utterance(index=0, speaker=A, text="Hello."))
    with pytest.raises(BadRequest, match="no times"):
        strike(untimed, Parts(times=((0, 1),)))


def test_words_that_are_said_across_two_utterances_go_from_both() -> None:
    cut = transcript(spoken(0, "We met at Sunrise", 0), spoken(1, "Clinic in May.", 5, A), spoken(2, "Sunrise was closed.", 10))
    left = without(cut, strike(cut, Parts(words=("Sunrise Clinic",))))
    assert [u.text for u in left.utterances] == [f"We met at {MARK}", f"{MARK} in May.", "Sunrise was closed."]


def test_words_without_a_time_of_their_own_last_until_the_next_that_has_one() -> None:
    text = "it was about four one two units now"
    at = {word: text.index(word) for word in ("it", "was", "about", "units", "now")}
    marks = tuple((offset, s, e) for offset, s, e in zip(at.values(), (0, 0.2, 0.4, 3.0, 3.5), (0.2, 0.4, 0.8, 3.4, 3.9), strict=True))
    held = transcript(Utterance(index=0, speaker=B, text=text, start_s=0, end_s=4, marks=marks))
    assert without(held, strike(held, Parts(times=((1.0, 2.5),)))).utterances[0].text == f"it was {MARK} units now"
    ((begin, end),) = silences(held, strike(held, Parts(words=("four one two",))))
    assert (round(begin, 3), end) == (0.1, 3.3)


def test_what_repeats_it_is_known_by_all_of_a_short_part_or_six_words_of_a_long_one() -> None:
    short = struck_words(HELD, strike(HELD, Parts(words=("for my treatment",))))
    assert repeats("He was away, “for my treatment”, he said.", short)
    assert not repeats("For her treatment", short)
    long = struck_words(HELD, strike(HELD, Parts(utterances=((1, 1),))))
    assert repeats("he said: at sunrise clinic for my treatment", long)
    assert not repeats("At Sunrise Clinic", long)
    assert not repeats("anything at all", struck_words(HELD, ()))


@given(st.lists(st.tuples(st.integers(0, 60), st.integers(0, 60)), max_size=6))
def test_no_character_that_is_struck_out_stays_and_every_other_does(pairs: list[tuple[int, int]]) -> None:
    # Every character of the utterance is another one.
    text = "".join(chr(0x4E00 + n) for n in range(60))
    held = transcript(Utterance(index=0, speaker=A, text=text, start_s=0, end_s=60, marks=tuple((n, float(n), n + 1.0) for n in range(60))))
    named = [Struck(utterance=0, start=min(p), end=max(p)) for p in pairs if p[0] != p[1]]
    gone = {n for s in named for n in range(s.start, s.end)}
    joined: list[Struck] = []
    for s in sorted(named, key=lambda s: (s.start, s.end)):
        if joined and s.start <= joined[-1].end:
            joined[-1] = joined[-1].model_copy(update={"end": max(s.end, joined[-1].end)})
        else:
            joined.append(s)
    (left,) = without(held, joined).utterances
    assert left.text.replace(MARK, "") == "".join(c for n, c in enumerate(text) if n not in gone)
    assert left.text.count(MARK) == len(joined)
    for n in set(range(60)) - gone:
        at = left.text.index(text[n])
        assert left.time_at(at, at + 1) == (n, n + 1)
