"""Speaker tracks: what waits beside a recording for its transcript, and which track told a transcript apart last."""

from sqlalchemy import delete, insert
from sqlalchemy.ext.asyncio import AsyncConnection

from alignment.capture import Step
from alignment.record import CaptureId, InterviewId, OrganisationId
from corpus.store_connections import Connections, of, require
from corpus.store_interviews import load_interview, must_have_consent
from corpus.tables_captures import capture_steps, capture_tracks, captures


class Tracks(Connections):
    """The part of the store that keeps a conference tool's tracks as long as they are wanted."""

    async def set_track(self, organisation: OrganisationId, capture: CaptureId, document: str) -> bool:
        """Keep the speaker track of a recording until its transcript is on record; False, and nothing is kept, where that is so.

        ConsentMissing, or Conflict while the interview is erased: nothing is taken then.
        """
        async with self._write(organisation) as tx:
            await require(tx, captures, organisation, "capture", id=capture)
            about = of(captures, organisation, id=capture).with_only_columns(captures.c.interview)
            await must_have_consent(tx, await load_interview(tx, organisation, InterviewId((await tx.execute(about)).scalar_one())))
            if await last_step(tx, organisation, capture) is Step.KEPT:
                return False
            await put_track(tx, organisation, capture, document=document)
        return True

    async def track(self, organisation: OrganisationId, capture: CaptureId) -> str:
        """The speaker track that waits for the transcript of a recording; empty where there is none."""
        async with self._read() as tx:
            return await waiting_track(tx, organisation, capture)

    async def save_track_applied(self, organisation: OrganisationId, capture: CaptureId, digest: str) -> None:
        """Keep which track the transcript of a recording was told apart by last."""
        async with self._write(organisation) as tx:
            await require(tx, captures, organisation, "capture", id=capture)
            await put_track(tx, organisation, capture, applied=digest)

    async def track_applied(self, organisation: OrganisationId, capture: CaptureId) -> str:
        """The digest of the track that the transcript of a recording was told apart by last; empty where none was."""
        query = of(capture_tracks, organisation, capture=capture).with_only_columns(capture_tracks.c.applied)
        async with self._read() as tx:
            return str((await tx.execute(query)).scalar_one_or_none() or "")


async def put_track(
    tx: AsyncConnection, organisation: OrganisationId, capture: CaptureId, *, document: str = "", applied: str = ""
) -> None:
    """Put what is kept of a capture's tracks in place of what was."""
    here = (capture_tracks.c.organisation == organisation, capture_tracks.c.capture == capture)
    await tx.execute(delete(capture_tracks).where(*here))
    row = {"organisation": organisation, "capture": capture, "document": document, "applied": applied}
    await tx.execute(insert(capture_tracks).values(row))


async def waiting_track(tx: AsyncConnection, organisation: OrganisationId, capture: CaptureId) -> str:
    """As `Tracks.track`."""
    query = of(capture_tracks, organisation, capture=capture).with_only_columns(capture_tracks.c.document)
    return str((await tx.execute(query)).scalar_one_or_none() or "")


async def last_step(tx: AsyncConnection, organisation: OrganisationId, capture: CaptureId) -> Step:
    """What befell a capture last."""
    newest = of(capture_steps, organisation, capture=capture).order_by(capture_steps.c.number.desc()).limit(1)
    return Step((await tx.execute(newest.with_only_columns(capture_steps.c.step))).scalar_one())
