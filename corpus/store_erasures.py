"""Erasures: what one reaches, written down before anything is gone; what is done; and the receipt that is left."""

import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import and_, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from alignment.erasing import CANDIDATES_WILL, PARTIAL, Erasure, ErasureId, ErasureKind, Plan
from alignment.errors import NotFound, OnHold
from alignment.record import InterviewId, OrganisationId, PersonId, SearchId
from corpus.consenting import closing
from corpus.erasing_rows import erase_all, let_go_of_recordings, planned, planned_recordings
from corpus.store_connections import Connections, must_be_own, of, require
from corpus.store_holds import held_of
from corpus.tables import interviews, people
from corpus.tables_captures import erased_interviews, erasures


class Erasures(Connections):
    """The part of the store that erases, and knows what was erased."""

    async def add_erasure(
        self, organisation: OrganisationId, erasure: Erasure, *, intakes: Sequence[SearchId] = (), digests: Sequence[str] = ()
    ) -> Erasure:
        """The erasure on record with its plan; from now on what it names takes nothing new.

        One that reaches the same and is not finished is that one. OnHold where a legal hold lasts, except for a withdrawal, which waits
        for its end. `intakes` are the searches whose intake quotes what goes, `digests` the recordings
        where nothing but recordings goes.
        """
        must_be_own(organisation, erasure.organisation, "erasure")
        async with self._write(organisation) as tx:
            if known := await _unfinished(tx, organisation, erasure):
                return known
            for interview in erasure.interviews:
                # A candidate may withdraw from what was erased before: it is not processed again then.
                before = of(erased_interviews, organisation, interview=interview).limit(1)
                if erasure.kind is not ErasureKind.WITHDRAWAL or (await tx.execute(before)).first() is None:
                    await require(tx, interviews, organisation, "interview", id=interview)
            person = PersonId(erasure.subject) if erasure.kind is ErasureKind.PERSON else None
            if person is not None:
                await require(tx, people, organisation, "person", id=person)
            if erasure.kind is not ErasureKind.WITHDRAWAL:
                await must_not_be_held(tx, organisation, erasure.interviews)
            if erasure.kind is ErasureKind.RECORDINGS:
                plan = await planned_recordings(tx, organisation, erasure.interviews[0], digests)
            else:
                plan = await planned(tx, organisation, erasure.interviews, intakes, person)
            return await put_erasure(tx, organisation, erasure, plan)

    async def erasure(self, organisation: OrganisationId, id: ErasureId) -> Erasure:
        """The receipt with that id, or NotFound."""
        async with self._read() as tx:
            return await load_one(tx, organisation, id)

    async def erasures(self, organisation: OrganisationId, interview: InterviewId | None = None) -> tuple[Erasure, ...]:
        """The receipts of the organisation, or those that reach one interview, oldest first."""
        async with self._read() as tx:
            return await _load(tx, organisation, interview)

    async def erasure_plan(self, organisation: OrganisationId, id: ErasureId) -> Plan:
        """What an erasure that is not finished reaches; nothing once it is."""
        async with self._read() as tx:
            return await read_plan(tx, organisation, id)

    async def erasures_to_finish(self) -> tuple[tuple[OrganisationId, ErasureId], ...]:
        """Every erasure of every organisation that is not finished, by ids alone, and none that a hold makes wait."""
        query = select(erasures.c.organisation, erasures.c.id).where(erasures.c.done_at.is_(None)).order_by(erasures.c.at, erasures.c.id)
        async with self._read() as tx:
            found = [(OrganisationId(row[0]), ErasureId(row[1])) for row in (await tx.execute(query)).all()]
            return tuple([pair for pair in found if not await _waits(tx, *pair)])

    async def interviews_closing(self, organisation: OrganisationId) -> frozenset[InterviewId]:
        """The interviews on which an erasure is planned and not done: they take nothing new, and are not looked at any more."""
        async with self._read() as tx:
            return frozenset((await tx.execute(closing(organisation))).scalars())

    async def erase_rows(self, organisation: OrganisationId, id: ErasureId, *, but: tuple[str, str] = ("", "")) -> Plan:
        """Delete everything in the store that the erasure reaches, in one transaction, and count it; again changes nothing.

        Replies that were kept for a second sending go with it, all of the organisation's but that of the request `but` (caller, name).
        OnHold where a hold was placed since.
        """
        async with self._write(organisation) as tx:
            erasure = await load_one(tx, organisation, id)
            plan = await read_plan(tx, organisation, id)
            if erasure.done_at is not None:
                return plan
            await must_not_be_held(tx, organisation, erasure.interviews)
            if erasure.kind is ErasureKind.RECORDINGS:
                counts = await let_go_of_recordings(tx, organisation, plan)
            else:
                counts = await erase_all(tx, organisation, plan, but)
            await count(tx, organisation, id, counts)
        return plan

    async def save_erased(self, organisation: OrganisationId, id: ErasureId, counts: Mapping[str, int]) -> None:
        """Note on the receipt how much went of a store; what was counted before a crash stays counted."""
        async with self._write(organisation) as tx:
            await require(tx, erasures, organisation, "erasure", id=id)
            await count(tx, organisation, id, counts)

    async def close_erasure(self, organisation: OrganisationId, id: ErasureId, at: datetime) -> Erasure:
        """Complete the receipt; the plan is forgotten with it."""
        async with self._write(organisation) as tx:
            await require(tx, erasures, organisation, "erasure", id=id)
            here = and_(erasures.c.organisation == organisation, erasures.c.id == id, erasures.c.done_at.is_(None))
            await tx.execute(update(erasures).where(here).values(done_at=at, plan=Plan().model_dump_json()))
            return await load_one(tx, organisation, id)


