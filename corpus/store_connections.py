"""One database behind one URL: readers see a single moment, and writers of one organisation take turns."""

import asyncio
import hashlib
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager, suppress
from typing import Any

from sqlalchemy import URL, Connection, Engine, NullPool, Select, Table, create_engine, event, make_url, select, text
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.exc import ArgumentError, DataError, DBAPIError, IntegrityError, SQLAlchemyError, StatementError
from sqlalchemy.exc import TimeoutError as NoConnectionFree
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine

from alignment.errors import BadSettings, Conflict, NotFound, PlumblineError, Refused, StoreDown, Underway
from alignment.record import OrganisationId

SQLITE, POSTGRES = "sqlite+aiosqlite", "postgresql+psycopg"
BUSY_S = 30
CONNECT_S = 10
HOLD_S = 60
HOLD_STEP_S = 0.02


def read_url(url: str) -> URL:
    """The parsed URL of a store; BadSettings for anything but an SQLite file or a PostgreSQL database."""
    try:
        parsed = make_url(url)
    except ArgumentError:
        parsed = None
    kinds = f"Use {SQLITE}:///FILE or {POSTGRES}://USER@HOST/DATABASE."
    if parsed is None or parsed.drivername not in (SQLITE, POSTGRES):
        raise BadSettings("The store's URL is neither an SQLite file nor a PostgreSQL database", todo=kinds)
    if parsed.drivername == SQLITE and parsed.database in (None, "", ":memory:"):
        raise BadSettings("The store needs a file: a database in memory is gone with the first connection", todo=kinds)
    return parsed


def make_engine(url: URL) -> AsyncEngine:
    """An engine for that URL that has not connected yet; StoreDown where PostgreSQL's driver is not installed."""
    with _driver_installed():
        engine = create_async_engine(url, **_options(url))
    _teach_sqlite(engine.sync_engine)
    return engine


def make_migrating_engine(url: URL) -> Engine:
    """The same for one thread, without a pool: Alembic keeps its context in globals, which tasks of one loop would mix up."""
    with _driver_installed():
        engine = create_engine(url.set(drivername="sqlite") if url.drivername == SQLITE else url, poolclass=NullPool, **_options(url))
    _teach_sqlite(engine)
    return engine


def _options(url: URL) -> dict[str, Any]:
    if url.drivername == SQLITE:
        return {"hide_parameters": True, "connect_args": {"timeout": BUSY_S}}
    return {"hide_parameters": True, "pool_pre_ping": True, "connect_args": {"connect_timeout": CONNECT_S}}


def _holding_options(url: URL) -> dict[str, Any]:
    return {**_options(url), "pool_pre_ping": False, "isolation_level": "AUTOCOMMIT"}


@contextmanager
def _driver_installed() -> Iterator[None]:
    try:
        yield
    except ImportError as e:
        raise StoreDown(
            "The store's URL names PostgreSQL, but its driver is not installed",
            todo="Install the extra: pip install 'plumbline[postgres]'.",
        ) from e


def _teach_sqlite(engine: Engine) -> None:
    if engine.dialect.name == "sqlite":
        event.listen(engine, "connect", _set_up_sqlite)
        event.listen(engine, "begin", _begin_sqlite)
        event.listen(engine, "invalidate", _give_up_sqlite)


def _set_up_sqlite(connection: DBAPIConnection, _: object) -> None:
    # The driver's own BEGIN comes late and deferred; ours is in _begin_sqlite.
    connection.isolation_level = None
    cursor = connection.cursor()
    try:
        cursor.execute("PRAGMA foreign_keys = ON")
        cursor.execute("PRAGMA secure_delete = ON")  # erased words may not stay in free pages
        cursor.execute("PRAGMA journal_mode")
        if cursor.fetchone() != ("wal",):
            cursor.execute("PRAGMA journal_mode = WAL")
    finally:
        cursor.close()


