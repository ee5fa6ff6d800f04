"""Who gets how far over MCP: keys, scopes, roles, searches and sessions, and what is written down of it."""

import re
from pathlib import Path
from typing import Any

import httpx
import pytest
from mcp import MCPError

from tests.api.mcp_client import HELLO, MODES, STATELESS, Mode, call, connected, refused, said, stateless_call, texts
from tests.api.served import BAKER, DANA, INES, PRIYA, TOMAS, WORK, Served, put_baker, serving

PING = {"jsonrpc": "2.0", "id": 1, "method": "ping"}
ACCEPT = {"Accept": "application/json, text/event-stream"}


def _posted(served: Served, key: str, body: Any = HELLO, **headers: str) -> httpx.Response:
    return httpx.post(f"{served.url}/mcp", json=body, headers={"Authorization": f"Bearer {key}", **ACCEPT, **headers}, timeout=60)


def _challenge(response: httpx.Response) -> str:
    assert response.status_code == 401
    assert response.json()["code"] == "unauthenticated"
    found = re.search(r'resource_metadata="([^"]+)"', response.headers["www-authenticate"])
    assert found is not None
    return found[1]


def test_without_a_known_key_nothing_opens_and_one_is_told_where_to_read_what_does(served: Served) -> None:
    nobody = httpx.post(f"{served.url}/mcp", json=PING)
    wrong = _posted(served, "plb_unknown")
    assert "invalid_token" not in nobody.headers["www-authenticate"]
    assert "invalid_token" in wrong.headers["www-authenticate"]
    assert _challenge(nobody) == _challenge(wrong)
    told = httpx.get(_challenge(wrong)).json()
    assert told["resource"] == f"{served.url}/mcp"
    assert told["bearer_methods_supported"] == ["header"]


def test_a_revoked_key_opens_nothing_also_in_a_session_that_it_began(served: Served) -> None:
    with served.client() as admin:
        made = admin.post("/v1/keys", json={"scopes": ["read"]}).json()
        session = _posted(served, made["secret"]).headers["mcp-session-id"]
        assert _posted(served, made["secret"], PING, **{"Mcp-Session-Id": session}).status_code == 200
        admin.delete(f"/v1/keys/{made['key']['id']}").raise_for_status()
        _challenge(_posted(served, made["secret"], PING, **{"Mcp-Session-Id": session}))


def test_a_session_is_open_to_the_key_that_began_it_alone(served: Served) -> None:
    session = _posted(served, served.key()).headers["mcp-session-id"]
    assert _posted(served, served.key(), PING, **{"Mcp-Session-Id": session}).status_code == 404


def test_pages_of_other_origins_may_not_call_and_nobody_listens_unasked(served: Served) -> None:
    key = served.key()
    foreign = _posted(served, key, Origin="https://elsewhere.example")
    assert (foreign.status_code, foreign.json()["code"]) == (403, "not_permitted")
    assert _posted(served, key, Origin="http://localhost:6274").status_code == 200
    listening = httpx.get(f"{served.url}/mcp", headers={"Authorization": f"Bearer {key}", "Accept": "text/event-stream"})
    assert (listening.status_code, listening.headers["allow"]) == (405, "POST, DELETE")


def test_rates_and_sizes_are_bounded_as_everywhere(tmp_path: Path) -> None:
    with serving(tmp_path / "home", PLUMBLINE_SERVE__PER_MINUTE="3", PLUMBLINE_SERVE__BODY_BYTES="2048") as served:
        key = served.key()
        assert _posted(served, key, {**HELLO, "pad": "x" * 4000}).status_code == 413
        seen = [_posted(served, key) for _ in range(4)]
        assert [r.status_code for r in seen] == [200, 200, 200, 429]
        assert "ratelimit" in seen[0].headers
        assert seen[3].headers["retry-after"]


async def test_another_tenants_search_is_not_there_in_the_words_for_none(bakery: Served) -> None:
    async with connected(bakery, bakery.key(org="Other")) as client:
        theirs = await client.call_tool("read_contract", {"search": BAKER})
        none = await client.call_tool("read_contract", {"search": "never-was"})
        assert said(theirs).replace(BAKER, "never-was") == said(none)
        for tool, given in (
            ("find_moments", {"question": "the oven", "search": BAKER}),
            ("ask_referee", {"search": BAKER, "question": "What of the rye?", "person": DANA}),
            ("shape_feedback", {"search": BAKER, "text": "He was late.", "person": INES}),
        ):
            assert await refused(client, tool, **given) == "not_found"
        assert (await call(client, "find_moments", question="the oven"))["items"] == []
        assert (await call(client, "list_searches"))["items"] == []
        assert (await client.list_resources()).resources == []
        with pytest.raises(MCPError, match="no search"):
            await client.read_resource(f"plumbline://searches/{BAKER}/contract")


@pytest.mark.parametrize("mode", MODES)
async def test_a_key_that_reads_writes_nothing(bakery: Served, mode: Mode) -> None:
    wrote = f"He was late, and said so ({mode})."
    async with connected(bakery, bakery.key(scopes="read"), mode) as client:
        assert await refused(client, "shape_feedback", search=BAKER, text=wrote, person=INES) == "missing_scope"
        assert await call(client, "ask_referee", search=BAKER, question="What of the rye?", person=DANA)
    async with connected(bakery, bakery.key(scopes="write"), mode) as client:
        assert await refused(client, "list_searches") == "missing_scope"
        assert await refused(client, "ask_corpus", question="where do panels split?") == "missing_scope"
        with pytest.raises(MCPError, match="scope"):
            await client.list_resources()
    with bakery.client() as http:
        assert wrote not in http.get(f"/v1/searches/{BAKER}/feedback").text


