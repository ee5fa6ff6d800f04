"""The index over the wire: machines that start together, keys, and a server that goes away."""

import asyncio
from pathlib import Path

import pytest

from alignment.errors import IndexDown, IndexMismatch
from retrieval.index import Scope, open_index, wipe_index
from tests.congruence.index_cast import DIMENSIONS, EMBEDDER, interview, opened
from tests.qdrant_wire import Wire, wired


async def test_machines_that_start_at_the_same_moment_share_one_index(wire: Wire) -> None:
    await wipe_index(wire.url)
    machines = await asyncio.gather(*[opened(wire.url) for _ in range(6)])
    await machines[0].put("org", "t-one", interview("one"))
    held = [await m.count(Scope("org")) for m in machines]
    assert held == [held[0]] * 6
    assert held[0] > 0
    await machines[1].erase("org", ["one"])
    assert [await m.count(Scope("org")) for m in machines] == [0] * 6
    for machine in machines:
        await machine.close()


async def test_an_index_of_another_embedder_is_refused_over_the_wire(wire: Wire) -> None:
    await wipe_index(wire.url)
    await (await opened(wire.url)).close()
    with pytest.raises(IndexMismatch):
        await open_index(wire.url, embedder="other/8", dimensions=DIMENSIONS)


@pytest.mark.filterwarnings("ignore:Api key is used with an insecure connection")
async def test_a_wrong_key_is_told_with_the_place_and_without_the_key(tmp_path: Path) -> None:
    with wired("right") as wire:
        index = await open_index(wire.url, embedder=EMBEDDER, dimensions=DIMENSIONS, api_key="right")
        await index.put("org", "t-one", interview("one"))
        await index.close()
        with pytest.raises(IndexDown) as told:
            await open_index(wire.url, embedder=EMBEDDER, dimensions=DIMENSIONS, api_key="wrong-one")
        assert wire.url in str(told.value)
        assert "wrong-one" not in str(told.value)


async def test_a_server_that_goes_away_is_told_and_waited_for(tmp_path: Path) -> None:
    with wired() as wire:
        index = await opened(wire.url)
        wire.stop()
        for doing in (index.held("org"), index.erase("org", ["one"]), index.put("org", "t-one", interview("one"))):
            with pytest.raises(IndexDown, match=r"does not answer") as told:
                await doing
            assert told.value.retryable
        with pytest.raises(IndexDown):
            await opened(wire.url)
        wire.start()
        again = await opened(wire.url)
        await index.put("org", "t-one", interview("one"))
        assert await again.held("org") == {"t-one": True}
        await index.close()
        await again.close()
