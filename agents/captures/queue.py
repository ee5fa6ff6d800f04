"""The queue of captures, kept by DBOS: ids alone go through it, and whatever is in it when a process dies is taken up again.

DBOS is one to a process, so this is, too. Its rows hold ids and outcomes of one bit; words are in the record alone.
"""

import asyncio
import logging
import traceback
import uuid
from collections.abc import AsyncIterator, Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field

from dbos import DBOS, DBOSClient, DBOSConfig, DBOSConfiguredInstance, SetWorkflowID, StepOptions

from agents.captures.hearing import happened
from agents.captures.running import Runner
from agents.workbench import Workbench
from alignment.capture import OVER, Progress, Step
from alignment.errors import Conflict, NotFound, PlumblineError, StoreDown, Underway
from alignment.record import CaptureId, OrganisationId
from alignment.settings import Settings

NAME, VERSION = "plumbline-captures", "1"
LOOK_S = 0.2
HEAL_S = 60.0
STOP_S = 10
BACKOFF_S = 0.5
LOG = logging.getLogger("plumbline.captures")


@DBOS.dbos_class("captures")
class _Captures(DBOSConfiguredInstance):
    """The workflow, over whichever runner this process has now."""

    runner: Runner | None = None

    @DBOS.workflow(name="capture", max_recovery_attempts=1000)
    async def run(self, organisation: str, id: str, attempts: int) -> bool:
        """Hear it, then keep it; a step that fails for a passing reason is tried again, and in the end said to have failed."""
        options: StepOptions = {
            "retries_allowed": attempts > 1,
            "max_attempts": attempts,
            "interval_seconds": BACKOFF_S,
            "backoff_rate": 2.0,
        }
        try:
            if await DBOS.run_step_async({**options, "name": "hear"}, _step, "hear", organisation, id):
                return await DBOS.run_step_async({**options, "name": "keep"}, _step, "keep", organisation, id)
        except Exception as e:
            await DBOS.run_step_async({"name": "give up"}, _gave_up, organisation, id, *_why(e))
        return False


_CAPTURES = _Captures("captures")


async def _step(which: str, organisation: str, id: str) -> bool:
    runner = _CAPTURES.runner
    if runner is None:
        raise RuntimeError("the queue is closed")
    org, capture = OrganisationId(organisation), CaptureId(id)
    while True:
        try:
            # Where another process took it up first, and lives, it is that one's to do.
            async with runner.bench.store.hold(org, f"capture {id}"):
                return await (runner.hear(org, capture) if which == "hear" else runner.keep(org, capture))
        except Underway:
            if (await runner.bench.store.capture(org, capture)).state in OVER:
                return False
        except NotFound:  # erased meanwhile
            return False
        except PlumblineError:
            raise
        except Exception as e:
            # DBOS keeps what is raised, and what unforeseen errors say may be words of the record.
            frame = traceback.extract_tb(e.__traceback__)[-1]
            LOG.error("capture failed unexpectedly", extra={"capture": id, "error": type(e).__name__, "at": f"{frame.name}:{frame.lineno}"})
            raise RuntimeError(type(e).__name__) from None


async def _gave_up(organisation: str, id: str, code: str, told: str) -> None:
    runner = _CAPTURES.runner
    if runner is not None:
        await runner.bench.store.close_capture(OrganisationId(organisation), CaptureId(id), happened(Step.FAILED, code=code, told=told))


def _why(e: Exception) -> tuple[str, str]:
    """The code and sentence of what went wrong at last."""
    tried = getattr(e, "errors", None) or [e]
    last = tried[-1]
    if isinstance(last, PlumblineError):
        return last.code, f"{last.what}. It was tried {len(tried)} times."
    return "crashed", f"It failed unexpectedly ({last}), {len(tried)} times."


