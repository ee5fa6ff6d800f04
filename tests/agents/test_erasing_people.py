"""One candidate out of every search, one organisation beside another, and retention that erases by age."""

from collections.abc import AsyncIterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
import pytest_asyncio

from agents import holds, retention
from agents.desk import SearchPlan, SeatPlan, consent_from, open_interview, open_search
from agents.erasure.asking import Asked, erase_interview, erase_person
from agents.ingestion import ingest
from agents.workbench import Workbench
from alignment.erasing import ErasureKind, Kept
from alignment.errors import Conflict, NotFound, OnHold
from tests.agents.cast import TOMAS, parsed
from tests.agents.erasure_cast import (
    GONE,
    HEARD,
    OTHER,
    SAID,
    SOUNDED,
    TEAM,
    WORK,
    Home,
    files_with,
    let_be,
    lines_of,
    nowhere,
    settings_in,
    tell,
    told_home,
)

pytestmark = pytest.mark.asyncio(loop_scope="session")
BY = Asked(by="Dana Whitlock", reason="case 12")
NOOR = "Noor Haddad"


@pytest_asyncio.fixture(loop_scope="session")
async def home(tmp_path: Path, bench: Workbench) -> AsyncIterator[Home]:
    async with told_home(settings_in(tmp_path / "home", bench.settings.home / "models")) as told:
        yield told


async def another_search(home: Home) -> None:
    """A second search with Tomás and with Noor as candidates."""
    plan = SearchPlan("keeper", "Keeper", recruiter="Dana Whitlock", panel=(SeatPlan("Inés Duarte", "9-first"),))
    search = await open_search(home.bench, home.org, plan)
    for name, who, word in (("9-first", TOMAS, "salvetrumpet"), ("9-noor", NOOR, "curlewbarge")):
        held = await open_interview(home.bench, search, name, who, consent=consent_from("agreed by letter"))
        lines = tuple((label.replace(TOMAS, who), text) for label, text in lines_of(word, word))
        await ingest(home.bench, home.org, held, parsed(lines))


async def test_a_person_is_erased_from_every_search_and_the_name_goes_last(home: Home) -> None:
    await another_search(home)
    person = home.work.candidate
    receipt = await erase_person(home.bench, home.org, TOMAS.lower(), BY, jobs=home.jobs)
    assert (receipt.kind, receipt.subject, len(receipt.interviews)) == (ErasureKind.PERSON, person.id, 3)
    assert (receipt.counts["interviews"], receipt.counts["people"]) == (3, 1)
    assert nowhere(home.path, *GONE, *OTHER, "salvetrumpet", TOMAS)
    assert [i.candidate.name for i in await home.bench.store.interviews(home.org)] == [NOOR]
    assert files_with(home.path, "curlewbarge")["curlewbarge"]
    with pytest.raises(NotFound):
        await home.bench.store.person(home.org, person.id)
    assert await erase_person(home.bench, home.org, person.id, BY) == receipt


async def test_the_name_of_a_candidate_who_also_interviews_stays(home: Home) -> None:
    plan = SearchPlan("keeper", "Keeper", recruiter="Dana Whitlock", panel=(SeatPlan(TOMAS, "9-first"),))
    await open_search(home.bench, home.org, plan)
    receipt = await erase_person(home.bench, home.org, TOMAS, BY, jobs=home.jobs)
    assert (receipt.counts["interviews"], receipt.counts["people"]) == (2, 0)
    assert (await home.bench.store.person(home.org, home.work.candidate.id)).name == TOMAS
    assert nowhere(home.path, *GONE, *OTHER)


async def test_of_several_people_with_one_name_nobody_is_erased_by_name(home: Home) -> None:
    await home.bench.store.add_person(home.org, TOMAS, another=True)
    with pytest.raises(Conflict, match=f"2 people are called {TOMAS}"):
        await erase_person(home.bench, home.org, TOMAS, BY)
    receipt = await erase_person(home.bench, home.org, home.work.candidate.id, BY, jobs=home.jobs)
    assert receipt.counts["interviews"] == 2
    assert len(await home.bench.store.people_by_name(home.org, TOMAS)) == 1


async def test_a_hold_on_one_interview_keeps_the_whole_person(home: Home) -> None:
    await holds.place(home.bench, home.search, TEAM, Asked(by="Counsel", reason="case 7"))
    with pytest.raises(OnHold):
        await erase_person(home.bench, home.org, TOMAS, BY, jobs=home.jobs)
    assert all(files_with(home.path, *GONE, *OTHER).values())


