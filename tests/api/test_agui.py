"""The three agents over AG-UI: what is streamed, in which order, and conversations that go on."""

import json
from collections.abc import Callable
from typing import Any

import httpx
import pytest

from tests.api.agui import Ran, Talk, cancelled, resolved
from tests.api.served import BAKER, DANA, INES, PRIYA, SAMPLES, Served
from tests.api.test_cli_intake import ANSWERS

RAW = json.loads((SAMPLES / "two-minutes" / "feedback.jsonl").read_text(encoding="utf-8").splitlines()[0])["raw"]
ASKED = "What did he say about the oven that failed?"
BEGIN, END = ["RUN_STARTED", "STEP_STARTED"], ["MESSAGES_SNAPSHOT", "RUN_FINISHED"]
CALL = ["TOOL_CALL_START", "TOOL_CALL_ARGS", "TOOL_CALL_END", "TOOL_CALL_RESULT"]
TEXT = ["TEXT_MESSAGE_START", "TEXT_MESSAGE_CONTENT", "TEXT_MESSAGE_END"]
Begin = Callable[..., Talk]


@pytest.fixture
def talk(bakery: Served) -> Any:
    """Begin a conversation with an agent about the night baker."""
    with bakery.client() as client:
        yield lambda agent, person, **props: Talk(client, agent, {"search": BAKER, "person": person, **props})


def cites(ran: Ran) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads(ran.of("TOOL_CALL_RESULT")[0]["content"])["citations"]
    return found


def test_the_referee_answers_in_the_order_that_the_protocol_wants(talk: Begin) -> None:
    ran = talk("debrief-referee", PRIYA).say(ASKED)
    assert ran.kinds == [*BEGIN, "STEP_FINISHED", "STATE_SNAPSHOT", *CALL, *TEXT, *END]
    assert ran.outcome == {"type": "success"}
    assert ran.events[0]["protocolVersion"] == "1.0"
    assert (ran.state["turn"]["done"], ran.state["turn"]["contract_version"]) == (True, 1)
    assert len(ran.of("TEXT_MESSAGE_CONTENT")) > 1


def test_what_an_answer_rests_on_is_shown_as_a_call_under_its_numbers(talk: Begin) -> None:
    ran = talk("debrief-referee", PRIYA).say(ASKED)
    rows = cites(ran)
    assert json.loads(ran.of("TOOL_CALL_ARGS")[0]["delta"]) == {"numbers": [r["number"] for r in rows]}
    assert all(f"[{r['number']}]" in ran.text for r in rows)
    assert any("oven" in r["text"] and r["name"] == "Tomás Rivera" for r in rows)
    assert [{k: v for k, v in r.items() if k != "number"} for r in rows] == ran.state["turn"]["citations"]


def test_the_messages_of_a_run_are_those_of_its_stream(talk: Begin) -> None:
    begun = talk("debrief-referee", PRIYA)
    ran = begun.say(ASKED)
    user, call, result, text = ran.messages
    assert (user["content"], text["content"]) == (ASKED, ran.text)
    assert call["toolCalls"][0]["id"] == ran.of("TOOL_CALL_START")[0]["toolCallId"] == result["toolCallId"]
    assert (result["id"], text["id"]) == (ran.of("TOOL_CALL_RESULT")[0]["messageId"], ran.of("TEXT_MESSAGE_START")[0]["messageId"])
    assert len(begun.say("And what went wrong in March?").messages) > 4


def test_a_thread_of_the_referee_knows_what_he_refers_to(talk: Begin) -> None:
    begun = talk("debrief-referee", PRIYA)
    first = begun.say("Was M2 asked about?")
    second = begun.say("Who asked that?")
    assert (first.state["turn"]["number"], second.state["turn"]["number"]) == (1, 2)
    assert second.state["turn"]["thread"] == begun.thread
    assert INES in second.text


def test_feedback_becomes_claims_that_wait_for_their_interviewer(talk: Begin) -> None:
    ran = talk("feedback-shaper", INES).say(RAW + " He was calm.")
    assert ran.outcome["type"] == "interrupt"
    assert {i["reason"] for i in ran.interrupts} == {"claim"}
    assert all(i["metadata"]["plumbline"]["to"] == INES for i in ran.interrupts)
    assert [i["id"].split(":")[1] for i in ran.interrupts] == [w["id"] for w in ran.state["turn"]["waiting"]]
    first = ran.interrupts[0]
    assert first["responseSchema"]["properties"]["reply"]["enum"] == ["accept", "edit", "choose", "withdraw"]
    assert first["responseSchema"]["properties"]["chosen"]["maximum"] == len(first["metadata"]["plumbline"]["moments"])


def test_sentences_are_told_as_they_are_verified_while_the_rest_is_worked_on(talk: Begin) -> None:
    ran = talk("feedback-shaper", INES).say("He told the shop himself that he had left the salt out.")
    told = [e["delta"][0]["value"]["sentence"] for e in ran.of("STATE_DELTA")]
    assert told
    assert all(sentence in ran.text for sentence in told)
    assert ran.kinds[2:5] == ["STATE_SNAPSHOT", "STATE_DELTA", "STEP_FINISHED"]
    assert "worded" not in ran.state


def test_claims_are_answered_in_words_and_settled_over_several_runs(talk: Begin) -> None:
    begun = talk("feedback-shaper", INES)
    first = begun.say("He moved the rye to the small oven. He threw sixty loaves away.")
    assert len(first.interrupts) == 2
    assert len(begun.say("1 accept").interrupts) == 1
    last = begun.say("2 withdraw")
    assert last.outcome == {"type": "success"}
    assert last.state["turn"]["done"]
    assert "All of it is settled and on record." in last.text


