"""What stops a run before it begins or in the middle, and what a client that goes away leaves behind."""

import json
import time
from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from tests.api.agui import Ran, Talk, read
from tests.api.served import BAKER, DANA, INES, PRIYA, Served, put_baker
from tests.api.test_agui import ASKED

AGENTS = ("intake-agent", "feedback-shaper", "debrief-referee")
INPUT: dict[str, Any] = {
    "threadId": "t",
    "runId": "r",
    "messages": [{"id": "m", "role": "user", "content": ASKED}],
    "forwardedProps": {"search": BAKER, "person": PRIYA},
}


@pytest.fixture
def client(bakery: Served) -> Iterator[httpx.Client]:
    with bakery.client() as made:
        yield made


def problem(response: httpx.Response) -> tuple[int, str]:
    assert response.headers["content-type"] == "application/problem+json", response.text
    return response.status_code, response.json()["code"]


@pytest.mark.parametrize("agent", AGENTS)
def test_no_run_begins_without_a_key_that_is_known(bakery: Served, agent: str) -> None:
    for headers in ({}, {"Authorization": "Bearer plb_wrong"}):
        response = httpx.post(f"{bakery.url}/agui/{agent}", json=INPUT, headers=headers)
        assert problem(response) == (401, "unauthenticated")


def test_a_key_that_only_reads_asks_the_referee_and_begins_nothing_else(bakery: Served) -> None:
    with bakery.client(bakery.key(scopes="read")) as reader:
        assert Talk(reader, "debrief-referee", {"search": BAKER, "person": PRIYA}).say(ASKED).text
        for agent in AGENTS[:2]:
            assert problem(reader.post(f"/agui/{agent}", json=INPUT)) == (403, "missing_scope")
    with bakery.client(bakery.key(scopes="admin")) as keeper:
        assert problem(keeper.post("/agui/debrief-referee", json=INPUT)) == (403, "missing_scope")


@pytest.mark.parametrize("agent", AGENTS)
def test_another_organisation_finds_nothing_of_it(bakery: Served, agent: str) -> None:
    with bakery.client(bakery.key(org="Globex")) as other:
        assert problem(other.post(f"/agui/{agent}", json=INPUT)) == (404, "not_found")


def test_the_same_thread_and_run_in_two_organisations_are_two_conversations(bakery: Served, client: httpx.Client) -> None:
    with bakery.client(bakery.key(org="Initech")) as other:
        put_baker(other)
        sent = {**INPUT, "threadId": "shared"}
        mine = read(client.post("/agui/debrief-referee", json=sent).text.split("\n"))
        theirs = read(other.post("/agui/debrief-referee", json=sent).text.split("\n"))
        assert mine.state["turn"]["number"] == theirs.state["turn"]["number"] == 1
        assert mine.state["turn"]["citations"] != theirs.state["turn"]["citations"]


def test_a_personal_key_speaks_for_its_person_alone(bakery: Served) -> None:
    with bakery.client(bakery.key(role="hiring_manager", person=PRIYA)) as own:
        assert Talk(own, "debrief-referee", {"search": BAKER}).say(ASKED).state["turn"]["done"]
        posing = {**INPUT, "forwardedProps": {"search": BAKER, "person": DANA}}
        assert problem(own.post("/agui/debrief-referee", json=posing)) == (403, "not_permitted")


def test_a_service_says_for_whom_it_speaks(client: httpx.Client) -> None:
    nobody = {**INPUT, "forwardedProps": {"search": BAKER}}
    assert problem(client.post("/agui/debrief-referee", json=nobody)) == (422, "bad_request")


@pytest.mark.parametrize(
    "changed",
    [
        {"threadId": None},
        {"threadId": ""},
        {"threadId": "a\u0000b"},
        {"runId": "r" * 256},
        {"runId": 7},
        {"messages": None},
        {"messages": [{"id": "m", "role": "nobody", "content": "x"}]},
        {"messages": [{"id": "m", "role": "user"}]},
        {"forwardedProps": [BAKER]},
        {"forwardedProps": {"search": ["x"], "person": PRIYA}},
        {"forwardedProps": {"search": "x" * 201, "person": PRIYA}},
        {"resume": [{"interruptId": "x", "status": "maybe"}]},
        {"resume": [{"status": "resolved"}]},
        {"resume": {}},
        {"state": {"key": "\ud800"}},
        {"forwardedProps": {"search": "\ud800", "person": PRIYA}},
        {"threadId": "\ud800"},
    ],
)
def test_an_input_that_is_not_as_described_is_a_problem_before_the_stream(client: httpx.Client, changed: dict[str, Any]) -> None:
    content = json.dumps({**INPUT, **changed}).encode()
    response = client.post("/agui/debrief-referee", content=content, headers={"Content-Type": "application/json"})
    assert problem(response) == (422, "bad_request")


