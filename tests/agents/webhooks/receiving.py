"""The other end of a webhook: a real HTTP server on this machine that answers as a test tells it to."""

import asyncio
import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field

NEVER = 0
"""The status of an answer that does not come."""
ENDLESS = 1
"""The status of an answer whose body does not end."""


@dataclass(frozen=True)
class Got:
    """One request as it arrived."""

    headers: dict[str, str]
    body: bytes


@dataclass
class Receiver:
    """What arrived, and what is answered: `replies` in their order, then `last`, each after `delay_s`."""

    port: int = 0
    tls: bool = False
    replies: list[int] = field(default_factory=list)
    last: int = 204
    delay_s: float = 0
    extra: str = ""
    got: list[Got] = field(default_factory=list)
    arrived: asyncio.Event = field(default_factory=asyncio.Event)

    @property
    def url(self) -> str:
        return f"http{'s' if self.tls else ''}://127.0.0.1:{self.port}/hooks"

    async def until(self, times: int, within_s: float = 5) -> None:
        """Wait until so many requests have arrived."""
        async with asyncio.timeout(within_s):
            while len(self.got) < times:
                self.arrived.clear()
                await self.arrived.wait()

    async def answer(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(ConnectionError, asyncio.IncompleteReadError):
            lines = (await reader.readuntil(b"\r\n\r\n")).decode().split("\r\n")
            headers = {name.lower(): value for name, _, value in (line.partition(": ") for line in lines[1:] if line)}
            body = await reader.readexactly(int(headers.get("content-length", "0")))
            self.got.append(Got(headers, body))
            self.arrived.set()
            await self._reply(writer, self.replies.pop(0) if self.replies else self.last, reader)
        writer.close()
        with suppress(ConnectionError, ssl.SSLError):
            await writer.wait_closed()

    async def _reply(self, writer: asyncio.StreamWriter, status: int, reader: asyncio.StreamReader) -> None:
        await asyncio.sleep(self.delay_s)
        if status == NEVER:
            await reader.read()  # until the other side gives up
            return
        if status == ENDLESS:
            writer.write(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")
            while not writer.is_closing():
                writer.write(b"400\r\n" + b"x" * 1024 + b"\r\n")
                await writer.drain()
            return
        writer.write(f"HTTP/1.1 {status} Told\r\n{self.extra}Content-Length: 0\r\n\r\n".encode())
        await writer.drain()


@asynccontextmanager
async def receiving(tls: ssl.SSLContext | None = None, **how: object) -> AsyncIterator[Receiver]:
    """A receiver that listens on a free port."""
    receiver = Receiver(tls=tls is not None)
    for name, value in how.items():
        setattr(receiver, name, value)
    server = await asyncio.start_server(receiver.answer, "127.0.0.1", 0, ssl=tls)
    receiver.port = server.sockets[0].getsockname()[1]
    try:
        yield receiver
    finally:
        server.close()
