"""The rows that an erasure reaches: found by ids while they are there, then counted and deleted in one transaction."""

import json
from collections.abc import Sequence
from typing import Any

from sqlalchemy import Table, and_, delete, func, or_, select, tuple_, update
from sqlalchemy.ext.asyncio import AsyncConnection

from alignment.erasing import Plan
from alignment.people import Role
from alignment.record import CaptureId, FeedbackId, InterviewId, OrganisationId, PersonId, SearchId
from corpus.columns import METADATA
from corpus.store_connections import of
from corpus.tables import (
    consents,
    events,
    feedback,
    injections,
    interviews,
    kept_requests,
    open_questions,
    people,
    rounds_closed,
    scorecards,
    search_roles,
    shapings,
    statements,
    transcripts,
)
from corpus.tables_captures import captures, recordings

GONE = "erased"
"""What stands in an event in the place of an id that is no longer on record."""
_CITING = ((statements, "citations"), (open_questions, "moments"), (injections, "moment"))
_TOLD = (statements, open_questions)


async def planned(
    tx: AsyncConnection,
    organisation: OrganisationId,
    wanted: Sequence[InterviewId],
    intakes: Sequence[SearchId],
    person: PersonId | None,
) -> Plan:
    """Everything that goes with these interviews, by ids."""
    held = of(interviews, organisation).where(interviews.c.id.in_(wanted))
    rooms = (await tx.execute(held.with_only_columns(interviews.c.search, interviews.c.candidate).distinct())).all()
    return Plan(
        interviews=tuple(wanted),
        feedback=tuple(FeedbackId(i) for i in await _ids(tx, organisation, feedback, wanted)),
        citing=tuple(FeedbackId(i) for i in sorted({row[2] for row in await _citing(tx, organisation, wanted)})),
        captures=tuple(CaptureId(i) for i in await _ids(tx, organisation, captures, wanted)),
        digests=tuple(await _ids(tx, organisation, recordings, wanted, "digest")),
        rooms=tuple((SearchId(search), PersonId(candidate)) for search, candidate in sorted(tuple(row) for row in rooms)),
        intakes=tuple(intakes),
        person=person,
    )


async def planned_recordings(tx: AsyncConnection, organisation: OrganisationId, interview: InterviewId, digests: Sequence[str]) -> Plan:
    """The recordings of an interview with these contents, and the captures that heard them."""
    heard = of(captures, organisation, interview=interview).where(captures.c.digest.in_(digests))
    ids = (await tx.execute(heard.with_only_columns(captures.c.id).order_by(captures.c.id))).scalars()
    return Plan(interviews=(interview,), digests=tuple(digests), captures=tuple(CaptureId(i) for i in ids))


async def let_go_of_recordings(tx: AsyncConnection, organisation: OrganisationId, plan: Plan) -> dict[str, int]:
    """Delete the rows of recordings and what heard them; what was heard stays."""
    here = and_(
        recordings.c.organisation == organisation, recordings.c.interview.in_(plan.interviews), recordings.c.digest.in_(plan.digests)
    )
    counts = {"recordings": await _deleted(tx, recordings, here), "captures": len(plan.captures)}
    # Both stand in the replies that were kept for a second sending, and a clip of it may.
    counts["kept_replies"] = await _deleted(tx, kept_requests, kept_requests.c.organisation == organisation)
    return counts


async def erase_all(tx: AsyncConnection, organisation: OrganisationId, plan: Plan, but: tuple[str, str]) -> dict[str, int]:
    """Delete the interviews with all that hangs below them, and what cites them; how much there was of each."""
    counts = {}
    cited = [(row[0], row[1]) for row in await _citing(tx, organisation, plan.interviews)]
    other = and_(shapings.c.organisation == organisation, tuple_(shapings.c.thread, shapings.c.turn).in_(cited))
    counts["shapings_elsewhere"] = await _deleted(tx, shapings, other) if cited else 0
    for table in (recordings, captures, transcripts, feedback, scorecards, consents):
        counts[table.name] = len(await _ids(tx, organisation, table, plan.interviews, "interview"))
    counts |= await _below(tx, organisation, plan)
    here = and_(interviews.c.organisation == organisation, interviews.c.id.in_(plan.interviews))
    counts["interviews"] = await _deleted(tx, interviews, here)
    counts["events"] = await _events_without(tx, organisation, plan)
    own = and_(kept_requests.c.caller == but[0], kept_requests.c.name == but[1])
    counts["kept_replies"] = await _deleted(tx, kept_requests, and_(kept_requests.c.organisation == organisation, ~own))
    await _end_rounds(tx, organisation, plan)
    if plan.person is not None:
        counts["people"] = await _without_person(tx, organisation, plan.person)
    return counts


