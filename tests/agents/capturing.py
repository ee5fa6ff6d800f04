"""Captures in tests: a home with its queue, an interview, and a recording on its way."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path

from agents.captures import Jobs, Order, open_jobs, order_capture, pieces_of
from agents.desk import SearchPlan, open_interview, open_search, organisation_of
from agents.workbench import Workbench, open_workbench
from alignment.capture import Progress
from alignment.contract import Criterion
from alignment.people import Interview
from alignment.settings import Settings
from corpus.store_interviews import consent_recorded_elsewhere

ORDER = Order(by="tests")


@asynccontextmanager
async def opened(settings: Settings) -> AsyncIterator[tuple[Workbench, Jobs]]:
    async with open_workbench(settings) as bench, open_jobs(bench) as jobs:
        yield bench, jobs


async def interview(bench: Workbench, name: str = "1-call", *, consented: bool = True) -> Interview:
    organisation = await organisation_of(bench)
    criteria = (Criterion(id="M1", text="Has moved a team from SAP to Kotlin services in one summer"),)
    plan = SearchPlan("buyer", "Buyer", recruiter="Dana Whitlock", criteria=criteria)
    search = await open_search(bench, organisation.id, plan)
    consent = consent_recorded_elsewhere(datetime.now(UTC)) if consented else None
    return await open_interview(bench, search, name, "Tomás Rivera", consent=consent)


async def taken_in(bench: Workbench, jobs: Jobs, held: Interview, path: Path, order: Order = ORDER) -> Progress:
    made = await order_capture(bench, held, pieces_of(path), path.name, order)
    await jobs.put(held.organisation, made.capture.id)
    return made


async def over(jobs: Jobs, made: Progress) -> Progress:
    async for progress, _ in jobs.until_over(made.capture.organisation, made.capture.id):
        made = progress
    return made


async def captured(bench: Workbench, jobs: Jobs, held: Interview, path: Path, order: Order = ORDER) -> Progress:
    return await over(jobs, await taken_in(bench, jobs, held, path, order))
