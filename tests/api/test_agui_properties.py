"""Whatever is answered in whatever order, and however often it is sent, each claim is answered once and the rest waits."""

import uuid
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import httpx
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.api.agui import Talk, read
from tests.api.served import BAKER, INES, PRIYA, Served
from tests.api.test_agui import ASKED, intake

RAW = "He moved the rye to the small oven. He threw sixty loaves away in March. He told the shop himself. He tasted it late."
REPLIES = ("accept", "withdraw", "choose", "cancel", "edit", "nothing")
ENTRY = st.tuples(st.integers(0, 3), st.sampled_from(REPLIES))
RUNS = st.lists(st.tuples(st.lists(ENTRY, min_size=1, max_size=4, unique_by=lambda e: e[0]), st.booleans()), min_size=1, max_size=4)
SETTLES = ("accept", "withdraw", "choose")


def entry(interrupt: dict[str, Any], reply: str) -> dict[str, Any]:
    """An entry; an edit that the record does not bear out, and a reply that is none, settle nothing."""
    if reply == "cancel":
        return {"interruptId": interrupt["id"], "status": "cancelled"}
    payload = {"reply": reply} | ({"chosen": 1} if reply == "choose" else {}) | ({"text": "He lied 9 times."} if reply == "edit" else {})
    return {"interruptId": interrupt["id"], "status": "resolved", "payload": payload}


@given(runs=RUNS)
@settings(max_examples=15, deadline=None, database=None, derandomize=True, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_each_claim_is_answered_once_and_what_is_not_answered_waits(bakery: Served, key: str, runs: Any) -> None:
    with bakery.client(key) as client:
        begun = Talk(client, "feedback-shaper", {"search": BAKER, "person": INES})
        ran = begun.say(f"{RAW} ({uuid.uuid4().hex})")
        all_of_it, answered = ran.interrupts, dict[str, str]()
        assert len(all_of_it) >= 4
        for entries, twice in runs:
            sent = begun.input(resume=[entry(all_of_it[n], reply) for n, reply in entries])
            for _ in range(2 if twice else 1):
                ran = begun.run(**sent)
            if any(reply == "nothing" for _, reply in entries):
                assert ran.error["code"] == "bad_request"
                ran = begun.run()
            else:
                new = {all_of_it[n]["id"]: reply for n, reply in entries if reply in SETTLES}
                answered = {**new, **answered}
            assert ran.interrupts == [i for i in all_of_it if i["id"] not in answered]
            assert ran.state["turn"]["done"] is not bool(ran.interrupts)
            assert (ran.outcome["type"] == "success") is not bool(ran.interrupts)


@pytest.fixture(scope="module")
def key(bakery: Served) -> str:
    """One key for all of them; each conversation is one of its own."""
    return bakery.key()


def at_once(client: httpx.Client, agent: str, sent: dict[str, Any], times: int = 5) -> list[Any]:
    """The same run from so many clients at the same time."""
    with ThreadPoolExecutor(times) as pool:
        return [read(r.text.split("\n")) for r in pool.map(lambda _: client.post(f"/agui/{agent}", json=sent), range(times))]


def test_feedback_that_is_sent_by_several_at_once_is_one_piece_of_feedback(bakery: Served, key: str) -> None:
    with bakery.client(key) as client:
        begun = Talk(client, "feedback-shaper", {"search": BAKER, "person": INES})
        begun.messages = [{"id": "m", "role": "user", "content": "He tasted the dough only when it was cooling."}]
        told = at_once(client, begun.agent, begun.input())
        assert len({ran.state["about"]["feedback"] for ran in told}) == 1
        rows = client.get(f"/v1/searches/{BAKER}/feedback", params={"limit": 200}).json()["items"]
        assert sum(row["feedback"]["raw"] == begun.messages[0]["content"] for row in rows) == 1


def test_a_question_and_an_answer_that_are_sent_by_several_at_once_count_once(bakery: Served, key: str) -> None:
    with bakery.client(key) as client:
        referee = Talk(client, "debrief-referee", {"search": BAKER, "person": PRIYA})
        referee.messages = [{"id": "m", "role": "user", "content": ASKED}]
        assert {ran.state["turn"]["number"] for ran in at_once(client, referee.agent, referee.input())} == {1}
        asked = intake(client, "many")
        asked.run()
        asked.messages = [*asked.messages, {"id": "m", "role": "user", "content": "That the vans leave on time, every night."}]
        told = at_once(client, asked.agent, asked.input())
        assert {ran.state["turn"]["number"] for ran in told} == {1}
