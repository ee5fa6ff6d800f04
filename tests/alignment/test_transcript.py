"""Minute arithmetic: when words were said, and how a clock tells it."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from alignment.people import Role
from alignment.transcript import Certainty, Mark, Speaker, Transcript, Utterance, clock, minute_of
from tests.retrieval.conversation import PRIYA, TOMAS, UNKNOWN, record

SECONDS = st.floats(min_value=0, max_value=1e6, allow_nan=False)


@st.composite
def marked(draw: st.DrawFn) -> Utterance:
    """An utterance whose marks follow one another, as importers leave them."""
    text = draw(st.text(alphabet="ab c", min_size=1, max_size=60))
    offsets = sorted({0, *draw(st.lists(st.integers(0, len(text) - 1), max_size=5))})
    edges = sorted(draw(st.lists(SECONDS, min_size=2 * len(offsets), max_size=2 * len(offsets))))
    marks: tuple[Mark, ...] = tuple((o, edges[2 * i], edges[2 * i + 1]) for i, o in enumerate(offsets))
    kept = marks if draw(st.booleans()) else ()
    return Utterance(index=0, speaker="Tomás", text=text, start_s=edges[0], end_s=edges[-1], marks=kept)


@given(marked(), st.data())
def test_the_time_of_some_words_lies_within_the_time_of_the_utterance(said: Utterance, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(said.text) - 1))
    end = data.draw(st.integers(start + 1, len(said.text)))
    at = said.time_at(start, end)
    assert at is not None
    assert said.start_s is not None
    assert said.end_s is not None
    assert said.start_s - 0.001 <= at[0] <= at[1] <= said.end_s + 0.001


@given(marked())
def test_all_the_words_take_all_the_time(said: Utterance) -> None:
    at = said.time_at(0, len(said.text))
    assert at is not None
    assert (at[0], at[1]) == pytest.approx((said.start_s, said.end_s), abs=0.001)


@given(marked(), st.data())
def test_later_words_never_start_earlier(said: Utterance, data: st.DataObject) -> None:
    first, second = sorted(data.draw(st.tuples(*[st.integers(0, len(said.text) - 1)] * 2)))
    a, b = said.time_at(first, first + 1), said.time_at(second, second + 1)
    assert a is not None
    assert b is not None
    assert a[0] <= b[0]
    assert a[1] <= b[1]


def test_words_between_two_marks_share_the_time_out_by_their_letters() -> None:
    said = Utterance(index=0, speaker="Tomás", text="abcdefghij", start_s=100.0, end_s=130.0, marks=((0, 100.0, 110.0), (5, 120.0, 130.0)))
    assert said.time_at(0, 5) == (100.0, 110.0)
    assert said.time_at(5, 10) == (120.0, 130.0)
    assert said.time_at(2, 4) == (104.0, 108.0)
    assert said.time_at(4, 6) == (108.0, 122.0)


def test_without_times_there_is_no_minute() -> None:
    said = Utterance(index=0, speaker="Tomás", text="We never had one.")
    assert said.time_at(0, 5) is None
    assert minute_of(None) is None
    assert not record((TOMAS, "We never had one."), timed=False).timed
    assert record((TOMAS, "We never had one.")).timed


@given(SECONDS)
def test_a_minute_is_the_one_that_a_player_shows(second: float) -> None:
    hours, minutes, seconds = ([0] * 3 + [int(p) for p in clock(second).split(":")])[-3:]
    assert hours * 3600 + minutes * 60 + seconds == math.floor(second)
    assert minute_of(second) == hours * 60 + minutes
    assert 0 <= seconds < 60
    assert 0 <= minutes < 60


def test_clocks_read_as_people_write_them() -> None:
    assert [clock(s) for s in (0, 75.3, 3599.9, 3675, 36000)] == ["0:00", "1:15", "59:59", "1:01:15", "10:00:00"]
    assert minute_of(22 * 60 + 15) == 22
    assert minute_of(1319.999) == 21


def test_a_speaker_whom_nobody_mapped_has_neither_name_nor_role() -> None:
    with pytest.raises(ValidationError, match="unmapped"):
        Speaker(label="SPEAKER_01", name="Tomás Rivera")
    with pytest.raises(ValidationError, match="unmapped"):
        Speaker(label="SPEAKER_01", role=Role.CANDIDATE)
    assert UNKNOWN.spoken == "“SPEAKER_02”"
    assert TOMAS.spoken == "Tomás Rivera"
    assert Speaker(label="Bram", certainty=Certainty.GIVEN).spoken == "Bram"


def test_a_transcript_that_contradicts_itself_is_refused() -> None:
    good = record((PRIYA, "Why?"), (TOMAS, "Because."))
    with pytest.raises(ValidationError, match="carries index"):
        Transcript(**{**dict(good), "utterances": tuple(reversed(good.utterances))})
    with pytest.raises(ValidationError, match="not among the speakers"):
        Transcript(**{**dict(good), "speakers": (PRIYA,)})
    with pytest.raises(ValidationError, match="stands twice"):
        Transcript(**{**dict(good), "speakers": (PRIYA, TOMAS, TOMAS)})


def test_roles_and_speakers_are_found_by_label() -> None:
    call = record((PRIYA, "Why?"), (UNKNOWN, "Because."))
    assert call.role_of(call.utterances[0]) is Role.HIRING_MANAGER
    assert call.role_of(call.utterances[1]) is None
    with pytest.raises(KeyError):
        call.speaker("Dana")


def test_every_change_that_a_citation_could_notice_changes_the_digest() -> None:
    call = record((PRIYA, "Why?"), (TOMAS, "Because."))
    digests = {
        call.digest,
        record((PRIYA, "Why?"), (TOMAS, "Because!")).digest,
        record((TOMAS, "Why?"), (PRIYA, "Because.")).digest,
        record((PRIYA, "Why?"), (TOMAS, "Because."), timed=False).digest,
        record((PRIYA, "Why?"), (TOMAS, "Because."), version=2).digest,
        record((PRIYA, "Why?"), (TOMAS, "Because."), interview="i-2").digest,
    }
    assert len(digests) == 6
    assert record((PRIYA, "Why?"), (TOMAS, "Because.")).digest == call.digest
