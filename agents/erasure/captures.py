"""What the queue has of an interview: its captures stopped, and their rows taken out of the queue's own database."""

import asyncio
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from agents.workbench import Workbench
from alignment.capture import Happened, Step
from alignment.erasing import Plan
from alignment.errors import NotFound
from alignment.record import CaptureId, OrganisationId
from alignment.settings import Settings

if TYPE_CHECKING:
    from agents.captures import Jobs  # the queue's library is loaded where there is a queue

STOP_S = 30.0
STEP_S = 0.05


async def stop_captures(bench: Workbench, organisation: OrganisationId, plan: Plan, jobs: "Jobs | None") -> None:
    """Stop them, and wait until this process has let go of them; what hears one elsewhere stops at its next stretch."""
    for id in plan.captures:
        with suppress(NotFound):  # its row is gone already
            if jobs is not None:
                await jobs.cancel(organisation, id)
                await _let_go(jobs, id)
            else:
                await bench.store.close_capture(organisation, id, Happened(at=datetime.now(UTC), step=Step.CANCELLED))


async def forget_captures(settings: Settings, plan: Plan, jobs: "Jobs | None") -> None:
    """Delete the queue's rows of them, which hold ids alone; StoreDown where its database cannot be reached."""
    if jobs is not None:
        for id in plan.captures:
            await jobs.forget(id)
    elif plan.captures and (settings.jobs.url or queue_file(settings).exists()):
        from agents.captures.queue import forget_unopened  # its library takes a second to load

        await asyncio.to_thread(forget_unopened, settings.jobs_url, plan.captures)


def queue_file(settings: Settings) -> Path:
    """The file of a queue that is no server's."""
    return Path(settings.jobs_url.removeprefix("sqlite:///"))


async def _let_go(jobs: "Jobs", id: CaptureId) -> None:
    waited = 0.0
    while id in jobs.runner.under and waited < STOP_S:
        await asyncio.sleep(STEP_S)
        waited += STEP_S
