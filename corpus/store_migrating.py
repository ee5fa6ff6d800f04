"""Bringing a database to the tables that this code knows, when it is opened and only once."""

import threading
import time
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import URL, Connection, text

from alignment.errors import Conflict, StoreDown
from corpus.store_connections import BUSY_S, lock_key, make_migrating_engine, told_plainly

MIGRATIONS = Path(__file__).parent / "migrations"
ONE_AT_A_TIME = threading.Lock()  # Alembic's `op` and `context` are globals


def alembic_config(connection: Connection | None = None) -> Config:
    """Alembic's configuration without a file: the scripts that ship with this package, and the connection to use."""
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    config.attributes["connection"] = connection
    return config


def migrate(url: URL) -> None:
    """Run the migrations that the database lacks, in this thread; Conflict where it is newer than this code.

    Two processes may start at once: the check is repeated inside a write transaction, for which the second waits.
    """
    place = url.render_as_string(hide_password=True)
    head = ScriptDirectory.from_config(alembic_config()).get_current_head()
    engine = make_migrating_engine(url)
    deadline = time.monotonic() + BUSY_S
    while True:
        try:
            with told_plainly(place):
                with engine.connect() as connection:
                    if _revision(connection) == head:
                        return
                with ONE_AT_A_TIME, engine.execution_options(writes=True).begin() as connection:
                    _upgrade(connection, place)
        except StoreDown as e:
            # The step from a new file to WAL ignores SQLite's own waiting time.
            if "locked" not in str(e.__cause__) or time.monotonic() > deadline:
                raise
            time.sleep(0.05)


def _revision(connection: Connection) -> str | None:
    return MigrationContext.configure(connection).get_current_revision()


def _upgrade(connection: Connection, place: str) -> None:
    if connection.dialect.name == "postgresql":
        connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": lock_key("migrations")})
    config = alembic_config(connection)
    known = {script.revision for script in ScriptDirectory.from_config(config).walk_revisions()}
    found = _revision(connection)
    if found is not None and found not in known:
        raise Conflict(
            f"The store is at revision {found}, which this version of Plumbline does not know",
            where=place,
            todo="It was made by a newer Plumbline: install that one, or restore a backup from before.",
        )
    command.upgrade(config, "head")