def test_an_agent_or_a_search_that_there_is_not_is_a_problem_before_the_stream(client: httpx.Client) -> None:
    assert problem(client.post("/agui/hiring-agent", json=INPUT))[0] == 422
    elsewhere = {**INPUT, "forwardedProps": {"search": "nowhere", "person": PRIYA}}
    assert problem(client.post("/agui/debrief-referee", json=elsewhere)) == (404, "not_found")
    assert problem(client.post("/agui/debrief-referee", json={**INPUT, "forwardedProps": None})) == (422, "bad_request")


@pytest.mark.parametrize(
    ("agent", "props", "said", "code"),
    [
        ("debrief-referee", {"candidate": "Nobody Known"}, ASKED, "not_found"),
        ("debrief-referee", {"person": "Nobody Known"}, ASKED, "not_found"),
        ("debrief-referee", {}, "x" * 2001, "refused"),
        ("debrief-referee", {}, "x" * 20_001, "bad_request"),
        ("debrief-referee", {}, " ", "bad_request"),
        ("feedback-shaper", {"feedback": "F99"}, "accept", "not_found"),
        ("feedback-shaper", {"interview": "9-none", "person": INES}, "He was calm.", "not_found"),
        ("intake-agent", {"person": INES}, "They must bake.", "not_permitted"),
    ],
)
def test_a_failure_in_the_stream_is_told_by_its_code_and_ends_it(
    client: httpx.Client, agent: str, props: dict[str, str], said: str, code: str
) -> None:
    failed = Talk(client, agent, {"search": BAKER, "person": PRIYA, **props}).say(said)
    assert failed.kinds == ["RUN_STARTED", "STEP_STARTED", "RUN_ERROR"]
    assert failed.error["code"] == failed.error["metadata"]["plumbline"]["code"] == code
    assert failed.error["message"] == failed.error["metadata"]["plumbline"]["detail"]


def gone(client: httpx.Client, agent: str, sent: dict[str, Any]) -> None:
    """Begin a run and go away when it has begun."""
    with client.stream("POST", f"/agui/{agent}", json=sent) as response:
        assert next(response.iter_lines()).startswith('data: {"type":"RUN_STARTED"')


def test_a_client_that_goes_away_finds_its_question_answered_once(client: httpx.Client) -> None:
    begun = Talk(client, "debrief-referee", {"search": BAKER, "person": PRIYA})
    begun.messages = [{"id": "m1", "role": "user", "content": ASKED}]
    gone(client, begun.agent, begun.input())
    told = begun.run()
    assert told.state["turn"]["number"] == 1
    assert begun.say("And in March?").state["turn"]["number"] == 2


def test_a_client_that_goes_away_finds_its_claims_where_it_left_them(client: httpx.Client) -> None:
    begun = Talk(client, "feedback-shaper", {"search": BAKER, "person": INES})
    begun.messages = [{"id": "m1", "role": "user", "content": "He moved the rye. He threw sixty loaves away."}]
    gone(client, begun.agent, begun.input())
    ran = begun.run()
    gone(client, begun.agent, begun.input(resume=[{"interruptId": ran.interrupts[0]["id"], "status": "resolved", "payload": "accept"}]))
    assert (after := _settles(begun)).interrupts == ran.interrupts[1:]
    assert "(accepted)" in after.text


def _settles(begun: Talk) -> Ran:
    """How it stands once the run that nobody waited for is over: it holds the conversation until then."""
    told = begun.run()
    for _ in range(50):
        if "(accepted)" in told.text:
            break
        told = begun.run()
    return told


def test_every_run_is_on_the_audit_log_with_its_agent(bakery: Served) -> None:
    # In an organisation of its own: a run that another test went away from ends, and is logged, when it likes.
    with bakery.client(bakery.key(org="Hooli")) as own:
        put_baker(own)
        Talk(own, "debrief-referee", {"search": BAKER, "person": PRIYA}).say(ASKED)
        runs = _logged(own)
    assert [(r["person"], r["detail"]["agent"]) for r in runs] == [(PRIYA, "debrief-referee")]


def _logged(client: httpx.Client) -> list[dict[str, Any]]:
    """The runs on the audit log, once there are any: a run's line is written when its stream is over, which its reader may be before."""
    for _ in range(100):
        rows = client.get("/v1/audit", params={"limit": 200}).json()["items"]
        if runs := [r for r in rows if r["action"] == "POST /agui/{agent}"]:
            return runs
        time.sleep(0.05)
    return []
