"""Consents given and withdrawn, notices and regions, and legal holds that make an erasure wait."""

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import pytest_asyncio

from agents import consents, holds
from agents.admission import Arrival
from agents.arriving import take_in_transcripts
from agents.captures import Order, open_jobs, order_capture, pieces_of
from agents.debriefs import debrief
from agents.desk import add_feedback, open_interview
from agents.erasure.asking import Asked, erase_interview
from agents.ingestion import ingest
from agents.turns import shape
from agents.workbench import Workbench, open_workbench
from alignment.capture import CaptureState
from alignment.erasing import ErasureKind
from alignment.errors import Conflict, ConsentMissing, NotFound, OnHold
from alignment.people import ConsentPolicy
from tests.agents.cast import INES, TOMAS, parsed
from tests.agents.erasure_cast import (
    GONE,
    OTHER,
    SAID,
    TEAM,
    WORK,
    Home,
    files_with,
    lines_of,
    nowhere,
    settings_in,
    told_home,
    without_marks,
)
from tests.corpus.recordings import TWO_CHANNELS

pytestmark = pytest.mark.asyncio(loop_scope="session")
BY = Asked(by="Dana Whitlock", reason="the candidate's letter of 2 May")
CASE = Asked(by="Counsel", reason="case 7")
PLAIN = parsed(lines_of("plain", "new"))


@pytest_asyncio.fixture(loop_scope="session")
async def home(tmp_path: Path, bench: Workbench) -> AsyncIterator[Home]:
    async with told_home(settings_in(tmp_path / "home", bench.settings.home / "models")) as told:
        yield told


async def test_a_withdrawal_erases_the_recording_and_all_that_was_derived(home: Home) -> None:
    receipt = await consents.withdraw(home.bench, home.search, WORK, BY, jobs=home.jobs)
    assert (receipt.kind, receipt.by, receipt.reason) == (ErasureKind.WITHDRAWAL, BY.by, BY.reason)
    assert nowhere(home.path, *GONE)
    assert await consents.withdraw(home.bench, home.search, WORK, BY, jobs=home.jobs) == receipt


async def test_after_a_withdrawal_the_same_interview_needs_a_consent_given_since(home: Home) -> None:
    bench, search = home.bench, home.search
    await bench.store.set_consent_policy(home.org, ConsentPolicy.RECORDED_ELSEWHERE)
    await consents.withdraw(bench, search, WORK, BY, jobs=home.jobs)
    withdrew = r"withdrew on 20\d\d-\d\d-\d\d: the interview 1-work is not processed without a consent given since"
    arrival = Arrival(WORK, PLAIN, TOMAS)
    for told in ("", "recorded-elsewhere"):
        with pytest.raises(ConsentMissing, match=withdrew):
            await take_in_transcripts(bench, search, [arrival], consent=told)
    with pytest.raises(NotFound):
        await bench.store.interview_by_name(home.org, search.id, WORK)
    again = await open_interview(bench, search, WORK, TOMAS)
    for basis, at in (("letter of January", datetime.now(UTC) - timedelta(days=90)), ("notice", None), ("recorded elsewhere", None)):
        again = await consents.give(bench, search, WORK, basis, at=at)
        with pytest.raises(ConsentMissing, match=withdrew):
            await ingest(bench, home.org, again, PLAIN)
    again = await consents.give(bench, search, WORK, "letter of June")
    assert again.consent is not None
    assert again.consent.person == again.candidate.id
    assert (await ingest(bench, home.org, again, PLAIN)).new


async def test_a_candidate_may_withdraw_from_what_was_erased_before(home: Home) -> None:
    first = await erase_interview(home.bench, home.search, WORK, CASE, jobs=home.jobs)
    then = await consents.withdraw(home.bench, home.search, WORK, BY, jobs=home.jobs)
    assert [e.id for e in await home.bench.store.erasures(home.org)] == [first.id, then.id]
    assert then.kind is ErasureKind.WITHDRAWAL
    again = await open_interview(home.bench, home.search, WORK, TOMAS)
    with pytest.raises(ConsentMissing, match="withdrew"):
        await ingest(home.bench, home.org, again, PLAIN)


async def test_a_withdrawal_stops_a_capture_that_is_under_way(tmp_path: Path, bench: Workbench) -> None:
    settings = settings_in(tmp_path / "home", bench.settings.home / "models", jobs={"poll_s": 0.1, "at_once": 1})
    async with open_workbench(settings) as own, open_jobs(own) as jobs:
        from agents.desk import SearchPlan, consent_from, open_search, organisation_of

        org = (await organisation_of(own)).id
        search = await open_search(own, org, SearchPlan("diver", "Diver", recruiter="Dana"))
        held = await open_interview(own, search, WORK, TOMAS, consent=consent_from("agreed"))
        made = await order_capture(own, held, pieces_of(TWO_CHANNELS), "a.ogg", Order(by="tests"))
        await jobs.put(org, made.capture.id)
        async for progress, _ in jobs.until_over(org, made.capture.id):
            if progress.state is CaptureState.RUNNING:
                break
        receipt = await consents.withdraw(own, search, WORK, BY, jobs=jobs)
        assert receipt.counts["media"] == 1
        await asyncio.sleep(1.0)
        assert (await own.store.captures(org), await own.store.interviews(org)) == ((), ())
        assert await own.index.held(org) == {}
        assert nowhere(settings.home, made.capture.id, made.capture.digest)


