"""Scorecards, and who may read them when."""

from collections import defaultdict
from collections.abc import Sequence

from sqlalchemy import insert
from sqlalchemy.ext.asyncio import AsyncConnection

from alignment.errors import Conflict, NotPermitted
from alignment.events import EventKind
from alignment.people import Role
from alignment.record import OrganisationId, PersonId, SearchId
from alignment.scorecard import Scorecard
from corpus.consenting import must_be_open
from corpus.rows import Row, scorecard_from_rows
from corpus.store_connections import Connections, must_be_own, of, require
from corpus.store_events import put_event
from corpus.store_searches import give_role
from corpus.tables import contracts, grades, interviews, panel_seats, people, scorecards, search_roles, searches


class Scorecards(Connections):
    """The part of the store that knows the panel's grades."""

    async def add_scorecard(self, organisation: OrganisationId, scorecard: Scorecard) -> Scorecard:
        """The scorecard as it is on record; an interviewer has one an interview, and another with other grades is a Conflict."""
        must_be_own(organisation, scorecard.organisation, "scorecard")
        async with self._write(organisation) as tx:
            search, interview, interviewer = scorecard.search, scorecard.interview, scorecard.interviewer
            await require(tx, interviews, organisation, "interview", id=interview, search=search)
            await must_be_open(tx, organisation, interview)
            await require(tx, people, organisation, "person", id=interviewer)
            await require(tx, contracts, organisation, "contract version", search=search, version=scorecard.contract_version)
            found = (await tx.execute(of(scorecards, organisation, interview=interview, interviewer=interviewer))).mappings().all()
            if found:
                (known,) = await _load(tx, organisation, found)
                if (known.grades, known.contract_version) != (scorecard.grades, scorecard.contract_version):
                    raise Conflict("This interviewer's scorecard for this interview is in, with other grades")
                return known
            await give_role(tx, organisation, search, interviewer, Role.INTERVIEWER)
            await tx.execute(insert(scorecards).values(scorecard.model_dump(exclude={"grades"})))
            key = {"organisation": organisation, "scorecard": scorecard.id}
            rows = [{**key, "position": i, **dict(grade)} for i, grade in enumerate(scorecard.grades)]
            if rows:
                await tx.execute(insert(grades), rows)
            about = {"search": search, "interview": interview, "interviewer": interviewer, "scorecard": scorecard.id}
            await put_event(tx, organisation, EventKind.SCORECARD_ADDED, interview, interviewer, **about)
        return scorecard

    async def scorecards(self, organisation: OrganisationId, search: SearchId, reader: PersonId | None) -> tuple[Scorecard, ...]:
        """The search's scorecards that the reader may see now, oldest first; `None` is the product itself and sees all.

        One's own are always visible. Others' on a candidate stay hidden from whoever still has a seat with that candidate, or a seat
        with nobody knows yet whom, and no scorecard for it. Once none is open, an interviewer sees the candidates that she graded
        herself, the recruiter and the hiring manager see all. A person without a role in the search is NotPermitted.
        """
        async with self._read() as tx:
            await require(tx, searches, organisation, "search", id=search)
            query = of(scorecards, organisation, search=search).order_by(scorecards.c.at, scorecards.c.id)
            cards = await _load(tx, organisation, (await tx.execute(query)).mappings().all())
            if reader is None:
                return cards
            return await _visible(tx, organisation, search, reader, cards)


async def _visible(
    tx: AsyncConnection, organisation: OrganisationId, search: SearchId, reader: PersonId, cards: tuple[Scorecard, ...]
) -> tuple[Scorecard, ...]:
    await require(tx, people, organisation, "person", id=reader)
    held = of(search_roles, organisation, search=search, person=reader).with_only_columns(search_roles.c.role)
    roles = set((await tx.execute(held)).scalars())
    if not roles - {Role.CANDIDATE}:
        raise NotPermitted("Scorecards are read by the search's recruiter, hiring manager and interviewers")
    leads = bool(roles & {Role.RECRUITER, Role.HIRING_MANAGER})
    about = {row["id"]: row["candidate"] for row in (await tx.execute(of(interviews, organisation, search=search))).mappings()}
    graded = {card.interview for card in cards if card.interviewer == reader}
    seats = of(panel_seats, organisation, search=search, person=reader).with_only_columns(panel_seats.c.interview)
    open_on = {about.get(interview) for interview in (await tx.execute(seats)).scalars() if interview not in graded}
    graded_candidates = {about[interview] for interview in graded}

    def may_see(card: Scorecard) -> bool:
        if card.interviewer == reader:
            return True
        candidate = about[card.interview]
        return None not in open_on and candidate not in open_on and (leads or candidate in graded_candidates)

    return tuple(card for card in cards if may_see(card))


async def _load(tx: AsyncConnection, organisation: OrganisationId, rows: Sequence[Row]) -> tuple[Scorecard, ...]:
    graded: dict[str, list[Row]] = defaultdict(list)
    ids = [row["id"] for row in rows]
    query = of(grades, organisation).where(grades.c.scorecard.in_(ids)).order_by(grades.c.scorecard, grades.c.position)
    for row in (await tx.execute(query)).mappings():
        graded[row["scorecard"]].append(row)
    return tuple(scorecard_from_rows(row, graded[row["id"]]) for row in rows)
