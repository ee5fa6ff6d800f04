"""Passages: what is indexed beside the single utterances."""

import time
from itertools import pairwise

import pytest
import tiktoken
from hypothesis import given, settings
from hypothesis import strategies as st

from alignment.people import Role
from alignment.record import InterviewId, OrganisationId, PersonId, TranscriptId
from alignment.settings import PassageSettings
from alignment.transcript import Certainty, Speaker, Transcript, Utterance
from retrieval.passages import ENCODING, Passage, passages

MARCUS = Speaker(label="Marcus Oyelaran", person=PersonId("prsn-1"), name="Marcus", role=Role.INTERVIEWER, certainty=Certainty.GIVEN)
TOMAS = Speaker(label="Tomás", person=PersonId("prsn-2"), name="Tomás", role=Role.CANDIDATE, certainty=Certainty.NAMED)
NOBODY = Speaker(label="SPEAKER_02")
SMALL = PassageSettings(tokens=40, overlap=20)


def told(texts: list[str], *, timed: bool = True) -> Transcript:
    """A transcript in which Marcus, Tomás and an unmapped speaker take turns of ten seconds."""
    speakers = (MARCUS, TOMAS, NOBODY)
    utterances = [
        Utterance(
            index=i, speaker=speakers[i % 3].label, text=t, start_s=i * 10.0 if timed else None, end_s=i * 10.0 + 9.0 if timed else None
        )
        for i, t in enumerate(texts)
    ]
    return Transcript(
        id=TranscriptId("trsc-1"),
        organisation=OrganisationId("org"),
        interview=InterviewId("intv-1"),
        source_format="plain",
        source_digest="x",
        speakers=speakers,
        utterances=tuple(utterances),
    )


def tokens(passage: Passage) -> int:
    return len(tiktoken.get_encoding(ENCODING).encode_ordinary(passage.text))


def test_a_passage_is_whole_utterances_with_their_speakers_roles_and_times() -> None:
    transcript = told(["Tell me about a conflict.", "We argued about the roadmap.", "Right."])
    assert passages(transcript, SMALL) == [
        Passage(
            first=0,
            last=2,
            text="Marcus: Tell me about a conflict.\nTomás: We argued about the roadmap.\n“SPEAKER_02”: Right.",
            start_s=0.0,
            end_s=29.0,
            roles=("interviewer", "candidate"),
            people=("prsn-1", "prsn-2"),
        )
    ]


def test_a_passage_overlaps_the_one_before_so_that_no_answer_is_cut_from_its_question() -> None:
    made = passages(told([f"This is sentence number {i} of the talk." for i in range(30)]), SMALL)
    for before, after in pairwise(made):
        assert before.first < after.first <= before.last < after.last


def test_the_default_window_is_about_160_words_with_half_of_it_shared() -> None:
    made = passages(told(["and then we moved the old queue over to the new one in one go"] * 200), PassageSettings())
    words = [len(p.text.split()) for p in made]
    assert 130 <= sum(words) / len(words) <= 180
    shared = [before.last - after.first + 1 for before, after in pairwise(made)]
    length = [p.last - p.first + 1 for p in made]
    assert 0.35 <= (sum(shared) / len(shared)) / (sum(length) / len(length)) <= 0.55


def test_an_utterance_longer_than_the_budget_is_split_at_sentence_ends_and_keeps_its_index() -> None:
    text = " ".join(f"In year {i} we rebuilt the whole ledger again." for i in range(20))
    made = passages(told(["Why?", text, "I see."]), SMALL)
    pieces = [p for p in made if p.chars]
    assert {(p.first, p.last) for p in pieces} == {(1, 1)}
    assert len({p.piece for p in pieces}) == len(pieces) > 3
    for piece in pieces:
        assert piece.chars is not None
        begin, end = piece.chars
        assert piece.text == "Tomás: " + text[begin:end].strip()
        assert text[begin:end].strip().endswith(".")
        assert piece.start_s is not None
        assert piece.end_s is not None
        assert 10.0 <= piece.start_s < piece.end_s <= 19.0
    assert max(p.last for p in made) == 2


def test_a_sentence_without_an_end_is_cut_between_words() -> None:
    made = passages(told(["word " * 300]), SMALL)
    assert all(tokens(p) <= 41 for p in made)
    assert all(set(p.text.removeprefix("Marcus: ").split()) == {"word"} for p in made)


def test_an_untimed_transcript_has_passages_without_times() -> None:
    made = passages(told(["One thing.", "Another thing."], timed=False), SMALL)
    assert [(p.start_s, p.end_s) for p in made] == [(None, None)]


def test_empty_utterances_are_left_out_and_an_empty_transcript_has_no_passages() -> None:
    assert passages(told(["", "  "]), SMALL) == []
    assert passages(told([]), SMALL) == []
    assert [(p.first, p.last) for p in passages(told(["Hm.", " ", "Yes."]), SMALL)] == [(0, 2)]


def test_an_overlap_larger_than_the_passage_still_comes_to_an_end() -> None:
    made = passages(told(["This is what we did."] * 20), PassageSettings(tokens=40, overlap=400))
    assert made[-1].last == 19


@given(st.lists(st.text(st.sampled_from("ab .?!é\n"), max_size=400), max_size=25), st.integers(40, 80), st.integers(0, 90))
@settings(max_examples=60, deadline=None)
def test_every_word_of_every_utterance_is_in_a_passage_within_the_budget(texts: list[str], budget: int, overlap: int) -> None:
    transcript = told(texts)
    made = passages(transcript, PassageSettings(tokens=budget, overlap=overlap))
    covered = [i for p in made for i in range(p.first, p.last + 1)]
    assert {u.index for u in transcript.utterances if u.text.strip()} <= set(covered)
    # Joining lines may add a token a line where two merge otherwise than counted alone.
    assert all(tokens(p) <= budget + 2 * (p.last - p.first + 1) + 2 for p in made)
    assert len({(p.first, p.last, p.piece) for p in made}) == len(made)
    spans: dict[int, list[tuple[int, int]]] = {}
    for p in made:
        if p.chars:
            spans.setdefault(p.first, []).append(p.chars)
    for at, chars in spans.items():
        whole = [i for p in made if not p.chars and p.first <= at <= p.last for i in (p,)]
        if not whole:
            assert min(chars)[0] == 0
            assert max(end for _, end in chars) == len(texts[at])


@pytest.mark.parametrize("utterances", [12_000])
def test_ten_hours_of_talk_are_cut_in_seconds(utterances: int) -> None:
    transcript = told(["So we looked at what the numbers said and then we changed the plan again, which nobody liked."] * utterances)
    began = time.perf_counter()
    made = passages(transcript, PassageSettings())
    assert made[-1].last == utterances - 1
    assert time.perf_counter() - began < 30
