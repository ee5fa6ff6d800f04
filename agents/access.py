"""Who is calling, and how far: what a key may do, whom it acts for, and which searches its person takes part in."""

from dataclasses import dataclass

from agents.desk import LISTED
from agents.keys import digest_of
from agents.workbench import Workbench
from alignment.access import Access, ApiKey, KeyRole
from alignment.errors import BadRequest, Conflict, MissingScope, NotFound, NotPermitted, Unauthenticated
from alignment.people import Organisation, Person, Role, Search
from alignment.record import OrganisationId, PersonId, SearchId


@dataclass(frozen=True)
class Caller:
    """One request's caller: the key, its organisation, and of a personal key its person."""

    key: ApiKey
    organisation: Organisation
    person: Person | None = None

    @property
    def org(self) -> OrganisationId:
        """The tenant that everything the caller asks for is read of."""
        return self.organisation.id

    def must(self, access: Access) -> None:
        """Pass where the key has that scope; else MissingScope."""
        if access not in self.key.scopes:
            raise MissingScope(f"The key lacks the scope {access}", where=self.key.id, todo=f"It has: {', '.join(self.key.scopes)}.")

    def must_be(self, *roles: KeyRole) -> None:
        """Pass where the key acts in one of these capacities, or for a service; else NotPermitted."""
        if self.key.role not in (*roles, KeyRole.SERVICE):
            raise NotPermitted(f"A key of the role {self.key.role} may not do that", where=self.key.id)

    def must_see_all(self) -> None:
        """Pass where the caller may ask over all searches, as recruiters and services do; else NotPermitted."""
        self.must_be(KeyRole.RECRUITER)

    def acting(self, named: str) -> str:
        """The name of whom the request acts for: the key's own person, or whom a service names; BadRequest where it names nobody."""
        if self.person is None:
            if not named.strip():
                raise BadRequest("The request does not say for whom it acts", where="as", todo="Name the person, as the search knows them.")
            return named.strip()
        if named.strip() and named.strip().casefold() != self.person.name.casefold():
            raise NotPermitted(f"The key acts for {self.person.name} alone", where="as", todo="Leave the name out.")
        return self.person.name


async def identify(bench: Workbench, secret: str) -> Caller:
    """Whose key that is; Unauthenticated for an unknown or a revoked one, in the same words."""
    try:
        key = await bench.store.key_by_digest(digest_of(secret))
    except NotFound:
        key = None
    if key is None or key.revoked_at is not None:
        raise Unauthenticated("The API key is not known here", todo="Make one with: plumbline key new.")
    organisation = await bench.store.organisation(key.organisation)
    person = await bench.store.person(key.organisation, key.person) if key.person else None
    return Caller(key=key, organisation=organisation, person=person)


async def search_for(bench: Workbench, caller: Caller, slug: str) -> Search:
    """The search of that short name, where the caller may see it; NotFound, in the same words, where there is none or it is not theirs."""
    try:
        search = await bench.store.search_by_slug(caller.org, slug)
        if caller.person is None or await takes_part(bench, search, caller.person.id):
            return search
    except NotFound:
        pass
    known = [s.slug for s in await searches_for(bench, caller, limit=LISTED + 1)]
    listed = f"There are: {', '.join(known[:LISTED])}{' …' if len(known) > LISTED else ''}." if known else "There is none yet."
    raise NotFound(f"There is no search {slug or '(no name)'}", todo=listed)


async def may_open(bench: Workbench, caller: Caller, slug: str) -> None:
    """Pass where nobody has that short name, or the caller takes part in the search that has it; else Conflict."""
    try:
        held = await bench.store.search_by_slug(caller.org, slug)
    except NotFound:
        return
    if caller.person is not None and not await takes_part(bench, held, caller.person.id):
        raise Conflict(f"There is already a search called {slug}", todo="Choose another short name.")


async def searches_for(bench: Workbench, caller: Caller, *, after: str = "", limit: int = 50) -> tuple[Search, ...]:
    """Up to `limit` searches that the caller may see, by slug, from the one after the slug `after`."""
    return await bench.store.searches(caller.org, limit=limit, after=after, person=caller.person.id if caller.person else None)


async def reach_for(bench: Workbench, caller: Caller, slug: str) -> Search | None:
    """Where a question may look: the search of that name, or for a service that names none, everywhere; BadRequest for a personal key."""
    if slug:
        return await search_for(bench, caller, slug)
    if caller.person is not None:
        raise BadRequest("A personal key looks into one of its person's searches", where="search", todo="Name the search.")
    return None


async def takes_part(bench: Workbench, search: Search, person: PersonId) -> bool:
    """Whether the person recruits, hires or interviews in the search; a candidate is never a user."""
    return await is_in(bench, search.organisation, search.id, person)


async def is_in(bench: Workbench, organisation: OrganisationId, search: SearchId, person: PersonId) -> bool:
    """The same, of a search by its id."""
    people = await bench.store.people_of(organisation, search)
    return any(p.id == person and role is not Role.CANDIDATE for p, role in people)
