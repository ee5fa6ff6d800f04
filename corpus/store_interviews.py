"""Interviews, and the consent without which none is processed."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Select, and_, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from alignment.errors import Conflict, NotFound
from alignment.people import Consent, Interview, Role
from alignment.record import InterviewId, OrganisationId, SearchId
from corpus.consenting import RECORDED_ELSEWHERE, must_be_consented, must_be_open
from corpus.rows import Row, interview_from_row
from corpus.store_connections import Connections, must_be_own, of, require
from corpus.store_searches import give_role
from corpus.tables import consents, contracts, interviews, people, searches


def consent_recorded_elsewhere(at: datetime, scope: str = "recording and processing of this interview") -> Consent:
    """What goes on record when somebody states that the consent itself is kept in another system."""
    return Consent(person=None, at=at, basis=RECORDED_ELSEWHERE, scope=scope)


class Interviews(Connections):
    """The part of the store that knows which conversations were held, and on what consent."""

    async def add_interview(self, organisation: OrganisationId, interview: Interview) -> Interview:
        """The interview of that name in that search, made where there is none; blanks are filled, a contradiction is a Conflict."""
        must_be_own(organisation, interview.organisation, "interview")
        async with self._write(organisation) as tx:
            await require(tx, searches, organisation, "search", id=interview.search)
            await must_be_open(tx, organisation, interview.id)
            if interview.contract_version is not None:
                version = {"search": interview.search, "version": interview.contract_version}
                await require(tx, contracts, organisation, "contract version", **version)
            await give_role(tx, organisation, interview.search, interview.candidate.id, Role.CANDIDATE)
            found = (await tx.execute(of(interviews, organisation, search=interview.search, name=interview.name))).mappings().first()
            if found is None:
                row = interview.model_dump(include={"id", "organisation", "search", "name", "held_on", "contract_version"})
                await tx.execute(insert(interviews).values(candidate=interview.candidate.id, region=interview.region or None, **row))
            else:
                await _fill_in(tx, organisation, found, interview)
            id = interview.id if found is None else InterviewId(found["id"])
            if interview.consent is not None:
                await put_consent(tx, organisation, id, interview.consent)
            return await load_interview(tx, organisation, id)

    async def interview(self, organisation: OrganisationId, id: InterviewId) -> Interview:
        """The interview with that id, or NotFound."""
        async with self._read() as tx:
            return await load_interview(tx, organisation, id)

    async def interview_by_name(self, organisation: OrganisationId, search: SearchId, name: str) -> Interview:
        """The interview of that name in that search, or NotFound."""
        async with self._read() as tx:
            found = await _load(tx, organisation, _joined(organisation).where(interviews.c.search == search, interviews.c.name == name))
        if not found:
            raise NotFound(f"There is no interview {name} in the search {search} of this organisation")
        return found[0]

    async def interviews(self, organisation: OrganisationId, search: SearchId | None = None) -> tuple[Interview, ...]:
        """The interviews of one search, or of all, by search and name."""
        query = _joined(organisation).order_by(interviews.c.search, interviews.c.name)
        async with self._read() as tx:
            if search is None:
                return await _load(tx, organisation, query)
            await require(tx, searches, organisation, "search", id=search)
            return await _load(tx, organisation, query.where(interviews.c.search == search))

    async def consents(self, organisation: OrganisationId, interview: InterviewId) -> tuple[Consent, ...]:
        """Every consent of the interview, the newest last."""
        async with self._read() as tx:
            await require(tx, interviews, organisation, "interview", id=interview)
            rows = (await tx.execute(_consents_of(organisation, [interview]))).mappings().all()
        return tuple(Consent(**{name: row[name] for name in Consent.model_fields}) for row in rows)

    async def may_process(
        self, organisation: OrganisationId, interview: InterviewId, consent: Consent | None, *, region: str = "", name: str = ""
    ) -> None:
        """Pass where the interview, on record or not yet, may be processed with that consent; else ConsentMissing or Conflict."""
        async with self._read() as tx:
            await must_be_consented(tx, organisation, interview, region, consent, name or interview)

    async def record_consent(self, organisation: OrganisationId, interview: InterviewId, consent: Consent) -> Interview:
        """The interview with that consent, which stands beside the older ones on record; the newest counts."""
        async with self._write(organisation) as tx:
            await require(tx, interviews, organisation, "interview", id=interview)
            await must_be_open(tx, organisation, interview)
            await put_consent(tx, organisation, interview, consent)
            return await load_interview(tx, organisation, interview)


FEW = 500
"""Up to so many interviews their consents are asked for by id: a search has few of an organisation's thousands."""


async def must_have_consent(tx: AsyncConnection, interview: Interview) -> None:
    """Pass where the interview may be processed; else ConsentMissing, or Conflict while it is erased."""
    await must_be_consented(tx, interview.organisation, interview.id, interview.region, interview.consent, interview.name)


async def put_consent(tx: AsyncConnection, organisation: OrganisationId, interview: InterviewId, consent: Consent) -> None:
    """Add a consent to the interview's; the same as the newest is on record already."""
    if consent.person is not None:
        await require(tx, people, organisation, "person", id=consent.person)
    rows = (await tx.execute(_consents_of(organisation, [interview]))).mappings().all()
    if rows and Consent(**{name: rows[-1][name] for name in Consent.model_fields}) == consent:
        return
    await tx.execute(insert(consents).values(organisation=organisation, interview=interview, number=len(rows) + 1, **dict(consent)))


async def load_interview(tx: AsyncConnection, organisation: OrganisationId, id: InterviewId) -> Interview:
    """The interview with that id, or NotFound."""
    found = await _load(tx, organisation, _joined(organisation).where(interviews.c.id == id))
    if not found:
        raise NotFound(f"There is no interview {id} in this organisation")
    return found[0]


async def _fill_in(tx: AsyncConnection, organisation: OrganisationId, found: Row, given: Interview) -> None:
    blanks = {}
    told = {"candidate": given.candidate.id, "held_on": given.held_on, "contract_version": given.contract_version}
    for name, value in (told | {"region": given.region or None}).items():
        if value is not None and found[name] is None:
            blanks[name] = value
        elif value is not None and found[name] != value:
            raise Conflict(f"The interview {given.name} is on record with another {name.replace('_', ' ')}")
    if blanks:
        here = and_(interviews.c.organisation == organisation, interviews.c.id == found["id"])
        await tx.execute(update(interviews).where(here).values(blanks))


def _joined(organisation: OrganisationId) -> Select[Any]:
    candidate = and_(people.c.organisation == interviews.c.organisation, people.c.id == interviews.c.candidate)
    held = select(interviews, people.c.name.label("candidate_name")).select_from(interviews.join(people, candidate))
    return held.where(interviews.c.organisation == organisation)


def _consents_of(organisation: OrganisationId, ids: Sequence[str]) -> Select[Any]:
    return of(consents, organisation).where(consents.c.interview.in_(ids)).order_by(consents.c.interview, consents.c.number)


async def _load(tx: AsyncConnection, organisation: OrganisationId, query: Select[Any]) -> tuple[Interview, ...]:
    rows = (await tx.execute(query)).mappings().all()
    if len(rows) <= FEW:
        consented = _consents_of(organisation, [row["id"] for row in rows])
    else:
        consented = of(consents, organisation).order_by(consents.c.interview, consents.c.number)
    newest = {row["interview"]: row for row in (await tx.execute(consented)).mappings()}
    return tuple(interview_from_row(row, newest.get(row["id"])) for row in rows)
