"""Turns under way: each runs to its end whoever goes away, and shutting down waits for them."""

import asyncio
import time
from collections.abc import Awaitable, Coroutine
from typing import Any, TypeVar

from agents.access import Caller
from agents.conversations import Message, converse
from agents.workbench import Workbench
from alignment.access import Access, KeyRole
from alignment.conversation import Agent, AgentTurn
from alignment.errors import PlumblineError, Stopping
from api.metrics import Metrics
from api.traces import TRACER

T = TypeVar("T")


class Running:
    """The turns that this process is answering."""

    def __init__(self, metrics: Metrics) -> None:
        self._metrics = metrics
        self._tasks: set[asyncio.Task[Any]] = set()
        self.stopping = False

    async def turn(self, bench: Workbench, caller: Caller, message: Message) -> AgentTurn:
        """The agent's turn; it goes on and is on record also where nobody waits for it any more."""
        must_reach(caller, message.agent)
        return await asyncio.shield(self._begun(self._counted(bench, caller, message)))

    async def through(self, work: Coroutine[Any, Any, T]) -> T:
        """What the work comes to; it goes on to its end also where nobody waits for it any more."""
        return await asyncio.shield(self._begun(work))

    def _begun(self, work: Coroutine[Any, Any, T]) -> asyncio.Task[T]:
        if self.stopping:
            work.close()
            raise Stopping("The server is shutting down", todo="Send this again in a moment.")
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._ended)
        return task

    def _ended(self, task: asyncio.Task[Any]) -> None:
        self._tasks.discard(task)
        if not task.cancelled():
            task.exception()  # whoever waited was told; nobody has to have waited

    async def _counted(self, bench: Workbench, caller: Caller, message: Message) -> AgentTurn:
        began, ended = time.perf_counter(), "failed"
        named = {"plumbline.agent": message.agent.value}
        with self._metrics.turns_running.track_inprogress(), TRACER.start_as_current_span("turn", attributes=named):
            try:
                turn = await converse(bench, caller.org, message)
                ended = "answered"
                return turn
            except PlumblineError as e:
                ended = e.code
                raise
            finally:
                self._metrics.turns.labels(message.agent.value, ended).inc()
                self._metrics.turn_seconds.labels(message.agent.value).observe(time.perf_counter() - began)

    async def stop(self, grace_s: float) -> int:
        """Take nothing new, wait so long for what runs, and end the rest; how many had to be ended.

        A turn that is ended is where its last step left it, and goes on from there when it is asked for again.
        """
        self.stopping = True
        if self._tasks:
            await asyncio.wait(self._tasks, timeout=grace_s)
        left = list(self._tasks)
        for task in left:
            task.cancel()
        await asyncio.gather(*left, return_exceptions=True)
        return len(left)


def must_reach(caller: Caller, agent: Agent) -> None:
    """Pass where the key reaches as far as the agent does: the referee reads, the others put on record, an intake has two sides.

    Else MissingScope, or NotPermitted for an interviewer's key.
    """
    caller.must(Access.READ if agent is Agent.REFEREE else Access.WRITE)
    if agent is Agent.INTAKE:
        caller.must_be(KeyRole.RECRUITER, KeyRole.HIRING_MANAGER)


async def within(seconds: float, work: Awaitable[T]) -> T:
    """The work's result; Stopping where it takes longer than a stream may stay open, while the work itself goes on."""
    try:
        return await asyncio.wait_for(asyncio.shield(asyncio.ensure_future(work)), seconds)
    except TimeoutError as e:
        raise Stopping("The turn takes longer than may be waited for; it goes on", todo="Send the same request again to fetch it.") from e
