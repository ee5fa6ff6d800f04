"""Recordings, and the captures that hear them: what was ordered, what befell it, and what was heard until it is a transcript."""

import json
from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Table, and_, delete, func, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from alignment.capture import Capture, Happened, Progress, Recording, Step
from alignment.errors import NotFound
from alignment.record import CaptureId, InterviewId, OrganisationId, digest
from corpus.store_connections import must_be_own, of, require
from corpus.store_interviews import load_interview, must_have_consent
from corpus.store_tracks import Tracks, last_step, put_track, waiting_track
from corpus.tables import interviews
from corpus.tables_captures import capture_steps, captures, heard_stretches, recordings

OPEN = (Step.ASKED, Step.BEGUN, Step.SURVEYED, Step.HEARD, Step.LAID_DOWN)


class Captures(Tracks):
    """The part of the store that knows which recordings there are, and how far the hearing of each has come."""

    async def add_capture(self, organisation: OrganisationId, recording: Recording, capture: Capture) -> bool:
        """Put a recording on record with the order to hear it; False where both are there already.

        ConsentMissing where the interview has no consent: nothing is processed without one.
        """
        must_be_own(organisation, capture.organisation, "capture")
        must_be_own(organisation, recording.organisation, "recording")
        async with self._write(organisation) as tx:
            await must_have_consent(tx, await load_interview(tx, organisation, capture.interview))
            here = {"interview": recording.interview, "digest": recording.digest}
            if (await tx.execute(of(recordings, organisation, **here))).first() is None:
                await tx.execute(insert(recordings).values(**dict(recording)))
            if (await tx.execute(of(captures, organisation, id=capture.id))).first() is not None:
                return False
            row = {**dict(capture), "mapping": json.dumps(capture.mapping, ensure_ascii=False)}
            await tx.execute(insert(captures).values(row))
            await _step(tx, organisation, capture.id, Happened(at=capture.at, step=Step.ASKED))
        return True

    async def add_step(self, organisation: OrganisationId, capture: CaptureId, step: Happened) -> bool:
        """Put on record what befell a capture; False, and nothing is, where it is over."""
        async with self._write(organisation) as tx:
            await require(tx, captures, organisation, "capture", id=capture)
            if await last_step(tx, organisation, capture) not in OPEN:
                return False
            await _step(tx, organisation, capture, step)
        return True

    async def capture(self, organisation: OrganisationId, id: CaptureId) -> Progress:
        """The capture with that id and all that befell it, or NotFound."""
        async with self._read() as tx:
            found = await _load(tx, organisation, captures.c.id == id)
        if not found:
            raise no_such_capture(id)
        return found[0]

    async def captures(self, organisation: OrganisationId, interview: InterviewId | None = None) -> tuple[Progress, ...]:
        """All captures, or those of one interview, the newest last."""
        async with self._read() as tx:
            if interview is None:
                return await _load(tx, organisation, True)
            await require(tx, interviews, organisation, "interview", id=interview)
            return await _load(tx, organisation, captures.c.interview == interview)

    async def captures_open(self, organisation: OrganisationId) -> int:
        """How many captures wait or run."""
        async with self._read() as tx:
            return len(await open_ids(tx, organisation))

    async def captures_to_finish(self) -> tuple[tuple[OrganisationId, CaptureId], ...]:
        """Every capture of every organisation that waits or runs, for whoever works through them: ids alone."""
        async with self._read() as tx:
            tenants = (await tx.execute(select(captures.c.organisation).distinct())).scalars().all()
            return tuple([(OrganisationId(t), CaptureId(id)) for t in tenants for id in await open_ids(tx, OrganisationId(t))])

    async def add_stretch(self, organisation: OrganisationId, capture: CaptureId, number: int, document: str, step: Happened) -> bool:
        """Keep what was heard of one stretch, with the step that it is; the same stretch again changes nothing.

        False, and nothing is kept, where the capture is over.
        """
        async with self._write(organisation) as tx:
            await require(tx, captures, organisation, "capture", id=capture)
            if await last_step(tx, organisation, capture) not in OPEN:
                return False
            if (await tx.execute(of(heard_stretches, organisation, capture=capture, number=number))).first() is None:
                row = {"organisation": organisation, "capture": capture, "number": number, "document": document}
                await tx.execute(insert(heard_stretches).values(row))
                await _step(tx, organisation, capture, step)
        return True

    async def stretches(self, organisation: OrganisationId, capture: CaptureId) -> tuple[str, ...]:
        """What was heard so far, stretch by stretch from the first."""
        query = of(heard_stretches, organisation, capture=capture).order_by(heard_stretches.c.number)
        async with self._read() as tx:
            return tuple(row["document"] for row in (await tx.execute(query)).mappings())

    async def close_capture(self, organisation: OrganisationId, capture: CaptureId, step: Happened, *, track: str | None = None) -> bool:
        """Put the end of a capture on record, and let go of what was heard stretch by stretch; False where it is over already.

        `track` is the speaker track that its transcript was told apart by: False, and nothing is put, where another was given since.
        """
        async with self._write(organisation) as tx:
            await require(tx, captures, organisation, "capture", id=capture)
            if await last_step(tx, organisation, capture) not in OPEN:
                return False
            if track is not None and await waiting_track(tx, organisation, capture) != track:
                return False
            await _forget(tx, heard_stretches, organisation, capture)
            if step.step is Step.KEPT and track:
                await put_track(tx, organisation, capture, applied=digest(track))
            await _step(tx, organisation, capture, step)
        return True

    async def set_asked_again(self, organisation: OrganisationId, capture: CaptureId, step: Happened) -> bool:
        """Ask for a capture once more that failed or was cancelled; False where it did neither."""
        async with self._write(organisation) as tx:
            await require(tx, captures, organisation, "capture", id=capture)
            if await last_step(tx, organisation, capture) not in (Step.FAILED, Step.CANCELLED):
                return False
            about = of(captures, organisation, id=capture).with_only_columns(captures.c.interview)
            interview = InterviewId((await tx.execute(about)).scalar_one())
            # What was withdrawn meanwhile, also under a legal hold, is not heard again.
            await must_have_consent(tx, await load_interview(tx, organisation, interview))
            await _step(tx, organisation, capture, step)
        return True

    async def set_length(self, organisation: OrganisationId, interview: InterviewId, digest: str, length_s: float) -> None:
        """Put on record how long a recording is."""
        here = and_(recordings.c.organisation == organisation, recordings.c.interview == interview, recordings.c.digest == digest)
        async with self._write(organisation) as tx:
            await require(tx, recordings, organisation, "recording", interview=interview, digest=digest)
            await tx.execute(update(recordings).where(here).values(length_s=length_s))

    async def recordings(self, organisation: OrganisationId, interview: InterviewId) -> tuple[Recording, ...]:
        """The recordings of an interview, the newest last."""
        query = of(recordings, organisation, interview=interview).order_by(recordings.c.at, recordings.c.digest)
        async with self._read() as tx:
            await require(tx, interviews, organisation, "interview", id=interview)
            return tuple(Recording(**row) for row in (await tx.execute(query)).mappings())

    async def recording_digests(self, organisation: OrganisationId) -> frozenset[str]:
        """The digests of every recording on record."""
        async with self._read() as tx:
            return frozenset((await tx.execute(of(recordings, organisation).with_only_columns(recordings.c.digest))).scalars())

    async def recording_used(self, organisation: OrganisationId, digest: str) -> bool:
        """Whether any interview of the organisation has a recording with that content."""
        return bool(await self.recording_holders(organisation, digest))

    async def recording_holders(self, organisation: OrganisationId, digest: str) -> tuple[InterviewId, ...]:
        """The interviews of the organisation that have a recording with that content."""
        query = of(recordings, organisation, digest=digest).with_only_columns(recordings.c.interview).order_by(recordings.c.interview)
        async with self._read() as tx:
            return tuple((await tx.execute(query)).scalars())


