"""The queue of recordings in a server: opened when there is something to hear, or others' work to share."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager

from agents.captures import Jobs, open_jobs
from agents.workbench import Workbench


class Hearing:
    """Opens the queue at most once; a server that never gets a recording never has one."""

    def __init__(self, bench: Workbench) -> None:
        self._bench = bench
        self._opening = asyncio.Lock()
        self._stack = AsyncExitStack()
        self._jobs: Jobs | None = None

    async def start(self) -> None:
        """Go on with what waits or runs on record; where machines share a queue, take part in it from the beginning."""
        if self._bench.settings.jobs.url or await self._bench.store.captures_to_finish():
            await self.jobs()

    async def jobs(self) -> Jobs:
        """The queue; StoreDown where its database cannot be opened."""
        async with self._opening:
            if self._jobs is None:
                self._jobs = await self._stack.enter_async_context(open_jobs(self._bench))
            return self._jobs

    @property
    def opened(self) -> Jobs | None:
        """The queue where this process has it open."""
        return self._jobs

    def done_s(self, capture: str) -> float:
        """Seconds of the recording that this process has heard by now, where it is at it."""
        under = self._jobs.runner.under.get(capture) if self._jobs else None
        return under.done_s if under else 0.0

    async def close(self) -> None:
        """Leave what is under way for whoever opens it next."""
        await self._stack.aclose()
        self._jobs = None


@asynccontextmanager
async def hearing(bench: Workbench) -> AsyncIterator[Hearing]:
    """A server's queue until the end of the block, gone on with where it was left."""
    made = Hearing(bench)
    try:
        await made.start()
        yield made
    finally:
        await made.close()
