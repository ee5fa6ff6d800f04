"""The index as files and as one process's own: what is on disk, what a crash leaves, and who is refused."""

import asyncio
import contextlib
import os
import subprocess
import sys
from pathlib import Path

import pytest

from alignment.errors import IndexBusy, IndexDown, IndexMismatch
from retrieval.index import Level, Scope, open_index, wipe_index
from retrieval.index.server import ServerIndex
from tests.congruence.index_cast import interview, opened, said, unit


def _bytes(folder: Path) -> bytes:
    return b"".join(_data(path) for path in folder.rglob("*") if path.is_file())


def _data(path: Path) -> bytes:
    """What is written in a file without its holes, which the engine makes 200 MB of."""
    found, at = b"", 0
    with path.open("rb") as file, contextlib.suppress(OSError):  # no more data after `at`
        while True:
            start = os.lseek(file.fileno(), at, os.SEEK_DATA)
            at = os.lseek(file.fileno(), start, os.SEEK_HOLE)
            found += os.pread(file.fileno(), at - start, start)
    return found


async def test_no_words_and_no_names_are_on_disk(tmp_path: Path) -> None:
    index = await opened(str(tmp_path / "index"))
    await index.put("org", "t", interview("one", "t", text="Quetzalcoatl: the zephyranthes incident"))
    await index.close()
    content = _bytes(tmp_path / "index").lower()
    assert b"person-1" in content
    for word in (b"quetzalcoatl", b"zephyranthes", b"incident"):
        assert word not in content


async def test_erasing_leaves_no_vector_behind_on_disk(tmp_path: Path) -> None:
    index = await opened(str(tmp_path / "index"))
    await index.put("org", "t-one", interview("one"))
    await index.put("org", "t-two", interview("two"))
    gone, kept = said("one", "t-one", 3).vector.tobytes(), said("two", "t-two", 3).vector.tobytes()
    assert gone[:16] in _bytes(tmp_path)
    await index.erase("org", ["one"])
    await index.close()
    content = _bytes(tmp_path)
    assert gone[:16] not in content
    assert b"t-one" not in content
    assert kept[:16] in content


async def test_an_index_opened_again_answers_as_before(tmp_path: Path) -> None:
    place = str(tmp_path / "index")
    first = await opened(place)
    await first.put("org", "t-one", interview("one"))
    before = await first.gather(Scope("org"), "conflict", unit(1), 10)
    await first.close()
    second = await opened(place)
    assert await second.held("org") == {"t-one": True}
    assert await second.gather(Scope("org"), "conflict", unit(1), 10) == before
    await second.close()


async def test_an_index_of_another_embedder_is_refused_by_both_names(tmp_path: Path) -> None:
    place = str(tmp_path / "index")
    await (await open_index(place, embedder="old/8", dimensions=8)).close()
    with pytest.raises(IndexMismatch, match=r"made by old/8, not by new/4.*plumbline reindex"):
        await open_index(place, embedder="new/4", dimensions=4)
    await wipe_index(place)
    await (await open_index(place, embedder="new/4", dimensions=4)).close()


async def test_a_server_made_by_another_embedder_is_refused_by_both_names() -> None:
    index = await open_index(":memory:", embedder="old/8", dimensions=8)
    assert isinstance(index, ServerIndex)
    with pytest.raises(IndexMismatch, match=r"made by old/8, not by new/4.*plumbline reindex"):
        await index.prepare(Level.PASSAGE, {"format": 1, "embedder": "new/4", "dimensions": 4})
    await index.close()


async def test_a_server_that_is_not_there_is_told_in_a_sentence() -> None:
    with pytest.raises(IndexDown, match=r"does not answer.*127\.0\.0\.1:9"):
        await open_index("http://127.0.0.1:9", embedder="e", dimensions=4)


async def test_a_second_opener_is_told_who_holds_the_index(tmp_path: Path) -> None:
    place = str(tmp_path / "index")
    first = await opened(place)
    with pytest.raises(IndexBusy, match=rf"process \(number {os.getpid()}\)"):
        await opened(place)
    with pytest.raises(IndexBusy):
        await wipe_index(place)
    await first.close()
    await (await opened(place)).close()


async def test_a_process_killed_hard_leaves_what_it_put_and_no_lock(tmp_path: Path) -> None:
    script = f"""
import asyncio, os, signal
from tests.congruence.index_cast import interview, opened
async def main():
    index = await opened({str(tmp_path / "index")!r})
    for name in ("one", "two"):
        await index.put("org", f"t-{{name}}", interview(name))
    os.kill(os.getpid(), signal.SIGKILL)
asyncio.run(main())
"""
    root = Path(__file__).parents[2]
    done = await asyncio.to_thread(subprocess.run, [sys.executable, "-c", script], cwd=root, timeout=60)
    assert done.returncode == -9
    index = await opened(str(tmp_path / "index"))
    assert await index.held("org") == {"t-one": True, "t-two": True}
    await index.close()


async def test_a_damaged_index_says_reindex_and_can_be_wiped(tmp_path: Path) -> None:
    place = tmp_path / "index"
    index = await opened(str(place))
    await index.put("org", "t-one", interview("one"))
    await index.close()
    for file in place.rglob("segment.json"):
        file.write_bytes(b"\x00rubbish")
    for file in place.rglob("edge_config.json"):
        file.write_bytes(b"\x00rubbish")
    broken = await opened(str(place))
    with pytest.raises(IndexDown, match="plumbline reindex"):
        await broken.held("org")
    await broken.close()
    await wipe_index(str(place))
    fresh = await opened(str(place))
    assert await fresh.held("org") == {}
    await fresh.close()


async def test_a_folder_that_is_not_an_index_is_never_wiped(tmp_path: Path) -> None:
    (tmp_path / "thesis.txt").write_text("ten years of work")
    with pytest.raises(IndexDown, match="Nothing was removed"):
        await wipe_index(str(tmp_path))
    assert (tmp_path / "thesis.txt").exists()
