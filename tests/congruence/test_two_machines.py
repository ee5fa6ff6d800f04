"""Two machines over one PostgreSQL, one index over the wire and one folder of media: what one erases, the other does not bring back."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from agents.attribution import attribute
from agents.captures import Order, order_capture, pieces_of
from agents.erasure.asking import Asked, erase_interview
from agents.erasure.redacting import redact
from agents.room import ask
from agents.workbench import Workbench, open_workbench
from alignment.errors import Conflict, NotFound
from alignment.redaction import Parts
from retrieval.index import wipe_index
from tests.agents.cast import DANA, TOMAS
from tests.agents.erasure_cast import SAID, TEAM, WORK, Home, let_be, settings_in, tell
from tests.congruence.conftest import fresh_postgres
from tests.congruence.test_erasing import held, shared_by
from tests.corpus.recordings import PHONE
from tests.qdrant_wire import Wire

BY = Asked(by="Dana Whitlock", reason="case 12")
GONE = Parts(words=(SAID,))


@dataclass(frozen=True)
class Machines:
    """The one that erases, and another; what happened before is told by the first."""

    first: Workbench
    other: Workbench
    home: Home
    url: str

    async def indexing(self, monkeypatch: pytest.MonkeyPatch) -> tuple["Gate", "asyncio.Task[None]"]:
        """The other machine stands before putting what was said at work into the index."""
        old = await self.other.store.transcript(self.home.org, self.home.work.id)
        gate = Gate(self.other.index, "put", monkeypatch)
        task = asyncio.create_task(self.other.indexer.put(self.home.org, self.home.work, old))
        await gate.reached.wait()
        return gate, task

    def words(self) -> str:
        """Everything in the database."""
        return held(self.url, self.first.settings.home)


class Gate:
    """Lets a machine's calls through when it is told to, all or those given `about`; `reached` is set once one stands there."""

    def __init__(self, owner: Any, name: str, monkeypatch: pytest.MonkeyPatch, *, after: bool = False, about: str = "") -> None:
        self.reached, self.open, self._real, self._after, self._about = asyncio.Event(), asyncio.Event(), getattr(owner, name), after, about
        monkeypatch.setattr(owner, name, self._held)

    async def _held(self, *given: Any, **more: Any) -> Any:
        if self._about and self._about not in given:
            return await self._real(*given, **more)
        made = await self._real(*given, **more) if self._after else None
        self.reached.set()
        await self.open.wait()
        return made if self._after else await self._real(*given, **more)


@pytest.fixture
async def machines(postgres_server: str, wire: Wire, tmp_path: Path) -> AsyncIterator[Machines]:
    await wipe_index(wire.url)
    async with AsyncExitStack() as stack:
        url = stack.enter_context(fresh_postgres(postgres_server))
        shared: dict[str, Any] = {**shared_by(url), "index": wire.url, "media": tmp_path / "media"}
        first = await stack.enter_async_context(open_workbench(settings_in(tmp_path / "first", **shared)))
        models = tmp_path / "first" / "models"
        other = await stack.enter_async_context(open_workbench(settings_in(tmp_path / "other", models, **shared)))
        home = await tell(first, None)
        await let_be(home)
        yield Machines(first, other, home, url)


async def test_what_another_machine_was_indexing_when_it_was_struck_out_does_not_come_back(
    machines: Machines, monkeypatch: pytest.MonkeyPatch
) -> None:
    home, other = machines.home, machines.other
    gate, indexing = await machines.indexing(monkeypatch)
    await redact(machines.first, home.search, WORK, GONE, BY)
    gate.open.set()
    await indexing
    newest = await other.store.transcript(home.org, home.work.id)
    team = await other.store.transcript(home.org, home.team.id)
    assert newest.version == 2
    assert await other.index.held(home.org) == {newest.id: True, team.id: True}


async def test_what_another_machine_was_indexing_when_it_was_erased_does_not_come_back(
    machines: Machines, monkeypatch: pytest.MonkeyPatch
) -> None:
    home, other = machines.home, machines.other
    gate, indexing = await machines.indexing(monkeypatch)
    await erase_interview(machines.first, home.search, WORK, BY)
    gate.open.set()
    with pytest.raises(NotFound):
        await indexing
    assert set(await other.index.held(home.org)) == {(await other.store.transcript(home.org, home.team.id)).id}


@pytest.mark.parametrize("erased", [False, True], ids=["struck out", "erased"])
async def test_an_answer_that_another_machine_was_giving_is_not_kept(
    machines: Machines, monkeypatch: pytest.MonkeyPatch, erased: bool
) -> None:
    home, other = machines.home, machines.other
    gate = Gate(other.room, "ainvoke", monkeypatch, after=True)
    asking = asyncio.create_task(ask(other, home.search, DANA, "What did he do in March?", candidate=TOMAS, thread="another"))
    await gate.reached.wait()
    assert SAID in machines.words()
    going = erase_interview(machines.first, home.search, WORK, BY) if erased else redact(machines.first, home.search, WORK, GONE, BY)
    erasing = asyncio.create_task(going)
    await asyncio.sleep(1)  # it takes the rows, and waits for the conversation, which the other machine has to itself
    assert not erasing.done()
    gate.open.set()
    with pytest.raises(NotFound, match="erased"):
        await asking
    await erasing
    assert SAID not in machines.words()


async def test_a_correction_that_another_machine_had_begun_does_not_bring_words_back(
    machines: Machines, monkeypatch: pytest.MonkeyPatch
) -> None:
    home, other = machines.home, machines.other
    gate = Gate(other.store, "people_of", monkeypatch)
    correcting = asyncio.create_task(attribute(other, home.work, people={}, utterances={0: "Somebody on the line"}))
    await gate.reached.wait()
    await redact(machines.first, home.search, WORK, GONE, BY)
    gate.open.set()
    with pytest.raises(Conflict):
        await correcting
    assert SAID not in machines.words()


async def test_a_recording_that_arrives_while_its_twin_is_erased_keeps_its_bytes(
    machines: Machines, monkeypatch: pytest.MonkeyPatch
) -> None:
    home, first, other = machines.home, machines.first, machines.other
    order = Order(by="tests", correction="heard again")
    twin = await order_capture(first, home.work, pieces_of(PHONE), PHONE.name, order)
    await let_be(home)
    gate = Gate(first.store, "recording_used", monkeypatch, after=True, about=twin.capture.digest)
    erasing = asyncio.create_task(erase_interview(first, home.search, WORK, BY))
    await gate.reached.wait()
    arriving = asyncio.create_task(order_capture(other, home.team, pieces_of(PHONE), PHONE.name, order))
    await asyncio.sleep(0.5)
    gate.open.set()
    made, _ = await asyncio.gather(arriving, erasing)
    assert other.media.path(home.org, made.capture.digest).read_bytes() == PHONE.read_bytes()


async def test_twins_that_two_machines_erase_at_the_same_moment_leave_no_bytes(machines: Machines) -> None:
    home, first, other = machines.home, machines.first, machines.other
    order = Order(by="tests", correction="heard again")
    for interview in (home.work, home.team):
        made = await order_capture(first, interview, pieces_of(PHONE), PHONE.name, order)
        await let_be(home)
    asked = erase_interview(first, home.search, WORK, BY), erase_interview(other, home.search, TEAM, BY)
    receipts = await asyncio.gather(*asked)
    assert all(r.done_at for r in receipts)
    with pytest.raises(NotFound):
        first.media.path(home.org, made.capture.digest)
