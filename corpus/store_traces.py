"""Traces: what stands behind each interview on record, as one short text that changes when any of it does."""

from collections import defaultdict
from typing import Any, NamedTuple

from sqlalchemy import Select, and_, func, select

from alignment.record import InterviewId, OrganisationId, PersonId, SearchId, digest
from corpus.store_connections import Connections, of
from corpus.tables import feedback, interviews, panel_seats, rounds_closed, scorecards, searches, shapings, transcripts


class Trace(NamedTuple):
    """One interview that has a transcript: whose it is, and the state of everything that is counted of it."""

    search: SearchId
    candidate: PersonId
    interview: InterviewId
    state: str


class Traces(Connections):
    """The part of the store that tells what changed since something was derived from it."""

    async def traces(self, organisation: OrganisationId) -> tuple[Trace, ...]:
        """Every interview with a transcript, by search and candidate; the candidate's interviews share one state.

        It covers the search's role family and panel, dates, contract versions, transcripts, scorecards, settled feedback and closed rounds.
        """
        async with self._read() as tx:
            rows = (await tx.execute(_held(organisation))).all()
            told: dict[str, list[str]] = defaultdict(list)
            for query in (_settled(organisation), _cards(organisation)):
                for row in (await tx.execute(query)).all():
                    told[row[0]].append(repr(tuple(row[1:])))
            panels: dict[str, list[str]] = defaultdict(list)
            for row in (await tx.execute(_seats(organisation))).all():
                panels[row[0]].append(repr(tuple(row[1:])))
            ended = {tuple(row) for row in (await tx.execute(_closed(organisation))).all()}
        groups: dict[tuple[str, str], list[str]] = defaultdict(list)
        candidates: dict[str, set[str]] = defaultdict(set)
        for row in rows:
            candidates[row[0]].add(row[1])
            groups[row[0], row[1]] += [repr(tuple(row[2:])), *told[row[2]]]
        states = {
            key: digest(*parts, *panels[key[0]], str(key in ended), str(len(candidates[key[0]]) > 1))[:20] for key, parts in groups.items()
        }
        return tuple(Trace(row[0], row[1], row[2], states[row[0], row[1]]) for row in rows)


def _held(organisation: OrganisationId) -> Select[Any]:
    joined = and_(interviews.c.organisation == transcripts.c.organisation, interviews.c.id == transcripts.c.interview)
    named = and_(interviews.c.organisation == searches.c.organisation, interviews.c.search == searches.c.id)
    columns = (interviews.c.search, interviews.c.candidate, interviews.c.id, interviews.c.held_on, interviews.c.contract_version)
    return (
        select(*columns, searches.c.role_family, func.max(transcripts.c.version))
        .select_from(interviews.join(transcripts, joined).join(searches, named))
        .where(interviews.c.organisation == organisation)
        .group_by(*columns, searches.c.role_family)
        .order_by(interviews.c.search, interviews.c.candidate, interviews.c.id)
    )


def _settled(organisation: OrganisationId) -> Select[Any]:
    joined = feedback.join(shapings, and_(feedback.c.organisation == shapings.c.organisation, feedback.c.id == shapings.c.feedback))
    columns = (feedback.c.interview, func.count(), func.max(shapings.c.turn), func.count(shapings.c.thread.distinct()))
    return select(*columns).select_from(joined).where(feedback.c.organisation == organisation).group_by(feedback.c.interview)


def _cards(organisation: OrganisationId) -> Select[Any]:
    return of(scorecards, organisation).with_only_columns(scorecards.c.interview, func.count()).group_by(scorecards.c.interview)


def _seats(organisation: OrganisationId) -> Select[Any]:
    columns = (panel_seats.c.search, panel_seats.c.person, panel_seats.c.interview, panel_seats.c.focus)
    return of(panel_seats, organisation).with_only_columns(*columns).order_by(panel_seats.c.search, panel_seats.c.position)


def _closed(organisation: OrganisationId) -> Select[Any]:
    return of(rounds_closed, organisation).with_only_columns(rounds_closed.c.search, rounds_closed.c.candidate)
