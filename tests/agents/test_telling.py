"""Sentences reach the caller while the rest is still being worded, and none does before its whole text is verified."""

import asyncio
import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agents.feedback_shaper.telling import pieces
from agents.turns import shape
from tests.agents.cast import Scene
from tests.agents.scripted import judged_by_model
from tests.agents.test_hostile import RAW
from tests.agents.test_hostile_models import FAIR, TRUE, saying

LIE = "The candidate is arrogant."


PARTS = st.sampled_from(["He said", "“One. Two!”", "“", "”", ". ", "!\n", "minute 3", "? ", " ", "…"])


@given(st.lists(PARTS).map("".join))
def test_the_pieces_of_a_text_are_the_text(text: str) -> None:
    assert "".join(pieces(text)) == text


def test_a_quotation_is_never_parted() -> None:
    quoted = "At minute 3, the candidate said: “One. Two! Three?” "
    bearing = "That bears on must-have #1."
    assert "".join(pieces(quoted + bearing)) == quoted + bearing
    assert all(p.count("“") == p.count("”") for p in pieces(quoted + bearing))
    assert list(pieces(f"One. Two. {quoted}")) == ["One. ", "Two. ", quoted]


@pytest.mark.asyncio(loop_scope="session")
class TestTheStream:
    """What a caller hears."""

    async def test_what_is_heard_is_what_the_turn_holds(self, scene: Scene) -> None:
        heard: list[dict[str, Any]] = []
        feedback = await scene.wrote(RAW)
        turn = await shape(judged_by_model(scene.bench, saying()), scene.organisation, feedback.id, heard.append)
        told: dict[str, str] = {}
        for piece in heard:
            assert piece["n"] == sum(p["claim"] == piece["claim"] for p in heard[: heard.index(piece)])
            told[piece["claim"]] = told.get(piece["claim"], "") + piece["sentence"]
        assert told == {c["claim"]: c["text"] for c in turn.waiting}
        assert any(TRUE in text for text in told.values())

    async def test_no_word_of_a_draft_that_is_sent_back_is_heard(self, scene: Scene) -> None:
        heard: list[dict[str, Any]] = []
        feedback = await scene.wrote(RAW)
        lying = saying(draft={"text": f"{LIE} They said: “{TRUE}”"}, question={"text": LIE})
        await shape(judged_by_model(scene.bench, lying), scene.organisation, feedback.id, heard.append)
        assert heard
        assert not any("arrogant" in piece["sentence"] for piece in heard)

    async def test_the_first_claim_is_heard_while_another_is_still_being_worded(self, scene: Scene) -> None:
        order: list[str] = []
        late = asyncio.Event()

        def says(name: str, messages: Any) -> str:
            order.append(name)
            return json.dumps(FAIR[name])

        bench = judged_by_model(scene.bench, says)
        write = bench.judgements.draft_question

        async def waits(asked: Any) -> Any:
            if "Something felt off" not in asked.span:
                await asyncio.wait_for(late.wait(), 5)
            return await write(asked)

        object.__setattr__(bench.judgements, "draft_question", waits)
        feedback = await scene.wrote(RAW)
        heard: list[str] = []

        def told(piece: dict[str, Any]) -> None:
            heard.append(piece["claim"])
            late.set()

        turn = await shape(bench, scene.organisation, feedback.id, told)
        assert len(set(heard)) == len(turn.waiting)

    async def test_a_conversation_that_already_stands_is_not_told_again(self, scene: Scene) -> None:
        feedback = await scene.wrote(RAW)
        await shape(scene.bench, scene.organisation, feedback.id)
        heard: list[dict[str, Any]] = []
        await shape(scene.bench, scene.organisation, feedback.id, heard.append)
        assert heard == []
