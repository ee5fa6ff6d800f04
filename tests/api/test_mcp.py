"""MCP by its official client: every tool and every resource, in both revisions of the protocol."""

import json
from typing import Any, cast

import httpx
import pytest
from mcp import Client, MCPError

from tests.api.mcp_client import HELLO, MODES, Mode, call, connected, refused, said, texts
from tests.api.served import BAKER, DANA, INES, PRIYA, TOMAS, WORK, Served

TOOLS = {"list_searches", "read_contract", "find_moments", "shape_feedback", "ask_referee", "ask_corpus"}
WROTE = "He moved the rye to the small oven. He threw sixty loaves away because he had left the salt out."


@pytest.fixture(params=MODES)
def mode(request: pytest.FixtureRequest) -> Mode:
    return cast(Mode, request.param)


async def test_every_tool_says_what_it_takes_gives_and_does(bakery: Served, mode: Mode) -> None:
    async with connected(bakery, mode=mode) as client:
        tools = (await client.list_tools()).tools
        assert client.instructions is not None
        assert "list_searches" in client.instructions
    assert {t.name for t in tools} == TOOLS
    for tool in tools:
        assert tool.output_schema is not None
        for schema in (tool.input_schema, tool.output_schema):
            assert schema["type"] == "object"
        assert tool.input_schema["additionalProperties"] is False
        assert all("description" in p for name, p in tool.input_schema.get("properties", {}).items() if name not in ("cursor", "limit"))
        assert tool.annotations is not None
        assert tool.annotations.read_only_hint is (tool.name != "shape_feedback")
        assert (tool.annotations.destructive_hint, tool.annotations.idempotent_hint) == (False, True)


async def test_a_client_finds_out_which_searches_there_are_and_what_they_hire_for(bakery: Served, mode: Mode) -> None:
    async with connected(bakery, mode=mode) as client:
        listed = await call(client, "list_searches")
        assert [s["slug"] for s in listed["items"]] == [BAKER]
        assert DANA in said(await client.call_tool("list_searches"))
        read = await call(client, "read_contract", search=BAKER)
        assert [c["id"] for c in read["contract"]["criteria"]] == ["M1", "M2", "M3", "T1", "T2", "D1"]
        assert (read["signed"], read["gaps"], read["changes"]) == (False, [], [])
        assert "M1  Has run nights alone" in said(await client.call_tool("read_contract", {"search": BAKER, "version": 1}))
        assert await refused(client, "read_contract", search=BAKER, version=9) == "not_found"


async def test_moments_come_word_for_word_with_speaker_and_time(bakery: Served, mode: Mode) -> None:
    async with connected(bakery, mode=mode) as client:
        found = await call(client, "find_moments", question="a night when the oven failed", search=BAKER, role="candidate", limit=2)
        assert 1 <= len(found["items"]) <= 2
        assert {m["speaker"] for m in found["items"]} == {TOMAS}
        assert found["items"][0]["text"] in said(
            await client.call_tool("find_moments", {"question": "a night when the oven failed", "role": "candidate"})
        )
        assert await refused(client, "find_moments", question="the oven", interview=WORK) == "not_found"


async def test_feedback_is_put_on_record_shaped_and_answered_and_the_same_again_changes_nothing(bakery: Served, mode: Mode) -> None:
    wrote = f"{WROTE} ({mode})"
    async with connected(bakery, mode=mode) as client:
        first = await call(client, "shape_feedback", search=BAKER, person=INES, text=wrote)
        again = await call(client, "shape_feedback", search=BAKER, person=INES, text=wrote, interview=WORK)
        assert again["thread"] == first["thread"]
        waiting = [w["id"] for w in first["waiting"]]
        assert len(waiting) >= 2
        given: dict[str, Any] = {"search": BAKER, "person": INES, "feedback": first["thread"]}
        answers = [{"claim": waiting[0], "reply": "accept"}]
        one = await call(client, "shape_feedback", **given, answers=answers)
        assert [w["id"] for w in one["waiting"]] == waiting[1:]
        assert (await call(client, "shape_feedback", **given, answers=answers)) == one
        rest = await call(client, "shape_feedback", **given, words="accept all")
        assert rest["done"]
        assert (await call(client, "shape_feedback", **given))["text"].endswith(rest["text"][-40:])
    with bakery.client() as http:
        kept = [f["feedback"] for f in http.get(f"/v1/searches/{BAKER}/feedback").json()["items"] if f["feedback"]["raw"] == wrote]
    assert [f["id"] for f in kept] == [first["thread"]]


