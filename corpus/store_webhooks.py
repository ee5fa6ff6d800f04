"""Webhooks: who is told of what, what is due to be sent, and the log of every attempt.

What is due is not kept as a status. Events after a webhook's position were never looked at for it; those before it are settled, but for
the few that stand in `deliveries`, each with the time before which nobody takes it: the end of a claim while it is under way, the next
attempt while it waits. Whoever dies between the two leaves a claim that ends.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from pydantic import Field
from sqlalchemy import ColumnElement, Select, and_, delete, func, insert, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from alignment.errors import Refused
from alignment.events import Attempt, Event, EventId, EventKind, Webhook, WebhookId
from alignment.record import OrganisationId, Record
from corpus.rows import Row
from corpus.store_connections import Connections, must_be_own, of, require
from corpus.store_events import event_from_row, last_number
from corpus.tables import attempts, deliveries, events, organisations, webhooks

PAGE = 100
MOST_WEBHOOKS = 20


class Due(Record):
    """One event that is to be sent to a webhook now, claimed by whoever holds this; `secret` signs it and is told to nobody."""

    webhook: WebhookId
    url: str
    secret: str = Field(repr=False)
    event: Event


class Webhooks(Connections):
    """The part of the store that knows who is told of what."""

    async def add_webhook(self, organisation: OrganisationId, webhook: Webhook, secret: str) -> Webhook:
        """The webhook on record, told of what happens from now on; `secret` signs what is sent and is in no listing.

        Refused where the organisation has as many as it may have.
        """
        must_be_own(organisation, webhook.organisation, "webhook")
        async with self._write(organisation) as tx:
            await require(tx, organisations, organisation, "organisation")
            standing = of(webhooks, organisation, ended_at=None).with_only_columns(func.count())
            if ((await tx.execute(standing)).scalar() or 0) >= MOST_WEBHOOKS:
                raise Refused(f"An organisation has at most {MOST_WEBHOOKS} webhooks", todo="End one that is no longer needed.")
            row = {**webhook.model_dump(exclude={"kinds"}), "kinds": " ".join(webhook.kinds), "secret": secret}
            await tx.execute(insert(webhooks).values({**row, "position": await last_number(tx, organisation)}))
        return webhook

    async def webhooks(self, organisation: OrganisationId) -> tuple[Webhook, ...]:
        """The organisation's webhooks, oldest first, those that were ended too."""
        async with self._read() as tx:
            rows = (await tx.execute(of(webhooks, organisation).order_by(webhooks.c.at, webhooks.c.id))).mappings()
            return tuple(_webhook(row) for row in rows)

    async def close_webhook(self, organisation: OrganisationId, id: WebhookId, at: datetime) -> Webhook:
        """The webhook, which is told of nothing any more and whose secret is gone; its log stays. Again is harmless."""
        async with self._write(organisation) as tx:
            await require(tx, webhooks, organisation, "webhook", id=id)
            standing = and_(_is(organisation, id), webhooks.c.ended_at.is_(None))
            await tx.execute(update(webhooks).where(standing).values(ended_at=at, secret=""))
            await tx.execute(delete(deliveries).where(deliveries.c.organisation == organisation, deliveries.c.webhook == id))
            return _webhook((await tx.execute(of(webhooks, organisation, id=id))).mappings().one())

    async def attempts(self, organisation: OrganisationId, webhook: WebhookId, after: int = 0, limit: int = PAGE) -> tuple[Attempt, ...]:
        """Up to `limit` lines of the webhook's delivery log, oldest first, from the one after the number `after`."""
        query = of(attempts, organisation, webhook=webhook).where(attempts.c.number > after).order_by(attempts.c.number).limit(limit)
        async with self._read() as tx:
            await require(tx, webhooks, organisation, "webhook", id=webhook)
            return tuple(Attempt(**row) for row in (await tx.execute(query)).mappings())

    async def webhooks_due(self, now: datetime) -> tuple[tuple[OrganisationId, WebhookId], ...]:
        """The webhooks of every organisation for which there is something to look at or to send, none of their content."""
        # The first and the last of each are one look into an index; what exists, Postgres would rather search for row by row.
        newest = select(func.max(events.c.number)).where(events.c.organisation == webhooks.c.organisation)
        mine = (deliveries.c.organisation == webhooks.c.organisation, deliveries.c.webhook == webhooks.c.id)
        first = select(func.min(deliveries.c.not_before)).where(*mine)
        query = select(webhooks.c.organisation, webhooks.c.id).where(
            webhooks.c.ended_at.is_(None), or_(newest.scalar_subquery() > webhooks.c.position, first.scalar_subquery() <= now)
        )
        async with self._read() as tx:
            return tuple((OrganisationId(row[0]), WebhookId(row[1])) for row in (await tx.execute(query)).all())

    async def record_claim(
        self, organisation: OrganisationId, webhook: WebhookId, now: datetime, lease: timedelta, limit: int
    ) -> tuple[Due, ...]:
        """Up to `limit` events that are due to the webhook, which nobody else gets before the lease is over.

        What waits for another attempt comes first, then what was never sent; an ended webhook has nothing due.
        """
        async with self._write(organisation) as tx:
            await require(tx, webhooks, organisation, "webhook", id=webhook)
            held = (await tx.execute(of(webhooks, organisation, id=webhook, ended_at=None))).mappings().first()
            if held is None:
                return ()
            until = now + lease
            waiting = (await tx.execute(_waiting(organisation, webhook, now).limit(limit))).mappings().all()
            if waiting:
                taken = and_(_of(organisation, webhook), deliveries.c.event.in_([row["number"] for row in waiting]))
                await tx.execute(update(deliveries).where(taken).values(not_before=until))
            fresh = await _fresh(tx, organisation, held, until, limit - len(waiting))
            found = [event_from_row(row) for row in (*waiting, *fresh)]
            return tuple(Due(webhook=webhook, url=held["url"], secret=held["secret"], event=event) for event in found)

    async def save_attempt(self, organisation: OrganisationId, attempt: Attempt, attempts_in_all: int) -> Attempt:
        """The attempt as it stands in the webhook's log; it settles the event, or says when the next of so many attempts is."""
        must_be_own(organisation, attempt.organisation, "attempt")
        async with self._write(organisation) as tx:
            await require(tx, webhooks, organisation, "webhook", id=attempt.webhook)
            number = await _number_of(tx, organisation, attempt.event)
            of_webhook = of(attempts, organisation, webhook=attempt.webhook)
            lines = (await tx.execute(of_webhook.with_only_columns(func.max(attempts.c.number)))).scalar() or 0
            of_event = of_webhook.where(attempts.c.event == attempt.event).with_only_columns(func.max(attempts.c.nth))
            tried = (await tx.execute(of_event)).scalar() or 0
            kept = attempt.model_copy(update={"number": lines + 1, "nth": tried + 1})
            await tx.execute(insert(attempts).values(dict(kept)))
            here = and_(_of(organisation, attempt.webhook), deliveries.c.event == number)
            again = kept.again_at(attempts_in_all)
            if again is None:
                await tx.execute(delete(deliveries).where(here))
            else:  # one that somebody else settled meanwhile has no row here, and gets none
                await tx.execute(update(deliveries).where(here).values(not_before=again))
        return kept