@dataclass
class Jobs:
    """The queue of a process: what it is given it hears in its turn, unless it only takes in (`at_once` 0)."""

    bench: Workbench
    runner: Runner
    putting: asyncio.Lock = field(default_factory=asyncio.Lock)

    async def put(self, organisation: OrganisationId, id: CaptureId) -> None:
        """See to it that somebody hears it: where it waits or runs already, nothing changes."""
        waits = ["ENQUEUED", "PENDING"]
        async with self.putting:
            known = await DBOS.list_workflows_async(workflow_id_prefix=id, status=waits, load_input=False, load_output=False)
            if known:
                return
            with SetWorkflowID(f"{id}.{uuid.uuid4().hex[:8]}"):
                await DBOS.enqueue_workflow_async(NAME, _CAPTURES.run, organisation, id, self.bench.settings.jobs.attempts)

    async def cancel(self, organisation: OrganisationId, id: CaptureId) -> Progress:
        """Stop it, be it waiting or under way, here or elsewhere; harmless where it is over."""
        await self.bench.store.close_capture(organisation, id, happened(Step.CANCELLED))
        if under := self.runner.under.get(id):
            under.stop.set()
        return await self.bench.store.capture(organisation, id)

    async def retry(self, organisation: OrganisationId, id: CaptureId) -> Progress:
        """Have it heard once more; Conflict where it neither failed nor was cancelled."""
        if not await self.bench.store.set_asked_again(organisation, id, happened(Step.ASKED)):
            state = (await self.bench.store.capture(organisation, id)).state
            raise Conflict(f"The capture is {state}: there is nothing to try again", where=id)
        await self.put(organisation, id)
        return await self.bench.store.capture(organisation, id)

    async def forget(self, id: CaptureId) -> None:
        """Take out of the queue's own rows whatever they hold of it."""
        known = await DBOS.list_workflows_async(workflow_id_prefix=id, load_input=False, load_output=False)
        if known:
            await DBOS.delete_workflows_async([w.workflow_id for w in known])

    async def until_over(
        self, organisation: OrganisationId, id: CaptureId, *, enough: Callable[[], bool] = lambda: False
    ) -> AsyncIterator[tuple[Progress, float]]:
        """How it stands whenever that changes, with the seconds that are done, until it is over, or whoever follows has enough."""
        told: tuple[int, float] | None = None
        while True:
            progress = await self.bench.store.capture(organisation, id)
            under = self.runner.under.get(id)
            done_s = max(progress.done_s, under.done_s if under else 0.0)
            if told != (len(progress.steps), done_s):
                told = len(progress.steps), done_s
                yield progress, done_s
            if progress.state in OVER or enough():
                return
            await asyncio.sleep(LOOK_S)

    async def heal(self) -> None:
        """Put into the queue what waits or runs on record and is nowhere in it, or in the hands of a process that is gone."""
        for organisation, id in await self.bench.store.captures_to_finish():
            for workflow in await self._lost(organisation, id):
                await DBOS.cancel_workflow_async(workflow)
            await self.put(organisation, id)

    async def _lost(self, organisation: OrganisationId, id: CaptureId) -> list[str]:
        if not self.bench.settings.jobs.url or id in self.runner.under:
            return []
        known = await DBOS.list_workflows_async(workflow_id_prefix=id, status=["PENDING"], load_input=False, load_output=False)
        if known and await self.bench.store.is_free(organisation, f"capture {id}"):
            return [w.workflow_id for w in known]
        return []


@asynccontextmanager
async def open_jobs(bench: Workbench) -> AsyncIterator[Jobs]:
    """The queue of this process, until the end of the block; what is under way then is taken up again by whoever opens it next.

    Conflict where this process has one open; StoreDown where the queue's database cannot be reached.
    """
    if _CAPTURES.runner is not None:
        raise Conflict("A process has one queue of recordings, and it is open already", todo="Close the other first.")
    runner = _CAPTURES.runner = Runner(bench)
    stopped = False
    try:
        await _launch(bench.settings)
        jobs = Jobs(bench, runner)
        await jobs.heal()
        healing = asyncio.create_task(_keep_healing(jobs))
        try:
            yield jobs
        finally:
            healing.cancel()
            runner.closing, stopped = True, bool(runner.under)
            for under in runner.under.values():
                under.stop.set()
            with suppress(TimeoutError):
                await asyncio.wait_for(runner.idle.wait(), STOP_S)
    finally:
        # What was stopped is over for the queue, and not on record: whoever opens it next asks for it again.
        await asyncio.to_thread(DBOS.destroy, workflow_completion_timeout_sec=STOP_S if stopped else 0)
        # DBOS put threads of its own in the loop's place for them, and they have ended with it.
        asyncio.get_running_loop().set_default_executor(ThreadPoolExecutor())
        _CAPTURES.runner = None


async def _launch(settings: Settings) -> None:
    config: DBOSConfig = {
        "name": NAME,
        "system_database_url": settings.jobs_url,
        "application_version": VERSION,
        # One home is one process's; among several, each is another, and who is gone is found by what nobody holds any more.
        "executor_id": uuid.uuid4().hex if settings.jobs.url else "here",
        "log_level": "CRITICAL",
    }
    DBOS(config=config)
    at_once = settings.jobs.at_once
    if not at_once:
        DBOS.listen_queues([])
    try:
        DBOS.launch()
        await DBOS.register_queue_async(NAME, worker_concurrency=max(1, at_once), polling_interval_sec=settings.jobs.poll_s)
    except Exception as e:  # whatever its driver raises
        todo = "Check PLUMBLINE_JOBS__URL, or the disk that holds the home."
        raise StoreDown(f"The queue's database cannot be opened: {type(e).__name__}", todo=todo) from e


async def _keep_healing(jobs: Jobs) -> None:
    while True:
        await asyncio.sleep(HEAL_S)
        try:
            await jobs.heal()
        except Exception as e:  # the next time it may go
            LOG.warning("queue not looked through", extra={"error": type(e).__name__})


def forget_unopened(url: str, ids: Sequence[CaptureId]) -> None:
    """Take out of a queue that this process does not have open whatever its rows hold of these; StoreDown where it cannot be reached."""
    try:
        client = DBOSClient(system_database_url=url)
        try:
            for id in ids:
                known = client.list_workflows(workflow_id_prefix=id, load_input=False, load_output=False)
                client.delete_workflows([w.workflow_id for w in known])
        finally:
            client.destroy()
    except Exception as e:  # whatever its driver raises
        todo = "Check PLUMBLINE_JOBS__URL, or the disk that holds the home."
        raise StoreDown(f"The queue's database cannot be reached: {type(e).__name__}", todo=todo) from e
