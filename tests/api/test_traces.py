"""Traces tell which routes and agents took how long, and no name, word, address or key."""

from pathlib import Path

import httpx
import pytest

from agents.keys import make_key
from alignment.access import Access, KeyRole
from alignment.errors import BadSettings
from alignment.settings import Settings, load_settings
from api import traces
from api.app import make_app

SECRET = "the night the oven failed"


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """A home of its own."""
    return load_settings(home=tmp_path / "home")


async def test_spans_hold_patterns_and_nothing_of_anybody(settings: Settings) -> None:
    memory = pytest.importorskip("opentelemetry.sdk.trace.export.in_memory_span_exporter", reason="the extra otel is not installed")
    exporter = memory.InMemorySpanExporter()
    app = make_app(settings)
    traces.set_up(app, settings.serve.model_copy(update={"traces": True}), exporter)
    async with app.router.lifespan_context(app):
        store = app.state.bench.store
        _, secret = await make_key(store, await store.create_organisation("Acme"), KeyRole.SERVICE, (Access.READ,))
        headers = {"Authorization": f"Bearer {secret}"}
        async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://test", headers=headers) as client:
            await client.get("/v1/moments", params={"q": SECRET})
            await client.get("/v1/searches/somebodys-search")
            body = {"model": "debrief-referee", "messages": [{"role": "user", "content": SECRET}], "metadata": {"person": "Dana"}}
            await client.post("/v1/chat/completions", json=body)
            await client.get("/healthz")
    app.state.traces.force_flush()
    spans = exporter.get_finished_spans()
    names = {span.name for span in spans}
    assert {"GET /v1/moments", "GET /v1/searches/{search}", "turn"} <= names
    assert not [name for name in names if "healthz" in name]
    told = " ".join(str(dict(span.attributes or {})) + span.name + str(span.events) for span in spans)
    for hidden in (SECRET, "oven", "somebodys-search", secret, "Dana"):
        assert hidden not in told


def test_without_the_setting_nothing_is_traced(settings: Settings) -> None:
    app = make_app(settings)
    assert not hasattr(app.state, "traces")


def test_traces_that_are_asked_for_without_the_extra_are_refused_in_a_sentence(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    import sys

    monkeypatch.setitem(sys.modules, "opentelemetry.sdk.trace", None)
    with pytest.raises(BadSettings, match=r"plumbline\[otel\]"):
        traces.set_up(make_app(settings), settings.serve.model_copy(update={"traces": True}))
