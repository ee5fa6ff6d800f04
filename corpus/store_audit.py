"""The audit log: who read or changed what; lines are added and read, and nothing else."""

import json
from datetime import datetime

from sqlalchemy import func, insert

from alignment.access import AuditEntry
from alignment.record import KeyId, OrganisationId, digest
from corpus.rows import Row
from corpus.store_connections import Connections, of, require
from corpus.tables import audit_log, organisations

PAGE = 100


class Audit(Connections):
    """The part of the store that knows what was done through the API."""

    async def add_audit(
        self,
        organisation: OrganisationId,
        *,
        at: datetime,
        action: str,
        status: int,
        key: KeyId | None = None,
        person: str = "",
        target: str = "",
        request: str = "",
        detail: dict[str, str] | None = None,
    ) -> AuditEntry:
        """The line as it went on record, under the next number, chained to the line before it."""
        async with self._write(organisation) as tx:
            await require(tx, organisations, organisation, "organisation")
            last = (await tx.execute(of(audit_log, organisation).order_by(audit_log.c.number.desc()).limit(1))).mappings().first()
            entry = AuditEntry(
                organisation=organisation,
                number=last["number"] + 1 if last else 1,
                at=at,
                key=key,
                person=person,
                action=action,
                target=target,
                status=status,
                request=request,
                detail=dict(sorted((detail or {}).items())),  # as it is kept, or its digest would be another
            )
            entry = entry.model_copy(update={"chain": chained(entry, last["chain"] if last else "")})
            row = {**entry.model_dump(exclude={"detail"}), "detail": json.dumps(entry.detail, ensure_ascii=False, sort_keys=True)}
            await tx.execute(insert(audit_log).values(row))
        return entry

    async def audit(self, organisation: OrganisationId, *, limit: int = PAGE, after: int = 0) -> tuple[AuditEntry, ...]:
        """Up to `limit` lines, oldest first, from the one after the number `after`."""
        query = of(audit_log, organisation).where(audit_log.c.number > after).order_by(audit_log.c.number).limit(limit)
        async with self._read() as tx:
            return tuple(_entry(row) for row in (await tx.execute(query)).mappings())

    async def audit_broken(self, organisation: OrganisationId) -> int | None:
        """The number of the first line that does not follow from the one before it: altered, or after one that was taken out; else None."""
        before, expected = "", 1
        async with self._read() as tx:
            counted = (await tx.execute(of(audit_log, organisation).with_only_columns(func.count()))).scalar() or 0
        for start in range(0, counted, PAGE):
            for entry in await self.audit(organisation, after=start):
                if entry.number != expected or entry.chain != chained(entry, before):
                    return entry.number
                before, expected = entry.chain, expected + 1
        return None


def chained(entry: AuditEntry, before: str) -> str:
    """The digest that ties a line to the one before it."""
    return digest(before, entry.model_dump_json(exclude={"chain"}))


def _entry(row: Row) -> AuditEntry:
    held = {name: row[name] for name in AuditEntry.model_fields if name != "detail"}
    return AuditEntry(**held, detail=json.loads(row["detail"]))