def _begin_sqlite(connection: Connection) -> None:
    # A reader that becomes a writer halfway cannot wait for its turn, so a writer says at once what it is.
    writes = connection.get_execution_options().get("writes", False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


def _give_up_sqlite(connection: DBAPIConnection, _: object, __: object) -> None:
    # A closed connection keeps its transaction, and with it the one place for a writer, as long as anybody refers to a cursor of it:
    # a cancelled task's traceback does. What ails the connection is told by the error that ends it.
    with suppress(Exception):
        connection.rollback()


class Connections:
    """The engine and its two kinds of transaction; the rooms of the store are built on it."""

    def __init__(self, engine: AsyncEngine) -> None:
        self._engine = engine
        self._sqlite = engine.dialect.name == "sqlite"
        self._writing = engine.execution_options(writes=True)
        one_moment = {} if self._sqlite else {"isolation_level": "REPEATABLE READ", "postgresql_readonly": True}
        self._reading = engine.execution_options(**one_moment)
        self._holding = engine if self._sqlite else create_async_engine(engine.url, poolclass=NullPool, **_holding_options(engine.url))
        self._turn = asyncio.Lock()
        self._closed = False

    @property
    def place(self) -> str:
        """Where the store is, without its password."""
        return self._engine.url.render_as_string(hide_password=True)

    @asynccontextmanager
    async def _read(self) -> AsyncIterator[AsyncConnection]:
        with self._plainly():
            async with self._reading.connect() as connection:
                yield connection

    @asynccontextmanager
    async def _write(self, organisation: str) -> AsyncIterator[AsyncConnection]:
        """A transaction that no other writer of the organisation can be inside of; whole or nothing."""
        with self._plainly():
            if self._sqlite:
                async with self._turn, self._writing.begin() as connection:
                    yield connection
            else:
                async with self._writing.begin() as connection:
                    await connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": lock_key(organisation)})
                    yield connection

    @asynccontextmanager
    async def hold(self, organisation: OrganisationId, name: str) -> AsyncIterator[None]:
        """Have something of the organisation to oneself among all processes that share a server; Underway where another keeps it too long.

        An SQLite file is for one process, which keeps its own order.
        """
        if self._sqlite:
            yield
            return
        with self._plainly():
            async with self._holding.connect() as connection:
                # A connection of its own, which the server ends with the process, and with it the hold.
                await _wait_for(connection, lock_key(f"{organisation} {name}"), name)
                yield

    async def is_free(self, organisation: OrganisationId, name: str) -> bool:
        """Whether no process holds that now."""
        if self._sqlite:
            return True
        with self._plainly():
            async with self._holding.connect() as connection:
                key = {"key": lock_key(f"{organisation} {name}")}
                return bool((await connection.execute(text("SELECT pg_try_advisory_lock(:key)"), key)).scalar())

    @contextmanager
    def _plainly(self) -> Iterator[None]:
        if self._closed:
            raise StoreDown("The store is closed", where=self.place)
        with told_plainly(self.place):
            yield

    async def close(self) -> None:
        """End every connection; the store answers nothing afterwards."""
        self._closed = True
        await self._engine.dispose()
        await self._holding.dispose()


async def _wait_for(connection: AsyncConnection, key: int, name: str) -> None:
    deadline = time.monotonic() + HOLD_S
    while not (await connection.execute(text("SELECT pg_try_advisory_lock(:key)"), {"key": key})).scalar():
        if time.monotonic() > deadline:
            raise Underway("Another turn of this conversation is being answered", where=name, todo="Wait for it, and send this again.")
        await asyncio.sleep(HOLD_STEP_S)


def lock_key(name: str) -> int:
    """The 64-bit number under which PostgreSQL lets writers of one name wait for each other."""
    return int.from_bytes(hashlib.sha256(f"plumbline {name}".encode()).digest()[:8], signed=True)


def of(table: Table, organisation: OrganisationId, **values: object) -> Select[Any]:
    """Every row of the table that belongs to the organisation and has these values."""
    query = select(table).where(table.c.organisation == organisation)
    for name, value in values.items():
        query = query.where(table.c[name] == value)
    return query


async def require(tx: AsyncConnection, table: Table, organisation: OrganisationId, what: str, **values: object) -> None:
    """Pass where the organisation has such a row; else NotFound says that it has no `what`."""
    if (await tx.execute(of(table, organisation, **values).with_only_columns(table.c.organisation).limit(1))).first() is None:
        raise NotFound(f"There is no {what} {' '.join(str(v) for v in values.values())} in this organisation")


def must_be_own(organisation: OrganisationId, record_organisation: OrganisationId, what: str) -> None:
    """Pass where a record to be kept names the acting organisation; else NotFound, as for anything of another tenant."""
    if organisation != record_organisation:
        raise NotFound(f"There is no such {what} in this organisation")


@contextmanager
def told_plainly(place: str) -> Iterator[None]:
    """Turn whatever the driver raises inside into one of our errors, in one sentence and without a row's content."""
    try:
        yield
    except (SQLAlchemyError, OverflowError) as e:
        told = _plain(e, place)
        if told is None:
            raise
        raise told from e


def _plain(error: SQLAlchemyError | OverflowError, place: str) -> PlumblineError | None:
    if isinstance(error, NoConnectionFree):
        return StoreDown("All connections to the store are busy", where=place, todo="Try again in a moment.")
    if isinstance(error, IntegrityError):
        return _broken_rule(error)
    if isinstance(error, DataError | OverflowError):
        return Refused("A value is too large or not of a kind that the store can keep")
    if isinstance(error, DBAPIError):
        return _down(str(error.orig), place)
    if isinstance(error, StatementError) and isinstance(error.orig, PlumblineError):
        return error.orig
    return None


def _broken_rule(error: IntegrityError) -> PlumblineError:
    if getattr(error.orig, "sqlstate", "") == "23503" or "FOREIGN KEY" in str(error.orig):
        return NotFound("Something that this record refers to is not in this organisation")
    return Conflict("The record already holds something else in that place")


def _down(driver_says: str, place: str) -> StoreDown:
    known = {
        "locked": ("Another process has kept the store busy for too long", f"It waits up to {BUSY_S} seconds; try again."),
        "unable to open": ("The store's file cannot be opened", "Check that its folder exists and may be written."),
        "readonly": ("The store's file may not be written", "Check its permissions."),
        "not a database": ("The store's file is not a database", "Point PLUMBLINE_STORE_URL at another file."),
        "malformed": ("The store's file is damaged", "Restore it from a backup."),
        "disk is full": ("The disk that holds the store is full", "Make room and try again."),
        "authentication failed": ("The database server refuses the user or password", "Check PLUMBLINE_STORE_URL."),
        "does not exist": ("The database server has no such database or table", "Check PLUMBLINE_STORE_URL."),
    }
    for sign, (what, todo) in known.items():
        if sign in driver_says:
            return StoreDown(what, where=place, todo=todo)
    return StoreDown("The store cannot be reached", where=place, todo="Check that the database is there and running.")
