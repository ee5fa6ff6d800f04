"""Finding the moment: what is indexed, what is asked, what comes back, and from whose record."""

from collections.abc import AsyncIterator, Sequence
from hashlib import sha256
from pathlib import Path

import numpy as np
import pytest

from alignment.record import InterviewId
from alignment.settings import PassageSettings
from alignment.transcript import Transcript
from retrieval.embedding import Vectors
from retrieval.index import Entry, Index, Level, Scope, open_index
from retrieval.moments import Moment, entries_for, find_moments, rank_utterances
from retrieval.question import Form, labels_named, read_question
from retrieval.ranking import FEATURES, weights
from tests.retrieval.conversation import PRIYA, TOMAS, UNKNOWN, record

DANA_ORG, OTHER_ORG = "o-1", "o-2"
LONG = "We looked at many small things that week and none of them mattered much. " * 12
KIPPERS = "Then the migration of the ledger failed at two in the morning and I rolled it back myself."

CALL = record(
    (PRIYA, "Thanks for coming, did you find the office?"),
    (TOMAS, "Yes, thank you."),
    (PRIYA, "Tell me about a time a database migration went wrong."),
    (TOMAS, "We moved the billing ledger to a new database and the migration failed, so I rolled it back within the hour."),
    (PRIYA, "And how did you work with the finance team?"),
    (TOMAS, "I sat with the finance people every Thursday and wrote the reconciliation report with them."),
    (UNKNOWN, "Sorry, the line dropped for a moment."),
    (TOMAS, LONG + KIPPERS),
)
OTHER = record((PRIYA, "What about hobbies?"), (TOMAS, "I keep bees and I bake rye bread on Sundays."), interview="i-2")


RECORD = {t.interview: t for t in (CALL, OTHER)}


class WordBag:
    """Vectors from words alone: two texts are near when they share words, and nothing is downloaded."""

    name, dimensions = "word-bag/64", 64

    async def embed(self, texts: Sequence[str]) -> Vectors:
        rows = np.full((len(texts), self.dimensions), 1e-3, np.float32)
        for row, text in zip(rows, texts, strict=True):
            for word in text.casefold().split():
                row[int(sha256(word.strip(".,?").encode()).hexdigest(), 16) % self.dimensions] += 1
        return np.asarray(rows / np.linalg.norm(rows, axis=1, keepdims=True), dtype=np.float32)


EMBEDDER = WordBag()


@pytest.fixture
async def index(tmp_path: Path) -> AsyncIterator[Index]:
    opened = await open_index(str(tmp_path / "index"), embedder=EMBEDDER.name, dimensions=EMBEDDER.dimensions)
    for transcript in (CALL, OTHER):
        await opened.put(DANA_ORG, transcript.id, await _entries(transcript))
    yield opened
    await opened.close()


async def _entries(transcript: Transcript) -> list[Entry]:
    return await entries_for(transcript, search="s-1", candidate="p-tomas", embedder=EMBEDDER, settings=PassageSettings())


async def stored(interview: InterviewId) -> Transcript:
    return RECORD[interview]


async def found(index: Index, text: str, scope: Scope | None = None, limit: int = 3, form: Form | None = None) -> list[Moment]:
    return await find_moments(text, scope or Scope(DANA_ORG), index=index, embedder=EMBEDDER, transcripts=stored, limit=limit, form=form)


async def test_a_claim_finds_the_utterance_it_rests_on(index: Index) -> None:
    best, *_ = await found(index, "He rolled the billing ledger migration back within the hour.")
    assert (best.interview, best.best, best.utterances) == ("i-1", 3, (3,))
    assert (best.start_s, best.end_s) == (30.0, 40.0)


async def test_a_moment_is_shown_with_its_neighbours_and_never_beyond_the_record(index: Index) -> None:
    best, *_ = await found(index, "He rolled the billing ledger migration back within the hour.")
    assert (best.first, best.last) == (2, 4)
    edge, *_ = await found(index, "I keep bees and bake rye bread")
    assert (edge.first, edge.last) == (0, 1)


async def test_a_long_answer_is_cited_by_the_stretch_that_answers(index: Index) -> None:
    moments = await found(index, "The ledger migration failed at two in the morning.", limit=2)
    long = next(m for m in moments if m.best == 7)
    cited = CALL.utterances[7].text[long.start_char : long.end_char]
    assert "two in the morning" in cited
    assert len(cited.split()) <= 110 < len(CALL.utterances[7].text.split())


async def test_a_question_gets_utterances_that_follow_on_one_another_as_one_moment(index: Index) -> None:
    best, *_ = await found(index, "What went wrong with the database migration?")
    assert best.best in (2, 3)
    assert {2, 3} <= set(best.utterances)


async def test_what_is_far_apart_is_two_moments(index: Index) -> None:
    moments = await found(index, "What went wrong with the ledger migration?", limit=10)
    assert {m.interview for m in moments} == {"i-1", "i-2"}
    places = [(m.interview, u) for m in moments for u in m.utterances]
    assert len(places) == len(set(places))


async def test_another_organisation_finds_nothing(index: Index) -> None:
    assert await found(index, "ledger migration", Scope(OTHER_ORG)) == []
    assert await found(index, "ledger migration", Scope(OTHER_ORG, interviews=("i-1",))) == []


