"""A packet is gathered once, and anew as soon as anything that it rests on changes; a question is taken once whatever happens to it."""

import asyncio
from collections.abc import AsyncIterator

import pytest
import pytest_asyncio
from langgraph.checkpoint.base import CheckpointTuple

from agents import packets
from agents.contracts import amend
from agents.debriefs import debrief
from agents.desk import add_feedback, add_scorecard, interview_id
from agents.room import ask, said_before
from agents.turns import answer, shape
from agents.workbench import Workbench
from alignment.errors import KeyReused
from alignment.people import PanelSeat
from alignment.scorecard import Grade
from tests.agents.crashes import killed_before_checkpoint
from tests.agents.debrief.room_cast import Round, on_record
from tests.api.cast import ANA, DANA, GRADES, HAMID, PRIYA, TOMAS

pytestmark = pytest.mark.asyncio(loop_scope="session")


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def changing(bench: Workbench, tmp_path_factory: pytest.TempPathFactory) -> Round:
    """A round of its own, in which everything changes once."""
    organisation = (await bench.store.create_organisation("What changes")).id
    return await on_record(bench, organisation, tmp_path_factory.mktemp("changing") / "staff-engineer", grades=GRADES[:1])


async def test_a_packet_at_hand_is_the_one_that_would_be_gathered_after_every_change(changing: Round) -> None:
    bench, search = changing.bench, changing.search
    before = await packets.state_of(bench, search)
    (first,) = [f for f in await bench.store.feedback_of(search.organisation, search=search.id) if f.name == "F3"]

    async def an_answer() -> None:
        turn = await shape(bench, search.organisation, first.id)
        await answer(bench, search.organisation, first.id, [{"claim": turn.waiting[0]["claim"], "reply": "withdraw"}])

    async def a_seat() -> None:
        seat = {"person": (await bench.store.add_person(search.organisation, "Zoë Late")).id, "name": "Zoë Late", "focus": ("M3",)}
        place = {"interview": interview_id(search.id, "9-late"), "interview_name": "9-late"}
        await bench.store.seat(search.organisation, search.id, PanelSeat.model_validate({**seat, **place}))

    changes = (
        lambda: add_feedback(bench, search, "1-screen", HAMID, "He named the night and what he did in it.", name="F9"),
        an_answer,
        lambda: add_scorecard(bench, search, "2-design", ANA, [Grade(criterion="M2", grade=2)]),
        lambda: amend(bench, search, PRIYA, {"M3": "Has taught two people to take over their work"}, "One is chance."),
        a_seat,
    )
    for change in changes:
        await debrief(bench, search)
        await change()
        after = await packets.state_of(bench, search)
        assert after != before
        at_hand, _ = await debrief(bench, await bench.store.search(search.organisation, search.id))
        bench.packets.clear()
        gathered, _ = await debrief(bench, await bench.store.search(search.organisation, search.id))
        assert at_hand == gathered
        before = await packets.state_of(bench, search)


async def test_of_many_who_ask_at_once_one_gathers(opened: Round) -> None:
    made: list[int] = []

    async def make() -> int:
        made.append(1)
        await asyncio.sleep(0.05)
        return len(made)

    told = await asyncio.gather(*(packets.kept(opened.bench, opened.search, "at once", make) for _ in range(12)))
    assert told == [1] * 12


async def test_a_question_under_its_key_is_answered_once_and_as_it_was(opened: Round) -> None:
    asked = {"candidate": TOMAS, "thread": "keyed"}
    first = await ask(opened.bench, opened.search, DANA, "What does T1 say?", key="k", **asked)
    await ask(opened.bench, opened.search, DANA, "Was M1 tested?", key="l", **asked)
    assert await ask(opened.bench, opened.search, DANA, "What does T1 say?", key="k", **asked) == first
    with pytest.raises(KeyReused):
        await ask(opened.bench, opened.search, DANA, "What does T2 say?", key="k", **asked)
    assert [a.number for a in await said_before(opened.bench, opened.search, DANA, **asked)] == [1, 2]


async def test_a_question_that_a_crash_cut_short_is_taken_once_when_it_comes_again(opened: Round) -> None:
    asked = {"candidate": TOMAS, "thread": "crash"}
    await ask(opened.bench, opened.search, DANA, "What does T1 say?", key="1", **asked)
    with killed_before_checkpoint(1):
        await ask(opened.bench, opened.search, DANA, "Was M1 tested?", key="2", **asked)
    again = await ask(opened.bench, opened.search, DANA, "Was M1 tested?", key="2", **asked)
    assert again.number == 2
    assert (await ask(opened.bench, opened.search, DANA, "Was M2 tested?", key="3", **asked)).number == 3
    kept = await said_before(opened.bench, opened.search, DANA, **asked)
    assert [a.question for a in kept] == ["What does T1 say?", "Was M1 tested?", "Was M2 tested?"]


async def test_of_a_conversation_its_latest_checkpoint_alone_is_kept(opened: Round) -> None:
    asked = {"candidate": TOMAS, "thread": "tidy"}
    for n in range(4):
        await ask(opened.bench, opened.search, DANA, f"Was M1 tested? ({n})", **asked)
    ((thread, config),) = {c.config["configurable"]["thread_id"]: c.config async for c in _checkpoints(opened, ":tidy")}.items()
    assert thread.endswith(":tidy")
    assert [c async for c in _checkpoints(opened, ":tidy")] == [await opened.bench.checkpointer.aget_tuple(config)]
    assert len(await said_before(opened.bench, opened.search, DANA, **asked)) == 4


async def _checkpoints(opened: Round, tail: str) -> AsyncIterator[CheckpointTuple]:
    async for found in opened.bench.checkpointer.alist(None):
        if str(found.config["configurable"]["thread_id"]).endswith(tail):
            yield found
