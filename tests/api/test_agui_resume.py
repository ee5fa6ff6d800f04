"""Interrupts over AG-UI: what waits is answered by a later run, once, whoever sends it how often."""

import json
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import httpx
import pytest

from tests.api.agui import Ran, Talk, cancelled, read, resolved
from tests.api.served import BAKER, DANA, INES, PRIYA, Served
from tests.api.test_agui import intake

TWO = "He moved the rye to the small oven. He threw sixty loaves away in March."


@pytest.fixture
def client(bakery: Served) -> Iterator[httpx.Client]:
    with bakery.client() as made:
        yield made


def shaped(client: httpx.Client, text: str) -> tuple[Talk, Ran]:
    """A new piece of feedback, and the run in which its claims came to wait."""
    begun = Talk(client, "feedback-shaper", {"search": BAKER, "person": INES})
    return begun, begun.say(text)


def replies(client: httpx.Client, ran: Ran) -> list[str]:
    """What was answered to each claim, as the record has it."""
    feedback = ran.state["about"]["feedback"]
    told = client.post(f"/v1/searches/{BAKER}/feedback/{feedback}/shaping").raise_for_status()
    return [c["reply"] for c in told.json()["claims"]]


def test_claims_are_answered_by_resuming_each_in_its_own_way(client: httpx.Client) -> None:
    begun, ran = shaped(client, TWO)
    first, second = ran.interrupts
    chosen = resolved(first, {"reply": "choose", "chosen": 1})
    last = begun.resume(chosen, resolved(second, {"reply": "withdraw"}))
    assert last.outcome == {"type": "success"}
    assert last.state["turn"]["done"]
    assert replies(client, ran) == ["choose", "withdraw"]


def test_a_reply_alone_is_enough_where_nothing_goes_with_it(client: httpx.Client) -> None:
    begun, ran = shaped(client, TWO + " So it was.")
    last = begun.resume(*(resolved(i, "accept") for i in ran.interrupts))
    assert set(replies(client, ran)) == {"accept"}
    assert not last.interrupts


def test_what_is_cancelled_waits_on_and_what_is_left_out_as_well(client: httpx.Client) -> None:
    begun, ran = shaped(client, TWO + " Twice.")
    first, second, *_ = ran.interrupts
    left = begun.resume(resolved(first, {"reply": "accept"}), cancelled(second))
    assert left.outcome["type"] == "interrupt"
    assert left.interrupts == ran.interrupts[1:]
    assert begun.resume(cancelled(second)).interrupts == ran.interrupts[1:]


def test_an_edit_that_the_record_does_not_bear_out_waits_on_and_says_why(client: httpx.Client) -> None:
    begun, ran = shaped(client, TWO + " Again.")
    refused = begun.resume(resolved(ran.interrupts[0], {"reply": "edit", "text": "He burnt down 40 bakeries in Lyon."}))
    assert "Not taken:" in refused.text
    assert refused.interrupts == ran.interrupts


def test_the_same_resume_again_changes_nothing_and_tells_how_it_stands(client: httpx.Client) -> None:
    begun, ran = shaped(client, TWO + " As I said.")
    entry = resolved(ran.interrupts[0], {"reply": "withdraw"})
    asked = begun.input(resume=[entry])
    first, again, later = (begun.run(**sent) for sent in (asked, asked, {**asked, "runId": "another"}))
    assert first.text == again.text == later.text
    assert first.interrupts == again.interrupts == later.interrupts == ran.interrupts[1:]
    other = begun.resume(resolved(ran.interrupts[0], {"reply": "accept"}))
    assert other.text == first.text
    assert replies(client, ran)[0] == "withdraw"


def test_a_settled_conversation_is_told_when_it_is_resumed_once_more(client: httpx.Client) -> None:
    begun, ran = shaped(client, TWO + " Settled.")
    entries = [resolved(i, {"reply": "accept"}) for i in ran.interrupts]
    last = begun.resume(*entries)
    assert begun.resume(*entries).text == last.text
    assert begun.resume(*entries[:1]).outcome == {"type": "success"}


def test_two_clients_that_answer_at_once_are_both_told_one_answer(client: httpx.Client) -> None:
    begun, ran = shaped(client, TWO + " At once.")
    ways = ("accept", "withdraw")
    inputs = [begun.input(resume=[resolved(ran.interrupts[0], {"reply": way})]) for way in ways]
    with ThreadPoolExecutor(2) as pool:
        told = list(pool.map(lambda sent: begun.client.post("/agui/feedback-shaper", json=sent).text, inputs))
    texts = {read(t.split("\n")).text for t in told}
    assert len(texts) == 1
    assert replies(client, ran)[0] in ways


