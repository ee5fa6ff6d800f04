"""Traces: what stands behind each interview on record, as one short text that changes when any of it does."""

from collections import defaultdict
from typing import Any, NamedTuple

from sqlalchemy import Select, and_, func, select

from alignment.record import FeedbackId, InterviewId, OrganisationId, PersonId, SearchId, TranscriptId, digest
from corpus.consenting import closing
from corpus.store_connections import Connections, of
from corpus.tables import contracts, feedback, interviews, panel_seats, rounds_closed, scorecards, searches, shapings, transcripts


class Trace(NamedTuple):
    """One interview that has a transcript: whose it is, and the state of everything that is counted of it."""

    search: SearchId
    candidate: PersonId
    interview: InterviewId
    state: str


class SearchTrace(NamedTuple):
    """The state of everything on record of one search, and the feedback that nobody has settled yet with its interview's transcript."""

    state: str
    unsettled: tuple[tuple[FeedbackId, TranscriptId], ...]


class Traces(Connections):
    """The part of the store that tells what changed since something was derived from it."""

    async def traces(self, organisation: OrganisationId) -> tuple[Trace, ...]:
        """Every interview with a transcript that is not to be erased, by search and candidate; the candidate's interviews share one state.

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

    async def trace_of(self, organisation: OrganisationId, search: SearchId) -> SearchTrace:
        """One search's state: panel, contract versions, interviews, transcripts, scorecards, feedback and its shapings, closed rounds."""
        of_search = {"search": search}
        queries = (
            _held(organisation).where(interviews.c.search == search),
            _settled(organisation).where(feedback.c.search == search),
            of(scorecards, organisation, **of_search).with_only_columns(scorecards.c.id).order_by(scorecards.c.id),
            _seats(organisation).where(panel_seats.c.search == search),
            _closed(organisation).where(rounds_closed.c.search == search),
            of(contracts, organisation, **of_search).with_only_columns(func.count()),
            of(interviews, organisation, **of_search).with_only_columns(interviews.c.id, interviews.c.held_on).order_by(interviews.c.id),
        )
        async with self._read() as tx:
            parts = [repr([tuple(row) for row in (await tx.execute(query)).all()]) for query in queries]
            open_ = [(row[0], row[1]) for row in (await tx.execute(_unsettled(organisation, search))).all()]
        return SearchTrace(digest(*parts, repr(open_)), tuple(open_))


def _unsettled(organisation: OrganisationId, search: SearchId) -> Select[Any]:
    newest = of(transcripts, organisation).with_only_columns(transcripts.c.interview, func.max(transcripts.c.version).label("version"))
    last = newest.group_by(transcripts.c.interview).subquery()
    of_last = and_(transcripts.c.interview == last.c.interview, transcripts.c.version == last.c.version)
    joined = feedback.join(transcripts, and_(transcripts.c.organisation == organisation, transcripts.c.interview == feedback.c.interview))
    settled = of(shapings, organisation).with_only_columns(shapings.c.feedback)
    return (
        select(feedback.c.id, transcripts.c.id)
        .select_from(joined.join(last, of_last))
        .where(feedback.c.organisation == organisation, feedback.c.search == search, feedback.c.id.not_in(settled))
        .order_by(feedback.c.id)
    )


def _held(organisation: OrganisationId) -> Select[Any]:
    joined = and_(interviews.c.organisation == transcripts.c.organisation, interviews.c.id == transcripts.c.interview)
    named = and_(interviews.c.organisation == searches.c.organisation, interviews.c.search == searches.c.id)
    columns = (interviews.c.search, interviews.c.candidate, interviews.c.id, interviews.c.held_on, interviews.c.contract_version)
    return (
        select(*columns, searches.c.role_family, func.max(transcripts.c.version))
        .select_from(interviews.join(transcripts, joined).join(searches, named))
        .where(interviews.c.organisation == organisation, interviews.c.id.not_in(closing(organisation)))
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
