"""A watched folder in tests: a home that takes in, the folder, and what is told of it."""

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from agents.captures import Jobs, open_jobs
from agents.captures.watching import News, Watch
from agents.desk import SearchPlan, open_search, organisation_of
from agents.workbench import Workbench, open_workbench
from alignment.contract import Criterion
from alignment.people import Search
from alignment.settings import Settings, load_settings
from corpus.tracks import read_written

TOMAS = {"candidate": "Tomás Rivera"}


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """A home in which recordings are taken in, and not heard."""
    return load_settings(home=tmp_path / "home", jobs={"poll_s": 0.1, "at_once": 0})


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder to watch."""
    made = tmp_path / "recordings"
    made.mkdir()
    return made


@asynccontextmanager
async def opened(settings: Settings) -> AsyncIterator[tuple[Workbench, Jobs, Search]]:
    async with open_workbench(settings) as bench, open_jobs(bench) as jobs:
        criteria = (Criterion(id="M1", text="Has moved a team to other services in one summer"),)
        plan = SearchPlan("buyer", "Buyer", recruiter="Dana Whitlock", criteria=criteria)
        yield bench, jobs, await open_search(bench, (await organisation_of(bench)).id, plan)


def watch(bench: Workbench, jobs: Jobs, search: Search, folder: Path, consent: str = "recorded-elsewhere") -> Watch:
    async def queue() -> Jobs:
        return jobs

    return Watch(bench, queue, search, folder, consent)


async def looked(watched: Watch, times: int = 2) -> list[tuple[str, str]]:
    """Who was told of what: the file, and the code or that it was taken in."""
    news: list[News] = []
    for _ in range(times):
        news += await watched.look()
    return [(n.file, n.code or ("taken in" if n.capture else "known")) for n in news]


async def kept(bench: Workbench, search: Search) -> dict[str, int]:
    """How many captures each interview has."""
    held = await bench.store.interviews(search.organisation, search.id)
    return {i.name: len(await bench.store.captures(search.organisation, i.id)) for i in held}


CAPTIONS = "WEBVTT\n\n00:00.000 --> 00:02.000\n<v Tomás Rivera>What the words are does not count.</v>\n"


async def tracks(bench: Workbench, search: Search) -> list[list[tuple[str, float, float]]]:
    """The turns that wait beside each recording."""
    org = search.organisation
    documents = [await bench.store.track(org, p.capture.id) for p in await bench.store.captures(org)]
    found = [read_written(d) for d in documents]
    return [[(t.label, t.start_s, t.end_s) for t in turns] for turns in found]


def say(folder: Path, name: str, **said: str) -> None:
    (folder / f"{name}.json").write_text(json.dumps(said), encoding="utf-8")
