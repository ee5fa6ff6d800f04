"""Retention applied: what has come to the age at which it goes, and what stays for now and why."""

import asyncio
from collections.abc import Iterator
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from itertools import groupby
from typing import TYPE_CHECKING

from agents.erasure.asking import Asked, plan_for
from agents.erasure.carrying_out import carry_out_all
from agents.workbench import Workbench
from alignment.capture import OVER
from alignment.erasing import Erasure, ErasureId, ErasureKind, Kept, RetentionRule
from alignment.errors import PlumblineError
from alignment.record import InterviewId, OrganisationId, Record, new_id
from corpus.store_retention import Aged

if TYPE_CHECKING:
    from agents.captures import Jobs

DAY_S = 86_400.0
HELD, HEARD = "a legal hold lasts", "it is being heard"


class Come(Record):
    """Something that has come to its age: `stays` says why it is not gone, empty where it goes, and `erasure` is its receipt."""

    what: Kept
    interview: InterviewId
    since: datetime
    stays: str = ""
    erasure: ErasureId | None = None


async def set_rule(bench: Workbench, organisation: OrganisationId, what: Kept, days: int, by: str) -> RetentionRule:
    """The rule in the place of the one before it."""
    rule = RetentionRule(organisation=organisation, what=what, days=days, by=by, at=datetime.now(UTC))
    await bench.store.set_retention(organisation, what, rule)
    return rule


async def apply(
    bench: Workbench,
    organisation: OrganisationId,
    by: str,
    *,
    now: datetime | None = None,
    dry_run: bool = False,
    jobs: "Jobs | None" = None,
) -> tuple[Come, ...]:
    """Erase what the rules let go of, one receipt each; with `dry_run` only tell what that would be."""
    at = now or datetime.now(UTC)
    rules = {rule.what: rule.days for rule in await bench.store.retention(organisation)}
    found: list[Come] = []
    planned: list[Erasure] = []
    for what in (Kept.INTERVIEWS, Kept.RECORDINGS):
        if what not in rules:
            continue
        gone = {c.interview for c in found if not c.stays}
        asked = Asked(by=by, reason=f"retention: {what} after {rules[what]} days")
        come = _interviews if what is Kept.INTERVIEWS else _recordings
        for one, digests in await come(bench, organisation, at - timedelta(days=rules[what])):
            if one.interview in gone:
                continue
            made = None if dry_run or one.stays else await _planned(bench, organisation, one, digests, asked)
            planned += [made] if made else []
            found.append(one.model_copy(update={"erasure": made.id}) if made else one)
    await carry_out_all(bench, organisation, [e.id for e in planned], jobs=jobs)
    return tuple(found)


async def keep_applying(bench: Workbench, over: asyncio.Event) -> None:
    """Apply every organisation's rules now and once a day, until it is over; what fails is tried again the next day."""
    while not over.is_set():
        for organisation in await bench.store.organisations():
            with suppress(PlumblineError):
                if await bench.store.retention(organisation.id) and await bench.store.is_free(organisation.id, "retention"):
                    async with bench.store.hold(organisation.id, "retention"):
                        await apply(bench, organisation.id, "plumbline serve")
        with suppress(TimeoutError):
            await asyncio.wait_for(over.wait(), DAY_S)


Found = list[tuple[Come, tuple[str, ...]]]


async def _interviews(bench: Workbench, organisation: OrganisationId, before: datetime) -> Found:
    held, heard = await _held(bench, organisation), await _being_heard(bench, organisation)
    old = [(a.interview, a.since) for a in await bench.store.interview_ages(organisation) if a.since and a.since < before]
    closing = await bench.store.interviews_closing(organisation)
    return [
        (Come(what=Kept.INTERVIEWS, interview=i, since=since, stays=HELD if i in held else HEARD if i in heard else ""), ())
        for i, since in old
        if i not in closing or i in held
    ]


async def _being_heard(bench: Workbench, organisation: OrganisationId) -> frozenset[InterviewId]:
    return frozenset(p.capture.interview for p in await bench.store.captures(organisation) if p.state not in OVER)


async def _recordings(bench: Workbench, organisation: OrganisationId, before: datetime) -> Found:
    held, closing = await _held(bench, organisation), await bench.store.interviews_closing(organisation)
    hearing = {p.capture.digest for p in await bench.store.captures(organisation) if p.state not in OVER}
    found: Found = []
    for interview, aged in _by_interview(await bench.store.recordings_before(organisation, before)):
        if interview in closing and interview not in held:
            continue
        for heard in (True, False):
            some = [a for a in aged if (a.digest in hearing) is heard]
            if some:
                stays = HELD if interview in held else HEARD if heard else ""
                come = Come(what=Kept.RECORDINGS, interview=interview, since=min(a.since for a in some), stays=stays)
                found.append((come, tuple(a.digest for a in some)))
    return found


def _by_interview(aged: tuple[Aged, ...]) -> Iterator[tuple[InterviewId, list[Aged]]]:
    for interview, some in groupby(sorted(aged, key=lambda a: (a.interview, a.since)), key=lambda a: a.interview):
        yield interview, list(some)


async def _held(bench: Workbench, organisation: OrganisationId) -> frozenset[InterviewId]:
    return frozenset(h.interview for h in await bench.store.holds(organisation) if h.lifted_at is None)


async def _planned(bench: Workbench, organisation: OrganisationId, come: Come, digests: tuple[str, ...], asked: Asked) -> Erasure:
    if come.what is Kept.INTERVIEWS:
        interview = await bench.store.interview(organisation, come.interview)
        return await plan_for(bench, organisation, ErasureKind.RETENTION, interview.id, [interview], asked)
    wanted = Erasure(
        id=ErasureId(new_id("ers")),
        organisation=organisation,
        kind=ErasureKind.RECORDINGS,
        subject=come.interview,
        interviews=(come.interview,),
        by=asked.by,
        reason=asked.reason,
        at=datetime.now(UTC),
    )
    return await bench.store.add_erasure(organisation, wanted, digests=digests)