@pytest.mark.parametrize(
    ("given", "code"),
    [
        ({}, "bad_request"),
        ({"text": WROTE, "feedback": "F1"}, "bad_request"),
        ({"text": WROTE, "words": "accept all"}, "bad_request"),
        ({"feedback": "F1", "words": "accept all", "answers": [{"claim": "c", "reply": "accept"}]}, "bad_request"),
        ({"feedback": "F1", "answers": [{"claim": "never-was", "reply": "accept"}]}, "not_found"),
        ({"feedback": "F1", "answers": [{"claim": "c", "reply": "applaud"}]}, "bad_request"),
        ({"feedback": "F9"}, "not_found"),
        ({"text": "x" * 20_001}, "bad_request"),
        ({"feedback": "F1", "person": DANA}, "not_found"),
        ({"feedback": "F1", "person": ""}, "bad_request"),
        ({"feedback": "F1", "unheard": "of"}, "bad_request"),
    ],
)
async def test_a_call_that_cannot_be_done_is_told_in_a_sentence_with_its_code(bakery: Served, given: dict[str, Any], code: str) -> None:
    async with connected(bakery) as client:
        await call(client, "shape_feedback", search=BAKER, person=INES, feedback="F1")
        assert await refused(client, "shape_feedback", **{"search": BAKER, "person": INES, **given}) == code


async def test_the_referee_answers_from_the_record_in_a_conversation_that_goes_on(bakery: Served, mode: Mode) -> None:
    async with connected(bakery, mode=mode) as client:
        about: dict[str, Any] = {"search": BAKER, "person": DANA, "candidate": TOMAS, "thread": f"of {mode}"}
        first = await call(client, "ask_referee", **about, question="What about the rye?")
        assert first["citations"]
        second = await call(client, "ask_referee", **about, question="And the salt?")
        assert (first["number"], second["number"]) == (1, 2)
        hire = await call(client, "ask_referee", **about, question="Should we hire him?")
        assert hire["citations"] == []


async def test_the_corpus_is_counted_and_nobody_is_ranked(bakery: Served, mode: Mode) -> None:
    async with connected(bakery, mode=mode) as client:
        counted = await call(client, "ask_corpus", question="which criteria get clean reads?")
        assert counted["measure"] == "clean_reads"
        cannot = await client.call_tool("ask_corpus", {"question": "who is the best candidate?"})
        assert "not ranked" in said(cannot)


async def test_an_unknown_tool_is_an_error_of_the_protocol(bakery: Served, mode: Mode) -> None:
    async with connected(bakery, mode=mode) as client:
        with pytest.raises(MCPError, match="no tool of that name"):
            await client.call_tool("hire", {})


async def test_resources_are_listed_and_read_under_their_addresses(bakery: Served, mode: Mode) -> None:
    async with connected(bakery, mode=mode) as client:
        addresses = [t.uri_template for t in (await client.list_resource_templates()).resource_templates]
        assert len(addresses) == 4
        listed = [r.uri for r in (await client.list_resources()).resources]
        contract, transcript = f"plumbline://searches/{BAKER}/contract", f"plumbline://searches/{BAKER}/interviews/{WORK}/transcript"
        assert listed == [contract, transcript]
        for uri in (contract, f"plumbline://searches/{BAKER}/contracts/1"):
            read = await texts(client, uri)
            assert "M1  Has run nights alone" in read["text/markdown"]
            assert json.loads(read["application/json"])["contract"]["version"] == 1
        lines = (await texts(client, transcript))["text/plain"].splitlines()
        assert lines[0].startswith("[u0 0:04] Inés Duarte: ")


