"""One call over MCP: whose it is, what the audit log is told of it, and how its work outlives whoever waits for it."""

from collections.abc import Coroutine
from dataclasses import dataclass
from typing import Any, TypeVar

from mcp.server.context import ServerRequestContext
from starlette.requests import Request

from agents.access import Caller, search_for
from agents.conversations import Message
from agents.workbench import Workbench
from alignment.conversation import AgentTurn
from alignment.people import Search
from api.auth import bench_of
from api.mcp.door import PATH
from api.routes.chat import noted
from api.running import Running, within

T = TypeVar("T")


@dataclass(frozen=True)
class Asked:
    """One call, with the HTTP request that brought it."""

    request: Request

    @classmethod
    def by(cls, ctx: ServerRequestContext[Any, Request]) -> "Asked":
        """The call that the SDK hands over."""
        assert ctx.request is not None, "every call comes over HTTP"
        return cls(ctx.request)

    @property
    def bench(self) -> Workbench:
        """The open workbench that the app serves."""
        return bench_of(self.request)

    @property
    def caller(self) -> Caller:
        """Who calls, as the door has found out."""
        caller: Caller = self.request.state.caller
        return caller

    @property
    def id(self) -> str:
        """What the request is called in the log."""
        id: str = self.request.state.request_id
        return id

    def called(self, what: str) -> None:
        """Have log, meters and audit log know the call by its method and tool, which are ours and no words of anybody."""
        self.request.state.door = f"{PATH} {what}"

    def note(self, **detail: str) -> None:
        """Have the audit log tell this too: names of ours, never words of the record."""
        known: dict[str, str] = getattr(self.request.state, "detail", {})
        self.request.state.detail = {**known, **detail}

    async def search(self, slug: str) -> Search:
        """The search of that name, where the caller may see it; NotFound where not."""
        found = await search_for(self.bench, self.caller, slug)
        self.note(search=found.slug)
        return found

    def acting(self, named: str) -> str:
        """For whom the call acts, by name."""
        name = self.caller.acting(named)
        self.request.state.acting = name
        return name

    async def through(self, work: Coroutine[Any, Any, T]) -> T:
        """What the work comes to, which goes on where nobody waits any more; Stopping where it takes longer than one may wait."""
        running: Running = self.request.app.state.running
        return await within(self.bench.settings.serve.stream_s, running.through(work))

    async def turn(self, message: Message) -> AgentTurn:
        """An agent's turn, in the same way."""
        running: Running = self.request.app.state.running
        turn = await within(self.bench.settings.serve.stream_s, running.turn(self.bench, self.caller, message))
        known: dict[str, str] = getattr(self.request.state, "detail", {})
        noted(self.request, turn)
        self.note(**known)
        return turn