async def test_the_same_words_and_names_of_another_organisation_stay(home: Home) -> None:
    assert home.jobs is not None
    other = await home.bench.store.create_organisation("Elsewhere")
    theirs = await tell(home.bench, home.jobs, organisation=other.id)
    store = home.bench.store
    before = [await store.feedback_of(other.id), await store.transcript(other.id, theirs.work.id), await store.events(other.id)]
    await erase_person(home.bench, home.org, TOMAS, BY, jobs=home.jobs)
    after = [await store.feedback_of(other.id), await store.transcript(other.id, theirs.work.id), await store.events(other.id)]
    assert before == after
    assert len(await home.bench.index.held(other.id)) == 2
    assert SAID in str(after[1])
    assert files_with(home.path, SOUNDED, HEARD).keys() == {SOUNDED, HEARD}
    with pytest.raises(NotFound):
        await erase_interview(home.bench, theirs.search.model_copy(update={"organisation": home.org}), "x", BY)
    assert await store.erasures(other.id) == ()


async def aged(home: Home, days: int) -> datetime:
    return datetime.now(UTC) + timedelta(days=days)


async def test_recordings_of_an_age_go_and_their_transcripts_stay(home: Home) -> None:
    bench = home.bench
    assert await retention.apply(bench, home.org, "tests") == ()
    await retention.set_rule(bench, home.org, Kept.RECORDINGS, 30, "Dana")
    await let_be(home)
    hold = await holds.place(bench, home.search, TEAM, Asked(by="Counsel", reason="case 7"))
    assert await retention.apply(bench, home.org, "tests", now=await aged(home, 29)) == ()
    later = await aged(home, 31)
    told = await retention.apply(bench, home.org, "tests", now=later, dry_run=True)
    assert {(c.interview, c.stays) for c in told} == {(home.work.id, ""), (home.team.id, "a legal hold lasts")}
    assert await bench.store.erasures(home.org) == ()
    done = await retention.apply(bench, home.org, "tests", now=later, jobs=home.jobs)
    (receipt,) = await bench.store.erasures(home.org)
    assert [c.erasure for c in done if not c.stays] == [receipt.id]
    assert (receipt.kind, receipt.counts["media"], receipt.reason) == (ErasureKind.RECORDINGS, 1, "retention: recordings after 30 days")
    assert nowhere(home.path, SOUNDED)
    assert SAID in (await bench.store.transcript(home.org, home.work.id)).model_dump_json()
    await holds.lift(bench, home.org, hold.id)
    assert [c.stays for c in await retention.apply(bench, home.org, "tests", now=later, jobs=home.jobs)] == [""]
    assert nowhere(home.path, OTHER[2])


@pytest.mark.parametrize("what", Kept)
async def test_what_is_being_heard_stays_until_it_is_not(home: Home, what: Kept) -> None:
    await retention.set_rule(home.bench, home.org, what, 1, "Dana")
    told = await retention.apply(home.bench, home.org, "tests", now=await aged(home, 3), jobs=home.jobs)
    assert {c.stays for c in told} == {"it is being heard"}
    assert await home.bench.store.erasures(home.org) == ()


async def test_interviews_of_an_age_are_erased_by_the_day_they_were_held(home: Home) -> None:
    bench = home.bench
    await let_be(home)
    await retention.set_rule(bench, home.org, Kept.INTERVIEWS, 30, "Dana")
    undated = await open_interview(bench, home.search, "3-undated", TOMAS, consent=consent_from("agreed by letter"))
    await ingest(bench, home.org, undated, parsed(lines_of("plain", "new")))
    between = datetime.combine(date(2026, 3, 5) + timedelta(days=30), datetime.min.time(), UTC)
    done = await retention.apply(bench, home.org, "tests", now=between, jobs=home.jobs)
    assert [(c.interview, c.stays, c.since.date()) for c in done] == [(home.work.id, "", date(2026, 3, 1))]
    assert nowhere(home.path, *GONE)
    assert [i.name for i in await bench.store.interviews(home.org)] == [TEAM, "3-undated"]
    (receipt,) = await bench.store.erasures(home.org)
    assert (receipt.kind, receipt.by) == (ErasureKind.RETENTION, "tests")
    done = await retention.apply(bench, home.org, "tests", now=await aged(home, 31), jobs=home.jobs)
    assert {c.interview for c in done} == {home.team.id, undated.id}
    assert await bench.store.interviews(home.org) == ()


async def test_an_interview_that_has_come_to_its_age_may_not_go_under_a_hold(home: Home) -> None:
    await let_be(home)
    await retention.set_rule(home.bench, home.org, Kept.INTERVIEWS, 1, "Dana")
    await holds.place(home.bench, home.search, WORK, Asked(by="Counsel", reason="case 7"))
    done = await retention.apply(home.bench, home.org, "tests", now=await aged(home, 9), jobs=home.jobs)
    assert {(c.interview, c.stays) for c in done} == {(home.work.id, "a legal hold lasts"), (home.team.id, "")}
    assert all(files_with(home.path, SAID, SOUNDED).values())
    assert nowhere(home.path, *OTHER)
