"""The command line as its users have it: a home of its own, run in this process, with exit code and both streams."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.api.cast import Ran, copy_home, run_in, write_folder
from tests.api.served import Served, put_baker, serving

Run = Callable[..., Ran]


@pytest.fixture(autouse=True)
def _wide_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    """Lines do not wrap, so that a test can look for a sentence."""
    monkeypatch.setenv("COLUMNS", "400")
    monkeypatch.delenv("PLUMBLINE_STORE_URL", raising=False)


@pytest.fixture(scope="session")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home that holds the story's search, taken in once; tests copy it."""
    place = tmp_path_factory.mktemp("prepared")
    ran = run_in(("ingest", str(write_folder(place / "staff-engineer")), "--consent", "recorded-elsewhere"), place / "home", "", False)
    assert ran.code == 0, ran.err
    return place / "home"


@pytest.fixture
def bare_home(prepared: Path, tmp_path: Path) -> Path:
    """A home with nothing on record, which has the converted model all the same."""
    home = tmp_path / "home"
    home.mkdir()
    (home / "models").symlink_to(prepared / "models")
    return home


@pytest.fixture
def told_home(prepared: Path, tmp_path: Path) -> Path:
    """A home of one's own that holds the story's search."""
    return copy_home(prepared, tmp_path / "home")


@pytest.fixture
def plumbline(bare_home: Path) -> Run:
    """Run a command where nothing is on record yet."""
    return lambda *args, stdin="", terminal=False: run_in(args, bare_home, stdin, terminal)


@pytest.fixture
def story(told_home: Path) -> Run:
    """Run a command where the story's search is on record."""
    return lambda *args, stdin="", terminal=False: run_in(args, told_home, stdin, terminal)


@pytest.fixture(scope="session")
def standing(prepared: Path, tmp_path_factory: pytest.TempPathFactory) -> Run:
    """Run a command that changes nothing on the story's search; all such tests share one home."""
    home = copy_home(prepared, tmp_path_factory.mktemp("standing") / "home")
    return lambda *args, stdin="", terminal=False: run_in(args, home, stdin, terminal)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The story's search in files."""
    return write_folder(tmp_path / "staff-engineer")


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """A running server with nothing on record."""
    with serving(tmp_path_factory.mktemp("served") / "home") as made:
        yield made


@pytest.fixture(scope="module")
def bakery(served: Served) -> Served:
    """A running server on which Acme's night baker is on record, with a piece of feedback."""
    with served.client() as client:
        put_baker(client, feedback=True)
    return served
