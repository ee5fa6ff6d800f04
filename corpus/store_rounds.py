"""Rounds: whether a candidate's interviews are all read, or the recruiter closed the round with scorecards missing."""

from datetime import datetime

from sqlalchemy import insert

from alignment.errors import NotPermitted
from alignment.events import EventKind
from alignment.people import Role
from alignment.record import OrganisationId, PersonId, SearchId
from corpus.store_connections import Connections, of, require
from corpus.store_events import put_event
from corpus.tables import people, rounds_closed, search_roles, searches


class Rounds(Connections):
    """The part of the store that knows which rounds were closed, by whom and when."""

    async def close_round(self, organisation: OrganisationId, search: SearchId, candidate: PersonId, by: PersonId, at: datetime) -> None:
        """Close the round of a candidate; again is harmless, and whoever is not the search's recruiter is NotPermitted."""
        async with self._write(organisation) as tx:
            await require(tx, searches, organisation, "search", id=search)
            await require(tx, people, organisation, "person", id=candidate)
            role = of(search_roles, organisation, search=search, person=by, role=Role.RECRUITER.value)
            if (await tx.execute(role)).first() is None:
                raise NotPermitted("Only the search's recruiter closes a round")
            if (await tx.execute(of(rounds_closed, organisation, search=search, candidate=candidate))).first() is None:
                row = {"organisation": organisation, "search": search, "candidate": candidate, "person": by, "at": at}
                await tx.execute(insert(rounds_closed).values(row))
                about = {"search": search, "candidate": candidate, "by": by}
                await put_event(tx, organisation, EventKind.ROUND_CLOSED, search, candidate, **about)

    async def round_closed(self, organisation: OrganisationId, search: SearchId, candidate: PersonId) -> bool:
        """Whether the round of that candidate was closed."""
        async with self._read() as tx:
            await require(tx, searches, organisation, "search", id=search)
            return (await tx.execute(of(rounds_closed, organisation, search=search, candidate=candidate))).first() is not None
