"""A corrected transcript: what it no longer bears out becomes a question, in the words of that claim alone, also after a crash."""

from dataclasses import replace

import pytest

from agents.corrections import correct
from agents.ingestion import ingest
from agents.turns import answer
from alignment.errors import StoreDown
from alignment.record import FeedbackId
from retrieval.verify import check_citation
from tests.agents.cast import CONVERSATION, TOMAS, Scene, every, parsed, play
from tests.agents.test_healing import store_that_fails

pytestmark = pytest.mark.asyncio(loop_scope="session")
FAST = "He rolled the release back within four minutes"
REMARK = "She is pregnant I think"
CORRECTED = tuple((who, text.replace("I rolled the release back", "Bram rolled the release back")) for who, text in CONVERSATION)


async def settled(scene: Scene, raw: str) -> FeedbackId:
    feedback, turn = await scene.shaped(raw)
    await answer(scene.bench, scene.organisation, feedback.id, every(turn, "accept"))
    return feedback.id


async def test_a_statement_whose_words_are_gone_becomes_a_question_and_repeats_no_remark_that_was_set_aside(scene: Scene) -> None:
    stage = await play(scene.bench)
    feedback = await settled(stage, f"{FAST}. {REMARK}.")
    done = await ingest(stage.bench, stage.organisation, stage.interview, parsed(CORRECTED), correction="Misheard a name")
    last = (await stage.bench.store.shapings(stage.organisation, feedback))[-1]
    assert (last.statements, len(done.broken), len(last.set_aside)) == ((), 1, 1)
    (question,) = last.questions
    assert FAST in question.text
    assert "pregnant" not in question.text


async def test_a_statement_whose_words_stand_is_kept_with_citations_of_the_new_version(scene: Scene) -> None:
    stage = await play(scene.bench)
    feedback = await settled(stage, "He chose Postgres and ran the numbers with finance twice.")
    done = await ingest(stage.bench, stage.organisation, stage.interview, parsed(CORRECTED), correction="Misheard a name")
    last = (await stage.bench.store.shapings(stage.organisation, feedback))[-1]
    assert done.broken == ()
    assert last.statements
    for citation in last.statements[0].citations:
        assert citation.transcript_version == 2
        check_citation(citation, done.transcript)


async def test_a_crash_in_the_middle_of_a_correction_is_healed_before_the_index_knows_the_new_version(scene: Scene) -> None:
    stage = await play(scene.bench)
    feedback = await settled(stage, f"{FAST}.")
    wanted = stage.transcript.model_copy(update={"utterances": parsed(CORRECTED).utterances, "source_digest": "another"})
    with store_that_fails(stage.bench, 1), pytest.raises(StoreDown):
        await correct(stage.bench, stage.organisation, stage.interview, wanted, "Misheard a name")
    assert (await stage.bench.store.shapings(stage.organisation, feedback))[-1].statements
    assert await replace(stage.bench.indexer).heal() == 1
    last = (await stage.bench.store.shapings(stage.organisation, feedback))[-1]
    assert last.statements == ()
    assert len(last.questions) == 1
    assert await stage.bench.indexer.heal() == 0
    assert TOMAS in {s.name for s in (await stage.bench.store.transcript(stage.organisation, stage.interview.id)).speakers}
