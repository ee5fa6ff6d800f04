"""For whoever runs the server: whether it lives, whether it is ready, its meters, and what each problem means."""

from collections.abc import Awaitable
from http import HTTPStatus
from typing import Annotated

from fastapi import APIRouter, Path, Request, Response
from fastapi.responses import JSONResponse, PlainTextResponse

from agents.workbench import Workbench
from alignment.errors import NotFound, PlumblineError
from api.auth import Bench
from api.problems import STATUS, Problem, problem_of
from api.wire_admin import Health

router = APIRouter(tags=["operations"])
METERS = "text/plain; version=0.0.4; charset=utf-8"


@router.get("/healthz")
async def alive() -> Health:
    """Whether the process answers at all; restart it where it does not."""
    return Health(status="ok")


@router.get("/readyz", responses={503: {"model": Health, "description": "It should get no requests now."}})
async def ready(request: Request, bench: Bench) -> JSONResponse:
    """Whether requests should come here: store and index answer, and it is not shutting down."""
    parts = {"store": await _failing(bench.store.organisations()), "index": await _failing(_index(bench))}
    wrong = {name: why for name, why in parts.items() if why}
    stopping = request.app.state.running.stopping
    told = Health(status="stopping" if stopping else "failing" if wrong else "ok", parts=wrong)
    status = HTTPStatus.OK if told.status == "ok" else HTTPStatus.SERVICE_UNAVAILABLE
    return JSONResponse(told.model_dump(), status_code=status)


@router.get("/metrics", response_class=PlainTextResponse, responses={200: {"content": {"text/plain": {"schema": {"type": "string"}}}}})
async def meters(request: Request, bench: Bench) -> Response:
    """Counts and times for Prometheus; nothing in them tells whose they are."""
    if not bench.settings.serve.metrics:
        raise NotFound("The meters are switched off", where="/metrics")
    return Response(request.app.state.metrics.told(), media_type=METERS)


@router.get("/problems/{code}")
async def explain(code: Annotated[str, Path(max_length=60)]) -> Problem:
    """What a problem's code means."""
    kind = next((k for k in STATUS if k.code == code), None)
    if kind is None:
        raise NotFound(f"There is no problem of the code {code}", todo=f"There are: {', '.join(sorted(k.code for k in STATUS))}.")
    return problem_of(kind((kind.__doc__ or "").splitlines()[0].rstrip(".")))


async def _failing(look: Awaitable[object]) -> str:
    try:
        await look
    except PlumblineError as e:
        return str(e)
    return ""


async def _index(bench: Workbench) -> None:
    for organisation in (await bench.store.organisations())[:1]:
        await bench.index.held(organisation.id)