def no_such_capture(id: str) -> NotFound:
    """What is said of a capture that is not there, or not for whoever asks."""
    return NotFound(f"There is no capture {id} in this organisation", todo="`plumbline jobs list` has those that there are.")


async def _forget(tx: AsyncConnection, table: Table, organisation: OrganisationId, capture: CaptureId) -> None:
    await tx.execute(delete(table).where(table.c.organisation == organisation, table.c.capture == capture))


async def _step(tx: AsyncConnection, organisation: OrganisationId, capture: CaptureId, step: Happened) -> None:
    count = select(func.count()).select_from(_steps_of(organisation, [capture]).subquery())
    number = (await tx.execute(count)).scalar_one() + 1
    await tx.execute(insert(capture_steps).values(organisation=organisation, capture=capture, number=number, **dict(step)))


def _steps_of(organisation: OrganisationId, ids: Sequence[str]) -> Any:
    return of(capture_steps, organisation).where(capture_steps.c.capture.in_(ids))


async def open_ids(tx: AsyncConnection, organisation: OrganisationId) -> list[str]:
    """The captures that wait or run."""
    newest = (
        of(capture_steps, organisation)
        .with_only_columns(capture_steps.c.capture, func.max(capture_steps.c.number).label("number"))
        .group_by(capture_steps.c.capture)
        .subquery()
    )
    is_newest = and_(capture_steps.c.capture == newest.c.capture, capture_steps.c.number == newest.c.number)
    query = select(capture_steps.c.capture).select_from(capture_steps.join(newest, is_newest))
    held = query.where(capture_steps.c.organisation == organisation, capture_steps.c.step.in_([s.value for s in OPEN]))
    return list((await tx.execute(held.order_by(capture_steps.c.at, capture_steps.c.capture))).scalars())


async def _load(tx: AsyncConnection, organisation: OrganisationId, where: Any) -> tuple[Progress, ...]:
    query = of(captures, organisation).where(where).order_by(captures.c.at, captures.c.id)
    rows: Sequence[Mapping[str, Any]] = (await tx.execute(query)).mappings().all()
    steps: dict[str, list[Happened]] = {row["id"]: [] for row in rows}
    ordered = _steps_of(organisation, list(steps)).order_by(capture_steps.c.capture, capture_steps.c.number)
    for row in (await tx.execute(ordered)).mappings():
        steps[row["capture"]].append(Happened(**{name: row[name] for name in Happened.model_fields}))
    return tuple(Progress(capture=_capture(row), steps=tuple(steps[row["id"]])) for row in rows)


def _capture(row: Mapping[str, Any]) -> Capture:
    return Capture(**{**row, "mapping": json.loads(row["mapping"])})
