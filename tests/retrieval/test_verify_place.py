"""A claimed place or time must agree with the record, in each version of it, and a stored citation is checked to the letter."""

import gc
from typing import Any

import pytest

from alignment.citation import Citation
from alignment.errors import Elsewhere, Fabricated, Misattributed, Unverified
from alignment.transcript import Certainty, Speaker
from retrieval import runs
from retrieval.verify import check_citation, reverify, verify
from tests.retrieval.conversation import PRIYA, TOMAS, UNKNOWN, quote, record


def test_of_several_places_the_claimed_one_is_taken_and_else_the_first() -> None:
    transcript = record((TOMAS, "Yes."), (PRIYA, "So?"), (TOMAS, "Yes."))
    assert verify(quote("yes"), transcript).first == 0
    assert verify(quote("yes", utterances=(2,)), transcript).first == 2
    assert verify(quote("yes", start_s=21.0, end_s=29.0), transcript).first == 2


@pytest.mark.parametrize(
    "claim",
    [
        {"utterances": (1,)},
        {"utterances": (7,)},
        {"start_s": 17.9},
        {"start_s": 32.1},
        {"end_s": 17.0},
        {"start_s": 29.0, "end_s": 21.0},
        {"start_s": float("nan")},
        {"start_s": 21.0, "end_s": float("inf")},
        {"start_s": -1.0, "end_s": 60.0},
    ],
)
def test_a_claimed_place_or_time_that_the_record_does_not_bear_out_is_elsewhere(claim: dict[str, Any]) -> None:
    transcript = record((TOMAS, "Hello."), (PRIYA, "So?"), (TOMAS, "Yes, I led it."))
    with pytest.raises(Elsewhere, match=r"u2 \(0:20\)"):
        verify(quote("I led it", **claim), transcript)


@pytest.mark.parametrize("claim", [{"start_s": 18.1}, {"start_s": 20.0, "end_s": 30.0}, {"end_s": 31.9}, {"utterances": (2, 1)}])
def test_a_claimed_time_may_be_two_seconds_off(claim: dict[str, Any]) -> None:
    transcript = record((TOMAS, "Hello."), (PRIYA, "So?"), (TOMAS, "Yes, I led it."))
    assert verify(quote("I led it", **claim), transcript).first == 2


def test_marks_inside_a_long_utterance_narrow_the_time() -> None:
    marks = ((0, 0.0, 2.0), (4, 2.0, 4.0), (16, 8.0, 10.0))
    transcript = record((TOMAS, "Yes. It broke. And I led it."), marks=marks)
    assert verify(quote("I led it"), transcript).start_s == pytest.approx(8.5, abs=0.3)
    assert verify(quote("I led it", start_s=0.0, end_s=10.0), transcript)
    with pytest.raises(Elsewhere):
        verify(quote("I led it", start_s=0.0, end_s=5.0), transcript)


def test_a_record_without_times_has_citations_without_times_and_bears_out_no_claimed_time() -> None:
    transcript = record((TOMAS, "I led it."), timed=False)
    assert verify(quote("I led it"), transcript).start_s is None
    with pytest.raises(Elsewhere, match="has no times"):
        verify(quote("I led it", start_s=3.0), transcript)


def test_the_laid_out_words_leave_with_their_transcript() -> None:
    transcript = record((TOMAS, "I led it."))
    verify(quote("I led it"), transcript)
    key = id(transcript)
    assert key in runs._cache
    del transcript
    gc.collect()
    assert key not in runs._cache


def test_a_corrected_transcript_bears_out_what_it_still_holds() -> None:
    before = record((UNKNOWN, "Hello."), (TOMAS, "I led it."))
    after = record((PRIYA, "Hello there."), (TOMAS, "I led it."), version=2)
    renewed = reverify(verify(quote("I led it"), before), after)
    assert (renewed.transcript_version, renewed.first, renewed.transcript_digest) == (2, 1, after.digest)
    check_citation(renewed, after)


@pytest.mark.parametrize(
    ("after", "error"),
    [
        ((PRIYA, "I led it."), Misattributed),
        ((TOMAS, "I let it."), Fabricated),
    ],
)
def test_a_corrected_speaker_or_word_unmakes_the_citation(after: tuple[Speaker, str], error: type[Unverified]) -> None:
    citation = verify(quote("I led it"), record((TOMAS, "I led it."), (PRIYA, "So?")))
    with pytest.raises(error):
        reverify(citation, record(after, (PRIYA, "So?"), (TOMAS, "Hm."), version=2))


@pytest.mark.parametrize("timed", [True, False])
def test_a_citation_does_not_wander_to_the_same_words_at_another_moment(timed: bool) -> None:
    filler = [(PRIYA, "So?")] * 5
    citation = verify(quote("I led it"), record((TOMAS, "I led it."), *filler, (TOMAS, "I led it."), timed=timed))
    with pytest.raises(Elsewhere):
        reverify(citation, record((TOMAS, "I let it."), *filler, (TOMAS, "I led it."), timed=timed, version=2))


def test_without_times_a_citation_follows_its_words_over_a_split_utterance() -> None:
    citation = verify(quote("I led it"), record((PRIYA, "So? Go on."), (TOMAS, "I led it."), timed=False))
    after = record((PRIYA, "So?"), (PRIYA, "Go on."), (TOMAS, "I led it."), timed=False, version=2)
    assert reverify(citation, after).first == 2


def test_a_label_that_got_its_person_gives_the_citation_a_name() -> None:
    known = UNKNOWN.model_copy(update={"name": "Dana", "certainty": Certainty.GIVEN})
    citation = verify(quote("I led it", "SPEAKER_02"), record((UNKNOWN, "I led it.")))
    assert reverify(citation, record((known, "I led it."), version=2)).name == "Dana"


@pytest.mark.parametrize(
    ("change", "error"),
    [
        ({"text": "I led them."}, Fabricated),
        ({"end_char": 5}, Fabricated),
        ({"start_char": 1, "text": "led it."}, Fabricated),
        ({"start_char": 3, "text": "ed it."}, Elsewhere),
        ({"end_char": 8, "text": "I led it"}, Elsewhere),
        ({"name": "Priya Nair"}, Misattributed),
        ({"role": "recruiter"}, Misattributed),
        ({"speaker": "Priya N."}, Misattributed),
        ({"start_s": 3.0}, Elsewhere),
        ({"transcript_digest": "0"}, Elsewhere),
        ({"transcript_version": 2}, Elsewhere),
        ({"first": 4, "last": 4}, Elsewhere),
        ({"first": 1}, Elsewhere),
        ({"interview": "i-2"}, Elsewhere),
    ],
)
def test_a_stored_citation_that_was_tampered_with_is_refused(change: dict[str, Any], error: type[Unverified]) -> None:
    transcript = record((TOMAS, "I led it."), (PRIYA, "So?"))
    sound = verify(quote("I led it"), transcript)
    check_citation(sound, transcript)
    with pytest.raises(error):
        check_citation(_forged(sound, change), transcript)


def _forged(citation: Citation, change: dict[str, Any]) -> Citation:
    forged = object.__new__(Citation)
    object.__setattr__(forged, "__dict__", {**citation.__dict__, **change})
    object.__setattr__(forged, "__pydantic_fields_set__", set(citation.__dict__))
    object.__setattr__(forged, "__pydantic_extra__", None)
    object.__setattr__(forged, "__pydantic_private__", None)
    return forged