async def _below(tx: AsyncConnection, organisation: OrganisationId, plan: Plan) -> dict[str, int]:
    """How much hangs below feedback."""
    shaped = of(shapings, organisation).where(shapings.c.feedback.in_(plan.feedback))
    keys = shaped.with_only_columns(shapings.c.thread, shapings.c.turn)
    counts = {"shapings": await _counted(tx, shaped)}
    for table in _TOLD:
        counts[table.name] = await _counted(tx, of(table, organisation).where(tuple_(table.c.thread, table.c.turn).in_(keys)))
    return counts


async def _citing(tx: AsyncConnection, organisation: OrganisationId, wanted: Sequence[InterviewId]) -> list[tuple[str, int, str]]:
    """The shapings of feedback on other interviews that cite one of these: thread, turn and feedback."""
    found: set[tuple[str, int, str]] = set()
    for table, column in _CITING:
        if not wanted:
            break
        of_shaping = and_(*(table.c[name] == shapings.c[name] for name in ("organisation", "thread", "turn")))
        of_feedback = and_(feedback.c.organisation == shapings.c.organisation, feedback.c.id == shapings.c.feedback)
        joined = table.join(shapings, of_shaping).join(feedback, of_feedback)
        query = select(shapings.c.thread, shapings.c.turn, shapings.c.feedback).select_from(joined)
        query = query.where(table.c.organisation == organisation, feedback.c.interview.not_in(wanted))
        query = query.where(or_(*(table.c[column].contains(i, autoescape=True) for i in wanted)))
        found |= {(row[0], row[1], row[2]) for row in (await tx.execute(query)).all()}
    return sorted(found)


async def _events_without(tx: AsyncConnection, organisation: OrganisationId, plan: Plan) -> int:
    """Put a word in the place of every id of what is gone; the events stay, since readers count them."""
    gone = {*plan.interviews, *plan.feedback, *plan.captures, *([plan.person] if plan.person else [])}
    found = 0
    for row in (await tx.execute(of(events, organisation).with_only_columns(events.c.number, events.c.data))).all():
        data = json.loads(row[1])
        left = {name: GONE if value in gone else value for name, value in data.items()}
        if left != data:
            if "transcript" in left:
                left["transcript"] = GONE
            here = and_(events.c.organisation == organisation, events.c.number == row[0])
            await tx.execute(update(events).where(here).values(data=json.dumps(left, ensure_ascii=False)))
            found += 1
    return found


async def _end_rounds(tx: AsyncConnection, organisation: OrganisationId, plan: Plan) -> None:
    """Forget that a round was closed of which no interview is left."""
    for search, candidate in plan.rooms:
        left = of(interviews, organisation, search=search, candidate=candidate)
        if (await tx.execute(left.limit(1))).first() is None:
            here = and_(
                rounds_closed.c.organisation == organisation, rounds_closed.c.search == search, rounds_closed.c.candidate == candidate
            )
            await tx.execute(delete(rounds_closed).where(here))


async def _without_person(tx: AsyncConnection, organisation: OrganisationId, person: PersonId) -> int:
    """Delete a candidate's roles, and the person where nothing else on record refers to them."""
    roles = and_(search_roles.c.organisation == organisation, search_roles.c.person == person, search_roles.c.role == Role.CANDIDATE.value)
    await tx.execute(delete(search_roles).where(roles))
    if await _is_referred_to(tx, organisation, person):
        return 0
    return await _deleted(tx, people, and_(people.c.organisation == organisation, people.c.id == person))


async def _is_referred_to(tx: AsyncConnection, organisation: OrganisationId, person: PersonId) -> bool:
    for table in METADATA.tables.values():
        for reference in table.foreign_key_constraints:
            if reference.referred_table is people:
                name = reference.column_keys[-1]
                if (await tx.execute(of(table, organisation, **{name: person}).limit(1))).first() is not None:
                    return True
    spoke = of(transcripts, organisation).where(transcripts.c.speakers.contains(person, autoescape=True))
    return (await tx.execute(spoke.limit(1))).first() is not None


async def _ids(
    tx: AsyncConnection, organisation: OrganisationId, table: Table, wanted: Sequence[InterviewId], column: str = "id"
) -> list[str]:
    query = of(table, organisation).where(table.c.interview.in_(wanted)).with_only_columns(table.c[column])
    return sorted((await tx.execute(query)).scalars())


async def _counted(tx: AsyncConnection, query: Any) -> int:
    return int((await tx.execute(select(func.count()).select_from(query.subquery()))).scalar_one())


async def _deleted(tx: AsyncConnection, table: Table, here: Any) -> int:
    many = (await tx.execute(select(func.count()).select_from(table).where(here))).scalar_one()
    await tx.execute(delete(table).where(here))
    return int(many)
