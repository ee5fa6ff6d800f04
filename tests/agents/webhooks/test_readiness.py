"""That a debrief is ready is told once for each candidate and contract version, and only once it is open."""

import asyncio
import itertools
from dataclasses import replace
from datetime import UTC, datetime

import pytest
import pytest_asyncio

from agents.debriefs import close_round, waiting_for
from agents.desk import add_scorecard, consent_from, open_interview
from agents.ingestion import ingest
from agents.webhooks import tell_what_is_ready
from agents.workbench import Workbench
from alignment.errors import StoreDown
from alignment.events import Event, EventKind
from alignment.scorecard import Grade
from corpus.store import Store
from tests.agents.cast import BRAM, CONVERSATION, CRITERIA, DANA, INES, TOMAS, WORK, Scene, parsed, play

pytestmark = pytest.mark.asyncio(loop_scope="session")
GRADES = (Grade(criterion="M1", grade=3),)
_numbers = itertools.count(1)


@pytest_asyncio.fixture(loop_scope="session")
async def told(own: Workbench) -> Scene:
    """Inés' interview with Tomás on record, Bram's still to come, in an organisation of its own."""
    return await play(replace(own, settings=own.settings.model_copy(update={"organisation": f"Acme {next(_numbers)}"})))


async def graded(scene: Scene, by: str, interview: str = WORK) -> None:
    await add_scorecard(scene.bench, scene.search, interview, by, GRADES)


async def ready(scene: Scene) -> list[Event]:
    """The debriefs that were told of, once everything that happened was worked through."""
    await tell_what_is_ready(scene.bench, scene.organisation)
    everything = await scene.bench.store.events(scene.organisation)
    return [event for event in everything if event.kind is EventKind.DEBRIEF_READY]


async def second_interview(scene: Scene) -> None:
    held = await open_interview(scene.bench, scene.search, "2-team", TOMAS, consent=consent_from("recorded-elsewhere"))
    said = tuple((BRAM if who == INES else who, text) for who, text in CONVERSATION)
    await ingest(scene.bench, scene.organisation, held, parsed(said))


async def test_it_is_told_once_the_last_scorecard_is_in_and_never_again(told: Scene) -> None:
    await graded(told, INES)
    assert await ready(told) == []
    await second_interview(told)
    assert await ready(told) == []
    await graded(told, BRAM, "2-team")
    (event,) = await ready(told)
    assert event.data == {"search": told.search.id, "candidate": told.interview.candidate.id, "contract_version": "1"}
    await close_round(told.bench, told.search, DANA, TOMAS, datetime.now(UTC))
    assert await ready(told) == [event]


async def test_it_is_told_once_the_round_is_closed_though_somebody_is_missing(told: Scene) -> None:
    await graded(told, INES)
    assert await ready(told) == []
    await close_round(told.bench, told.search, DANA, TOMAS, datetime.now(UTC))
    (event,) = await ready(told)
    await second_interview(told)
    await graded(told, BRAM, "2-team")
    assert await ready(told) == [event]


async def test_two_processes_that_look_at_once_tell_it_once(told: Scene) -> None:
    await close_round(told.bench, told.search, DANA, TOMAS, datetime.now(UTC))
    await asyncio.gather(*(tell_what_is_ready(told.bench, told.organisation) for _ in range(4)))
    assert len(await ready(told)) == 1


async def test_whoever_dies_before_it_is_noted_tells_it_no_second_time(told: Scene) -> None:
    class Dying(Store):
        async def set_event_position(self, *given: object) -> None:
            raise StoreDown("The process is gone by now")

    await close_round(told.bench, told.search, DANA, TOMAS, datetime.now(UTC))
    with pytest.raises(StoreDown):
        await tell_what_is_ready(replace(told.bench, store=Dying(told.bench.store._engine)), told.organisation)
    assert len(await ready(told)) == 1


async def test_nothing_is_looked_at_twice(told: Scene) -> None:
    await graded(told, INES)
    await ready(told)
    assert told.organisation not in await told.bench.store.organisations_with_events("debriefs")


async def test_who_is_missing_is_who_the_packet_waits_for(told: Scene) -> None:
    candidate = told.interview.candidate.id
    people = {name: (await told.bench.store.add_person(told.organisation, name)).id for name in (INES, BRAM)}
    assert await waiting_for(told.bench, told.search, candidate) == (1, (people[INES], people[BRAM]))
    await graded(told, INES)
    assert await waiting_for(told.bench, told.search, candidate) == (1, (people[BRAM],))


async def test_a_packet_under_another_contract_version_is_told_of_by_itself(told: Scene) -> None:
    await close_round(told.bench, told.search, DANA, TOMAS, datetime.now(UTC))
    await ready(told)
    first = await told.bench.store.contract(told.organisation, told.search.id)
    await told.bench.store.add_contract(told.organisation, first.next_version(CRITERIA[::-1], "The market moved"))
    await graded(told, INES)
    assert [event.data["contract_version"] for event in await ready(told)] == ["1"]
    await second_interview(told)
    await graded(told, BRAM, "2-team")
    assert [event.data["contract_version"] for event in await ready(told)] == ["1", "2"]