async def test_only_the_interviews_of_the_scope_are_searched(index: Index) -> None:
    moments = await found(index, "He rolled the ledger migration back.", Scope(DANA_ORG, interviews=("i-2",)))
    assert {m.interview for m in moments} == {"i-2"}


@pytest.mark.parametrize("interviews", [("i-1",), ("i-1", "i-2")])
async def test_a_role_narrows_to_what_its_people_say(index: Index, interviews: tuple[str, ...]) -> None:
    scope = Scope(DANA_ORG, interviews=interviews, roles=("candidate",))
    moments = await found(index, "Tell me about a time a database migration went wrong.", scope, limit=20, form=Form.CLAIM)
    assert moments
    assert {RECORD[m.interview].utterances[m.best].speaker for m in moments} == {TOMAS.label}


async def test_a_stretch_of_time_narrows_to_what_is_said_in_it(index: Index) -> None:
    moments = await found(index, "finance report", Scope(DANA_ORG, interviews=("i-1",), from_s=40.0, until_s=60.0), limit=20)
    assert {u for m in moments for u in m.utterances} == {4, 5}


async def test_an_older_version_in_the_index_answers_nothing(index: Index) -> None:
    corrected = CALL.model_copy(update={"id": "t-i-1-2", "version": 2})

    async def newest(interview: InterviewId) -> Transcript:
        return corrected

    scope = Scope(DANA_ORG, interviews=("i-1",))
    assert await find_moments("ledger migration", scope, index=index, embedder=EMBEDDER, transcripts=newest) == []


async def test_every_utterance_of_one_interview_is_ranked_with_what_speaks_for_it(index: Index) -> None:
    ranked = await rank_utterances(
        "The migration was rolled back", Scope(DANA_ORG, interviews=("i-1",)), index=index, embedder=EMBEDDER, transcripts=stored
    )
    assert sorted(r.utterance for r in ranked) == list(range(len(CALL.utterances)))
    assert [r.score for r in ranked] == sorted((r.score for r in ranked), reverse=True)
    assert all(tuple(r.signals) == FEATURES for r in ranked)
    for r in ranked:
        assert r.score == pytest.approx(float(np.array(list(r.signals.values())) @ weights(Form.CLAIM)))


async def test_a_question_without_words_to_match_is_still_answered_by_meaning(index: Index) -> None:
    assert await found(index, "???", limit=1)


async def test_what_is_indexed_is_every_utterance_with_words_and_the_passages_over_them() -> None:
    silent = record((PRIYA, "Shall we start?"), (TOMAS, "   "), (TOMAS, "Yes."))
    entries = await _entries(silent)
    utterances = [e for e in entries if e.level is Level.UTTERANCE]
    assert [(e.first, e.roles, e.words) for e in utterances] == [(0, ("hiring_manager",), 3), (2, ("candidate",), 1)]
    assert [(e.first, e.last) for e in entries if e.level is Level.PASSAGE] == [(0, 2)]


async def test_an_utterance_is_indexed_with_its_speaker_and_an_unknown_one_by_the_label_alone() -> None:
    texts = {e.first: e.text for e in await _entries(CALL) if e.level is Level.UTTERANCE}
    assert texts[1] == "Tomás Rivera: Yes, thank you."
    assert texts[6].startswith("“SPEAKER_02”: ")


@pytest.mark.parametrize(
    "text",
    [
        "What did the candidate say about the migration?",
        "summarize the discussion about budgets",
        "Which options were considered",
        "Did she mention a conflict",
        "Did Tomás mention a conflict",
        "Tell me about the outage",
    ],
)
def test_a_sentence_that_asks_or_orders_is_a_question(text: str) -> None:
    assert read_question(text).form is Form.QUESTION


@pytest.mark.parametrize(
    "text",
    [
        "When I pushed him about fighting for a spare pair of hands he sold me some software",
        "Did well on the numbers",
        "Could not name a recent conflict",
        "What she did in the outage impressed me",
        "What's more, he blamed the vendor.",
        "How he got there I never learned",
        "Has strong opinions on testing",
    ],
)
def test_feedback_that_only_looks_like_asking_is_a_claim(text: str) -> None:
    assert read_question(text).form is Form.CLAIM


def test_of_a_question_only_what_it_is_about_is_sought() -> None:
    assert read_question("What did the team discuss about the ledger migration?").sought == "ledger migration"
    assert read_question("What did they think about it?").sought == "What did they think about it?"
    claim = "They discussed the ledger migration."
    assert read_question(claim).sought == claim


def test_a_speaker_is_named_by_any_word_of_the_name_by_the_label_or_as_the_candidate() -> None:
    assert labels_named(read_question("Tomás blamed the vendor"), CALL) == {TOMAS.label}
    assert labels_named(read_question("The candidate blamed the vendor"), CALL) == {TOMAS.label}
    assert labels_named(read_question("SPEAKER_02 said the line dropped"), CALL) == {UNKNOWN.label}
    assert labels_named(read_question("Priya's question on Nairobi"), CALL) == {PRIYA.label}
    assert labels_named(read_question("The vendor was to blame"), CALL) == frozenset()


def test_every_feature_has_a_weight_for_either_form() -> None:
    for form in Form:
        assert weights(form).shape == (len(FEATURES),)
        assert np.isfinite(weights(form)).all()
