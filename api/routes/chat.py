"""Chat as OpenAI's protocol has it: the three agents are its models, and its official clients work unchanged."""

import asyncio
import json
import re
import time
from collections.abc import AsyncIterator
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import StreamingResponse

from agents.access import Caller, search_for
from agents.conversations import Message
from alignment.conversation import Agent, AgentTurn
from alignment.errors import BadRequest, PlumblineError
from api.auth import Bench, Reading
from api.chat_wire import Chat, Completion, Model, Models, chunk, completion, said_in
from api.once import HEADER
from api.problems import problem_of
from api.running import within

router = APIRouter(prefix="/v1", tags=["chat"])
KEEP_ALIVE_S = 10.0
STREAM = {"text/event-stream": {"schema": {"type": "string"}}}
_PIECES = re.compile(r"\S+\s*|\s+")
PIECE = 12
"""Words that a streamed piece of a text holds."""


@router.get("/models")
async def list_models(_: Reading) -> Models:
    """The agents that one can talk to."""
    return Models(data=tuple(Model(id=agent) for agent in Agent))


@router.get("/models/{model}")
async def read_model(_: Reading, model: Agent) -> Model:
    """One of them."""
    return Model(id=model)


@router.post("/chat/completions", response_model=Completion, responses={200: {"content": STREAM}})
async def complete(request: Request, bench: Bench, caller: Reading, chat: Chat) -> Any:
    """One turn of an agent, whole or streamed.

    `metadata` says what it is about: search, and candidate, interview, feedback, person and thread where they are needed.
    """
    message = await message_of(request, caller, chat)
    if message.search:
        await search_for(bench, caller, message.search)
    request.state.acting = message.person
    work = request.app.state.running.turn(bench, caller, message)
    if not chat.stream:
        turn = await within(bench.settings.serve.stream_s, work)
        noted(request, turn)
        return completion(chat, turn)
    events = _stream(request, chat, work, bench.settings.serve.stream_s)
    return StreamingResponse(events, media_type="text/event-stream", headers={"Cache-Control": "no-cache", "X-Accel-Buffering": "no"})


async def message_of(request: Request, caller: Caller, chat: Chat) -> Message:
    """What the request says, to whom, for whom, and what it is called."""
    about = chat.metadata or {}
    answers = _answers(about.get("answers", ""))
    said, heard = said_in(chat.messages)
    named = about.get("person", "")
    speaks_for_several = caller.person is None and chat.model is Agent.INTAKE
    name = request.headers.get(HEADER, "")
    return Message(
        agent=chat.model,
        search=about.get("search", ""),
        person=named if speaks_for_several else caller.acting(named),
        said=said,
        heard=heard,
        candidate=about.get("candidate", ""),
        interview=about.get("interview", ""),
        feedback=about.get("feedback", ""),
        thread=about.get("thread", ""),
        key=f"{caller.key.id} {name}" if name else "",
        resent=request.headers.get("x-stainless-retry-count", "0") not in ("", "0"),
        answers=answers,
        names_others=speaks_for_several,
    )


def _answers(told: str) -> tuple[dict[str, Any], ...]:
    if not told:
        return ()
    try:
        found = json.loads(told)
    except ValueError as e:
        raise BadRequest("The answers are not JSON", where="metadata.answers", todo="A list of {claim, reply, text, chosen}.") from e
    rows = found if isinstance(found, list) else [found]
    if not all(isinstance(row, dict) for row in rows):
        raise BadRequest("The answers are no list of objects", where="metadata.answers", todo="A list of {claim, reply, text, chosen}.")
    return tuple(rows)


def noted(request: Request, turn: AgentTurn) -> None:
    """Have the audit log say which agent answered, by which judge and prompts, under which contract."""
    contract = str(turn.contract_version) if turn.contract_version else ""
    request.state.detail = {"agent": turn.agent.value, "model": turn.by, "prompts": " ".join(turn.prompts), "contract": contract}


async def _stream(request: Request, chat: Chat, work: Any, longest_s: float) -> AsyncIterator[str]:
    """The turn in pieces. Nothing of it is told before all of it is verified; until then the line is kept open."""
    id, at = f"chatcmpl-{request.state.request_id}", int(time.time())
    task = asyncio.ensure_future(within(longest_s, work))
    # Where nobody waits any more, nobody has to be told how it ended.
    task.add_done_callback(lambda t: t.cancelled() or t.exception())
    yield _event(chunk(id, at, chat.model, {"role": "assistant", "content": ""}))
    try:
        while not (await asyncio.wait({task}, timeout=KEEP_ALIVE_S))[0]:
            yield ": working\n\n"
        turn = task.result()
    except PlumblineError as e:
        problem = problem_of(e, request.state.request_id).model_dump()
        yield f"event: error\ndata: {json.dumps({**problem, 'error': problem['error']}, ensure_ascii=False)}\n\n"
        return
    noted(request, turn)
    for piece in pieces_of(turn.text):
        yield _event(chunk(id, at, chat.model, {"content": piece}))
    told = completion(chat, turn, id=id, at=at)
    yield _event(chunk(id, at, chat.model, {"plumbline": told.choices[0].message.plumbline.model_dump(mode="json")}, finish="stop"))
    if chat.stream_options and chat.stream_options.include_usage:
        yield _event({**chunk(id, at, chat.model, {}), "choices": [], "usage": told.usage.model_dump()})
    yield "data: [DONE]\n\n"


def _event(value: dict[str, Any]) -> str:
    return f"data: {json.dumps(value, ensure_ascii=False)}\n\n"


def pieces_of(text: str) -> list[str]:
    """The text cut between words, which put together is the text."""
    words = _PIECES.findall(text)
    return ["".join(words[i : i + PIECE]) for i in range(0, len(words), PIECE)]
