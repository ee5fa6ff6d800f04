"""Feedback, and what became of it: shapings, each saved whole, none ever altered."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import Select, and_, func, insert, select, tuple_
from sqlalchemy.ext.asyncio import AsyncConnection

from alignment.erasing import ErasureId
from alignment.errors import Conflict, NotFound
from alignment.events import EventKind
from alignment.feedback import Feedback, OpenQuestion, SetAside, ShapedStatement, Shaping
from alignment.people import Role
from alignment.record import FeedbackId, InterviewId, OrganisationId, SearchId, StatementId
from corpus.consenting import must_be_open
from corpus.rows import Row, feedback_from_row, shaping_from_rows, shaping_to_rows, statement_from_row
from corpus.store_connections import Connections, must_be_own, of, require
from corpus.store_events import put_event
from corpus.store_searches import give_role
from corpus.tables import (
    answers,
    claims,
    contracts,
    feedback,
    injections,
    interviews,
    open_questions,
    people,
    searches,
    set_aside,
    shapings,
    statements,
    transcripts,
)

TOLD = {table.name: table for table in (claims, statements, open_questions, set_aside, answers, injections)}


class FeedbackRoom(Connections):
    """The part of the store that knows what interviewers wrote and what the record said of it."""

    async def add_feedback(self, organisation: OrganisationId, given: Feedback) -> Feedback:
        """The feedback as it is on record; the same again, at whatever time, is harmless, other content under its id a Conflict."""
        must_be_own(organisation, given.organisation, "feedback")
        async with self._write(organisation) as tx:
            found = (await tx.execute(of(feedback, organisation, id=given.id))).mappings().first()
            if found is not None:
                if (known := feedback_from_row(found)) != given.model_copy(update={"at": known.at}):
                    raise Conflict(f"The feedback {given.name or given.id} is on record with other content")
                return known
            await require(tx, interviews, organisation, "interview", id=given.interview, search=given.search)
            await must_be_open(tx, organisation, given.interview)
            await require(tx, people, organisation, "person", id=given.interviewer)
            await require(tx, contracts, organisation, "contract version", search=given.search, version=given.contract_version)
            await give_role(tx, organisation, given.search, given.interviewer, Role.INTERVIEWER)
            await tx.execute(insert(feedback).values(dict(given)))
            await put_event(tx, organisation, EventKind.FEEDBACK_ADDED, given.id, **_about(given))
        return given

    async def feedback(self, organisation: OrganisationId, id: FeedbackId) -> Feedback:
        """The feedback with that id, or NotFound."""
        async with self._read() as tx:
            return await _load_feedback(tx, organisation, id)

    async def feedback_of(
        self, organisation: OrganisationId, *, search: SearchId | None = None, interview: InterviewId | None = None
    ) -> tuple[Feedback, ...]:
        """The feedback of a search or of one interview, oldest first; of the whole organisation where neither is given."""
        async with self._read() as tx:
            query = await _narrowed(tx, of(feedback, organisation), organisation, search, interview)
            return tuple(feedback_from_row(row) for row in (await tx.execute(query)).mappings())

    async def save_shaping(self, organisation: OrganisationId, shaping: Shaping, *, under: ErasureId | None = None) -> Shaping:
        """The shaping, whole or not at all; the same thread and turn again is harmless, with other content a Conflict.

        While something of its interview is being erased nothing new is taken, but what that redaction itself (`under`) makes.
        """
        async with self._write(organisation) as tx:
            of_what = await _load_feedback(tx, organisation, shaping.feedback)
            found = (await tx.execute(_shapings(organisation, thread=shaping.thread, turn=shaping.turn))).mappings().all()
            if found:
                if (await _load_shapings(tx, organisation, found)) != (shaping,):
                    raise Conflict("This turn is on record with other content", where=f"thread {shaping.thread}, turn {shaping.turn}")
                return shaping
            await must_be_open(tx, organisation, of_what.interview, under)
            await _must_fit(tx, shaping, of_what)
            last = of(shapings, organisation, feedback=shaping.feedback).with_only_columns(func.max(shapings.c.number))
            number = ((await tx.execute(last)).scalar() or 0) + 1
            key = {"organisation": organisation, "thread": shaping.thread, "turn": shaping.turn}
            await tx.execute(insert(shapings).values(feedback=shaping.feedback, number=number, **key))
            for name, rows in shaping_to_rows(shaping, of_what).items():
                if rows:
                    await tx.execute(insert(TOLD[name]), rows)
            turn = (shaping.thread, str(shaping.turn))
            await put_event(tx, organisation, EventKind.FEEDBACK_SHAPED, *turn, **_about(of_what), shaping=number)
        return shaping

    async def shapings(self, organisation: OrganisationId, feedback: FeedbackId) -> tuple[Shaping, ...]:
        """Every shaping of the feedback, oldest first; the last one is what holds."""
        async with self._read() as tx:
            await _load_feedback(tx, organisation, feedback)
            query = _shapings(organisation, feedback=feedback).order_by(shapings.c.number)
            return await _load_shapings(tx, organisation, (await tx.execute(query)).mappings().all())

    async def statements(
        self, organisation: OrganisationId, *, search: SearchId | None = None, interview: InterviewId | None = None
    ) -> tuple[ShapedStatement, ...]:
        """The statements that hold in a search, an interview or the whole organisation: those of each feedback's last shaping."""
        async with self._read() as tx:
            query = await _narrowed(tx, _statements(organisation), organisation, search, interview)
            rows = (await tx.execute(query.order_by(statements.c.position))).mappings()
            return tuple(statement_from_row(row, row["feedback"], row["interview"]) for row in rows)

    async def statement(self, organisation: OrganisationId, id: StatementId) -> ShapedStatement:
        """The statement with that id as it was last saved, also where it no longer holds; NotFound where there is none."""
        query = _statements(organisation, held_only=False).where(statements.c.id == id).order_by(shapings.c.number.desc()).limit(1)
        async with self._read() as tx:
            row = (await tx.execute(query)).mappings().first()
        if row is None:
            raise NotFound(f"There is no statement {id} in this organisation")
        return statement_from_row(row, row["feedback"], row["interview"])


