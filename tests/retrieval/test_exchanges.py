"""Exchanges: what was asked and what came back, read off who speaks after whom."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alignment.people import Role
from alignment.record import PersonId
from alignment.transcript import Certainty, Speaker, Transcript
from retrieval.exchanges import Exchange, answering_labels, exchanges_of, is_interjection, substance_of
from tests.retrieval.conversation import PRIYA, TOMAS, UNKNOWN, record

INES = Speaker(label="Inés", person=PersonId("p-ines"), name="Inés Duarte", role=Role.INTERVIEWER, certainty=Certainty.NAMED)
A, B = Speaker(label="SPEAKER_00"), Speaker(label="SPEAKER_07")
TOLD = "I rolled the release back, and I wrote the report for the team that night."
QUESTION = "Can you tell me what you did, and who was with you?"


def test_a_question_and_what_came_back_are_one_exchange() -> None:
    call = record((PRIYA, "What happened?"), (TOMAS, TOLD), (PRIYA, "And then, what did you change?"), (TOMAS, "I moved the checks."))
    assert exchanges_of(call) == [Exchange((0,), (1,)), Exchange((2,), (3,))]


def test_an_interjection_does_not_end_a_reply() -> None:
    call = record((PRIYA, "What happened?"), (TOMAS, TOLD), (PRIYA, "Right, okay."), (TOMAS, "Then I called Priya."))
    (only,) = exchanges_of(call)
    assert only.reply == (1, 3)


def test_a_short_question_does_end_a_reply() -> None:
    call = record((PRIYA, "What happened?"), (TOMAS, TOLD), (PRIYA, "Why?"), (TOMAS, "It was the cache."))
    assert [e.reply for e in exchanges_of(call)] == [(1,), (3,)]
    assert exchanges_of(call)[1].asked == (2,)


def test_two_interviewers_in_a_row_ask_one_question() -> None:
    call = record((PRIYA, "We have an hour."), (INES, QUESTION), (TOMAS, TOLD))
    assert exchanges_of(call) == [Exchange((0, 1), (2,))]


def test_what_a_candidate_says_unasked_is_a_reply_to_nothing() -> None:
    assert exchanges_of(record((TOMAS, TOLD), (PRIYA, QUESTION)))[0] == Exchange((), (0,))


def test_a_question_that_nobody_answers_is_no_exchange() -> None:
    assert exchanges_of(record((PRIYA, QUESTION), (INES, "Shall we stop here?"))) == []


def test_the_mapped_candidate_answers_however_little_they_say() -> None:
    call = record((PRIYA, TOLD), (TOMAS, "Yes?"), (UNKNOWN, TOLD))
    assert answering_labels(call) == {TOMAS.label}


def test_among_unmapped_labels_the_one_who_tells_most_and_asks_least_is_taken_to_answer() -> None:
    call = record((A, QUESTION), (B, TOLD), (A, "Why did you do that? What would you do now?"), (B, "I asked around and I was told to."))
    assert answering_labels(call) == {B.label}


def test_who_is_guessed_to_answer_gets_neither_a_name_nor_a_role() -> None:
    call = record((A, QUESTION), (B, TOLD))
    (label,) = answering_labels(call)
    guessed = call.speaker(label)
    assert (guessed.name, guessed.role, guessed.person, guessed.certainty) == ("", None, None, Certainty.UNMAPPED)
    assert guessed.spoken == "“SPEAKER_07”"


def test_a_mapped_interviewer_is_never_taken_for_the_candidate() -> None:
    call = record((INES, f"{TOLD} {TOLD} {TOLD}"), (B, "What would you like me to say? You tell me, will you?"))
    assert answering_labels(call) == {B.label}


def test_where_everybody_is_known_and_nobody_is_the_candidate_nobody_answers() -> None:
    call = record((INES, QUESTION), (PRIYA, TOLD))
    assert answering_labels(call) == frozenset()
    assert exchanges_of(call) == []


@pytest.mark.parametrize("speaker", [TOMAS, B])
def test_one_speaker_alone_is_one_long_reply(speaker: Speaker) -> None:
    assert exchanges_of(record((speaker, TOLD), (speaker, QUESTION))) == [Exchange((), (0, 1))]


def test_an_empty_transcript_has_no_exchanges() -> None:
    empty = record()
    assert answering_labels(empty) == frozenset()
    assert exchanges_of(empty) == []


LINES = st.lists(
    st.tuples(st.sampled_from([A, B, TOMAS, INES]), st.sampled_from(["Right.", "", QUESTION, TOLD, "Why?", "mhm"])), max_size=12
)


@given(LINES)
def test_every_word_of_whoever_answers_is_in_one_exchange_and_order_is_kept(said: list[tuple[Speaker, str]]) -> None:
    call: Transcript = record(*said)
    answering = answering_labels(call)
    found = exchanges_of(call)
    replied = [i for e in found for i in e.reply]
    assert replied == [u.index for u in call.utterances if u.speaker in answering]
    asked = [i for e in found for i in e.asked]
    assert asked == sorted(set(asked))
    assert not set(asked) & set(replied)
    assert all(e.reply for e in found)


def test_an_interjection_is_a_few_words_that_ask_nothing() -> None:
    said = record((PRIYA, "Okay, yes."), (PRIYA, "Go on."), (PRIYA, "Why?"), (PRIYA, "That is a very good point."), (PRIYA, ""))
    assert [is_interjection(u) for u in said.utterances] == [True, False, False, False, True]


def test_a_told_episode_has_substance_and_generalities_and_passing_have_none() -> None:
    told = substance_of("In March I rolled the release back within four minutes, and then I wrote to all six teams.").score
    general = substance_of("I always try to keep good relations, it depends on the people, generally, and it's important to listen.").score
    passed = substance_of("I can't think of one. Good question, I'd have to think.").score
    assert told > 0 > max(general, passed)


def test_a_curly_apostrophe_passes_as_a_straight_one_does() -> None:
    assert substance_of("I can’t think of one.") == substance_of("I can't think of one.")


@given(st.text())
def test_substance_is_bounded_whatever_was_said(text: str) -> None:
    assert -3.0 <= substance_of(text).score <= 3.0
