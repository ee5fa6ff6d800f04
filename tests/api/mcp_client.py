"""The official MCP client, speaking to a running server."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any, Literal

import httpx2
from mcp import Client
from mcp.client.streamable_http import streamable_http_client
from mcp_types import CallToolResult, TextContent, TextResourceContents

from tests.api.served import Served

Mode = Literal["legacy", "auto"]
MODES: tuple[Mode, ...] = ("legacy", "auto")
"""With a handshake and a session, and the newest that both sides speak, which has neither."""
STATELESS = {"MCP-Protocol-Version": "2026-07-28", "Accept": "application/json, text/event-stream", "Mcp-Method": "tools/call"}

HELLO: dict[str, Any] = {
    "jsonrpc": "2.0",
    "id": 1,
    "method": "initialize",
    "params": {"protocolVersion": "2025-11-25", "capabilities": {}, "clientInfo": {"name": "t", "version": "1"}},
}


@asynccontextmanager
async def connected(served: Served, key: str = "", mode: Mode = "auto") -> AsyncIterator[Client]:
    """A client with that key, or one of a new service's."""
    headers = {"Authorization": f"Bearer {key or served.key()}"}
    async with (
        httpx2.AsyncClient(headers=headers, timeout=60) as http,
        Client(streamable_http_client(f"{served.url}/mcp", http_client=http), mode=mode) as client,
    ):
        yield client


async def call(client: Client, tool: str, **given: Any) -> Any:
    """What the tool gives, as data."""
    told = await client.call_tool(tool, given)
    assert not told.is_error, said(told)
    return told.structured_content


async def refused(client: Client, tool: str, **given: Any) -> str:
    """The code of the tool's failure, which is told in a sentence too."""
    told = await client.call_tool(tool, given)
    assert told.is_error
    assert told.structured_content is None
    code, _, sentence = said(told).partition(": ")
    assert sentence.rstrip().endswith((".", "…"))
    assert told.meta is not None
    assert told.meta["plumbline/problem"]["code"] == code
    return code


def said(told: CallToolResult) -> str:
    """The text of a result."""
    (content,) = told.content
    assert isinstance(content, TextContent)
    return content.text


async def texts(client: Client, uri: str) -> dict[str, str]:
    """A resource's parts by their media types."""
    parts = (await client.read_resource(uri)).contents
    assert all(p.uri == uri for p in parts)
    return {p.mime_type or "": p.text for p in parts if isinstance(p, TextResourceContents)}


def stateless_call(tool: str, **given: Any) -> dict[str, Any]:
    """The body of a call as the 2026 revision has it, for clients that are none."""
    prefix = "io.modelcontextprotocol/"
    meta = {
        f"{prefix}protocolVersion": "2026-07-28",
        f"{prefix}clientInfo": {"name": "t", "version": "1"},
        f"{prefix}clientCapabilities": {},
    }
    return {"jsonrpc": "2.0", "id": 1, "method": "tools/call", "params": {"name": tool, "arguments": given, "_meta": meta}}
