"""Crashes: whatever ends a run between two steps, the next read goes on from what was kept and saves once."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from agents.feedback_shaper.judgements import Drafted, DraftIn
from agents.feedback_shaper.rules import RULES
from agents.ingestion import ingest
from agents.turns import answer, shape
from agents.workbench import Workbench, open_workbench
from alignment.errors import Conflict, StoreDown
from alignment.feedback import Shaping
from alignment.record import OrganisationId
from alignment.settings import load_settings
from retrieval.verify import check_citation
from tests.agents.cast import CONVERSATION, INES, TOMAS, Scene, every, parsed, play, reply
from tests.agents.crashes import killed_before_checkpoint

pytestmark = pytest.mark.asyncio(loop_scope="session")
FAST = "He rolled the release back within four minutes"


@contextmanager
def store_that_fails(bench: Workbench, times: int) -> Iterator[list[Shaping]]:
    """The store refuses the next shapings and takes all after them; yields what it took."""
    real, taken = bench.store.save_shaping, list[Shaping]()
    left = iter(range(times))

    async def save(organisation: OrganisationId, shaping: Shaping, **more: Any) -> Shaping:
        if next(left, None) is not None:
            raise StoreDown("The database went away")
        taken.append(shaping)
        return await real(organisation, shaping, **more)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(bench.store, "save_shaping", save)
        yield taken


async def test_a_crash_between_the_graph_and_the_store_heals_on_the_next_read_and_saves_once(scene: Scene) -> None:
    feedback, turn = await scene.shaped(f"{FAST}.")
    with store_that_fails(scene.bench, 1) as taken:
        with pytest.raises(StoreDown):
            await answer(scene.bench, scene.organisation, feedback.id, every(turn, "accept"))
        assert await scene.bench.store.shapings(scene.organisation, feedback.id) == ()
        healed = await shape(scene.bench, scene.organisation, feedback.id)
        again = await shape(scene.bench, scene.organisation, feedback.id)
    assert len(taken) == 1
    assert healed.shaping == again.shaping == taken[0]
    assert await scene.bench.store.shapings(scene.organisation, feedback.id) == (taken[0],)
    assert len(taken[0].statements) == 1


@pytest.mark.parametrize("n", range(1, 7))
async def test_a_kill_before_a_checkpoint_is_written_settles_nothing_by_halves(
    scene: Scene, n: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    feedback = await scene.wrote(f"{FAST}. He led the review after checkpoint {n}.", INES)
    with killed_before_checkpoint(n):
        await shape(scene.bench, scene.organisation, feedback.id)
    turn = await shape(scene.bench, scene.organisation, feedback.id)
    assert turn.shaping is None, "nobody has answered"
    assert len(turn.waiting) == len(turn.claims) == 2
    assert all(claim["verdict"] for claim in turn.claims)
    assert await scene.bench.store.shapings(scene.organisation, feedback.id) == ()


async def test_an_answer_to_what_is_settled_but_not_saved_is_a_conflict_and_the_read_still_heals(scene: Scene) -> None:
    feedback, turn = await scene.shaped(f"{FAST}.")
    with store_that_fails(scene.bench, 1), pytest.raises(StoreDown):
        await answer(scene.bench, scene.organisation, feedback.id, every(turn, "accept"))
    with pytest.raises(Conflict):
        await answer(scene.bench, scene.organisation, feedback.id, every(turn, "withdraw"))
    assert (await shape(scene.bench, scene.organisation, feedback.id)).shaping is not None


async def test_a_judge_that_fails_midway_leaves_the_conversation_where_it_was(scene: Scene) -> None:
    calls: list[str] = []

    async def fail_once(given: DraftIn) -> Drafted:
        calls.append(given.span)
        if len(calls) == 1:
            raise TimeoutError("the model took too long")
        return await RULES.draft_statement(given)

    shaky = replace(scene.bench, judgements=replace(RULES, draft_statement=fail_once))
    feedback = await scene.wrote(f"{FAST}.")
    with pytest.raises(TimeoutError):
        await shape(shaky, scene.organisation, feedback.id)
    healed = await shape(shaky, scene.organisation, feedback.id)
    assert [c["kind"] for c in healed.waiting] == ["statement"]
    assert len(calls) == 2


async def test_a_judge_that_fails_on_an_answer_leaves_the_claim_waiting(scene: Scene) -> None:
    async def fail(given: DraftIn) -> Drafted:
        raise TimeoutError("the model took too long")

    feedback, turn = await scene.shaped(f"{FAST}.")
    shaky = replace(scene.bench, judgements=replace(RULES, draft_statement=fail))
    with pytest.raises(TimeoutError):
        await answer(shaky, scene.organisation, feedback.id, [reply(turn, "choose", chosen=2)])
    assert (await shape(scene.bench, scene.organisation, feedback.id)).waiting == turn.waiting
    done = await answer(scene.bench, scene.organisation, feedback.id, [reply(turn, "choose", chosen=2)])
    assert done.shaping is not None
    assert len(done.shaping.answers) == 1


async def test_a_workbench_that_was_closed_goes_on_from_where_the_interviewer_was_asked(tmp_path: Path) -> None:
    settings = load_settings(home=tmp_path)
    async with open_workbench(settings) as first:
        scene = await play(first)
        feedback, turn = await scene.shaped(f"{FAST}.")
    async with open_workbench(settings) as second:
        assert await shape(second, scene.organisation, feedback.id) == turn
        done = await answer(second, scene.organisation, feedback.id, every(turn, "accept"))
    async with open_workbench(settings) as third:
        assert await shape(third, scene.organisation, feedback.id) == done
        with pytest.raises(Conflict):
            await answer(third, scene.organisation, feedback.id, every(turn, "accept"))
        assert await third.store.shapings(scene.organisation, feedback.id) == (done.shaping,)


LABELS = {INES: "SPEAKER_00", TOMAS: "SPEAKER_01"}
UNMAPPED = [(LABELS[who], text) for who, text in CONVERSATION]


async def relabel(scene: Scene, given: dict[str, str]) -> None:
    """The same file again, with a word on whom its labels stand for."""
    kept = await ingest(scene.bench, scene.organisation, scene.interview, parsed(UNMAPPED), given=given)
    assert kept.transcript.version == 2


async def test_a_name_given_while_the_interviewer_thinks_is_looked_at_before_anything_is_answered(scene: Scene) -> None:
    named = await play(scene.bench, UNMAPPED)
    feedback, turn = await named.shaped(f"{FAST}.")
    await relabel(named, {"SPEAKER_01": TOMAS, "SPEAKER_00": INES})
    with pytest.raises(Conflict, match="not shown yet"):
        await answer(named.bench, named.organisation, feedback.id, every(turn, "accept"))
    anew = await shape(named.bench, named.organisation, feedback.id)
    assert "the speaker labelled “SPEAKER_01”" in turn.waiting[0]["text"]
    assert "the candidate" in anew.waiting[0]["text"]
    done = await answer(named.bench, named.organisation, feedback.id, every(anew, "accept"))
    assert done.shaping is not None
    (statement,) = done.shaping.statements
    newest = await named.bench.store.transcript(named.organisation, named.interview.id)
    assert statement.citations[0].name == TOMAS
    for citation in statement.citations:
        check_citation(citation, newest)


async def test_words_that_turn_out_to_be_the_interviewers_are_not_stated(scene: Scene) -> None:
    swapped = await play(scene.bench, UNMAPPED)
    feedback, turn = await swapped.shaped(f"{FAST}.")
    assert (turn.waiting[0]["kind"], turn.waiting[0]["moments"][0]["first"]) == ("statement", 3)
    await relabel(swapped, {"SPEAKER_01": INES, "SPEAKER_00": TOMAS})
    anew = await shape(swapped.bench, swapped.organisation, feedback.id)
    assert {m["name"] for m in anew.waiting[0]["moments"]} <= {TOMAS}
    done = await answer(swapped.bench, swapped.organisation, feedback.id, every(anew, "accept"))
    assert done.shaping is not None
    for statement in done.shaping.statements:
        assert statement.citations[0].name == TOMAS


async def test_what_was_settled_before_a_correction_holds_verified_anew_until_it_is_answered_again(scene: Scene) -> None:
    named = await play(scene.bench, UNMAPPED)
    feedback, turn = await named.shaped(f"{FAST}.")
    await answer(named.bench, named.organisation, feedback.id, every(turn, "accept"))
    await relabel(named, {"SPEAKER_01": TOMAS})
    (statement,) = await named.bench.store.statements(named.organisation, search=named.search.id)
    newest = await named.bench.store.transcript(named.organisation, named.interview.id)
    assert statement.citations[0].name == TOMAS
    for citation in statement.citations:
        check_citation(citation, newest)
    anew = await shape(named.bench, named.organisation, feedback.id)
    done = await answer(named.bench, named.organisation, feedback.id, every(anew, "withdraw"))
    assert done.shaping == (await named.bench.store.shapings(named.organisation, feedback.id))[-1]
    assert await named.bench.store.statements(named.organisation, search=named.search.id) == ()


async def test_nobody_answers_what_nobody_was_shown(scene: Scene) -> None:
    feedback = await scene.wrote(f"{FAST}.")
    with pytest.raises(Conflict, match="not shown yet"):
        await answer(scene.bench, scene.organisation, feedback.id, [{"claim": "clm-1", "reply": "accept"}])
    assert len((await shape(scene.bench, scene.organisation, feedback.id)).waiting) == 1
