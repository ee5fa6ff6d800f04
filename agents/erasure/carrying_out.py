"""One erasure carried out: every part may be done again to the same effect, and the receipt is completed last."""

import asyncio
from collections.abc import Sequence
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from agents.erasure.captures import forget_captures, queue_file, stop_captures
from agents.erasure.conversations import forget_conversations
from agents.erasure.silencing import silenced_of
from agents.standing import verify_anew
from agents.workbench import Workbench
from alignment.erasing import Erasure, ErasureId, ErasureKind, Plan, Redacted
from alignment.errors import NotFound, StoreDown
from alignment.record import OrganisationId
from alignment.settings import Settings
from corpus.compacting import compact, empty_log
from corpus.store_connections import SQLITE, read_url

if TYPE_CHECKING:
    from agents.captures import Jobs

NO_REQUEST = ("", "")
AFTERWARDS_S = 2.0


async def carry_out(
    bench: Workbench, organisation: OrganisationId, id: ErasureId, *, jobs: "Jobs | None" = None, but: tuple[str, str] = NO_REQUEST
) -> Erasure:
    """The receipt of an erasure that is planned, once everything that it reaches is gone from every store.

    `but` is the request that asks for it, whose answer is kept for a second sending and holds no word. Errors: OnHold where a hold was
    placed since, StoreDown, IndexDown and MediaDown, after which it is finished at the next start.
    """
    (done,) = await carry_out_all(bench, organisation, [id], jobs=jobs, but=but)
    return done


async def carry_out_all(
    bench: Workbench,
    organisation: OrganisationId,
    ids: Sequence[ErasureId],
    *,
    jobs: "Jobs | None" = None,
    but: tuple[str, str] = NO_REQUEST,
) -> tuple[Erasure, ...]:
    """The receipts of several erasures, with the databases compacted once for all of them."""
    if not ids:
        return ()
    for id in ids:
        async with bench.store.hold(organisation, f"erasure {id}"):
            await _take_out(bench, organisation, id, jobs, but)
    forget_at_hand(bench)
    await compact_all(bench.settings)
    at = datetime.now(UTC)
    done = tuple([await bench.store.close_erasure(organisation, id, at) for id in ids])
    # The plans, which held ids, are in the log and under it until then.
    with suppress(StoreDown):
        for path in sqlite_files(bench.settings):
            await asyncio.to_thread(empty_log, path, AFTERWARDS_S)
    return done


async def _take_out(bench: Workbench, organisation: OrganisationId, id: ErasureId, jobs: "Jobs | None", but: tuple[str, str]) -> None:
    erasure = await bench.store.erasure(organisation, id)
    plan = await bench.store.erasure_plan(organisation, id)
    await stop_captures(bench, organisation, plan, jobs)
    if plan.parts is not None:
        await _strike_out(bench, organisation, id, plan, plan.parts, but)
    else:
        await bench.store.erase_rows(organisation, id, but=but)
    await forget_captures(bench.settings, plan, jobs)
    counts = {"media": await _media(bench, organisation, plan)}
    if erasure.kind is not ErasureKind.RECORDINGS:
        forget_at_hand(bench)
        counts["conversations"] = await forget_conversations(bench, organisation, plan)
        counts["model_replies"] = bench.kept.forget() if bench.kept else 0
        await bench.index.erase(organisation, plan.interviews)
    if plan.parts is not None:
        await _stands_again(bench, organisation, erasure, plan.parts)
    await bench.store.save_erased(organisation, id, counts)


async def _strike_out(
    bench: Workbench, organisation: OrganisationId, id: ErasureId, plan: Plan, parts: Redacted, but: tuple[str, str]
) -> None:
    silenced = await silenced_of(bench, organisation, plan.interviews[0], parts)
    if silenced is None:
        await bench.store.erase_parts(organisation, id, None, but=but)
        return
    digest = silenced.recording.digest
    try:
        async with bench.recording(organisation, digest):
            await asyncio.to_thread(silenced.arriving.keep)
            try:
                await bench.store.erase_parts(organisation, id, silenced.recording, but=but)
            finally:
                # The interview may have been erased, or held, while its sound was written.
                if not await bench.store.recording_used(organisation, digest):
                    await asyncio.to_thread(bench.media.remove, organisation, digest)
    finally:
        silenced.arriving.drop()


async def _stands_again(bench: Workbench, organisation: OrganisationId, erasure: Erasure, parts: Redacted) -> None:
    """What is left of the interview in the index, and verified anew where a version was made."""
    with suppress(NotFound):  # it is without a transcript, or was erased meanwhile
        transcript = await bench.store.transcript(organisation, erasure.interviews[0])
        if parts.struck:
            await verify_anew(bench.store, organisation, transcript, under=erasure.id)
        await bench.indexer.put(organisation, await bench.store.interview(organisation, transcript.interview), transcript)


async def _media(bench: Workbench, organisation: OrganisationId, plan: Plan) -> int:
    """Delete the recordings that no other interview of the organisation has; how many files went."""
    gone = 0
    for digest in plan.digests:
        async with bench.recording(organisation, digest):
            if await bench.store.recording_used(organisation, digest):
                continue
            gone += await asyncio.to_thread(bench.media.remove, organisation, digest)
    return gone


def forget_at_hand(bench: Workbench) -> None:
    """Let go of everything that this process has at hand and can read again."""
    bench.evidence.clear()
    bench.transcripts.clear()
    bench.packets.clear()


async def compact_all(settings: Settings) -> None:
    """Rewrite every SQLite file of the home without what was deleted; what database servers keep is for their operators."""
    for path in sqlite_files(settings):
        await asyncio.to_thread(compact, path)


def sqlite_files(settings: Settings) -> tuple[Path, ...]:
    """The store, the conversations and the queue, as far as they are files."""
    url = read_url(settings.store)
    files = [Path(str(url.database))] if url.drivername == SQLITE else []
    files += [] if settings.checkpoints.startswith("postgresql") else [Path(settings.checkpoints)]
    return (*files, *([] if settings.jobs.url else [queue_file(settings)]))
