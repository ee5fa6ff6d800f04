"""The three agents as AG-UI has them: a run in, events out, and what waits for a person as interrupts that a later run answers."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

from ag_ui.core import AgentCapabilities, BaseEvent, RunAgentInput
from ag_ui.encoder import EventEncoder
from fastapi import APIRouter, Request
from fastapi.responses import StreamingResponse
from pydantic_core import PydanticSerializationError

from agents.access import search_for
from alignment.conversation import Agent, AgentTurn
from alignment.errors import BadRequest
from api.agui.capabilities import capabilities_of
from api.agui.events import Run, stamped
from api.agui.wire import about_of, message_of
from api.auth import Bench, Reading
from api.problems import foreseen, problem_of
from api.routes.chat import KEEP_ALIVE_S, STREAM, noted
from api.running import must_reach, within

router = APIRouter(prefix="/agui", tags=["ag-ui"])
Heard = asyncio.Queue[dict[str, Any] | None]
"""What was verified so far, and None once the turn is whole."""


@router.get("/{agent}", response_model_exclude_none=True)
async def read_capabilities(_: Reading, agent: Agent) -> AgentCapabilities:
    """What the agent can do, as AG-UI declares it."""
    return capabilities_of(agent)


@router.post("/{agent}", response_class=StreamingResponse, responses={200: {"content": STREAM, "description": "The run's events"}})
async def run_agent(request: Request, bench: Bench, caller: Reading, agent: Agent, given: RunAgentInput) -> StreamingResponse:
    """One run of an agent, as a stream of events.

    `forwardedProps` says what it is about: search, and candidate, interview, feedback and person where they are needed. `resume`
    answers what an earlier run left waiting.
    """
    must_reach(caller, agent)
    about = about_of(given)
    heard: Heard = asyncio.Queue()
    message = message_of(given, about, agent, caller, told=heard.put_nowait)
    _must_be_text(given)
    await search_for(bench, caller, message.search)
    request.state.acting = message.person
    work = within(bench.settings.serve.stream_s, request.app.state.running.turn(bench, caller, message))
    task = asyncio.ensure_future(work)
    task.add_done_callback(lambda _: heard.put_nowait(None))
    # Where nobody waits any more, nobody has to be told how it ended.
    task.add_done_callback(lambda t: t.cancelled() or t.exception())
    events = _stream(request, Run(given, about, agent), task, heard)
    return StreamingResponse(events, media_type="text/event-stream", headers={"Cache-Control": "no-cache", "X-Accel-Buffering": "no"})


def _must_be_text(given: RunAgentInput) -> None:
    """What came in goes out again, in the state and among the messages, and has to be text for that."""
    try:
        given.model_dump_json()
    except PydanticSerializationError as e:
        raise BadRequest("The run holds characters that are no text", todo="Send Unicode text without lone surrogates.") from e


async def _stream(request: Request, run: Run, task: asyncio.Task[AgentTurn], heard: Heard) -> AsyncIterator[str]:
    """The run's events. Nothing is told before it is verified; until the turn is whole the line is kept open."""
    for event in run.begun():
        yield _encoded(event)
    async for told in _meanwhile(run, heard):
        yield told
    try:
        turn = task.result()
    except Exception as e:
        yield _encoded(run.failed(problem_of(foreseen(e), request.state.request_id)))
        return
    noted(request, turn)
    for event in run.told(turn):
        yield _encoded(event)


async def _meanwhile(run: Run, heard: Heard) -> AsyncIterator[str]:
    first = True
    while True:
        try:
            sentence = await asyncio.wait_for(heard.get(), KEEP_ALIVE_S)
        except TimeoutError:
            yield ": working\n\n"
            continue
        if sentence is None:
            return
        for event in run.worded(sentence, first=first):
            yield _encoded(event)
        first = False


def _encoded(event: BaseEvent) -> str:
    return EventEncoder().encode(stamped(event))
