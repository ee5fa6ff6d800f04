"""Calls over MCP side by side, cut short, and when the server goes down; and a failure that nobody foresaw."""

import asyncio
import threading
import time
from pathlib import Path
from typing import Any, cast

import httpx
import pytest
from mcp.server.context import ServerRequestContext
from mcp_types import CallToolRequestParams
from starlette.requests import Request

from agents.keys import make_key
from alignment.access import Access, KeyRole
from alignment.settings import load_settings
from api.app import make_app
from api.mcp import server as mcp_server
from api.mcp.asked import Asked
from api.mcp.given import AskCorpus
from api.mcp.sessions import MOST
from api.mcp.tools import TOOLS, Tool
from tests.api.mcp_client import HELLO, MODES, STATELESS, Mode, call, connected, said, stateless_call
from tests.api.served import BAKER, DANA, INES, WORK, Served, put_baker, serving

WROTE = "When the oven failed he moved the rye and still got the van out."


@pytest.mark.parametrize("mode", MODES)
async def test_calls_side_by_side_are_each_answered_with_their_own(bakery: Served, mode: Mode) -> None:
    questions = ["the oven that failed", "bread thrown away", "teaching somebody", "the van"]
    async with connected(bakery, mode=mode) as one, connected(bakery, mode=mode) as other:
        alone = [await call(one, "find_moments", question=q, search=BAKER) for q in questions]
        asked = [call(client, "find_moments", question=q, search=BAKER) for client in (one, other) for q in questions]
        together = await asyncio.gather(*asked)
        assert together == alone * 2
        answers = await asyncio.gather(
            *(
                call(c, "ask_referee", search=BAKER, person=DANA, question="And the rye?", thread=f"{mode} {n}")
                for n, c in enumerate((one, other))
            )
        )
        assert [a["number"] for a in answers] == [1, 1]


def _shape(text: str) -> dict[str, Any]:
    return stateless_call("shape_feedback", search=BAKER, person=INES, interview=WORK, text=text)


HEADERS = {**STATELESS, "Mcp-Name": "shape_feedback"}


async def test_what_a_client_began_is_finished_where_it_goes_away(bakery: Served) -> None:
    text = f"{WROTE} He said it himself."
    headers = {"Authorization": f"Bearer {bakery.key()}"}
    async with httpx.AsyncClient(base_url=bakery.url, headers=headers, timeout=60) as http:

        async def until(word: str, path: str) -> None:
            for _ in range(1500):
                if word in (await http.get(path)).text:
                    return
                await asyncio.sleep(0.02)
            pytest.fail(f"{path} never held {word}")

        async with httpx.AsyncClient(base_url=bakery.url, headers=headers, timeout=60) as leaving:
            asking = asyncio.create_task(leaving.post("/mcp", json=_shape(text), headers=HEADERS))
            await until(text, f"/v1/searches/{BAKER}/feedback")
            asking.cancel()
        await until('plumbline_turns_total{agent="feedback-shaper",ended="answered"} 1.0', "/metrics")
        again = (await http.post("/mcp", json=_shape(text), headers=HEADERS)).json()["result"]
    assert again["structuredContent"]["waiting"]


@pytest.mark.parametrize("mode", MODES)
def test_a_call_under_way_at_sigterm_is_finished_and_answered(tmp_path: Path, mode: Mode) -> None:
    told: list[str] = []

    async def asking(served: Served, key: str) -> None:
        async with connected(served, key, mode) as client:
            await client.list_tools()  # which it would do after the call, to check what came back
            connected_.set()
            told.append(said(await client.call_tool("shape_feedback", {"search": BAKER, "person": INES, "text": WROTE})))

    connected_ = threading.Event()
    with serving(tmp_path / "home") as served:
        key = served.key()
        with served.client(key) as http:
            put_baker(http)
        thread = threading.Thread(target=lambda: asyncio.run(asking(served, key)))
        thread.start()
        assert connected_.wait(30)
        time.sleep(0.05)
        began = time.monotonic()
        assert served.stop() == 0
        assert time.monotonic() - began < 10
        thread.join()
        assert "Traceback" not in served.log()
    assert "on record as fbk-" in told[0]


def test_a_server_with_sessions_open_ends_at_once_and_quietly(tmp_path: Path) -> None:
    async def stopped() -> int:
        async with connected(served, key, "legacy") as client:
            await client.list_tools()
            return await asyncio.to_thread(served.stop)

    with serving(tmp_path / "home") as served:
        key = served.key()
        began = time.monotonic()
        assert asyncio.run(stopped()) == 0
        assert time.monotonic() - began < 10
        assert not [word for word in ("Traceback", "Warning", "never retrieved") if word in served.log()]


async def test_several_processes_answer_2025_clients_without_a_session(bare_home: Path) -> None:
    app = make_app(load_settings(home=bare_home), shared=True)
    async with app.router.lifespan_context(app), httpx.AsyncClient(transport=httpx.ASGITransport(app)) as http:
        store = app.state.bench.store
        _, key = await make_key(store, await store.create_organisation("Acme"), KeyRole.SERVICE, (Access.READ,))
        http.headers.update({"Authorization": f"Bearer {key}", "Accept": STATELESS["Accept"], "MCP-Protocol-Version": "2025-11-25"})
        for method, params in (("initialize", HELLO["params"]), ("tools/list", {})):
            told = await http.post("http://here/mcp", json={"jsonrpc": "2.0", "id": 1, "method": method, "params": params})
            assert told.status_code == 200
            assert '"result"' in told.text
            assert "mcp-session-id" not in told.headers


def test_a_key_with_too_many_sessions_loses_the_one_that_it_used_least(served: Served) -> None:
    with served.client() as http:
        http.headers["Accept"] = STATELESS["Accept"]

        def used(session: str) -> int:
            return http.post("/mcp", json={"jsonrpc": "2.0", "id": 1, "method": "ping"}, headers={"Mcp-Session-Id": session}).status_code

        begun = [http.post("/mcp", json=HELLO).headers["mcp-session-id"] for _ in range(MOST)]
        with served.client() as other:
            other.headers["Accept"] = STATELESS["Accept"]
            theirs = other.post("/mcp", json=HELLO).headers["mcp-session-id"]
            assert used(begun[0]) == 200
            assert http.post("/mcp", json=HELLO).status_code == 200
            assert [used(begun[0]), used(begun[1]), used(begun[2])] == [200, 404, 200]
            ping = {"jsonrpc": "2.0", "id": 1, "method": "ping"}
            assert other.post("/mcp", json=ping, headers={"Mcp-Session-Id": theirs}).status_code == 200


async def test_a_failure_that_nobody_foresaw_says_nothing_of_its_inside(monkeypatch: pytest.MonkeyPatch) -> None:
    async def fails(_: Asked, __: Any) -> Any:
        raise RuntimeError("Tomás said in confidence")

    monkeypatch.setitem(cast(dict[str, Tool], TOOLS), "ask_corpus", Tool("", "", AskCorpus, AskCorpus, fails))
    request = Request({"type": "http", "state": {"request_id": "r-1"}, "headers": [], "method": "POST", "path": "/mcp"})
    ctx: Any = ServerRequestContext(
        session=cast(Any, None), lifespan_context={}, protocol_version="2025-11-25", method="tools/call", request=request
    )
    told = await mcp_server._call_tool(ctx, CallToolRequestParams(name="ask_corpus", arguments={"question": "x"}))
    assert told.is_error
    assert said(told).startswith("plumbline_error: The server failed")
    assert "confidence" not in told.model_dump_json()
