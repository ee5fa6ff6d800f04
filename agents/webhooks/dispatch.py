"""Passes over all webhooks: whatever is due is claimed and sent, each webhook by itself, so that no dead one holds up another."""

import asyncio
import logging
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import UTC, datetime, timedelta

import httpx

from agents.webhooks.readiness import READER, tell_what_is_ready
from agents.webhooks.sending import Answer, open_client, send
from agents.workbench import Workbench
from alignment.events import Attempt, WebhookId
from alignment.record import OrganisationId
from corpus.store_webhooks import Due

AT_ONCE = 4
"""How many events one webhook gets side by side."""
ROUNDS = 25
"""How often one webhook is given its next few in one pass."""
QUICK_SLOTS, SLOW_SLOTS = 64, 8
"""How many webhooks are told side by side: those that answer, and apart from them those that last did not, or slowly."""
SLOW_S = 2.0
LEASE_MORE_S = 30
"""How much longer a claim holds than an attempt can take: long enough to write down how it ended."""
NAMES_AT_ONCE = 16

Clock = Callable[[], datetime]
Key = tuple[OrganisationId, WebhookId]
_log = logging.getLogger("plumbline.webhooks")


async def deliver_due(bench: Workbench, client: httpx.AsyncClient, now: datetime) -> int:
    """One pass at that time: tell which debriefs are ready, send what is due, and return how many attempts were made.

    The client is one of `open_client`. Whatever fails with one webhook or organisation is logged and hinders no other; StoreDown where
    the store cannot even say what is due.
    """
    dispatch = Dispatch(bench, client)
    try:
        sent = await asyncio.gather(*await dispatch.begin(now), return_exceptions=True)
        return sum(one for one in sent if isinstance(one, int))
    finally:
        await dispatch.close()


async def keep_delivering(bench: Workbench, stop: asyncio.Event) -> None:
    """Pass after pass until `stop` is set; what is being sent then is sent to its end and written down."""
    async with open_client() as client:
        dispatch = Dispatch(bench, client)
        try:
            while not stop.is_set():
                try:
                    await dispatch.begin(datetime.now(UTC))
                except Exception as e:  # the store may be back at the next pass
                    _log.warning("nothing could be looked up to send", extra={"error": str(e)})
                with suppress(TimeoutError):
                    await asyncio.wait_for(stop.wait(), bench.settings.webhooks.poll_s)
            await dispatch.finish()
        finally:
            await dispatch.close()


class Dispatch:
    """What this process is sending; several processes over one store share the work by claims."""

    def __init__(self, bench: Workbench, client: httpx.AsyncClient) -> None:
        self._bench, self._client = bench, client
        self._names = ThreadPoolExecutor(NAMES_AT_ONCE, "webhook-names")
        self._quick, self._slow = asyncio.Semaphore(QUICK_SLOTS), asyncio.Semaphore(SLOW_SLOTS)
        self._busy: dict[Key, asyncio.Task[int]] = {}
        self._failing: set[Key] = set()
        self._stopping = False

    async def begin(self, now: datetime) -> list[asyncio.Task[int]]:
        """Start telling every webhook that has something due and is not being told already."""
        for organisation in await self._bench.store.organisations_with_events(READER):
            try:
                await tell_what_is_ready(self._bench, organisation)
            except Exception as e:
                _log.warning("whether debriefs are ready is not known", extra={"organisation": organisation, "error": str(e)})
        clock, due = _clock_from(now), await self._bench.store.webhooks_due(now)
        return [self._begun(key, clock) for key in due if key not in self._busy]

    async def finish(self) -> None:
        """Begin nothing more, and wait for what is being sent."""
        self._stopping = True
        await asyncio.gather(*self._busy.values(), return_exceptions=True)

    async def close(self) -> None:
        """End what is still being sent; its claims end by themselves, and it is sent again."""
        left = list(self._busy.values())
        for task in left:
            task.cancel()
        await asyncio.gather(*left, return_exceptions=True)
        self._names.shutdown(wait=False, cancel_futures=True)

    def _begun(self, key: Key, clock: Clock) -> asyncio.Task[int]:
        task = asyncio.create_task(self._tell(key, clock))
        self._busy[key] = task
        task.add_done_callback(lambda done: self._ended(key, done))
        return task

    def _ended(self, key: Key, task: asyncio.Task[int]) -> None:
        self._busy.pop(key, None)
        if not task.cancelled() and (error := task.exception()) is not None:
            _log.warning("a webhook could not be told", extra={"organisation": key[0], "webhook": key[1], "error": str(error)})

    async def _tell(self, key: Key, clock: Clock) -> int:
        sent = 0
        async with self._slow if key in self._failing else self._quick:
            for _ in range(ROUNDS):
                claimed = () if self._stopping else await self._claim(key, clock)
                if not claimed:
                    break
                began = time.monotonic()
                ended = await asyncio.gather(*(self._attempt(due, clock) for due in claimed), return_exceptions=True)
                sent += len(ended)
                if failed := next((e for e in ended if isinstance(e, BaseException)), None):
                    raise failed
                if not any(isinstance(e, Answer) and e.reached for e in ended) or time.monotonic() - began > SLOW_S:
                    # Whoever does not answer is tried with a few at each pass, beside others of that kind.
                    self._failing.add(key)
                    break
                self._failing.discard(key)
        return sent

    async def _claim(self, key: Key, clock: Clock) -> tuple[Due, ...]:
        lease = timedelta(seconds=self._bench.settings.webhooks.timeout_s + LEASE_MORE_S)
        return await self._bench.store.record_claim(*key, now=clock(), lease=lease, limit=AT_ONCE)

    async def _attempt(self, due: Due, clock: Clock) -> Answer:
        settings, at, began = self._bench.settings.webhooks, clock(), time.monotonic()
        try:
            answer = await send(self._client, due, at, settings, self._names)
        except Exception as e:  # a mistake of ours with one event is a line in its log, and no reason to try for ever
            _log.exception("an event could not be sent", extra={"organisation": due.event.organisation, "webhook": due.webhook})
            answer = Answer(None, f"it could not be sent: {type(e).__name__}")
        attempt = Attempt(
            organisation=due.event.organisation,
            webhook=due.webhook,
            event=due.event.id,
            at=at,
            status=answer.status,
            error=answer.error,
            took_s=round(time.monotonic() - began, 3),
        )
        await self._bench.store.save_attempt(due.event.organisation, attempt, settings.attempts)
        return answer


def _clock_from(now: datetime) -> Clock:
    """A clock that shows `now` at this moment and goes on from there."""
    began = time.monotonic()
    return lambda: now + timedelta(seconds=time.monotonic() - began)
