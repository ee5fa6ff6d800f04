"""Requests that may be sent again: what was answered to each for a day, so that the second sending changes nothing."""

from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, and_, delete, insert, update

from alignment.errors import KeyReused, Underway
from alignment.record import OrganisationId, Record
from corpus.store_connections import Connections, of, require
from corpus.tables import kept_requests, organisations

KEPT = timedelta(days=1)


class KeptReply(Record):
    """What a request was answered: status, headers by name, and body, both as text."""

    status: int
    headers: str
    body: str


class Requests(Connections):
    """The part of the store that knows which requests were answered."""

    async def record_request(
        self, organisation: OrganisationId, caller: str, name: str, request: str, *, owner: str, at: datetime, lease: timedelta
    ) -> KeptReply | None:
        """What the caller's request of that name was answered, or None where it is yet to be, by whoever asks now.

        `request` is a digest of what is asked: another one under the same name is KeyReused. One that is being answered is Underway,
        until its `lease` is over or where its `owner`, a process, is the one that asks again after a restart under another owner.
        """
        async with self._write(organisation) as tx:
            await require(tx, organisations, organisation, "organisation")
            old = and_(kept_requests.c.organisation == organisation, kept_requests.c.at < at - KEPT)
            await tx.execute(delete(kept_requests).where(old))
            key = {"caller": caller, "name": name}
            known = (await tx.execute(of(kept_requests, organisation, **key))).mappings().first()
            if known is None:
                row = {"organisation": organisation, **key, "request": request, "owner": owner, "at": at}
                await tx.execute(insert(kept_requests).values(row))
                return None
            if known["request"] != request:
                raise KeyReused("This idempotency key stands for another request", where=name, todo="Use a new key for each new request.")
            if known["status"] is not None:
                return KeptReply(status=known["status"], headers=known["headers"] or "{}", body=known["body"] or "")
            if known["owner"] == owner and known["at"] > at - lease:
                raise Underway("A request with this idempotency key is being answered", where=name, todo="Wait for it, and send it again.")
            await tx.execute(update(kept_requests).where(_here(organisation, caller, name)).values(owner=owner, at=at))
        return None

    async def save_reply(self, organisation: OrganisationId, caller: str, name: str, reply: KeptReply | None) -> None:
        """Keep what the request was answered; None forgets the request, so that it may be tried again."""
        async with self._write(organisation) as tx:
            here = _here(organisation, caller, name)
            if reply is None:
                await tx.execute(delete(kept_requests).where(here))
            else:
                await tx.execute(update(kept_requests).where(here).values(dict(reply)))


def _here(organisation: OrganisationId, caller: str, name: str) -> ColumnElement[bool]:
    return and_(kept_requests.c.organisation == organisation, kept_requests.c.caller == caller, kept_requests.c.name == name)
