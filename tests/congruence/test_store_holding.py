"""Turns of one conversation are held apart among all processes that share a store, each on a connection of its own."""

import asyncio

import pytest

from alignment.errors import Underway
from alignment.record import OrganisationId
from corpus import store_connections
from corpus.store import Store, open_store

ORG, OTHER = OrganisationId("org-a"), OrganisationId("org-b")


async def _two_at_once(
    first: Store, second: Store, names: tuple[str, str], orgs: tuple[OrganisationId, OrganisationId] = (ORG, ORG)
) -> list[str]:
    seen: list[str] = []

    async def turn(store: Store, org: OrganisationId, name: str, mark: str) -> None:
        async with store.hold(org, name):
            seen.append(f"{mark} in")
            await asyncio.sleep(0.1)
            seen.append(f"{mark} out")

    await asyncio.gather(turn(first, orgs[0], names[0], "first"), turn(second, orgs[1], names[1], "second"))
    return seen


def _one_after_the_other(seen: list[str]) -> bool:
    return seen[0].split()[0] == seen[1].split()[0]


async def test_two_processes_take_turns_on_one_conversation_and_not_on_two(shared_url: str) -> None:
    if shared_url.startswith("sqlite"):
        pytest.skip("an SQLite file is for one process")
    async with await open_store(shared_url) as one, await open_store(shared_url) as two:
        assert _one_after_the_other(await _two_at_once(one, two, ("thread", "thread")))
        assert not _one_after_the_other(await _two_at_once(one, two, ("thread", "another")))
        assert not _one_after_the_other(await _two_at_once(one, two, ("thread", "thread"), (ORG, OTHER)))


async def _held_and_failed(store: Store) -> None:
    async with store.hold(ORG, "thread"):
        raise ZeroDivisionError


async def test_whoever_waits_too_long_is_told_and_what_failed_holds_nothing(shared_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    if shared_url.startswith("sqlite"):
        pytest.skip("an SQLite file is for one process")
    monkeypatch.setattr(store_connections, "HOLD_S", 0.1)
    async with await open_store(shared_url) as one, await open_store(shared_url) as two:
        async with one.hold(ORG, "thread"):
            with pytest.raises(Underway):
                await _held_and_failed(two)
        with pytest.raises(ZeroDivisionError):
            await _held_and_failed(one)
        with pytest.raises(ZeroDivisionError):
            await _held_and_failed(two)


async def test_forty_holds_at_once_need_no_connection_of_the_pool(shared_url: str) -> None:
    async with await open_store(shared_url) as store:

        async def turn(n: int) -> str:
            async with store.hold(ORG, f"thread {n}"):
                return (await store.create_organisation("Crowd")).name

        assert await asyncio.gather(*(turn(n) for n in range(40))) == ["Crowd"] * 40
