"""Legal holds: what may not be erased for now, who said so, and when it ended."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import and_, insert, update
from sqlalchemy.ext.asyncio import AsyncConnection

from alignment.erasing import Hold, HoldId
from alignment.record import InterviewId, OrganisationId
from corpus.consenting import must_be_open
from corpus.store_connections import Connections, must_be_own, of, require
from corpus.tables import interviews
from corpus.tables_captures import legal_holds


class Holds(Connections):
    """The part of the store that knows what is held."""

    async def add_hold(self, organisation: OrganisationId, hold: Hold) -> Hold:
        """The hold on record; the same again is harmless. Conflict where the interview is being erased already."""
        must_be_own(organisation, hold.organisation, "hold")
        async with self._write(organisation) as tx:
            await require(tx, interviews, organisation, "interview", id=hold.interview)
            if not await held_of(tx, organisation, [hold.interview]):
                await must_be_open(tx, organisation, hold.interview)
            known = (await tx.execute(of(legal_holds, organisation, id=hold.id))).mappings().first()
            if known is not None:
                return Hold(**known)
            await tx.execute(insert(legal_holds).values(dict(hold)))
        return hold

    async def lift_hold(self, organisation: OrganisationId, id: HoldId, at: datetime) -> Hold:
        """The hold with its end; one that was lifted before keeps the time of its end."""
        async with self._write(organisation) as tx:
            await require(tx, legal_holds, organisation, "hold", id=id)
            here = and_(legal_holds.c.organisation == organisation, legal_holds.c.id == id, legal_holds.c.lifted_at.is_(None))
            await tx.execute(update(legal_holds).where(here).values(lifted_at=at))
            return Hold(**(await tx.execute(of(legal_holds, organisation, id=id))).mappings().one())

    async def holds(self, organisation: OrganisationId, interview: InterviewId | None = None) -> tuple[Hold, ...]:
        """The holds of the organisation, or of one interview, lifted ones too, oldest first."""
        query = of(legal_holds, organisation, **({} if interview is None else {"interview": interview}))
        async with self._read() as tx:
            rows = (await tx.execute(query.order_by(legal_holds.c.at, legal_holds.c.id))).mappings()
            return tuple(Hold(**row) for row in rows)


async def held_of(tx: AsyncConnection, organisation: OrganisationId, wanted: Sequence[InterviewId]) -> frozenset[InterviewId]:
    """Which of these interviews a hold keeps."""
    lasting = of(legal_holds, organisation).where(legal_holds.c.interview.in_(wanted), legal_holds.c.lifted_at.is_(None))
    return frozenset((await tx.execute(lasting.with_only_columns(legal_holds.c.interview))).scalars())
