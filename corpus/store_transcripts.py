"""Transcripts, version by version; nothing is ever altered but by a redaction."""

from typing import Any

from sqlalchemy import Select, and_, func, insert, select
from sqlalchemy.ext.asyncio import AsyncConnection

from alignment.errors import Conflict, NotFound
from alignment.events import EventKind
from alignment.people import Consent, Interview
from alignment.record import InterviewId, OrganisationId, PersonId, Record, SearchId, TranscriptId
from alignment.transcript import Transcript
from corpus.consenting import closing
from corpus.rows import transcript_from_row, transcript_to_row
from corpus.store_connections import Connections, must_be_own, of, require
from corpus.store_events import put_event
from corpus.store_interviews import load_interview, must_have_consent, put_consent
from corpus.tables import interviews, people, transcripts


class CurrentTranscript(Record):
    """Which version of an interview's transcript is the newest, without its words."""

    interview: InterviewId
    search: SearchId
    candidate: PersonId
    transcript: TranscriptId
    version: int


class Transcripts(Connections):
    """The part of the store that knows what was said."""

    async def add_transcript(self, organisation: OrganisationId, transcript: Transcript, *, consent: Consent | None = None) -> Transcript:
        """The interview's first transcript, saved whole or not at all; a source that is known gives back its newest version.

        ConsentMissing where no consent is on record, unless `consent` is given, which is then recorded with it, or the organisation
        keeps consents elsewhere. Another source for an interview that has a transcript is a Conflict: `correct_transcript` takes it.
        """
        row = _row_of(organisation, transcript)
        async with self._write(organisation) as tx:
            interview = await _admit(tx, organisation, transcript, consent)
            newest = _newest_first(organisation, transcript.interview)
            of_source = newest.where(transcripts.c.source_digest == transcript.source_digest)
            known = (await tx.execute(of_source)).mappings().first()
            if known is not None:
                return transcript_from_row(known)
            if (await tx.execute(newest.with_only_columns(transcripts.c.version))).first() is not None or transcript.version != 1:
                raise Conflict(
                    "The interview has no such place for a first transcript: it has another one already, or the version is not 1",
                    where=transcript.interview,
                    todo="Save it as a correction, which makes the next version.",
                )
            await tx.execute(insert(transcripts).values(imported=True, **row))
            await tell_ingested(tx, interview, transcript)
        return transcript

    async def correct_transcript(self, organisation: OrganisationId, interview: InterviewId, transcript: Transcript) -> Transcript:
        """The next version of the interview's transcript, beside the older ones; the same again is harmless, a gap is a Conflict."""
        row = _row_of(organisation, transcript)
        if transcript.interview != interview:
            raise Conflict("The transcript belongs to another interview", where=interview)
        async with self._write(organisation) as tx:
            held = await _admit(tx, organisation, transcript, None)
            known = (await tx.execute(of(transcripts, organisation, interview=interview, version=transcript.version))).mappings().first()
            if known is not None and transcript_from_row(known) == transcript:
                return transcript
            newest = (await tx.execute(_newest_first(organisation, interview))).mappings().first()
            if newest is None or transcript.version != newest["version"] + 1:
                there = f"version {newest['version']}" if newest is not None else "no transcript"
                raise Conflict(f"Version {transcript.version} cannot come next: the interview has {there}", where=interview)
            source = of(transcripts, organisation, interview=interview, source_digest=transcript.source_digest)
            imported = (await tx.execute(source.with_only_columns(transcripts.c.id))).first() is None
            await tx.execute(insert(transcripts).values(imported=imported, **row))
            await tell_ingested(tx, held, transcript)
        return transcript

    async def transcript(self, organisation: OrganisationId, interview: InterviewId, version: int | None = None) -> Transcript:
        """That version of the interview's transcript, or the newest; NotFound where there is none."""
        query = _newest_first(organisation, interview)
        which = "transcript" if version is None else f"version {version} of the transcript"
        missing = f"There is no {which} of the interview {interview} in this organisation"
        return await self._one_transcript(query if version is None else query.where(transcripts.c.version == version), missing)

    async def newest_transcript(self, organisation: OrganisationId, interview: InterviewId) -> TranscriptId:
        """The id of the interview's newest transcript, without its words; NotFound where there is none."""
        query = _newest_first(organisation, interview).with_only_columns(transcripts.c.id)
        async with self._read() as tx:
            row = (await tx.execute(query)).first()
        if row is None:
            raise NotFound(f"There is no transcript of the interview {interview} in this organisation")
        return TranscriptId(row[0])

    async def transcript_by_id(self, organisation: OrganisationId, id: TranscriptId) -> Transcript:
        """The transcript version with that id, or NotFound."""
        return await self._one_transcript(of(transcripts, organisation, id=id), f"There is no transcript {id} in this organisation")

    async def transcripts_current(self, organisation: OrganisationId) -> tuple[CurrentTranscript, ...]:
        """The newest version of every interview that has a transcript and is not to be erased: what the index should hold."""
        held = of(transcripts, organisation).with_only_columns(transcripts.c.interview, func.max(transcripts.c.version).label("version"))
        newest = held.group_by(transcripts.c.interview).subquery()
        is_newest = and_(transcripts.c.interview == newest.c.interview, transcripts.c.version == newest.c.version)
        of_interview = and_(interviews.c.organisation == transcripts.c.organisation, interviews.c.id == transcripts.c.interview)
        columns = (interviews.c.search, interviews.c.candidate, transcripts.c.interview, transcripts.c.version)
        query = (
            select(transcripts.c.id.label("transcript"), *columns)
            .select_from(transcripts.join(newest, is_newest).join(interviews, of_interview))
            .where(transcripts.c.organisation == organisation, interviews.c.id.not_in(closing(organisation)))
            .order_by(interviews.c.search, interviews.c.name)
        )
        async with self._read() as tx:
            return tuple(CurrentTranscript(**row) for row in (await tx.execute(query)).mappings())

    async def _one_transcript(self, query: Select[Any], missing: str) -> Transcript:
        async with self._read() as tx:
            row = (await tx.execute(query)).mappings().first()
        if row is None:
            raise NotFound(missing)
        return transcript_from_row(row)


def _row_of(organisation: OrganisationId, transcript: Transcript) -> dict[str, Any]:
    must_be_own(organisation, transcript.organisation, "transcript")
    return transcript_to_row(transcript)


def _newest_first(organisation: OrganisationId, interview: InterviewId) -> Select[Any]:
    return of(transcripts, organisation, interview=interview).order_by(transcripts.c.version.desc()).limit(1)


async def _admit(tx: AsyncConnection, organisation: OrganisationId, transcript: Transcript, consent: Consent | None) -> Interview:
    if consent is not None:
        await require(tx, interviews, organisation, "interview", id=transcript.interview)
        await put_consent(tx, organisation, transcript.interview, consent)
    interview = await load_interview(tx, organisation, transcript.interview)
    await must_have_consent(tx, interview)
    for person in {s.person for s in transcript.speakers if s.person is not None}:
        await require(tx, people, organisation, "person", id=person)
    return interview


async def tell_ingested(tx: AsyncConnection, interview: Interview, transcript: Transcript) -> None:
    """Put the event of a new version on record."""
    about = {"search": interview.search, "interview": interview.id, "candidate": interview.candidate.id, "transcript": transcript.id}
    of_what = (interview.id, str(transcript.version))
    await put_event(tx, interview.organisation, EventKind.INTERVIEW_INGESTED, *of_what, **about, version=transcript.version)
