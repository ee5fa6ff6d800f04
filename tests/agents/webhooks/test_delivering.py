"""Webhooks over real connections: sent again until they are heard, never twice, whoever dies in between."""

import asyncio
import socket
import sys
import time
from pathlib import Path

import pytest

from agents.webhooks import keep_delivering
from alignment.errors import StoreDown
from alignment.events import Attempt
from corpus.store import Store
from tests.agents.webhooks.desk import GUIDE, Desk, verified
from tests.agents.webhooks.receiving import NEVER, receiving

pytestmark = pytest.mark.asyncio(loop_scope="session")


async def test_one_that_fails_twice_is_told_a_third_time_and_then_never_again(desk: Desk) -> None:
    async with receiving(replies=[500, 503]) as receiver:
        webhook, secret = await desk.hook(receiver)
        (event,) = await desk.happens()
        assert [await desk.deliver(after_s) for after_s in (0, 1, 6, 20, 40, 60, 90_000)] == [1, 0, 1, 0, 1, 0, 0]
        assert {got.headers["webhook-id"] for got in receiver.got} == {event}
        assert len({got.body for got in receiver.got}) == 1
        told = [verified(got, secret) for got in receiver.got]
        assert told[0]["type"] == "round.closed"
        assert told[0]["data"] == {"search": desk.search.id, "candidate": "prs-x"}
        assert [(a.nth, a.status, bool(a.error)) for a in await desk.log(webhook)] == [(1, 500, True), (2, 503, True), (3, 204, False)]


async def test_a_restart_sends_nothing_that_was_delivered(desk: Desk) -> None:
    async with receiving() as receiver:
        await desk.hook(receiver)
        await desk.happens(9)
        assert await desk.deliver() == 9
        for after_s in (0, 1, 60, 3600, 86_400):
            assert await desk.deliver(after_s) == 0
        assert len({got.headers["webhook-id"] for got in receiver.got}) == len(receiver.got) == 9


async def test_several_processes_at_once_send_each_event_once(desk: Desk) -> None:
    async with receiving() as receiver:
        await desk.hook(receiver)
        await desk.happens(20)
        assert sum(await asyncio.gather(*(desk.deliver() for _ in range(4)))) == 20
        assert len({got.headers["webhook-id"] for got in receiver.got}) == len(receiver.got) == 20


async def test_what_was_sent_and_not_written_down_is_sent_again_under_the_same_id(desk: Desk) -> None:
    class Dying(Store):
        async def save_attempt(self, *given: object) -> Attempt:
            raise StoreDown("The process is gone by now")

    async with receiving() as receiver:
        webhook, _ = await desk.hook(receiver)
        (event,) = await desk.happens()
        await desk.deliver(bench=desk.restarted(Dying))
        assert (len(receiver.got), await desk.log(webhook)) == (1, ())
        assert [await desk.deliver(after_s) for after_s in (1, 10, 60)] == [0, 0, 1]
        assert [got.headers["webhook-id"] for got in receiver.got] == [event, event]
        assert [a.status for a in await desk.log(webhook)] == [204]


async def test_a_dead_webhook_holds_up_no_other(desk: Desk) -> None:
    async with receiving(last=NEVER) as dead, receiving() as alive:
        stuck, _ = await desk.hook(dead)
        await desk.hook(alive)
        stop, bench = asyncio.Event(), desk.restarted(timeout_s=1.5, poll_s=0.05)
        await desk.happens(10)
        running = asyncio.create_task(keep_delivering(bench, stop))
        began = time.monotonic()
        await alive.until(10)
        assert time.monotonic() - began < 1.4
        await desk.happens(5)
        await alive.until(15)
        assert len(dead.got) <= 8
        stop.set()
        await running
        assert {a.error for a in await desk.log(stuck)} == {"no answer within 1.5 s"}


async def test_what_is_being_sent_when_it_is_stopped_is_sent_to_its_end_and_written_down(desk: Desk) -> None:
    async with receiving(delay_s=0.4) as receiver:
        webhook, _ = await desk.hook(receiver)
        await desk.happens()
        stop = asyncio.Event()
        running = asyncio.create_task(keep_delivering(desk.restarted(poll_s=0.05), stop))
        await receiver.until(1)
        stop.set()
        await asyncio.wait_for(running, 5)
        assert [a.status for a in await desk.log(webhook)] == [204]


async def test_one_that_is_cancelled_leaves_a_claim_that_ends(desk: Desk) -> None:
    async with receiving(replies=[NEVER]) as receiver:
        webhook, _ = await desk.hook(receiver)
        await desk.happens()
        running = asyncio.create_task(keep_delivering(desk.restarted(poll_s=0.05, timeout_s=30), asyncio.Event()))
        await receiver.until(1)
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)
        assert [await desk.deliver(after_s) for after_s in (5, 70)] == [0, 1]
        assert [a.status for a in await desk.log(webhook)] == [204]


KILLED = """
import asyncio, sys
from agents.webhooks import keep_delivering
from agents.workbench import open_workbench
from alignment.settings import load_settings

async def main():
    async with open_workbench(load_settings(home=sys.argv[1], store_url=sys.argv[2], webhooks={"private": True})) as bench:
        await keep_delivering(bench, asyncio.Event())

asyncio.run(main())
"""


async def test_a_process_that_is_killed_while_it_sends_is_followed_by_one_that_sends_the_same_again(desk: Desk, tmp_path: Path) -> None:
    async with receiving(delay_s=0.2) as receiver:
        webhook, secret = await desk.hook(receiver)
        (event,) = await desk.happens()
        given = (KILLED, str(tmp_path), str(desk.bench.settings.store))
        process = await asyncio.create_subprocess_exec(sys.executable, "-c", *given, cwd=GUIDE.parents[1])
        try:
            await receiver.until(1, 60)
        finally:
            process.kill()
            await process.wait()
        assert [await desk.deliver(after_s) for after_s in (1, 120)] == [0, 1]
        assert [got.headers["webhook-id"] for got in receiver.got] == [event, event]
        verified(receiver.got[0], secret)
        assert [a.status for a in await desk.log(webhook)] == [204]


async def test_nobody_listening_is_a_line_in_the_log(desk: Desk) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    webhook, _ = await desk.hook(f"http://127.0.0.1:{port}/")
    await desk.happens()
    assert await desk.deliver() == 1
    (attempt,) = await desk.log(webhook)
    assert (attempt.status, attempt.error) == (None, "no connection")