@pytest.mark.parametrize(
    "uri",
    [
        "plumbline://searches/no-such/contract",
        f"plumbline://searches/{BAKER}/contracts/7",
        f"plumbline://searches/{BAKER}/contracts/newest",
        f"plumbline://searches/{BAKER}/interviews/none/transcript",
        f"plumbline://searches/{BAKER}/debrief/Nobody?person=Dana%20Whitlock",
        f"plumbline://searches/{BAKER}",
        "plumbline://searches/a%00b/contract",
        f"plumbline://searches/{BAKER}/interviews/%0A/transcript",
        "file:///etc/passwd",
    ],
)
async def test_what_stands_at_no_address_is_told_with_its_code(bakery: Served, uri: str) -> None:
    async with connected(bakery) as client:
        with pytest.raises(MCPError) as caught:
            await client.read_resource(uri)
    assert caught.value.error.code == -32602
    assert caught.value.error.data["code"] == "not_found"
    assert caught.value.error.data["uri"] == uri


async def _packet(client: Client, person: str) -> dict[str, str]:
    candidate, reader = TOMAS.replace(" ", "%20").replace("á", "%C3%A1"), person.replace(" ", "%20").replace("é", "%C3%A9")
    return await texts(client, f"plumbline://searches/{BAKER}/debrief/{candidate}?person={reader}")


async def test_a_debrief_stays_sealed_until_every_scorecard_is_in(bakery: Served) -> None:
    async with connected(bakery) as client:
        with pytest.raises(MCPError) as caught:
            await _packet(client, PRIYA)
        assert caught.value.error.data["code"] == "refused"
        with pytest.raises(MCPError) as caught:
            await _packet(client, INES)
        assert caught.value.error.data["code"] == "not_permitted"
        grades = [{"criterion": "M1", "grade": 3}, {"criterion": "D1", "grade": 4}]
        with bakery.client() as http:
            card = {"as": INES, "interview": WORK, "grades": grades}
            http.post(f"/v1/searches/{BAKER}/scorecards", json=card).raise_for_status()
        read = await _packet(client, PRIYA)
        assert read["text/markdown"].startswith(f"# Debrief: {TOMAS}")
        assert json.loads(read["application/json"])["contract_version"] == 1


async def test_lists_of_resources_come_in_pages_that_hold_each_once(served: Served) -> None:
    key = served.key(org="Mill")
    with served.client(key) as http:
        for n in range(57):
            http.post("/v1/searches", json={"slug": f"miller-{n:02}", "title": "Miller"}).raise_for_status()
    async with connected(served, key) as client:
        first = await client.list_resources()
        assert first.next_cursor
        second = await client.list_resources(cursor=first.next_cursor)
        assert second.next_cursor is None
        uris = [r.uri for r in (*first.resources, *second.resources)]
        assert len(first.resources) == 50
        assert len(set(uris)) == len(uris) == 57
        with pytest.raises(MCPError, match="cursor"):
            await client.list_resources(cursor="bm90aGluZw")
        page = await call(client, "list_searches", limit=50)
        assert len((await call(client, "list_searches", cursor=page["next"]))["items"]) == 7


def test_a_call_that_comes_as_soon_as_the_server_says_where_it_listens_is_answered(served: Served) -> None:
    served.stop()
    served.start(served.port)
    with served.client() as http:
        accept = {"Accept": "application/json, text/event-stream"}
        response = httpx.post(f"{served.url}/mcp", json=HELLO, headers={**http.headers, **accept}, timeout=30)
    assert response.status_code == 200
    assert response.headers["mcp-session-id"]
