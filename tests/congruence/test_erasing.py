"""An erasure over each database: rows and conversations are gone, and what another organisation has stays."""

from pathlib import Path
from typing import Any

import pytest

from agents.erasure.asking import Asked, erase_interview, erase_person, plan_for
from agents.workbench import open_workbench
from alignment.erasing import ErasureKind
from tests.agents.cast import TOMAS
from tests.agents.erasure_cast import ASKED, HEARD, KEPT, OTHER, SAID, TYPED, WORK, nowhere, settings_in, tell

BY = Asked(by="Dana Whitlock", reason="case 12")
IN_DATABASE = (SAID, TYPED, ASKED, HEARD, KEPT)


def shared_by(url: str) -> dict[str, Any]:
    """The settings of a home whose record and conversations are in that database, where it is a server's."""
    return {"store_url": url, "checkpoints_url": url} if url.startswith("postgresql") else {}


def held(url: str, home: Path) -> str:
    """Everything that the databases hold, as text: PostgreSQL's rows, or the files."""
    if not url.startswith("postgresql"):
        return "\n".join(p.read_bytes().decode("latin-1") for p in sorted(home.rglob("*.db*")))
    import psycopg

    with psycopg.connect(url.replace("+psycopg", "")) as connection:
        tables = connection.execute("SELECT schemaname, tablename FROM pg_tables WHERE schemaname IN ('public', 'dbos')").fetchall()
        rows = [connection.execute(f'SELECT t::text FROM "{schema}"."{name}" t').fetchall() for schema, name in tables]
        blobs = connection.execute("SELECT encode(blob, 'escape') FROM checkpoint_blobs WHERE blob IS NOT NULL").fetchall()
        blobs += connection.execute("SELECT encode(blob, 'escape') FROM checkpoint_writes").fetchall()
    return "\n".join(str(row) for found in (*rows, blobs) for row in found)


async def test_the_rows_and_conversations_of_what_was_erased_are_gone(empty_url: str, tmp_path: Path) -> None:
    home = tmp_path / "home"
    shared = shared_by(empty_url)
    settings = settings_in(home, index=":memory:", **shared)
    async with open_workbench(settings) as bench:
        ours = await tell(bench, None)
        other = await bench.store.create_organisation("Elsewhere")
        theirs = await tell(bench, None, organisation=other.id)
        before = held(empty_url, home)
        assert [word for word in (*IN_DATABASE, *OTHER[:2]) if word not in before] == []
        receipt = await erase_interview(bench, ours.search, WORK, BY)
        assert (receipt.counts["interviews"], receipt.counts["conversations"], receipt.done_at is not None) == (1, 2, True)
        assert set(await bench.index.held(ours.org)) == {(await bench.store.transcript(ours.org, ours.team.id)).id}
        assert len(await bench.index.held(other.id)) == 2
        assert all(word in held(empty_url, home) for word in (SAID, TYPED, ASKED, *OTHER[:2]))  # the other organisation's
        await erase_person(bench, other.id, TOMAS, BY)
        assert await bench.store.interviews(other.id) == ()
        after = held(empty_url, home)
        assert [word for word in IN_DATABASE if word in after] == []
        assert all(word in after for word in OTHER[:2])
        assert theirs.search.organisation == other.id
    if not shared:
        assert nowhere(home, *IN_DATABASE)


@pytest.mark.parametrize("asked", ["interview", "person"])
async def test_a_second_process_finishes_what_the_first_one_planned(empty_url: str, tmp_path: Path, asked: str) -> None:
    shared = shared_by(empty_url)
    settings = settings_in(tmp_path / "home", index=":memory:", **shared)
    async with open_workbench(settings) as bench:
        ours = await tell(bench, None)
        kind, subject = (ErasureKind.INTERVIEW, ours.work.id) if asked == "interview" else (ErasureKind.PERSON, ours.work.candidate.id)
        wanted = [ours.work] if asked == "interview" else [ours.work, ours.team]
        planned = await plan_for(bench, ours.org, kind, subject, wanted, BY)
        assert planned.done_at is None
    async with open_workbench(settings) as bench:
        done = await bench.store.erasure(ours.org, planned.id)
        assert done.done_at is not None
        assert len(await bench.store.interviews(ours.org)) == (1 if asked == "interview" else 0)
        assert [word for word in IN_DATABASE if word in held(empty_url, settings.home)] == []
