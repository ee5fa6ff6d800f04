"""A home in which unusual words lie in every kind of store, and a search for them through every byte of it."""

import base64
import itertools
import os
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

from agents.ask import KeptReplies
from agents.ask.replies import Reply
from agents.captures import Jobs, Order, open_jobs, order_capture, pieces_of
from agents.desk import SearchPlan, SeatPlan, add_feedback, consent_from, open_interview, open_search, organisation_of
from agents.ingestion import ingest
from agents.room import ask
from agents.turns import shape
from agents.workbench import Workbench, open_workbench
from alignment.capture import Happened, Step
from alignment.contract import Criterion
from alignment.people import Interview, Search
from alignment.settings import Settings, load_settings
from corpus.store_requests import KeptReply
from tests.agents.cast import CRITERIA, DANA, INES, PRIYA, TOMAS, parsed
from tests.corpus.recordings import tone, wav

SAID, TYPED, ASKED, HEARD, SOUNDED, KEPT, MODEL = (
    "quokkanautic", "flibberglossy", "xylothurgic", "mnemovulpine", "zephyrkrill", "obsidiwhelk", "tarnpuddle",
)  # fmt: skip
GONE = (SAID, TYPED, ASKED, HEARD, SOUNDED, KEPT, MODEL)
OTHER = ("marrowgleam", "thistlequay", "brinefolly")
WORK, TEAM, TEXT = "1-work", "2-team", "what was said"
_numbers = itertools.count(1)


@dataclass(frozen=True)
class Home:
    """An open home, the search in it, the interview that is to go and the one that is to stay."""

    bench: Workbench
    jobs: Jobs | None
    search: Search
    work: Interview
    team: Interview

    @property
    def path(self) -> Path:
        """Where it lies."""
        return self.bench.settings.home

    @property
    def org(self) -> Any:
        """Whose it is."""
        return self.search.organisation


def settings_in(home: Path, models: Path | None = None, **more: Any) -> Settings:
    """Settings of a home whose converted embedder is another's, and which keeps a model's replies."""
    home.mkdir(parents=True, exist_ok=True)
    if models is not None and models.exists() and not (home / "models").exists():
        (home / "models").symlink_to(models)
    given: dict[str, Any] = {"ask": {"cache": home / "replies.jsonl"}, "jobs": {"poll_s": 0.1, "at_once": 0}}
    return load_settings(home=home, **(given | more))


@asynccontextmanager
async def told_home(settings: Settings, *, jobs: bool = True, slug: str = "diver") -> AsyncIterator[Home]:
    """The home with everything said, typed, asked, heard and kept in it."""
    async with open_workbench(settings) as bench:
        async with open_jobs(bench) as queue:
            home = await tell(bench, queue, slug)
            if jobs:
                yield home
                return
        yield Home(bench, None, home.search, home.work, home.team)


def lines_of(word: str, other: str) -> tuple[tuple[str, str], ...]:
    """An interview in which that word is said, and another one is."""
    return (
        (INES, "Tell me about an outage that you handled. What did you do first?"),
        (TOMAS, f"In March our {word} service went down on a Friday. I rolled the release back, and then I wrote the {other} report."),
        (INES, "When did you last argue with another team over a decision?"),
        (TOMAS, f"I can't think of one. The {word} team and I never argued."),
    )


async def tell(bench: Workbench, jobs: Jobs | None, slug: str = "diver", organisation: Any = None) -> Home:
    """Two interviews with Tomás, feedback on each, a question in the room, recordings, and replies that were kept."""
    org = organisation or (await organisation_of(bench)).id
    panel = (SeatPlan(INES, WORK, "work", ("M1", "M2", "T1")), SeatPlan(INES, TEAM, "team", ("M3", "D1")))
    plan = SearchPlan(slug=slug, title="Diver", recruiter=DANA, hiring_manager=PRIYA, panel=panel, criteria=_criteria())
    search = await open_search(bench, org, plan)
    agreed = consent_from("agreed by letter")
    work = await open_interview(bench, search, WORK, TOMAS, held_on=date(2026, 3, 1), consent=agreed)
    team = await open_interview(bench, search, TEAM, TOMAS, held_on=date(2026, 3, 9), consent=agreed)
    await ingest(bench, org, work, parsed(lines_of(SAID, "whole")))
    await ingest(bench, org, team, parsed(lines_of(OTHER[0], "other")))
    for name, word in ((WORK, TYPED), (TEAM, OTHER[1])):
        given = await add_feedback(bench, search, name, INES, f"He rolled the {word} release back himself. Didn't click.")
        await shape(bench, org, given.id)
    await ask(bench, search, DANA, f"What did he say of the {ASKED} outage?", candidate=TOMAS)
    home = Home(bench, jobs, search, work, team)
    await _recorded(home, work, SOUNDED)
    await _recorded(home, team, OTHER[2])
    await _kept(home)
    return home


