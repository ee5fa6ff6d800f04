"""An OpenAI-compatible server on loopback that does what a test wants, to the last byte, and the product's own asker at its address."""

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from string import Template
from typing import Any

import pytest
from pydantic import BaseModel, ConfigDict, Field

from agents.ask import Asker, KeptReplies, Ledger
from agents.ask.chats import open_chat
from agents.ask.requests import Requests
from agents.prompts import Prompt
from alignment.settings import AskSettings

NAME = "openai:mallory"
KEY = "sk-not-for-anybodys-eyes-1234567890"
PROMPT = Prompt(name="weigh", system="Name a colour as JSON.", given=Template("$claim"), hash="0123456789abcdef")


class Colour(BaseModel):
    """The reply that these tests ask for."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    colour: str = Field(min_length=1, max_length=20)


@dataclass
class Heard:
    """One request as it came, and whether its sender hung up before an answer was complete."""

    body: dict[str, Any]
    headers: dict[str, str]
    hung_up: asyncio.Event = field(default_factory=asyncio.Event)


Does = Callable[["Wire", Heard, asyncio.StreamWriter], Awaitable[None]]


@dataclass
class Wire:
    """The server: its address, what it heard, and how many requests it held at once at most."""

    url: str = ""
    heard: list[Heard] = field(default_factory=list)
    now: int = 0
    most: int = 0
    rang: asyncio.Event = field(default_factory=asyncio.Event)


def sent(text: str, status: int = 200, kind: str = "application/json", more: str = "", length: int | None = None) -> bytes:
    """An HTTP answer with that body; `length` claims another length than it has."""
    body = text.encode()
    head = f"HTTP/1.1 {status} X\r\nContent-Type: {kind}\r\nContent-Length: {len(body) if length is None else length}\r\n{more}"
    return f"{head}Connection: close\r\n\r\n".encode() + body


def completion(content: Any, **message: Any) -> str:
    """A chat completion whose message says that."""
    return json.dumps(
        {
            "id": "x",
            "object": "chat.completion",
            "created": 1,
            "model": "mallory",
            "choices": [{"index": 0, "finish_reason": "stop", "message": {"role": "assistant", "content": content, **message}}],
            "usage": {"prompt_tokens": 11, "completion_tokens": 5, "total_tokens": 16},
        }
    )


def says(*texts: bytes | str) -> Does:
    """Answers with one after the other, the last again and again; a string is the text of a fair completion."""

    async def does(wire: Wire, _: Heard, out: asyncio.StreamWriter) -> None:
        text = texts[min(len(wire.heard), len(texts)) - 1]
        out.write(text if isinstance(text, bytes) else sent(completion(text)))

    return does


def complains(status: int, message: str, code: str | None = None) -> bytes:
    """A provider's error as OpenAI shapes it."""
    return sent(json.dumps({"error": {"message": message, "type": "invalid_request_error", "code": code}}), status)


async def hangs(wire: Wire, heard: Heard, out: asyncio.StreamWriter) -> None:
    """Never answers."""
    await heard.hung_up.wait()


async def drips(wire: Wire, heard: Heard, out: asyncio.StreamWriter) -> None:
    """Answers a byte at a time, so slowly that no read ever times out, and without an end."""
    out.write(b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 100000\r\n\r\n")
    while not heard.hung_up.is_set():
        out.write(b" ")
        await asyncio.sleep(0.02)


@asynccontextmanager
async def serving(does: Does) -> AsyncIterator[Wire]:
    """A server that does that, whatever it is asked."""
    wire = Wire()
    tasks: set[asyncio.Task[None]] = set()

    async def handle(reader: asyncio.StreamReader, out: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task
        tasks.add(task)
        try:
            await _answer(wire, does, reader, out)
        except (ConnectionError, asyncio.IncompleteReadError):
            pass  # the other side hung up, which is what many of these tests are about
        finally:
            tasks.discard(task)
            out.close()

    server = await asyncio.start_server(handle, "127.0.0.1", 0)
    wire.url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/v1"
    try:
        yield wire
    finally:
        server.close()
        for task in list(tasks):
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


async def _answer(wire: Wire, does: Does, reader: asyncio.StreamReader, out: asyncio.StreamWriter) -> None:
    head = (await reader.readuntil(b"\r\n\r\n")).decode().split("\r\n")
    headers = {k.lower(): v for k, _, v in (line.partition(": ") for line in head[1:] if line)}
    body = await reader.readexactly(int(headers.get("content-length", 0)))
    heard = Heard(json.loads(body or b"{}"), headers)
    wire.heard.append(heard)
    wire.rang.set()
    wire.now += 1
    wire.most = max(wire.most, wire.now)
    listening = asyncio.create_task(_listen(reader, heard))
    try:
        await does(wire, heard, out)
        await out.drain()
    finally:
        wire.now -= 1
        listening.cancel()


async def _listen(reader: asyncio.StreamReader, heard: Heard) -> None:
    with suppress(ConnectionError):
        await reader.read()
    heard.hung_up.set()


@dataclass
class Dialled:
    """The product's asker at a server's address, with the ledger that it keeps."""

    asker: Asker
    ledger: Ledger

    async def asks(self, claim: str = "Which?", **more: Any) -> Any:
        """One ask, and what came of it."""
        return await self.asker.ask(PROMPT, Colour, {"claim": claim}, **more)


Dial = Callable[..., Dialled]


def dialling(patch: pytest.MonkeyPatch) -> Dial:
    """Opens askers the way the settings do: the provider's own package, its own variables, and our limits."""

    def dial(url: str, kept: KeptReplies | None = None, name: str = NAME, **limits: Any) -> Dialled:
        patch.setenv("OPENAI_BASE_URL", url)
        patch.setenv("OPENAI_API_KEY", KEY)
        asked = AskSettings(**{"timeout_s": 5, "budget_s": 10, **limits})
        ledger = Ledger()
        requests = Requests(name=name, chat=open_chat(name, asked), limits=asked)
        return Dialled(Asker(requests=requests, limits=asked, kept=kept, ledger=ledger, room=asyncio.Semaphore(asked.at_once)), ledger)

    return dial