async def _fresh(tx: AsyncConnection, organisation: OrganisationId, held: Row, until: datetime, limit: int) -> Sequence[Row]:
    """Events that were never looked at for this webhook, taken on, and the webhook's position moved past what was looked at."""
    if limit < 1:
        return ()
    newer = of(events, organisation).where(events.c.number > held["position"], events.c.kind.in_(held["kinds"].split()))
    rows: Sequence[Row] = (await tx.execute(newer.order_by(events.c.number).limit(limit))).mappings().all()
    seen = rows[-1]["number"] if len(rows) == limit else await last_number(tx, organisation)
    if seen != held["position"]:
        await tx.execute(update(webhooks).where(_is(organisation, held["id"])).values(position=seen))
    if rows:
        key = {"organisation": organisation, "webhook": held["id"], "not_before": until}
        await tx.execute(insert(deliveries), [{**key, "event": row["number"]} for row in rows])
    return rows


async def _number_of(tx: AsyncConnection, organisation: OrganisationId, event: EventId) -> int:
    await require(tx, events, organisation, "event", id=event)
    return int((await tx.execute(of(events, organisation, id=event).with_only_columns(events.c.number))).scalar_one())


def _waiting(organisation: OrganisationId, webhook: WebhookId, now: datetime) -> Select[Any]:
    of_event = and_(events.c.organisation == deliveries.c.organisation, events.c.number == deliveries.c.event)
    return (
        select(events)
        .select_from(deliveries.join(events, of_event))
        .where(_of(organisation, webhook), deliveries.c.not_before <= now)
        .order_by(deliveries.c.not_before, deliveries.c.event)
    )


def _of(organisation: OrganisationId, webhook: WebhookId) -> ColumnElement[bool]:
    return and_(deliveries.c.organisation == organisation, deliveries.c.webhook == webhook)


def _is(organisation: OrganisationId, webhook: WebhookId) -> ColumnElement[bool]:
    return and_(webhooks.c.organisation == organisation, webhooks.c.id == webhook)


def _webhook(row: Row) -> Webhook:
    held = {name: row[name] for name in Webhook.model_fields if name != "kinds"}
    return Webhook(**held, kinds=tuple(EventKind(kind) for kind in row["kinds"].split()))
