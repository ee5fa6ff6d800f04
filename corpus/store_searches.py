"""Searches, who takes part in them, and their panels."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import Select, and_, func, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from alignment.errors import Conflict, NotFound
from alignment.people import PanelSeat, Person, Role, Search
from alignment.record import OrganisationId, PersonId, SearchId
from corpus.rows import Row, person_from_row, seat_from_row
from corpus.store_connections import Connections, must_be_own, of, require
from corpus.tables import panel_seats, people, search_roles, searches

PAGE = 100


class Searches(Connections):
    """The part of the store that knows open roles and their panels."""

    async def add_search(self, organisation: OrganisationId, search: Search) -> Search:
        """The search, with its recruiter, hiring manager and panel; adding it again only adds seats, other content is a Conflict."""
        must_be_own(organisation, search.organisation, "search")
        async with self._write(organisation) as tx:
            found = (await tx.execute(of(searches, organisation, id=search.id))).mappings().first()
            if found is not None:
                (known,) = await _load(tx, organisation, [found])
                if known.model_copy(update={"panel": search.panel}) != search:
                    raise Conflict(f"The search {search.slug} is already on record with other content")
            else:
                await self._insert_search(tx, organisation, search)
            for seat in search.panel:
                await _take_seat(tx, organisation, search.id, seat)
            return await _one(tx, of(searches, organisation, id=search.id), organisation, search.id)

    async def _insert_search(self, tx: AsyncConnection, organisation: OrganisationId, search: Search) -> None:
        if (await tx.execute(of(searches, organisation, slug=search.slug))).first() is not None:
            raise Conflict(f"There is already a search called {search.slug}", todo="Choose another short name.")
        row = search.model_dump(include={"id", "organisation", "slug", "title", "role_family", "company_kind"})
        await tx.execute(insert(searches).values(row))
        for person, role in ((search.recruiter, Role.RECRUITER), (search.hiring_manager, Role.HIRING_MANAGER)):
            if person is not None:
                await give_role(tx, organisation, search.id, person.id, role)

    async def search(self, organisation: OrganisationId, id: SearchId) -> Search:
        """The search with that id, or NotFound."""
        async with self._read() as tx:
            return await _one(tx, of(searches, organisation, id=id), organisation, id)

    async def search_by_slug(self, organisation: OrganisationId, slug: str) -> Search:
        """The search with that short name, or NotFound."""
        async with self._read() as tx:
            return await _one(tx, of(searches, organisation, slug=slug), organisation, slug)

    async def searches(
        self, organisation: OrganisationId, *, limit: int = PAGE, after: str = "", person: PersonId | None = None
    ) -> tuple[Search, ...]:
        """Up to `limit` searches by slug, from the one after the slug `after`; the last one's slug is the next cursor.

        With a `person` those in which they recruit, hire or interview: a candidate takes no part.
        """
        query = of(searches, organisation).where(searches.c.slug > after).order_by(searches.c.slug).limit(limit)
        if person is not None:
            parts = of(search_roles, organisation, person=person).where(search_roles.c.role != Role.CANDIDATE)
            query = query.where(searches.c.id.in_(parts.with_only_columns(search_roles.c.search)))
        async with self._read() as tx:
            return await _load(tx, organisation, (await tx.execute(query)).mappings().all())

    async def seat(self, organisation: OrganisationId, search: SearchId, seat: PanelSeat) -> Search:
        """The search with that seat on its panel; a seat of the same person and interview takes the new stage and focus."""
        async with self._write(organisation) as tx:
            await require(tx, searches, organisation, "search", id=search)
            await _take_seat(tx, organisation, search, seat)
            return await _one(tx, of(searches, organisation, id=search), organisation, search)

    async def people_of(self, organisation: OrganisationId, search: SearchId) -> tuple[tuple[Person, Role], ...]:
        """Who takes part in the search and as what, by name; a person may stand there in two roles."""
        async with self._read() as tx:
            await require(tx, searches, organisation, "search", id=search)
            query = _of_people(search_roles, organisation, [search], search_roles.c.role)
            rows = (await tx.execute(query.order_by(people.c.name_key, people.c.id, search_roles.c.role))).mappings()
            return tuple((person_from_row(_person(row)), Role(row["role"])) for row in rows)


async def give_role(tx: AsyncConnection, organisation: OrganisationId, search: SearchId, person: PersonId, role: Role) -> None:
    """Put on record that the person takes part in the search in that role; once is enough. NotFound for a stranger."""
    await require(tx, people, organisation, "person", id=person)
    row = {"organisation": organisation, "search": search, "person": person, "role": role}
    if (await tx.execute(of(search_roles, organisation, search=search, person=person, role=role))).first() is None:
        await tx.execute(insert(search_roles).values(row))


async def _take_seat(tx: AsyncConnection, organisation: OrganisationId, search: SearchId, seat: PanelSeat) -> None:
    await give_role(tx, organisation, search, seat.person, Role.INTERVIEWER)
    key = {"search": search, "person": seat.person, "interview": seat.interview}
    plan = {"stage": seat.stage, "interview_name": seat.interview_name, "focus": " ".join(seat.focus)}
    seats = of(panel_seats, organisation, search=search)
    taken = (await tx.execute(of(panel_seats, organisation, **key))).mappings().first()
    if taken is not None:
        here = [panel_seats.c.organisation == organisation, *(panel_seats.c[name] == value for name, value in key.items())]
        await tx.execute(update(panel_seats).where(and_(*here)).values(plan))
        return
    last = (await tx.execute(seats.with_only_columns(func.max(panel_seats.c.position)))).scalar()
    position = 0 if last is None else last + 1
    await tx.execute(insert(panel_seats).values(organisation=organisation, position=position, **key, **plan))


async def _one(tx: AsyncConnection, query: Select[Any], organisation: OrganisationId, name: str) -> Search:
    row = (await tx.execute(query)).mappings().first()
    if row is None:
        raise NotFound(f"There is no search {name} in this organisation")
    return (await _load(tx, organisation, [row]))[0]


async def _load(tx: AsyncConnection, organisation: OrganisationId, rows: Sequence[Row]) -> tuple[Search, ...]:
    ids = [row["id"] for row in rows]
    seats: dict[str, list[PanelSeat]] = defaultdict(list)
    columns = [c for c in panel_seats.c if c.name not in ("organisation", "search")]
    query = _of_people(panel_seats, organisation, ids, *columns).order_by(panel_seats.c.position)
    for row in (await tx.execute(query)).mappings():
        seats[row["search"]].append(seat_from_row(row))
    leads: dict[tuple[str, str], Person] = {}
    leading = search_roles.c.role.in_([Role.RECRUITER, Role.HIRING_MANAGER])
    for row in (await tx.execute(_of_people(search_roles, organisation, ids, search_roles.c.role).where(leading))).mappings():
        leads[row["search"], row["role"]] = person_from_row(_person(row))
    return tuple(
        Search(
            **row,
            recruiter=leads.get((row["id"], Role.RECRUITER)),
            hiring_manager=leads.get((row["id"], Role.HIRING_MANAGER)),
            panel=tuple(seats[row["id"]]),
        )
        for row in rows
    )


def _of_people(table: Any, organisation: OrganisationId, ids: Iterable[str], *columns: Any) -> Select[Any]:
    """The table's rows of these searches beside their person, named `id` and `name`."""
    joined = table.join(people, and_(people.c.organisation == table.c.organisation, people.c.id == table.c.person))
    what = (table.c.organisation, table.c.search, people.c.id.label("id"), people.c.name, *columns)
    return select(*what).select_from(joined).where(table.c.organisation == organisation, table.c.search.in_(list(ids)))


def _person(row: Row) -> Row:
    return {"organisation": row["organisation"], "id": row["id"], "name": row["name"]}