@pytest.mark.parametrize("kept", ["state", "props", "thread", "messages"])
def test_a_piece_of_feedback_is_gone_on_with_by_whatever_the_client_keeps(talk: Begin, kept: str) -> None:
    begun = talk("feedback-shaper", INES)
    first = begun.say(f"He moved the rye to the small oven, {kept}.")
    feedback = first.state["about"]["feedback"]
    if kept != "state":
        begun.state = None
    if kept == "props":
        begun.props = {**begun.props, "feedback": feedback}
    if kept == "thread":
        begun.thread = feedback
    if kept != "messages":
        begun.messages = []
    second = begun.say("1 accept")
    assert second.state["about"]["feedback"] == feedback
    assert second.outcome == {"type": "success"}


def test_what_a_client_keeps_in_the_state_stays_there(talk: Begin) -> None:
    begun = talk("debrief-referee", PRIYA)
    begun.state = {"theme": "dark", "turn": "an old one", "worded": ["left over"]}
    state = begun.say(ASKED).state
    assert state["theme"] == "dark"
    assert state["about"] == {"search": BAKER, "person": PRIYA}
    assert (state["turn"]["number"], "worded" in state) == (1, False)


def test_what_a_run_is_about_is_said_once_and_kept_in_the_state(talk: Begin) -> None:
    begun = talk("debrief-referee", PRIYA)
    begun.say(ASKED)
    begun.props = {}
    assert begun.say("What went wrong in March?").state["turn"]["number"] == 2


def test_a_run_without_a_message_tells_how_the_conversation_stands(talk: Begin) -> None:
    referee = talk("debrief-referee", PRIYA)
    told = referee.say(ASKED)
    again = referee.run()
    assert (again.text, again.state["turn"]["number"]) == (told.text, 1)
    shaper = talk("feedback-shaper", INES, feedback="F1")
    assert shaper.run().interrupts == shaper.run().interrupts != []
    assert talk("debrief-referee", PRIYA).run().error["code"] == "bad_request"


def test_the_same_message_again_is_answered_once_whatever_the_run_is_called(talk: Begin) -> None:
    begun = talk("debrief-referee", PRIYA)
    begun.messages = [{"id": "m1", "role": "user", "content": ASKED}]
    asked = begun.input()
    for run in ("r1", "r1", "r2"):
        response = begun.client.post(f"/agui/{begun.agent}", json={**asked, "runId": run})
        assert '"number":1' in response.text
    assert begun.say("And in March?").state["turn"]["number"] == 2


def test_parts_that_are_no_text_are_passed_over(talk: Begin) -> None:
    begun = talk("debrief-referee", PRIYA)
    image = {"type": "image", "source": {"type": "url", "value": "https://example.com/a.png"}}
    begun.messages = [{"id": "m", "role": "user", "content": [{"type": "text", "text": ASKED}, image]}]
    assert cites(begun.run())


def intake(client: httpx.Client, slug: str) -> Talk:
    """The intake of a search that nobody has talked about yet, in which a service speaks for both sides."""
    body = {"slug": slug, "title": "Night dispatcher", "recruiter": DANA, "hiring_manager": PRIYA}
    client.post("/v1/searches", json=body).raise_for_status()
    return Talk(client, "intake-agent", {"search": slug, "person": PRIYA})


def test_a_whole_intake_is_answered_interrupt_by_interrupt_and_signed(bakery: Served) -> None:
    with bakery.client() as client:
        begun = intake(client, "depot")
        ran, reasons = begun.run(), []
        for answer in ANSWERS:
            (asked,) = ran.interrupts
            reasons.append(asked["reason"])
            begun.props = {**begun.props, "person": asked["metadata"]["plumbline"]["to"]}
            ran = begun.resume(resolved(asked, answer if len(reasons) % 2 else {"text": answer}))
        assert reasons == ["question"] * (len(ANSWERS) - 2) + ["signature"] * 2
        assert ran.outcome == {"type": "success"}
        assert f"Contract, version 2: signed by {DANA} and {PRIYA}." in ran.text
        assert {c["name"] for c in cites(ran)} <= {DANA, PRIYA}


def test_an_intake_is_answered_in_plain_messages_as_well(bakery: Served) -> None:
    with bakery.client() as client:
        begun = intake(client, "plain")
        assert begun.say("Hello").text.startswith("Imagine it is a year from now")
        second = begun.say(ANSWERS[0])
        assert second.interrupts[0]["id"] == "intake-plain:2"
        begun.messages = begun.messages[:-1]
        assert begun.run().text == second.text
        left = begun.resume(cancelled(second.interrupts[0]))
        assert left.interrupts == second.interrupts


@pytest.mark.parametrize("agent", ["intake-agent", "feedback-shaper", "debrief-referee"])
def test_an_agent_declares_what_it_does_in_the_protocols_own_shape(bakery: Served, agent: str) -> None:
    with bakery.client() as client:
        told = client.get(f"/agui/{agent}").json()
    assert (told["identity"]["name"], told["transport"]["streaming"]) == (agent, True)
    assert told["humanInTheLoop"]["interrupts"] is (agent != "debrief-referee")
    assert [t["name"] for t in told["tools"]["items"]] == ["cite"]
