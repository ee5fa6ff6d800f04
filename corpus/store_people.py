"""Organisations and the people that they know."""

import unicodedata

from sqlalchemy import and_, delete, insert, select, update

from alignment.errors import Conflict, NotFound
from alignment.people import ConsentPolicy, Organisation, Person, Role
from alignment.record import OrganisationId, PersonId, new_id
from corpus.rows import organisation_from_row, person_from_row
from corpus.store_connections import Connections, of, require
from corpus.tables import organisations, people, search_roles
from corpus.tables_captures import consent_regions


class People(Connections):
    """The part of the store that knows tenants and persons."""

    async def create_organisation(self, name: str, consent_policy: ConsentPolicy = ConsentPolicy.REQUIRED) -> Organisation:
        """The organisation of that name, made where there is none; one that exists keeps its own policy."""
        new = Organisation(id=OrganisationId(new_id("org")), name=name, consent_policy=consent_policy)
        async with self._write(f"organisation {new.name}") as tx:
            found = (await tx.execute(select(organisations).where(organisations.c.name == new.name))).mappings().first()
            if found is not None:
                return organisation_from_row(found)
            await tx.execute(insert(organisations).values(organisation=new.id, name=new.name, consent_policy=new.consent_policy))
        return new

    async def organisations(self) -> tuple[Organisation, ...]:
        """Every organisation, by name."""
        async with self._read() as tx:
            rows = (await tx.execute(select(organisations).order_by(organisations.c.name))).mappings().all()
        return tuple(organisation_from_row(row) for row in rows)

    async def organisation_by_name(self, name: str) -> Organisation:
        """The organisation of exactly that name, or NotFound."""
        async with self._read() as tx:
            row = (await tx.execute(select(organisations).where(organisations.c.name == name))).mappings().first()
        if row is None:
            raise NotFound(f"There is no organisation called {name}")
        return organisation_from_row(row)

    async def organisation(self, organisation: OrganisationId) -> Organisation:
        """The organisation with that id, or NotFound."""
        async with self._read() as tx:
            row = (await tx.execute(of(organisations, organisation))).mappings().first()
        if row is None:
            raise NotFound(f"There is no organisation {organisation}")
        return organisation_from_row(row)

    async def set_consent_policy(self, organisation: OrganisationId, policy: ConsentPolicy) -> Organisation:
        """The organisation with its new policy; interviews already on record are not touched."""
        async with self._write(organisation) as tx:
            changed = update(organisations).where(organisations.c.organisation == organisation).values(consent_policy=policy)
            await tx.execute(changed)
        return await self.organisation(organisation)

    async def set_consent_region(self, organisation: OrganisationId, region: str, policy: ConsentPolicy | None) -> None:
        """Have another policy hold in a region than the organisation's own; None ends that."""
        async with self._write(organisation) as tx:
            await require(tx, organisations, organisation, "organisation")
            here = and_(consent_regions.c.organisation == organisation, consent_regions.c.region == region)
            await tx.execute(delete(consent_regions).where(here))
            if policy is not None:
                row = {"organisation": organisation, "region": region, "consent_policy": policy.value}
                await tx.execute(insert(consent_regions).values(row))

    async def consent_regions(self, organisation: OrganisationId) -> dict[str, ConsentPolicy]:
        """The regions in which another policy holds, with it."""
        query = of(consent_regions, organisation).order_by(consent_regions.c.region)
        async with self._read() as tx:
            return {row["region"]: ConsentPolicy(row["consent_policy"]) for row in (await tx.execute(query)).mappings()}

    async def add_person(self, organisation: OrganisationId, name: str, *, another: bool = False) -> Person:
        """The person of that name, made where there is none.

        Two people may bear one name: `another=True` makes the next of them, and from then on the name alone is a Conflict.
        """
        new = Person(id=PersonId(new_id("person")), organisation=organisation, name=name)
        async with self._write(organisation) as tx:
            rows = (await tx.execute(of(people, organisation, name_key=name_key(new.name)))).mappings().all()
            if len(rows) == 1 and not another:
                return person_from_row(rows[0])
            if rows and not another:
                raise Conflict(f"{len(rows)} people are called {new.name}", todo="Say by id which of them is meant.")
            row = {**dict(new), "name_key": name_key(new.name), "namesake": len(rows)}
            await tx.execute(insert(people).values(row))
        return new

    async def person(self, organisation: OrganisationId, id: PersonId) -> Person:
        """The person with that id, or NotFound."""
        async with self._read() as tx:
            row = (await tx.execute(of(people, organisation, id=id))).mappings().first()
        if row is None:
            raise NotFound(f"There is no person {id} in this organisation")
        return person_from_row(row)

    async def people_by_name(self, organisation: OrganisationId, name: str) -> tuple[Person, ...]:
        """Everybody who bears that name, whatever its case, spacing or Unicode form; empty where nobody does."""
        async with self._read() as tx:
            query = of(people, organisation, name_key=name_key(name)).order_by(people.c.namesake)
            return tuple(person_from_row(row) for row in (await tx.execute(query)).mappings())

    async def interviewers(self, organisation: OrganisationId) -> tuple[Person, ...]:
        """Everyone who interviews in any of the organisation's searches, by name."""
        seated = and_(search_roles.c.organisation == people.c.organisation, search_roles.c.person == people.c.id)
        query = (
            select(people)
            .select_from(people.join(search_roles, seated))
            .where(people.c.organisation == organisation, search_roles.c.role == Role.INTERVIEWER)
            .distinct()
            .order_by(people.c.name_key, people.c.id)
        )
        async with self._read() as tx:
            return tuple(person_from_row(row) for row in (await tx.execute(query)).mappings())


def name_key(name: str) -> str:
    """What two spellings of one name share: Tomás as one letter or as two, in any case and spacing."""
    return " ".join(unicodedata.normalize("NFKC", name).casefold().split())