def _about(given: Feedback) -> dict[str, str | int]:
    return {"search": given.search, "interview": given.interview, "interviewer": given.interviewer, "feedback": given.id}


async def _must_fit(tx: AsyncConnection, shaping: Shaping, of_what: Feedback) -> None:
    """A shaping speaks of one feedback and its interview, and cites transcripts of its own organisation."""
    judged: tuple[ShapedStatement | OpenQuestion, ...] = (*shaping.statements, *shaping.questions)
    told: tuple[ShapedStatement | OpenQuestion | SetAside, ...] = (*judged, *shaping.set_aside)
    of_feedback = {claim.feedback for claim in shaping.claims} | {item.feedback for item in told}
    of_interview = {item.interview for item in told}
    if not (of_feedback <= {of_what.id} and of_interview <= {of_what.interview}):
        raise Conflict("A shaping speaks of one piece of feedback on one interview", where=f"feedback {of_what.id}")
    cited = {c.transcript for s in shaping.statements for c in s.citations} | {c.transcript for q in shaping.questions for c in q.moments}
    for transcript in cited | {i.moment.transcript for i in shaping.injections if i.moment}:
        await require(tx, transcripts, of_what.organisation, "transcript", id=transcript)
    for version in {item.contract_version for item in judged}:
        await require(tx, contracts, of_what.organisation, "contract version", search=of_what.search, version=version)


async def _narrowed(
    tx: AsyncConnection, query: Select[Any], organisation: OrganisationId, search: SearchId | None, interview: InterviewId | None
) -> Select[Any]:
    if search is not None:
        await require(tx, searches, organisation, "search", id=search)
        query = query.where(feedback.c.search == search)
    if interview is not None:
        await require(tx, interviews, organisation, "interview", id=interview)
        query = query.where(feedback.c.interview == interview)
    return query.order_by(feedback.c.at, feedback.c.name, feedback.c.id)


async def _load_feedback(tx: AsyncConnection, organisation: OrganisationId, id: FeedbackId) -> Feedback:
    row = (await tx.execute(of(feedback, organisation, id=id))).mappings().first()
    if row is None:
        raise NotFound(f"There is no feedback {id} in this organisation")
    return feedback_from_row(row)


def _of_feedback() -> Any:
    return and_(feedback.c.organisation == shapings.c.organisation, feedback.c.id == shapings.c.feedback)


def _shapings(organisation: OrganisationId, **values: object) -> Select[Any]:
    query = select(shapings, feedback.c.interview).select_from(shapings.join(feedback, _of_feedback()))
    query = query.where(shapings.c.organisation == organisation)
    for name, value in values.items():
        query = query.where(shapings.c[name] == value)
    return query


def _statements(organisation: OrganisationId, *, held_only: bool = True) -> Select[Any]:
    names = ("organisation", "thread", "turn")
    of_shaping = and_(*(statements.c[name] == shapings.c[name] for name in names))
    joined = statements.join(shapings, of_shaping).join(feedback, _of_feedback())
    query = select(statements, shapings.c.feedback, feedback.c.interview).select_from(joined)
    query = query.where(statements.c.organisation == organisation)
    if not held_only:
        return query
    last = of(shapings, organisation).with_only_columns(shapings.c.feedback, func.max(shapings.c.number)).group_by(shapings.c.feedback)
    return query.where(tuple_(shapings.c.feedback, shapings.c.number).in_(last))


async def _load_shapings(tx: AsyncConnection, organisation: OrganisationId, rows: Sequence[Row]) -> tuple[Shaping, ...]:
    threads: Iterable[str] = {row["thread"] for row in rows}
    said: dict[tuple[str, int], dict[str, list[Row]]] = defaultdict(lambda: {name: [] for name in TOLD})
    for name, table in TOLD.items():
        query = of(table, organisation).where(table.c.thread.in_(threads)).order_by(table.c.thread, table.c.turn, table.c.position)
        for row in (await tx.execute(query)).mappings():
            said[row["thread"], row["turn"]][name].append(row)
    return tuple(shaping_from_rows(row, said[row["thread"], row["turn"]]) for row in rows)