@pytest.mark.parametrize(
    ("called", "agent"),
    [
        ("clm-nothing", "feedback-shaper"),
        ("fbk-nothing:clm-nothing", "feedback-shaper"),
        ("", "feedback-shaper"),
        ("1", "intake-agent"),
        ("intake-another:0", "intake-agent"),
        (f"intake-{BAKER}:99", "intake-agent"),
        (f"intake-{BAKER}:1", "intake-agent"),
        ("anything", "debrief-referee"),
    ],
)
def test_an_answer_to_what_was_never_asked_fails_with_a_typed_code(client: httpx.Client, called: str, agent: str) -> None:
    person = INES if agent == "feedback-shaper" else PRIYA
    begun = Talk(client, agent, {"search": BAKER, "person": person, "feedback": "F1" if person == INES else ""})
    begun.run() if agent != "debrief-referee" else begun.say("Was M2 asked about?")
    failed = begun.resume({"interruptId": called, "status": "resolved", "payload": {"reply": "accept", "text": "Yes"}})
    assert failed.error["code"] == "not_found"
    assert failed.error["metadata"]["plumbline"]["status"] == 404
    assert begun.run().events[-1]["type"] == "RUN_FINISHED"


def test_an_unknown_claim_beside_a_known_one_answers_neither(client: httpx.Client) -> None:
    begun, ran = shaped(client, TWO + " Neither.")
    feedback = ran.state["about"]["feedback"]
    wrong = {"interruptId": f"{feedback}:clm-nothing", "status": "resolved", "payload": {"reply": "accept"}}
    assert begun.resume(resolved(ran.interrupts[0], {"reply": "accept"}), wrong).error["code"] == "not_found"
    assert set(replies(client, ran)) == {""}


@pytest.mark.parametrize("payload", [None, 7, [], {}, "maybe", {"reply": "hire"}, {"reply": "accept", "grade": 4}, {"reply": ["accept"]}])
def test_a_payload_that_is_no_answer_to_a_claim_fails_and_the_claim_waits(client: httpx.Client, payload: Any) -> None:
    begun = Talk(client, "feedback-shaper", {"search": BAKER, "person": INES, "feedback": "F1"})
    waiting = begun.run().interrupts
    failed = begun.resume(resolved(waiting[0], payload))
    assert failed.error["code"] == "bad_request"
    assert begun.run().interrupts == waiting


@pytest.mark.parametrize(("payload", "code"), [(None, "bad_request"), ({}, "bad_request"), (3, "bad_request"), (" ", "refused")])
def test_a_payload_that_is_no_words_fails_and_the_question_waits(client: httpx.Client, payload: Any, code: str) -> None:
    begun = Talk(client, "intake-agent", {"search": BAKER, "person": PRIYA})
    (asked,) = begun.run().interrupts
    assert begun.resume(resolved(asked, payload)).error["code"] == code
    assert begun.run().interrupts == [asked]


def test_a_question_is_answered_once_and_then_left_as_it_is(client: httpx.Client) -> None:
    begun = intake(client, "once")
    (asked,) = begun.run().interrupts
    sent = begun.input(resume=[resolved(asked, "That the vans leave on time, every night.")])
    first, again, later = (begun.run(**given) for given in (sent, sent, {**sent, "runId": "another"}))
    assert first.text == again.text == later.text
    assert first.state["turn"]["number"] == later.state["turn"]["number"] == 1
    other = begun.resume(resolved(asked, "Something else altogether."))
    assert (other.text, other.interrupts) == (first.text, first.interrupts)


def test_another_answer_under_the_same_run_is_refused(client: httpx.Client) -> None:
    begun = intake(client, "reused")
    (asked,) = begun.run().interrupts
    (second,) = begun.resume(resolved(asked, "That the vans leave on time."), runId="r").interrupts
    assert begun.resume(resolved(second, "They have driven at night."), runId="r").error["code"] == "key_reused"


def test_only_whom_it_concerns_answers(client: httpx.Client, bakery: Served) -> None:
    ran = shaped(client, TWO + " Mine.")[1]
    with bakery.client(bakery.key(role="recruiter", person=DANA)) as danas:
        others = Talk(danas, "feedback-shaper", {"search": BAKER}, state=ran.state | {"about": {**ran.state["about"], "person": ""}})
        assert others.resume(resolved(ran.interrupts[0], {"reply": "withdraw"})).error["code"] == "not_found"
    (question,) = Talk(client, "intake-agent", {"search": BAKER, "person": DANA}).run().interrupts
    asked = Talk(client, "intake-agent", {"search": BAKER, "person": INES})
    assert asked.run().error["code"] == "not_permitted"
    assert asked.resume(resolved(question, "I say so.")).error["code"] == "not_permitted"
    assert set(replies(client, ran)) == {""}


def test_a_conversation_is_gone_on_with_by_the_interrupts_name_alone(client: httpx.Client) -> None:
    begun, ran = shaped(client, TWO + " Alone.")
    stranger = Talk(client, "feedback-shaper", {"search": BAKER, "person": INES})
    told = stranger.resume(*(resolved(i, {"reply": "accept"}) for i in ran.interrupts))
    assert told.outcome == {"type": "success"}
    assert json.dumps(told.state["about"]["feedback"]) == json.dumps(ran.state["about"]["feedback"])
    assert begun.run().outcome == {"type": "success"}
