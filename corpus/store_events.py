"""Events: what happened, in its order; each is written in the transaction of what it tells, and only once."""

import json
from datetime import UTC, datetime

from sqlalchemy import and_, func, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from alignment.events import Event, EventId, EventKind
from alignment.record import OrganisationId, derived_id
from corpus.rows import Row
from corpus.store_connections import Connections, must_be_own, of, require
from corpus.tables import event_positions, events, organisations, searches

PAGE = 100


class Events(Connections):
    """The part of the store that knows what happened."""

    async def add_event(self, organisation: OrganisationId, event: Event) -> Event:
        """The event as it is on record, under the next number; one of that id that is on record already stays as it is."""
        must_be_own(organisation, event.organisation, "event")
        async with self._write(organisation) as tx:
            await require(tx, searches, organisation, "search", id=event.data.get("search", ""))
            return await _put(tx, event)

    async def events(self, organisation: OrganisationId, after: int = 0, limit: int = PAGE) -> tuple[Event, ...]:
        """Up to `limit` events, oldest first, from the one after the number `after`."""
        query = of(events, organisation).where(events.c.number > after).order_by(events.c.number).limit(limit)
        async with self._read() as tx:
            return tuple(event_from_row(row) for row in (await tx.execute(query)).mappings())

    async def event_position(self, organisation: OrganisationId, reader: str) -> int:
        """The number of the last event that this reader has worked through; 0 where it has not begun."""
        query = of(event_positions, organisation, reader=reader).with_only_columns(event_positions.c.number)
        async with self._read() as tx:
            return (await tx.execute(query)).scalar() or 0

    async def set_event_position(self, organisation: OrganisationId, reader: str, number: int) -> None:
        """Note how far the reader has come; it never goes back."""
        async with self._write(organisation) as tx:
            held = of(event_positions, organisation, reader=reader)
            if (await tx.execute(held)).first() is None:
                await require(tx, organisations, organisation, "organisation")
                await tx.execute(insert(event_positions).values(organisation=organisation, reader=reader, number=number))
                return
            here = (event_positions.c.organisation == organisation, event_positions.c.reader == reader)
            await tx.execute(update(event_positions).where(*here, event_positions.c.number < number).values(number=number))

    async def organisations_with_events(self, reader: str) -> tuple[OrganisationId, ...]:
        """The organisations in which something happened that this reader has not worked through."""
        mine = and_(event_positions.c.organisation == organisations.c.organisation, event_positions.c.reader == reader)
        come = func.coalesce(event_positions.c.number, 0)
        newest = select(func.max(events.c.number)).where(events.c.organisation == organisations.c.organisation).scalar_subquery()
        of_each = select(organisations.c.organisation).select_from(organisations.outerjoin(event_positions, mine))
        query = of_each.where(newest > come)
        async with self._read() as tx:
            return tuple(OrganisationId(id) for id in (await tx.execute(query)).scalars())


async def put_event(tx: AsyncConnection, organisation: OrganisationId, kind: EventKind, *of_what: str, **data: str | int) -> None:
    """Put an event on record together with what it tells; `of_what` is what makes it the same event when it is written again."""
    id = EventId(derived_id("evt", organisation, kind, *of_what))
    told = {name: str(value) for name, value in data.items()}
    await _put(tx, Event(id=id, organisation=organisation, kind=kind, at=datetime.now(UTC), data=told))


async def _put(tx: AsyncConnection, event: Event) -> Event:
    known = (await tx.execute(of(events, event.organisation, id=event.id))).mappings().first()
    if known is not None:
        return event_from_row(known)
    # Writers of an organisation take turns, so that numbers are given in the order in which transactions end.
    kept = event.model_copy(update={"number": await last_number(tx, event.organisation) + 1})
    row = {**kept.model_dump(exclude={"data"}), "data": json.dumps(kept.data, ensure_ascii=False)}
    await tx.execute(insert(events).values(row))
    return kept


async def last_number(tx: AsyncConnection, organisation: OrganisationId) -> int:
    """The number of the organisation's newest event; 0 where nothing happened yet."""
    newest = of(events, organisation).with_only_columns(events.c.number).order_by(events.c.number.desc()).limit(1)
    return (await tx.execute(newest)).scalar() or 0


def event_from_row(row: Row) -> Event:
    """One event, as it went on record."""
    return Event(**{name: row[name] for name in Event.model_fields if name != "data"}, data=json.loads(row["data"]))
