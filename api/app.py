"""The app: one open workbench behind several standard doors."""

import asyncio
import secrets
from collections.abc import AsyncIterator, Coroutine
from contextlib import AsyncExitStack, asynccontextmanager
from importlib.metadata import version
from typing import Any

from fastapi import FastAPI
from starlette.middleware import Middleware
from starlette.middleware.cors import CORSMiddleware

from agents.retention import keep_applying
from agents.webhooks import keep_delivering
from agents.workbench import Workbench, open_workbench
from alignment.settings import ServeSettings, Settings, load_settings
from api import logs, problems, traces
from api.agui import door as agui
from api.body_limit import BodyLimit
from api.heads import Heads
from api.hearing import hearing
from api.mcp import door as mcp
from api.metrics import Metrics
from api.observing import Observing
from api.rates import Rates
from api.routes import (
    chat,
    consents,
    contracts,
    debriefs,
    feedback,
    intakes,
    interviews,
    keeping,
    media,
    operations,
    organisation,
    people,
    recordings,
    redactions,
    searches,
    speakers,
    webhooks,
)
from api.running import Running
from api.watching import watch_folder

TOLD = """Alignment infrastructure for hiring teams. Everything asserted carries a citation that a machine has checked, and nothing says
whom to hire. Every failure is a problem as in RFC 9457; a write may be sent again under the same `Idempotency-Key`."""

ROUTERS = (
    operations.router,
    organisation.router,
    organisation.keys,
    searches.router,
    contracts.router,
    intakes.router,
    interviews.router,
    consents.router,
    consents.regions,
    recordings.router,
    people.router,
    speakers.router,
    media.router,
    media.links,
    keeping.router,
    redactions.router,
    feedback.router,
    debriefs.router,
    webhooks.router,
    chat.router,
    agui.router,
)


def from_environment() -> FastAPI:
    """The app of one of several workers."""
    logs.set_up()
    return make_app(load_settings(), shared=True)


def make_app(settings: Settings, *, bench: Workbench | None = None, shared: bool = False) -> FastAPI:
    """The app over these settings, and over an open workbench; without one it is opened when the app starts and closed when it ends.

    `shared` says that other processes serve the same store, so that a request that began elsewhere is theirs until its lease is over.
    """
    metrics = Metrics()

    @asynccontextmanager
    async def life(app: FastAPI) -> AsyncIterator[None]:
        async with AsyncExitStack() as stack:
            app.state.bench = bench or await stack.enter_async_context(open_workbench(settings))
            metrics.of_models(app.state.bench.ledger.rows)
            app.state.hearing = await stack.enter_async_context(hearing(app.state.bench))
            over = asyncio.Event()
            beside = [asyncio.create_task(work) for work in (*_beside(app, over), door.keep_open(over))]
            yield
            over.set()
            await app.state.running.stop(settings.serve.grace_s)
            await asyncio.gather(*beside)

    app = FastAPI(
        title="Plumbline",
        summary="Contracts, shaped feedback, debriefs: every sentence checked against the record.",
        description=TOLD,
        version=version("plumbline"),
        lifespan=life,
        docs_url=None,
        redoc_url=None,
        middleware=_layers(settings.serve, metrics),
        responses=problems.documented(),
    )
    app.state.metrics, app.state.running, app.state.rates = metrics, Running(metrics), Rates(settings.serve)
    app.state.owner, app.state.cutting = "shared" if shared else secrets.token_hex(8), asyncio.Semaphore(media.AT_ONCE)
    problems.install(app)
    for router in ROUTERS:
        app.include_router(router)
    door = mcp.install(app, settings.serve, sessions=not shared)
    traces.set_up(app, settings.serve)
    return app


def _beside(app: FastAPI, over: asyncio.Event) -> tuple[Coroutine[Any, Any, None], ...]:
    """What a server does beside answering: it tells webhooks, takes in a watched folder, and lets go of what has come to its age."""
    bench: Workbench = app.state.bench
    return keep_delivering(bench, over), watch_folder(bench, app.state.hearing, over), keep_applying(bench, over)


def _layers(settings: ServeSettings, metrics: Metrics) -> list[Middleware]:
    """What a request passes, from the outside in."""
    return [Middleware(Observing, metrics=metrics), Middleware(Heads), *_cors(settings), Middleware(BodyLimit, settings=settings)]


def _cors(settings: ServeSettings) -> list[Middleware]:
    if not settings.origins:
        return []
    exposed = ["ETag", "Location", "RateLimit", "RateLimit-Policy", "Retry-After", "X-Request-Id", "Idempotency-Replayed"]
    of_mcp = ["Mcp-Session-Id", "Mcp-Protocol-Version", "Mcp-Method", "Mcp-Name"]
    return [
        Middleware(
            CORSMiddleware,
            allow_origins=list(settings.origins),
            allow_methods=["GET", "POST", "PUT", "PATCH", "DELETE"],
            allow_headers=["Authorization", "Content-Type", "Idempotency-Key", "If-Match", "X-Request-Id", *of_mcp],
            expose_headers=[*exposed, "Mcp-Session-Id", "WWW-Authenticate"],
        )
    ]
