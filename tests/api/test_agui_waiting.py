"""What an AG-UI client hears while a turn is worked on, and when it goes wrong in a way that nobody foresaw."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest
from ag_ui_validate.pytest_plugin import validate_agui_endpoint
from fastapi import FastAPI

from agents.access import Caller
from agents.conversations import Message
from agents.desk import organisation_of
from agents.keys import make_key
from agents.workbench import Workbench
from alignment.access import Access, KeyRole
from alignment.conversation import AgentTurn
from alignment.settings import ServeSettings, Settings
from api.agui import door as agui
from api.app import make_app
from api.running import Running
from tests.api.agui import Ran, read
from tests.api.cast import HAMID, SLUG
from tests.api.served import BAKER, INES, PRIYA, Served

SECRET = "words of the record that belong in no log"
INPUT: dict[str, Any] = {
    "threadId": "t",
    "runId": "r",
    "messages": [{"id": "m", "role": "user", "content": "What did he say about the routing service?"}],
    "forwardedProps": {"search": SLUG, "person": HAMID},
}


class Slow(Running):
    """Turns that take their time."""

    delay_s = 0.4

    async def turn(self, bench: Workbench, caller: Caller, message: Message) -> AgentTurn:
        await asyncio.sleep(self.delay_s)
        return await super().turn(bench, caller, message)


class Broken(Running):
    """Turns that fail as nothing should."""

    async def turn(self, bench: Workbench, caller: Caller, message: Message) -> AgentTurn:
        raise ValueError(SECRET)


@asynccontextmanager
async def opened(home: Path, running: type[Running], **serve: Any) -> AsyncIterator[tuple[FastAPI, httpx.AsyncClient]]:
    """The app in this process over the story's search, and a client of it."""
    app = make_app(Settings(home=home, serve=ServeSettings(**serve)))
    app.state.running = running(app.state.metrics)
    async with app.router.lifespan_context(app):
        store = app.state.bench.store
        organisation = await organisation_of(app.state.bench)
        _, secret = await make_key(store, organisation, KeyRole.SERVICE, (Access.READ, Access.WRITE))
        headers = {"Authorization": f"Bearer {secret}"}
        transport = httpx.ASGITransport(app=app)
        async with httpx.AsyncClient(transport=transport, base_url="http://plumbline", headers=headers) as client:
            yield app, client


async def ran(client: httpx.AsyncClient, **changed: Any) -> Ran:
    response = await client.post("/agui/debrief-referee", json={**INPUT, **changed})
    assert response.status_code == 200, response.text
    return read(response.text.split("\n"))


async def test_the_line_is_kept_open_while_a_turn_is_worked_on(told_home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(agui, "KEEP_ALIVE_S", 0.05)
    async with opened(told_home, Slow) as (_, client):
        told = await ran(client)
    assert told.comments >= 3
    assert told.outcome == {"type": "success"}


async def test_a_turn_that_takes_too_long_goes_on_and_is_fetched_by_the_same_message(told_home: Path) -> None:
    async with opened(told_home, Slow, stream_s=1.5) as (app, client):
        slow, app.state.running.delay_s = app.state.running, 2.0
        late = await ran(client)
        assert late.error["code"] == "stopping"
        assert late.error["metadata"]["plumbline"]["retryable"] is True
        app.state.running = Running(app.state.metrics)
        assert (await ran(client, runId="r2")).state["turn"]["number"] == 1
        await asyncio.sleep(1)
        assert await slow.stop(5) == 0
        assert (await ran(client, runId="r3")).state["turn"]["number"] == 1


async def test_a_failure_that_nobody_foresaw_ends_the_run_and_tells_none_of_its_words(
    told_home: Path, caplog: pytest.LogCaptureFixture
) -> None:
    async with opened(told_home, Broken) as (_, client):
        failed = await ran(client)
    assert failed.error["code"] == "plumbline_error"
    assert failed.error["metadata"]["plumbline"]["request"]
    assert SECRET not in str(failed.events) + caplog.text


async def test_a_server_that_is_shutting_down_begins_no_turn(told_home: Path) -> None:
    async with opened(told_home, Running) as (app, client):
        app.state.running.stopping = True
        assert (await ran(client)).error["code"] == "stopping"


@pytest.mark.parametrize(("agent", "person"), [("intake-agent", PRIYA), ("feedback-shaper", INES), ("debrief-referee", PRIYA)])
async def test_a_validator_finds_nothing_in_the_live_endpoint(bakery: Served, agent: str, person: str) -> None:
    about = {"search": BAKER, "person": person, "feedback": "F1" if person == INES else ""}
    report = await validate_agui_endpoint(
        f"{bakery.url}/agui/{agent}",
        features=["agentic-chat", "shared-state"],
        headers={"Authorization": f"Bearer {bakery.key()}"},
        input={**INPUT, "messages": INPUT["messages"] if agent == "debrief-referee" else [], "forwardedProps": about},
    )
    assert [d for d in report.diagnostics if d.rule != "AGUI304"] == []
    assert report.event_count > 5
    assert not report.skipped
