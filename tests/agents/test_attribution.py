"""Corrected speakers: the next version of the transcript, under which what rests on the old one is verified anew."""

import pytest

from agents.attribution import attribute, told
from agents.corrections import correct
from agents.turns import answer
from alignment.errors import BadRequest, Conflict, NotFound
from alignment.transcript import Certainty
from retrieval.verify import check_citation
from tests.agents.cast import TOMAS, Scene, every, play

pytestmark = pytest.mark.asyncio(loop_scope="session")
FAST = "He rolled the release back within four minutes"


def index_of(stage: Scene, words: str) -> int:
    return next(u.index for u in stage.transcript.utterances if words in u.text)


async def test_words_that_were_somebody_elses_carry_no_statement_about_the_candidate_any_more(scene: Scene) -> None:
    stage = await play(scene.bench)
    feedback, turn = await stage.shaped(f"{FAST}.")
    await answer(stage.bench, stage.organisation, feedback.id, every(turn, "accept"))
    said = index_of(stage, "rolled the release back")
    done = await attribute(stage.bench, stage.interview, people={}, utterances={said: "Somebody on the line"})
    assert (done.new, done.transcript.version, len(done.broken)) == (True, 2, 1)
    last = (await stage.bench.store.shapings(stage.organisation, feedback.id))[-1]
    assert (last.statements, len(last.questions)) == ((), 1)
    again = await attribute(stage.bench, stage.interview, people={}, utterances={said: "Somebody on the line"})
    assert (again.new, again.transcript) == (False, done.transcript)


async def test_a_label_that_is_nobodys_takes_its_name_off_every_citation(scene: Scene) -> None:
    stage = await play(scene.bench)
    label = next(s.label for s in stage.transcript.speakers if s.name == TOMAS)
    off = await attribute(stage.bench, stage.interview, people={label: ""}, utterances={})
    # A label that is a person's full name maps itself; taken off by hand it stays off.
    assert off.transcript.speaker(label).certainty is Certainty.UNMAPPED
    on = await attribute(stage.bench, stage.interview, people={label: TOMAS}, utterances={})
    assert (on.transcript.version, on.transcript.speaker(label).certainty) == (3, Certainty.GIVEN)
    row = next(r for r in told(on.transcript)["speakers"] if r["label"] == label)
    assert (row["name"], row["utterances"] > 0) == (TOMAS, True)


async def test_citations_of_what_was_not_touched_are_of_the_new_version(scene: Scene) -> None:
    stage = await play(scene.bench)
    feedback, turn = await stage.shaped(f"{FAST}.")
    await answer(stage.bench, stage.organisation, feedback.id, every(turn, "accept"))
    other = next(u.index for u in stage.transcript.utterances if "rolled the release back" not in u.text)
    done = await attribute(stage.bench, stage.interview, people={}, utterances={other: "Somebody on the line"})
    last = (await stage.bench.store.shapings(stage.organisation, feedback.id))[-1]
    for citation in last.statements[0].citations:
        assert citation.transcript_version == 2
        check_citation(citation, done.transcript)


async def test_what_is_not_there_cannot_be_corrected(scene: Scene) -> None:
    stage = await play(scene.bench)
    label = stage.transcript.speakers[0].label
    with pytest.raises(NotFound, match="labelled"):
        await attribute(stage.bench, stage.interview, people={"Speaker 99": TOMAS}, utterances={})
    with pytest.raises(NotFound, match="u4000"):
        await attribute(stage.bench, stage.interview, people={}, utterances={4000: label})
    with pytest.raises(NotFound):
        await attribute(stage.bench, stage.interview, people={label: "Nobody Here"}, utterances={})
    with pytest.raises(BadRequest):
        await attribute(stage.bench, stage.interview, people={}, utterances={0: " "})
    assert (await stage.bench.store.transcript(stage.organisation, stage.interview.id)).version == 1


async def test_two_who_correct_the_same_version_do_not_undo_each_other(scene: Scene) -> None:
    stage = await play(scene.bench)
    first = await attribute(stage.bench, stage.interview, people={}, utterances={0: "Somebody on the line"})
    stale = stage.transcript.model_copy(update={"utterances": first.transcript.utterances})
    with pytest.raises(Conflict, match="version 2"):
        await correct(stage.bench, stage.organisation, stage.interview, stale, "late", of=1)