def _criteria() -> tuple[Criterion, ...]:
    return CRITERIA


async def _recorded(home: Home, interview: Interview, word: str) -> None:
    path = wav(home.path.parent / f"sound-{next(_numbers)}.wav", tone(1.0))
    path.write_bytes(path.read_bytes() + f" {word} {interview.id}".encode() * 3)
    order = Order(by="tests", correction="heard again")
    made = await order_capture(home.bench, interview, pieces_of(path), path.name, order)
    if home.jobs is not None:
        await home.jobs.put(home.org, made.capture.id)
    step = Happened(at=datetime.now(UTC), step=Step.HEARD, done_s=0.5, of_s=1.0)
    if interview.id == home.work.id:
        await home.bench.store.add_stretch(home.org, made.capture.id, 0, f'{{"text": "{HEARD}"}}', step)
    path.unlink()


async def let_be(home: Home) -> None:
    """Nothing is being heard any more."""
    for progress in await home.bench.store.captures(home.org):
        step = Happened(at=datetime.now(UTC), step=Step.CANCELLED)
        await home.bench.store.close_capture(home.org, progress.capture.id, step)


async def _kept(home: Home) -> None:
    at = datetime.now(UTC)
    store = home.bench.store
    await store.record_request(home.org, "key-1", "once", "digest", owner="a process", at=at, lease=timedelta(minutes=1))
    await store.save_reply(home.org, "key-1", "once", KeptReply(status=200, headers="{}", body=f'{{"told": "{KEPT}"}}'))
    replies = home.bench.kept
    assert isinstance(replies, KeptReplies)
    replies.keep("key", Reply(text=f"He spoke of {MODEL}."), judgement="weigh", model="openai:m")


def forms_of(word: str) -> Iterator[bytes]:
    """The word as bytes: UTF-8, UTF-16 either way round, and inside base64 wherever it begins."""
    plain = word.encode()
    yield plain
    yield word.encode("utf-16-le")
    yield word.encode("utf-16-be")
    for before in range(3):
        told = base64.b64encode(b"\0" * before + plain)
        yield told[(0, 2, 3)[before] + (2 if before else 0) : len(told) - 4]


def files_with(home: Path, *words: str) -> dict[str, list[str]]:
    """By word, the files of the home in which it stands in any form."""
    found: dict[str, list[str]] = {word: [] for word in words}
    for path in sorted(p for p in home.rglob("*") if p.is_file() and "models" not in p.relative_to(home).parts):
        content = _written(path)
        for word in words:
            if any(form in content for form in forms_of(word)):
                found[word].append(str(path.relative_to(home)))
    return found


def _written(path: Path) -> bytes:
    """Every byte of the file that was ever written: the index's files are mostly holes, which read as zeros."""
    parts, at = [], 0
    with path.open("rb") as file, suppress(OSError):  # nothing was written after `at`
        while True:
            start = os.lseek(file.fileno(), at, os.SEEK_DATA)
            at = os.lseek(file.fileno(), start, os.SEEK_HOLE)
            parts.append(os.pread(file.fileno(), at - start, start))
    return b"\0".join(parts)


def nowhere(home: Path, *words: str) -> bool:
    """Whether none of the words stands anywhere; else the test says where."""
    found = {word: places for word, places in files_with(home, *words).items() if places}
    assert found == {}
    return True


def without_marks(places: list[str]) -> set[str]:
    """Which stores the files belong to."""
    return {place.split("/")[0].removesuffix("-wal").removesuffix("-shm") for place in places}