async def put_erasure(tx: AsyncConnection, organisation: OrganisationId, erasure: Erasure, plan: Plan) -> Erasure:
    """The erasure on record, as it stands there, with its plan."""
    row = erasure.model_dump(exclude={"interviews", "counts"})
    await tx.execute(insert(erasures).values(**row, plan=plan.model_dump_json(), counts="{}"))
    for interview in erasure.interviews:
        await tx.execute(insert(erased_interviews).values(organisation=organisation, interview=interview, erasure=erasure.id))
    return await load_one(tx, organisation, erasure.id)


async def read_plan(tx: AsyncConnection, organisation: OrganisationId, id: ErasureId) -> Plan:
    """What an erasure that is not finished reaches; nothing once it is."""
    await require(tx, erasures, organisation, "erasure", id=id)
    query = of(erasures, organisation, id=id).with_only_columns(erasures.c.plan)
    return Plan.model_validate_json((await tx.execute(query)).scalar_one())


async def _unfinished(tx: AsyncConnection, organisation: OrganisationId, wanted: Erasure) -> Erasure | None:
    """What is being erased already of the same interviews, or of the same person."""
    for erasure in await _load(tx, organisation):
        same = erasure.kind is wanted.kind and erasure.subject == wanted.subject
        covered = bool(wanted.interviews) and set(wanted.interviews) <= set(erasure.interviews) and wanted.kind is not ErasureKind.PERSON
        # What a candidate wants weighs more than what an operator wants, and stays on record as theirs.
        whole = erasure.kind not in PARTIAL and (wanted.kind not in CANDIDATES_WILL or erasure.kind in CANDIDATES_WILL)
        if erasure.done_at is None and (same or (covered and whole)):
            return erasure
    return None


async def must_not_be_held(tx: AsyncConnection, organisation: OrganisationId, interviews: Sequence[InterviewId]) -> None:
    """Pass where no legal hold lasts on any of them; else OnHold."""
    if held := await held_of(tx, organisation, interviews):
        raise OnHold(
            "A legal hold lasts, and nothing of it is erased before its end",
            where=", ".join(sorted(held)),
            todo="Lift it first: plumbline hold list.",
        )


async def _waits(tx: AsyncConnection, organisation: OrganisationId, id: ErasureId) -> bool:
    reached = of(erased_interviews, organisation, erasure=id).with_only_columns(erased_interviews.c.interview)
    return bool(await held_of(tx, organisation, [InterviewId(i) for i in (await tx.execute(reached)).scalars()]))


async def count(tx: AsyncConnection, organisation: OrganisationId, id: ErasureId, counts: Mapping[str, int]) -> None:
    """Note counts on a receipt that is not complete: of each the larger one stays."""
    here = and_(erasures.c.organisation == organisation, erasures.c.id == id)
    known = json.loads((await tx.execute(select(erasures.c.counts).where(here))).scalar_one())
    merged = {name: max(known.get(name, 0), counts.get(name, 0)) for name in sorted({*known, *counts})}
    await tx.execute(update(erasures).where(here, erasures.c.done_at.is_(None)).values(counts=json.dumps(merged)))


async def load_one(tx: AsyncConnection, organisation: OrganisationId, id: ErasureId) -> Erasure:
    """The receipt with that id, or NotFound."""
    for erasure in await _load(tx, organisation, id=id):
        return erasure
    raise NotFound(f"There is no erasure {id} in this organisation", todo="List the receipts: plumbline erase --receipts.")


async def _load(
    tx: AsyncConnection, organisation: OrganisationId, interview: InterviewId | None = None, **values: object
) -> tuple[Erasure, ...]:
    rows = (await tx.execute(of(erasures, organisation, **values).order_by(erasures.c.at, erasures.c.id))).mappings().all()
    reached: dict[str, list[InterviewId]] = {row["id"]: [] for row in rows}
    joined = of(erased_interviews, organisation).order_by(erased_interviews.c.interview)
    for row in (await tx.execute(joined)).mappings():
        if row["erasure"] in reached:
            reached[row["erasure"]].append(row["interview"])
    return tuple(_erasure(row, reached[row["id"]]) for row in rows if interview is None or interview in reached[row["id"]])


def _erasure(row: Mapping[str, Any], reached: Sequence[InterviewId]) -> Erasure:
    own = {name: row[name] for name in Erasure.model_fields if name not in ("interviews", "counts")}
    return Erasure(**own, interviews=tuple(reached), counts=json.loads(row["counts"]))
