"""Answers to what waits, each by what it is called beyond its conversation: taken once, and never for anything that was not shown."""

import asyncio
from typing import Any

import pytest

from agents.conversations import Answer, Message, called, converse
from agents.ingestion import ingest
from alignment.conversation import Agent, AgentTurn
from alignment.errors import BadRequest, Conflict, NotFound
from tests.agents.cast import CONVERSATION, INES, PRIYA, WORK, Scene, parsed, play

pytestmark = pytest.mark.asyncio(loop_scope="session")
RAW = "He chose Postgres and ran the numbers with finance twice. He has not taught a junior engineer."
CORRECTED = tuple((who, text.replace("I chose Postgres", "We chose Postgres")) for who, text in CONVERSATION)


async def say(scene: Scene, *said: str, agent: Agent = Agent.SHAPER, person: str = INES, **more: Any) -> AgentTurn:
    message = Message(agent=agent, search=scene.search.slug, person=person, said=said, interview=WORK, **more)
    return await converse(scene.bench, scene.organisation, message)


async def test_an_answer_finds_its_feedback_by_what_it_is_called(scene: Scene) -> None:
    stage = await play(scene.bench)
    turn = await say(stage, RAW)
    entry = Answer(called(turn.thread, turn.waiting[0].id), "accept")
    assert (await say(stage, resume=(entry,))).waiting == turn.waiting[1:]
    assert (await say(stage, resume=(entry,))).waiting == turn.waiting[1:]


async def test_an_answer_to_what_a_corrected_transcript_changed_is_not_taken_unseen(scene: Scene) -> None:
    stage = await play(scene.bench)
    turn = await say(stage, RAW)
    entries = tuple(Answer(called(turn.thread, w.id), {"reply": "accept"}) for w in turn.waiting)
    assert (await say(stage, resume=entries)).done
    await ingest(stage.bench, stage.organisation, stage.interview, parsed(CORRECTED), correction="Misheard a word")
    with pytest.raises(Conflict, match="not shown yet"):
        await say(stage, resume=entries)
    again = await say(stage, resume=(), thread=turn.thread)
    assert again.waiting
    assert (await say(stage, resume=entries, thread=turn.thread)).done


async def test_many_who_answer_at_once_answer_once(scene: Scene) -> None:
    stage = await play(scene.bench)
    turn = await say(stage, RAW)
    ways = ("accept", "withdraw", "accept", "withdraw")
    sent = [Answer(called(turn.thread, turn.waiting[0].id), way) for way in ways]
    told = await asyncio.gather(*(say(stage, resume=(entry,), key=f"k{n}") for n, entry in enumerate(sent)))
    assert len({t.text for t in told}) == 1
    assert {t.waiting for t in told} == {turn.waiting[1:]}


async def test_an_answer_of_another_conversation_is_not_found_and_one_in_no_form_is_a_bad_request(scene: Scene) -> None:
    stage = await play(scene.bench)
    turn, other = await say(stage, RAW), await say(stage, RAW + " Twice.")
    with pytest.raises(NotFound):
        await say(stage, resume=(Answer(called(other.thread, turn.waiting[0].id), "accept"),), thread=turn.thread)
    with pytest.raises(BadRequest, match="no answer to a claim"):
        await say(stage, resume=(Answer(called(turn.thread, turn.waiting[0].id), "hire"),))
    with pytest.raises(NotFound):
        await say(stage, agent=Agent.REFEREE, person=PRIYA, resume=(Answer("anything"),))


async def test_what_is_verified_is_told_before_the_turn_is_whole(scene: Scene) -> None:
    stage = await play(scene.bench)
    told: list[str] = []
    turn = await say(stage, RAW, told=lambda sentence: told.append(sentence["sentence"]))
    assert told
    assert all(sentence in turn.text for sentence in told)
