"""Intakes: what was said in the calls and sessions that a contract was drawn from; nothing here is ever altered."""

from datetime import datetime

from sqlalchemy import insert

from alignment.errors import Conflict, NotFound
from alignment.record import OrganisationId, SearchId, TranscriptId
from alignment.transcript import Transcript
from corpus.rows import intake_from_row, intake_to_row
from corpus.store_connections import Connections, must_be_own, of, require
from corpus.tables import intakes, people, searches


class Intakes(Connections):
    """The part of the store that knows what was said when a contract was settled."""

    async def add_intake(self, organisation: OrganisationId, search: SearchId, transcript: Transcript, at: datetime) -> Transcript:
        """The intake as it is on record; the same again is harmless, other words under its id are a Conflict."""
        must_be_own(organisation, transcript.organisation, "intake")
        async with self._write(organisation) as tx:
            await require(tx, searches, organisation, "search", id=search)
            for speaker in transcript.speakers:
                if speaker.person is not None:
                    await require(tx, people, organisation, "person", id=speaker.person)
            known = (await tx.execute(of(intakes, organisation, id=transcript.id))).mappings().first()
            if known is None:
                await tx.execute(insert(intakes).values(intake_to_row(transcript, search, at)))
            elif intake_from_row(known) != transcript or known["search"] != search:
                raise Conflict("That intake is on record with other words", where=transcript.id)
        return transcript

    async def intake(self, organisation: OrganisationId, id: TranscriptId) -> Transcript:
        """The intake with that id, or NotFound."""
        async with self._read() as tx:
            row = (await tx.execute(of(intakes, organisation, id=id))).mappings().first()
        if row is None:
            raise NotFound(f"There is no intake {id} in this organisation")
        return intake_from_row(row)

    async def intakes(self, organisation: OrganisationId, search: SearchId) -> tuple[Transcript, ...]:
        """The search's intakes, oldest first."""
        async with self._read() as tx:
            await require(tx, searches, organisation, "search", id=search)
            rows = (await tx.execute(of(intakes, organisation, search=search).order_by(intakes.c.at, intakes.c.id))).mappings().all()
        return tuple(intake_from_row(row) for row in rows)
