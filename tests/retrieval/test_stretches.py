"""Stretches: pieces of an utterance short enough that a citation points at something."""

import re
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from alignment.transcript import Utterance
from retrieval.stretches import LONGEST_S, LONGEST_WORDS, stretches_of

SENTENCE = "I rolled the release back within four minutes and wrote it down. "


def said(text: str, start_s: float | None = None, end_s: float | None = None) -> Utterance:
    return Utterance(index=14, speaker="Tomás", text=text, start_s=start_s, end_s=end_s)


def test_a_short_utterance_is_one_stretch_under_its_own_label() -> None:
    (only,) = stretches_of(said(SENTENCE.strip(), 10, 20))
    assert (only.label, only.start, only.end, only.text) == ("u14", 0, len(SENTENCE) - 1, SENTENCE.strip())


def test_a_long_one_is_cut_between_sentences_into_numbered_pieces() -> None:
    found = stretches_of(said(SENTENCE * 20))
    assert [s.label for s in found] == [f"u14.{n}" for n in range(1, len(found) + 1)]
    assert len(found) > 1
    assert all(s.text.endswith("down.") and s.text.startswith("I rolled") for s in found)


def test_few_words_said_over_a_long_time_are_cut_too() -> None:
    slow = stretches_of(said(SENTENCE * 4, 0, 120))
    assert len(slow) > 1
    assert len(stretches_of(said(SENTENCE * 4, 0, 40))) == 1


def test_speech_without_full_stops_is_cut_all_the_same() -> None:
    found = stretches_of(said("and then we went on " * 80))
    assert len(found) > 1
    assert all(len(s.text.split()) <= LONGEST_WORDS for s in found)


def test_an_utterance_without_words_has_no_stretch() -> None:
    assert stretches_of(said("")) == []
    assert stretches_of(said(" \n ")) == []


WORDS = st.lists(st.sampled_from(["well", "I", "left.", "Why?", "\n", "…", "“no”", "3.5", "é", "x" * 30]), max_size=400).map(" ".join)


@given(st.one_of(WORDS, st.text()), st.one_of(st.none(), st.floats(0, 900)))
def test_stretches_slice_the_text_in_order_and_leave_no_word_out(text: str, lasting_s: float | None) -> None:
    utterance = said(text, None if lasting_s is None else 5.0, None if lasting_s is None else 5.0 + lasting_s)
    found = stretches_of(utterance)
    assert all(text[s.start : s.end] == s.text and s.utterance == 14 for s in found)
    assert all(a.end <= b.start for a, b in pairwise(found))
    assert len({s.label for s in found}) == len(found)
    left = re.sub(r"\s+", "", "".join(s.text for s in found))
    assert left == re.sub(r"\s+", "", text)


@given(WORDS, st.floats(1, 900))
def test_a_stretch_is_short_unless_one_sentence_is_long_in_time(text: str, lasting_s: float) -> None:
    utterance = said(text, 5.0, 5.0 + lasting_s)
    for s in stretches_of(utterance):
        at = utterance.time_at(s.start, s.end)
        assert at is not None
        assert len(s.text.split()) <= LONGEST_WORDS
        assert at[1] - at[0] <= LONGEST_S or len(s.text.split()) <= 40
