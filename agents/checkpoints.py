"""Where conversations live: an SQLite file, or Postgres where the URL says so; of each thread the latest checkpoint alone is kept."""

import sqlite3
from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path
from typing import Any

from langgraph.checkpoint.base import BaseCheckpointSaver
from langgraph.checkpoint.sqlite.aio import AsyncSqliteSaver

from alignment.errors import StoreDown

_OLDER = (
    "{table}.thread_id = ? AND {table}.checkpoint_id < (SELECT max(c.checkpoint_id) FROM checkpoints c"
    " WHERE c.thread_id = {table}.thread_id AND c.checkpoint_ns = {table}.checkpoint_ns)"
)


class LiteSaver(AsyncSqliteSaver):
    """LangGraph's SQLite checkpointer, which can forget what came before a thread's latest checkpoint, as its Postgres one can."""

    async def aprune(self, thread_ids: Sequence[str], *, strategy: str = "keep_latest") -> None:
        """Keep the latest checkpoint of each thread and namespace, with what was written after it."""
        if strategy != "keep_latest":
            raise ValueError(f"there is no strategy {strategy} here")
        async with self.lock, self.conn.cursor() as cursor:
            for thread in thread_ids:
                # Writes first, which are older by the checkpoints that are still there.
                for table in ("writes", "checkpoints"):
                    await cursor.execute(f"DELETE FROM {table} WHERE {_OLDER.format(table=table)}", (thread,))
            await self.conn.commit()

    async def threads_under(self, prefix: str) -> tuple[str, ...]:
        """The conversations whose names begin like that."""
        query = " UNION ".join(f"SELECT thread_id FROM {t} WHERE substr(thread_id, 1, ?) = ?" for t in ("checkpoints", "writes"))
        async with self.lock, self.conn.execute(query, (len(prefix), prefix) * 2) as cursor:
            return tuple(sorted([row[0] async for row in cursor]))


async def threads_under(saver: BaseCheckpointSaver[Any], prefix: str) -> tuple[str, ...]:
    """The conversations whose names begin like that, also those of which a crash left nothing but what their steps wrote."""
    if isinstance(saver, LiteSaver):
        return await saver.threads_under(prefix)
    from langgraph.checkpoint.postgres.aio import AsyncPostgresSaver

    assert isinstance(saver, AsyncPostgresSaver), "there are two kinds"
    tables = ("checkpoints", "checkpoint_writes", "checkpoint_blobs")
    query = " UNION ".join(f"SELECT thread_id FROM {table} WHERE starts_with(thread_id, %s)" for table in tables)
    async with saver._cursor() as cursor:
        await cursor.execute(query, (prefix,) * len(tables))
        return tuple(sorted(row["thread_id"] for row in await cursor.fetchall()))


@asynccontextmanager
async def open_checkpoints(url: str) -> AsyncIterator[BaseCheckpointSaver[Any]]:
    """The checkpointer at that URL or file; StoreDown where it cannot be opened."""
    if url.startswith(("postgresql://", "postgresql+psycopg://")):
        async with _postgres(url.replace("+psycopg", "")) as saver:
            yield saver
        return
    Path(url).parent.mkdir(parents=True, exist_ok=True)
    async with LiteSaver.from_conn_string(url) as lite:
        try:
            await lite.setup()
            # Erased words may not stay in free pages.
            await lite.conn.execute("PRAGMA secure_delete = ON")
        except sqlite3.DatabaseError as e:
            raise StoreDown(
                f"The conversations cannot be opened: {e}", where=url, todo="Point PLUMBLINE_CHECKPOINTS_URL at another file."
            ) from e
        yield lite


@asynccontextmanager
async def _postgres(url: str) -> AsyncIterator[BaseCheckpointSaver[Any]]:
    try:
        from langgraph.checkpoint.postgres.aio import AsyncPostgresSaver
        from psycopg import OperationalError
    except ImportError as e:
        raise StoreDown("Conversations in Postgres need a further package", todo="Install plumbline[postgres].") from e
    async with AsyncExitStack() as stack:
        try:
            saver = await stack.enter_async_context(AsyncPostgresSaver.from_conn_string(url))
            await saver.setup()
        except OperationalError as e:
            raise StoreDown(
                "The conversations' database cannot be reached",
                where="PLUMBLINE_CHECKPOINTS_URL",
                todo="Check that it is there and running.",
            ) from e
        yield saver
