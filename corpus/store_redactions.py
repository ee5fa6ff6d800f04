"""Redactions: parts struck out of an interview's transcript and recordings, in one transaction."""

from collections.abc import Sequence

from sqlalchemy import delete
from sqlalchemy.ext.asyncio import AsyncConnection

from alignment.capture import Recording
from alignment.erasing import Erasure, ErasureId, Plan, Redacted
from alignment.errors import Conflict
from alignment.record import InterviewId, OrganisationId, SearchId
from corpus.consenting import must_be_open
from corpus.erasing_rows import planned
from corpus.redacting_rows import put_silenced, strike_rows
from corpus.store_captures import open_ids
from corpus.store_connections import Connections, must_be_own, of, require
from corpus.store_erasures import count, load_one, must_not_be_held, put_erasure, read_plan
from corpus.tables import interviews, kept_requests, transcripts
from corpus.tables_captures import captures, redacted_recordings


class Redactions(Connections):
    """The part of the store that strikes out."""

    async def add_redaction(
        self, organisation: OrganisationId, erasure: Erasure, parts: Redacted, *, intakes: Sequence[SearchId] = ()
    ) -> Erasure:
        """The redaction on record with its plan; from now on its interview takes nothing new until it is done.

        Errors: OnHold, and Conflict where something of the interview is being erased or heard, or the parts are of another version.
        """
        must_be_own(organisation, erasure.organisation, "redaction")
        async with self._write(organisation) as tx:
            interview = erasure.interviews[0]
            await require(tx, interviews, organisation, "interview", id=interview)
            await must_not_be_held(tx, organisation, erasure.interviews)
            await must_be_open(tx, organisation, interview)
            return await put_erasure(tx, organisation, erasure, await _planned(tx, organisation, erasure, parts, intakes))

    async def erase_parts(
        self, organisation: OrganisationId, id: ErasureId, silenced: Recording | None, *, but: tuple[str, str] = ("", "")
    ) -> None:
        """Strike out what the redaction reaches, and put the silenced recording in the place of the others; again changes nothing.

        Replies that were kept for a second sending go, all but that of the request `but`. OnHold where a hold was placed since.
        """
        async with self._write(organisation) as tx:
            erasure = await load_one(tx, organisation, id)
            plan = await read_plan(tx, organisation, id)
            if erasure.done_at is not None or plan.parts is None:
                return
            await must_not_be_held(tx, organisation, erasure.interviews)
            counts: dict[str, int] = {}
            # Once the next version is there the characters that the plan names are others'.
            if plan.parts.struck and await newest_version(tx, organisation, plan.interviews[0]) == plan.parts.version:
                counts |= await strike_rows(tx, organisation, plan, plan.parts, erasure.reason)
            counts |= await put_silenced(tx, organisation, plan, silenced)
            own = (kept_requests.c.caller == but[0]) & (kept_requests.c.name == but[1])
            await tx.execute(delete(kept_requests).where(kept_requests.c.organisation == organisation, ~own))
            await count(tx, organisation, id, counts)

    async def is_redacted(self, organisation: OrganisationId, interview: InterviewId, digest: str) -> bool:
        """Whether parts of that content were struck out."""
        async with self._read() as tx:
            return (await tx.execute(of(redacted_recordings, organisation, interview=interview, digest=digest))).first() is not None


async def _planned(
    tx: AsyncConnection, organisation: OrganisationId, erasure: Erasure, parts: Redacted, intakes: Sequence[SearchId]
) -> Plan:
    interview = erasure.interviews[0]
    if await newest_version(tx, organisation, interview) != parts.version:
        raise Conflict("The transcript was corrected meanwhile", where=interview, todo="Look at it as it is now, and redact that.")
    heard = of(captures, organisation, interview=interview).with_only_columns(captures.c.id)
    if {*(await tx.execute(heard)).scalars()} & {*await open_ids(tx, organisation)}:
        raise Conflict("A recording of this interview is being heard", where=interview, todo="Wait for it, or cancel it.")
    plan = await planned(tx, organisation, erasure.interviews, intakes, None)
    return plan.model_copy(update={"parts": parts})


async def newest_version(tx: AsyncConnection, organisation: OrganisationId, interview: InterviewId) -> int:
    """The newest version of the interview's transcript; 0 where there is none."""
    query = (
        of(transcripts, organisation, interview=interview).with_only_columns(transcripts.c.version).order_by(transcripts.c.version.desc())
    )
    return (await tx.execute(query.limit(1))).scalar() or 0
