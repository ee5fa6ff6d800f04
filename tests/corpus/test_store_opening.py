"""Opening the store: which URLs, what is made, and what is said when it cannot be."""

import asyncio
import inspect
import re
import sqlite3
import sys
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext

from alignment.errors import BadSettings, Conflict, StoreDown
from alignment.people import ConsentPolicy
from corpus import store_contracts, store_feedback, store_scorecards, store_transcripts
from corpus.store import open_store
from corpus.store_connections import make_engine, read_url
from corpus.tables import METADATA


def url_of(path: Path) -> str:
    return f"sqlite+aiosqlite:///{path}"


async def test_a_new_store_makes_its_folder_and_waits_for_writers_in_wal(tmp_path: Path) -> None:
    path = tmp_path / "a" / "b 100%" / "plumbline.db"
    async with await open_store(url_of(path)) as store:
        await store.create_organisation("Acme")
    async with await open_store(url_of(path)) as store:
        assert [o.name for o in await store.organisations()] == ["Acme"]
    with sqlite3.connect(path) as connection:
        assert connection.execute("PRAGMA journal_mode").fetchone() == ("wal",)
    connection.close()


async def test_the_migrations_make_exactly_the_tables_that_the_code_uses(tmp_path: Path) -> None:
    await (await open_store(url_of(tmp_path / "store.db"))).close()
    engine = make_engine(read_url(url_of(tmp_path / "store.db")))
    async with engine.connect() as connection:
        difference = await connection.run_sync(lambda sync: compare_metadata(MigrationContext.configure(sync), METADATA))
    await engine.dispose()
    assert difference == []


def test_every_table_carries_its_organisation_and_no_reference_leaves_it() -> None:
    for table in METADATA.tables.values():
        assert next(iter(table.primary_key.columns)).name == "organisation", table.name
        for reference in table.foreign_key_constraints:
            assert reference.column_keys[0] == "organisation", reference.name
            assert reference.elements[0].column.name == "organisation", reference.name


def test_what_is_append_only_is_never_updated_or_deleted() -> None:
    for room in (store_contracts, store_transcripts, store_feedback, store_scorecards):
        assert not re.search(r"\b(update|delete)\(", inspect.getsource(room).replace("model_copy(update", "")), room.__name__


async def test_a_database_that_is_newer_than_the_code_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "store.db"
    await (await open_store(url_of(path))).close()
    with sqlite3.connect(path) as connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")
    connection.close()
    with pytest.raises(Conflict, match=r"revision 9999.*newer Plumbline"):
        await open_store(url_of(path))


@pytest.mark.parametrize("url", ["", "nonsense", "mysql://x/y", "sqlite:///x.db", "sqlite+aiosqlite://", "sqlite+aiosqlite:///:memory:"])
async def test_any_other_kind_of_url_is_refused_with_the_two_that_work(url: str) -> None:
    with pytest.raises(BadSettings, match=re.escape("sqlite+aiosqlite:///FILE")):
        await open_store(url)


async def test_without_its_driver_postgres_names_the_extra_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "psycopg", None)
    with pytest.raises(StoreDown, match=re.escape("plumbline[postgres]")):
        await open_store("postgresql+psycopg://dana@localhost/plumbline")


async def test_a_server_that_is_not_there_is_store_down_and_the_password_stays_secret() -> None:
    pytest.importorskip("psycopg")
    with pytest.raises(StoreDown) as told:
        await open_store("postgresql+psycopg://dana:hunter2@127.0.0.1:1/plumbline")
    assert "hunter2" not in str(told.value)
    assert told.value.retryable


async def test_a_file_that_is_no_database_is_store_down(tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("Tomás was great. " * 100)
    with pytest.raises(StoreDown, match="not a database"):
        await open_store(url_of(tmp_path / "notes.txt"))


async def test_a_folder_that_cannot_be_made_is_store_down(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(StoreDown, match="folder"):
        await open_store(url_of(tmp_path / "file" / "store.db"))


async def test_a_closed_store_says_so(tmp_path: Path) -> None:
    store = await open_store(url_of(tmp_path / "store.db"))
    await store.close()
    with pytest.raises(StoreDown, match="closed"):
        await store.organisations()


async def test_erased_words_do_not_stay_in_the_file(tmp_path: Path) -> None:
    async with await open_store(url_of(tmp_path / "store.db")) as store:
        organisation = await store.create_organisation("Acme", ConsentPolicy.REQUIRED)
        await store.add_person(organisation.id, "Tomás-who-asked-to-be-forgotten")
        async with store._write(organisation.id) as tx:
            await tx.exec_driver_sql("DELETE FROM people")
    assert await asyncio.to_thread(lambda: [p for p in tmp_path.iterdir() if b"asked-to-be-forgotten" in p.read_bytes()]) == []
