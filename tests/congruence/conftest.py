"""The two databases behind the store's one suite: an SQLite file, and a PostgreSQL that is given or started here."""

import contextlib
import os
import shutil
import subprocess
import tempfile
import uuid
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
from sqlalchemy import make_url

from corpus.store import Store, open_store
from retrieval.index import wipe_index
from tests.congruence.story import Story, tell
from tests.qdrant_wire import Wire, wired

# Read once and taken out of the environment, where `load_settings` refuses names that it does not know.
GIVEN_URL = os.environ.pop("PLUMBLINE_TEST_POSTGRES_URL", "")


def _as_postgres(*command: str) -> None:
    """Run one of PostgreSQL's own programs, which refuse to run as root."""
    user = ["runuser", "-u", "postgres", "--"] if os.geteuid() == 0 else []
    subprocess.run([*user, *command], check=True, capture_output=True, timeout=60, cwd="/")


@contextlib.contextmanager
def _private_cluster(binaries: Path) -> Iterator[str]:
    home = Path(tempfile.mkdtemp(prefix="plumbline-pg-", dir="/tmp"))
    try:
        if os.geteuid() == 0:
            shutil.chown(home, "postgres")
        data = str(home / "data")
        _as_postgres(str(binaries / "initdb"), "-D", data, "-U", "plumbline", "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8", "-N")
        options = f"-c fsync=off -c listen_addresses='' -c unix_socket_directories={home} -c max_connections=60"
        _as_postgres(str(binaries / "pg_ctl"), "start", "-w", "-D", data, "-o", options, "-l", str(home / "log"))
        try:
            yield f"postgresql+psycopg://plumbline@/postgres?host={home}"
        finally:
            _as_postgres(str(binaries / "pg_ctl"), "stop", "-w", "-m", "immediate", "-D", data)
    finally:
        shutil.rmtree(home, ignore_errors=True)


@pytest.fixture(scope="module")
def wire() -> Iterator[Wire]:
    """A server that speaks Qdrant's interface."""
    with wired() as server:
        yield server


@pytest.fixture(params=["embedded", "server", "wire"])
async def index_place(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """Where there is an empty index: a folder, the server's code in memory, and over the wire."""
    if request.param != "wire":
        return str(tmp_path / "index") if request.param == "embedded" else ":memory:"
    server: Wire = request.getfixturevalue("wire")
    await wipe_index(server.url)
    return server.url


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[str]:
    """The URL of a PostgreSQL server on which databases may be made."""
    pytest.importorskip("psycopg", reason="psycopg is not installed: pip install 'plumbline[postgres]'")
    if GIVEN_URL:
        yield GIVEN_URL
        return
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda p: int(p.parts[4]))
    if not found:
        pytest.skip("no PostgreSQL: set PLUMBLINE_TEST_POSTGRES_URL, or install Debian's postgresql")
    if os.geteuid() == 0 and shutil.which("runuser") is None:
        pytest.skip("PostgreSQL does not run as root, and there is no runuser to become postgres")
    with _private_cluster(found[-1].parent) as url:
        yield url


@contextlib.contextmanager
def fresh_postgres(server: str) -> Iterator[str]:
    """The URL of a database of one's own on that server, gone at the end of the block."""
    import psycopg  # here, since the suite also runs where it is not installed

    name = f"plumbline_test_{uuid.uuid4().hex[:12]}"
    with psycopg.connect(server.replace("+psycopg", ""), autocommit=True) as admin:
        admin.execute(f"CREATE DATABASE {name}")
        try:
            yield make_url(server).set(database=name).render_as_string(hide_password=False)
        finally:
            admin.execute(f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture(scope="session", params=["sqlite", "postgres"])
def shared_url(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """One database for all tests that keep to an organisation of their own."""
    if request.param == "sqlite":
        yield f"sqlite+aiosqlite:///{tmp_path_factory.mktemp('store')}/home/plumbline.db"
        return
    with fresh_postgres(request.getfixturevalue("postgres_server")) as url:
        yield url


@pytest.fixture(params=["sqlite", "postgres"])
def empty_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """A database of this test's own, in which nothing has happened yet."""
    if request.param == "sqlite":
        yield f"sqlite+aiosqlite:///{tmp_path}/plumbline.db"
        return
    with fresh_postgres(request.getfixturevalue("postgres_server")) as url:
        yield url


@pytest.fixture
async def store(shared_url: str) -> AsyncIterator[Store]:
    """The store, open for one test."""
    async with await open_store(shared_url) as opened:
        yield opened


@pytest.fixture
async def story(store: Store) -> Story:
    """Dana and Priya's search with Tomás' first interview, in an organisation of its own."""
    return await tell(store, uuid.uuid4().hex[:8])
