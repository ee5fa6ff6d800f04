"""Retention: after how many days what goes, and what has come to that age."""

from datetime import UTC, datetime

from sqlalchemy import and_, delete, func, insert, select

from alignment.erasing import Kept, RetentionRule
from alignment.events import EventKind
from alignment.record import InterviewId, OrganisationId, Record, derived_id
from corpus.store_connections import Connections, must_be_own, of, require
from corpus.tables import consents, events, interviews, organisations
from corpus.tables_captures import captures, recordings, retention_rules


class Age(Record):
    """Since when an interview is on record: the day it was held, else when the first of it came in; None where nothing tells."""

    interview: InterviewId
    since: datetime | None


class Aged(Record):
    """A recording and when it came in."""

    interview: InterviewId
    digest: str
    since: datetime


class Retention(Connections):
    """The part of the store that knows what is kept for how long."""

    async def set_retention(self, organisation: OrganisationId, what: Kept, rule: RetentionRule | None) -> None:
        """Put the rule in the place of the one before; None ends it."""
        async with self._write(organisation) as tx:
            await require(tx, organisations, organisation, "organisation")
            here = and_(retention_rules.c.organisation == organisation, retention_rules.c.what == what.value)
            await tx.execute(delete(retention_rules).where(here))
            if rule is not None:
                must_be_own(organisation, rule.organisation, "rule")
                await tx.execute(insert(retention_rules).values(dict(rule)))

    async def retention(self, organisation: OrganisationId) -> tuple[RetentionRule, ...]:
        """The organisation's rules."""
        async with self._read() as tx:
            rows = (await tx.execute(of(retention_rules, organisation).order_by(retention_rules.c.what))).mappings()
            return tuple(RetentionRule(**row) for row in rows)

    async def recordings_before(self, organisation: OrganisationId, at: datetime) -> tuple[Aged, ...]:
        """The recordings that came in before that, the oldest first."""
        query = of(recordings, organisation).where(recordings.c.at < at).order_by(recordings.c.at, recordings.c.interview)
        async with self._read() as tx:
            rows = (await tx.execute(query)).mappings()
            return tuple(Aged(interview=row["interview"], digest=row["digest"], since=row["at"]) for row in rows)

    async def interview_ages(self, organisation: OrganisationId) -> tuple[Age, ...]:
        """Since when each interview is on record."""
        async with self._read() as tx:
            held = (await tx.execute(of(interviews, organisation).order_by(interviews.c.id))).mappings().all()
            first: dict[str, list[datetime]] = {}
            for table in (captures, recordings, consents):
                query = select(table.c.interview, func.min(table.c.at)).where(table.c.organisation == organisation)
                for row in (await tx.execute(query.group_by(table.c.interview))).all():
                    first.setdefault(row[0], []).append(row[1])
            told = of(events, organisation, kind=EventKind.INTERVIEW_INGESTED.value).with_only_columns(events.c.id, events.c.at)
            ingested = {row[0]: row[1] for row in (await tx.execute(told)).all()}
        ages = []
        for row in held:
            came = ingested.get(derived_id("evt", organisation, EventKind.INTERVIEW_INGESTED, row["id"], "1"))
            known = [*([came] if came else []), *first.get(row["id"], [])]
            day = row["held_on"]
            since = datetime(day.year, day.month, day.day, tzinfo=UTC) if day else min(known, default=None)
            ages.append(Age(interview=row["id"], since=since))
        return tuple(ages)