async def test_while_a_hold_lasts_nobody_erases_what_it_keeps(home: Home) -> None:
    hold = await holds.place(home.bench, home.search, WORK, CASE)
    with pytest.raises(OnHold, match="legal hold lasts"):
        await erase_interview(home.bench, home.search, WORK, CASE, jobs=home.jobs)
    assert await home.bench.store.erasures(home.org) == ()
    assert all(files_with(home.path, *GONE).values())
    await erase_interview(home.bench, home.search, TEAM, CASE, jobs=home.jobs)
    assert nowhere(home.path, *OTHER)
    lifted, done = await holds.lift(home.bench, home.org, hold.id, jobs=home.jobs)
    assert (lifted.lifted_at is not None, done) == (True, ())
    await erase_interview(home.bench, home.search, WORK, CASE, jobs=home.jobs)
    assert nowhere(home.path, *GONE)


async def test_under_a_hold_a_withdrawal_stops_processing_at_once_and_erases_when_it_is_lifted(home: Home) -> None:
    bench, search = home.bench, home.search
    holds_ = [await holds.place(bench, search, WORK, Asked(by="Counsel", reason=f"case {n}")) for n in (7, 8)]
    (feedback,) = [f for f in await bench.store.feedback_of(home.org) if f.interview == home.work.id]
    for _ in range(2):
        with pytest.raises(OnHold, match="nothing of the interview is processed any more, but a legal hold lasts"):
            await consents.withdraw(bench, search, WORK, BY, jobs=home.jobs)
    assert [c.state for c in await bench.store.captures(home.org, home.work.id)] == [CaptureState.CANCELLED]
    assert set(await bench.index.held(home.org)) == {(await bench.store.transcript(home.org, home.team.id)).id}
    for refused in (
        add_feedback(bench, search, WORK, INES, "He was late."),
        shape(bench, home.org, feedback.id),
        ingest(bench, home.org, home.work, PLAIN, correction="again"),
        order_capture(bench, home.work, pieces_of(TWO_CHANNELS), "a.ogg", Order(by="tests", correction="again")),
    ):
        with pytest.raises(ConsentMissing):
            await refused
    packet, material = await debrief(bench, search)
    assert [i.name for i in material.interviews] == [TEAM]
    assert SAID not in packet.model_dump_json()
    assert "plumbline.db" in without_marks(files_with(home.path, SAID)[SAID])
    assert (await holds.lift(bench, home.org, holds_[0].id, jobs=home.jobs))[1] == ()
    (receipt,) = (await holds.lift(bench, home.org, holds_[1].id, jobs=home.jobs))[1]
    assert (receipt.kind, receipt.done_at is not None) == (ErasureKind.WITHDRAWAL, True)
    assert nowhere(home.path, *GONE)


async def test_a_withdrawal_that_waits_for_a_hold_is_not_finished_or_indexed_by_the_next_start(tmp_path: Path, bench: Workbench) -> None:
    settings = settings_in(tmp_path / "home", bench.settings.home / "models")
    async with told_home(settings, jobs=False) as home:
        hold = await holds.place(home.bench, home.search, WORK, CASE)
        with pytest.raises(OnHold):
            await consents.withdraw(home.bench, home.search, WORK, BY)
    async with open_workbench(settings) as own:
        assert len(await own.index.held(home.org)) == 1
        assert [e.done_at for e in await own.store.erasures(home.org)] == [None]
        with pytest.raises(ConsentMissing):
            await add_feedback(own, home.search, WORK, INES, "He was late.")
        await holds.lift(own, home.org, hold.id)
        assert nowhere(settings.home, *GONE)


async def test_where_the_policy_is_to_opt_out_a_notice_is_enough_and_an_objection_is_a_withdrawal(home: Home) -> None:
    bench, search = home.bench, home.search
    made = await open_interview(bench, search, "3-notice", TOMAS)
    await consents.give(bench, search, "3-notice", "notice")
    made = await bench.store.interview(home.org, made.id)
    with pytest.raises(ConsentMissing, match="No consent of the candidate"):
        await ingest(bench, home.org, made, PLAIN)
    await bench.store.set_consent_policy(home.org, ConsentPolicy.OPT_OUT)
    assert (await ingest(bench, home.org, made, PLAIN)).new
    bare = await open_interview(bench, search, "4-bare", TOMAS)
    with pytest.raises(ConsentMissing, match="No notice to the candidate is on record"):
        await ingest(bench, home.org, bare, PLAIN)
    await consents.withdraw(bench, search, "3-notice", BY)
    again = await open_interview(bench, search, "3-notice", TOMAS)
    again = await consents.give(bench, search, "3-notice", "notice")
    with pytest.raises(ConsentMissing, match="withdrew"):
        await ingest(bench, home.org, again, PLAIN)


async def test_a_region_has_its_own_policy_where_one_is_set(home: Home) -> None:
    bench, search = home.bench, home.search
    await bench.store.set_consent_policy(home.org, ConsentPolicy.OPT_OUT)
    await bench.store.set_consent_region(home.org, "DE", ConsentPolicy.REQUIRED)
    german = await open_interview(bench, search, "5-berlin", TOMAS, region="DE")
    texan = await open_interview(bench, search, "6-austin", TOMAS, region="US-TX")
    assert (german.region, texan.region) == ("DE", "US-TX")
    for name in ("5-berlin", "6-austin"):
        await consents.give(bench, search, name, "notice")
    with pytest.raises(ConsentMissing):
        await ingest(bench, home.org, await bench.store.interview(home.org, german.id), PLAIN)
    await ingest(bench, home.org, await bench.store.interview(home.org, texan.id), PLAIN)
    with pytest.raises(Conflict, match="another region"):
        await open_interview(bench, search, "5-berlin", TOMAS, region="US-TX")
    await bench.store.set_consent_region(home.org, "DE", None)
    assert (await ingest(bench, home.org, await bench.store.interview(home.org, german.id), PLAIN)).new