async def test_a_personal_key_sees_its_persons_searches_and_acts_for_nobody_else(bakery: Served) -> None:
    with bakery.client() as http:
        http.post("/v1/searches", json={"slug": "day-baker", "title": "Day baker", "recruiter": PRIYA}).raise_for_status()
    key = bakery.key(role="interviewer", scopes="read,write", person=INES)
    async with connected(bakery, key) as client:
        assert [s["slug"] for s in (await call(client, "list_searches"))["items"]] == [BAKER]
        assert await refused(client, "read_contract", search="day-baker") == "not_found"
        assert await refused(client, "find_moments", question="the oven") == "bad_request"
        assert (await call(client, "find_moments", question="the oven", search=BAKER))["items"]
        assert await refused(client, "ask_corpus", question="where do panels split?") == "not_permitted"
        assert await refused(client, "ask_referee", search=BAKER, question="What of the rye?", person=DANA) == "not_permitted"
        assert (await call(client, "shape_feedback", search=BAKER, feedback="F1"))["waiting"]
        listed = [r.uri for r in (await client.list_resources()).resources]
        assert not [uri for uri in listed if "day-baker" in uri]
        (debrief,) = [uri for uri in listed if "/debrief/" in uri]
        with pytest.raises(MCPError) as caught:
            await client.read_resource(debrief)
        assert caught.value.error.data["code"] == "not_permitted"
    async with connected(bakery, bakery.key(role="recruiter", scopes="read", person=DANA)) as client:
        assert await call(client, "ask_corpus", question="where do panels split?")
        assert await refused(client, "shape_feedback", search=BAKER, feedback="F1") == "missing_scope"


async def test_nobody_reads_or_answers_for_what_another_wrote(bakery: Served) -> None:
    async with connected(bakery, bakery.key(role="hiring_manager", scopes="read,write", person=PRIYA)) as client:
        assert await refused(client, "shape_feedback", search=BAKER, feedback="F1") == "not_found"
        assert await refused(client, "shape_feedback", search=BAKER, feedback="F1", words="accept all") == "not_found"


async def test_a_debrief_that_somebody_may_read_is_listed_and_opens_once_the_seal_is_off(tmp_path: Path) -> None:
    with serving(tmp_path / "home") as served:
        with served.client() as http:
            put_baker(http)
            grades = [{"criterion": "M1", "grade": 3}]
            http.post(f"/v1/searches/{BAKER}/scorecards", json={"as": INES, "interview": WORK, "grades": grades}).raise_for_status()
        async with connected(served, served.key(role="interviewer", scopes="read", person=INES)) as client:
            (debrief,) = [r.uri for r in (await client.list_resources()).resources if "/debrief/" in r.uri]
            assert TOMAS in (await texts(client, debrief))["text/markdown"]


async def test_the_audit_log_tells_which_tool_over_which_search_and_no_word_of_anybody(bakery: Served) -> None:
    key = bakery.key()
    async with connected(bakery, key) as client:
        await call(client, "find_moments", question="sourdough whispers", search=BAKER)
        await refused(client, "read_contract", search="whispered-name")
        await call(client, "ask_referee", search=BAKER, person=DANA, question="Does he whisper?")
        await client.read_resource(f"plumbline://searches/{BAKER}/contract")
        with pytest.raises(MCPError):
            await client.call_tool("whisper", {})
    with bakery.client() as http:
        entries, cursor = [], ""
        while True:
            page = http.get("/v1/audit", params={"limit": 200, "cursor": cursor}).json()
            entries += page["items"]
            if not (cursor := page["next"] or ""):
                break
        log = http.get("/metrics").text + bakery.log() + str(entries)
    told = [(e["action"], e["person"], e["detail"]) for e in entries]
    assert ("POST /mcp tools/call find_moments", "", {"search": BAKER}) in told
    assert ("POST /mcp tools/call read_contract", "", {"ended": "not_found"}) in told
    assert ("POST /mcp resources/read", "", {"resource": "Contract", "search": BAKER, "contract": "1"}) in told
    (asked,) = [detail for action, person, detail in told if action == "POST /mcp tools/call ask_referee" and "whisper" not in person][-1:]
    assert (asked["search"], asked["agent"], asked["contract"]) == (BAKER, "debrief-referee", "1")
    assert 'route="/mcp tools/call find_moments"' in log
    assert "whisper" not in log


def test_every_answer_carries_the_requests_id(bakery: Served) -> None:
    with bakery.client() as http:
        given = {**STATELESS, "Mcp-Name": "read_contract", "X-Request-Id": "of-ours-1"}
        response = http.post("/mcp", json=stateless_call("read_contract", search="never-was"), headers=given)
    assert response.headers["x-request-id"] == "of-ours-1"
    assert response.json()["result"]["_meta"]["plumbline/problem"]["request"] == "of-ours-1"
