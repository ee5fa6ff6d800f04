"""The embedded engine: a folder with one Qdrant Edge tenant an organisation, held by one process.

index/
├── lock        held by the operating system for as long as the process lives, with its process id for others to read
├── about.json  the embedder that made the vectors
└── org-…/      one tenant
"""

import asyncio
import json
import os
import shutil
import sys
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import IO, TypeVar

from alignment.errors import IndexBusy, IndexDown, PlumblineError
from retrieval.index.cells import CellPoint, Cells, CellScope
from retrieval.index.entries import Entry, Gathered, Hit, Level, Scope, Vector
from retrieval.index.points import about, check_about, check_entries, fused, pool, query_bag
from retrieval.index.tenant import Tenant, folder_of

T = TypeVar("T")


async def open_embedded(place: str, embedder: str, dimensions: int) -> "EmbeddedIndex":
    """The index in a folder, made if it is not there; IndexBusy, IndexMismatch or IndexDown where it cannot be used."""
    return await asyncio.to_thread(EmbeddedIndex, Path(place), embedder, dimensions)


async def wipe_embedded(place: str) -> None:
    """Remove everything in the folder but its lock; IndexDown where the folder is not an index."""
    await asyncio.to_thread(_wipe, Path(place))


class EmbeddedIndex:
    """All organisations of one folder; tenants are opened when they are first asked for."""

    def __init__(self, place: Path, embedder: str, dimensions: int) -> None:
        self._place, self._dimensions = place, dimensions
        self._lock_file = _locked(place)
        try:
            _check(place, embedder, dimensions)
        except BaseException:
            self._lock_file.close()
            raise
        self._tenants: dict[str, Tenant] = {}
        self._opening = threading.Lock()
        # One thread writes, so that no two changes of one tenant meet.
        self._writer = ThreadPoolExecutor(1, thread_name_prefix="index-writer")
        self._closed = False
        self.cells: Cells = EmbeddedCells(self)

    async def put(self, organisation: str, transcript: str, entries: Sequence[Entry]) -> None:
        """See Index.put; no entries, nothing to do."""
        if entries:
            check_entries(entries, transcript)
            await self.write(lambda: self.tenant(organisation).put(organisation, entries))

    async def held(self, organisation: str) -> dict[str, bool]:
        """See Index.held."""
        return await self.read(organisation, lambda tenant: tenant.held(), {})

    async def erase(self, organisation: str, interviews: Sequence[str]) -> None:
        """See Index.erase."""
        if interviews and folder_of(self._place, organisation).is_dir():
            await self.write(lambda: self.tenant(organisation).erase(interviews))

    async def dense(self, scope: Scope, level: Level, vector: Vector, limit: int) -> list[Hit]:
        """See Index.dense."""
        return (await self._rankings(scope, (level,), None, vector, limit))[0]

    async def sparse(self, scope: Scope, level: Level, text: str, limit: int) -> list[Hit]:
        """See Index.sparse."""
        return (await self._rankings(scope, (level,), text, None, limit))[1]

    async def hybrid(self, scope: Scope, level: Level, text: str, vector: Vector, limit: int) -> list[Hit]:
        """See Index.hybrid."""
        return fused(await self._rankings(scope, (level,), text, vector, pool(limit)), limit)

    async def gather(self, scope: Scope, text: str, vector: Vector, limit: int) -> Gathered:
        """See Index.gather."""
        return Gathered(*await self._rankings(scope, (Level.UTTERANCE, Level.PASSAGE), text, vector, limit))

    async def count(self, scope: Scope) -> int:
        """See Index.count."""
        return await self.read(scope.organisation, lambda tenant: tenant.count(scope), 0)

    async def close(self) -> None:
        """See Index.close; what was written in bulk is merged first, which can take seconds."""
        if not self._closed:
            self._closed = True
            await asyncio.get_running_loop().run_in_executor(self._writer, self._let_go)
            self._writer.shutdown()

    async def _rankings(
        self, scope: Scope, levels: Sequence[Level], text: str | None, vector: Vector | None, limit: int
    ) -> list[list[Hit]]:
        """For each level a dense and a sparse ranking, empty where it was not asked for."""
        bag = query_bag(text) if text is not None else None
        words = bag if bag and bag.indices else None

        def search(tenant: Tenant) -> list[list[Hit]]:
            rankings = []
            for level in levels:
                found = iter(tenant.search(scope, level, vector, words, limit))
                rankings += [next(found) if asked is not None else [] for asked in (vector, words)]
            return rankings

        nothing: list[list[Hit]] = [[] for _ in range(2 * len(levels))]
        if limit < 1 or (vector is None and words is None):
            return nothing
        return await self.read(scope.organisation, search, nothing)

    async def read(self, organisation: str, question: Callable[[Tenant], T], nothing: T) -> T:
        """What a tenant answers, on a thread of its own; `nothing` where there is no such tenant."""

        def ask() -> T:
            with _told(self._place):
                there = organisation in self._tenants or folder_of(self._place, organisation).is_dir()
                return question(self.tenant(organisation)) if there else nothing

        self._check_open()
        return await asyncio.to_thread(ask)

    async def write(self, change: Callable[[], None]) -> None:
        """A change, on the one thread that writes."""

        def do() -> None:
            with _told(self._place):
                change()

        self._check_open()
        await asyncio.get_running_loop().run_in_executor(self._writer, do)

    def _check_open(self) -> None:
        if self._closed:
            raise IndexDown("The index is closed", where=str(self._place))

    def tenant(self, organisation: str) -> Tenant:
        """The organisation's tenant, made on first use."""
        with self._opening:
            if organisation not in self._tenants:
                folder = folder_of(self._place, organisation)
                folder.mkdir(exist_ok=True)
                self._tenants[organisation] = Tenant(folder, self._dimensions)
            return self._tenants[organisation]

    def _let_go(self) -> None:
        try:
            with _told(self._place):
                for tenant in self._tenants.values():
                    tenant.close()
        finally:
            self._tenants.clear()
            self._lock_file.close()


class EmbeddedCells:
    """See Cells; the cells of an embedded index."""

    def __init__(self, index: EmbeddedIndex) -> None:
        self._index = index

    async def put(self, organisation: str, interview: str, state: str, cells: Sequence[CellPoint]) -> None:
        """See Cells.put."""
        await self._index.write(lambda: self._index.tenant(organisation).cells.put(organisation, interview, state, cells))

    async def held(self, organisation: str) -> dict[str, str]:
        """See Cells.held."""
        return await self._index.read(organisation, lambda tenant: tenant.cells.held(), {})

    async def erase(self, organisation: str, interviews: Sequence[str]) -> None:
        """See Cells.erase."""
        await self._index.write(lambda: self._index.tenant(organisation).cells.erase(interviews))

    async def count(self, scope: CellScope) -> int:
        """See Cells.count."""
        return await self._index.read(scope.organisation, lambda tenant: tenant.cells.count(scope), 0)

    async def facet(self, scope: CellScope, name: str) -> dict[str, int]:
        """See Cells.facet."""
        nothing: dict[str, int] = {}
        return await self._index.read(scope.organisation, lambda tenant: tenant.cells.facet(scope, name), nothing)

    async def values(self, scope: CellScope, name: str) -> frozenset[str]:
        """See Cells.values."""
        nothing: frozenset[str] = frozenset()
        return await self._index.read(scope.organisation, lambda tenant: tenant.cells.values(scope, name), nothing)

    async def put_wordings(self, organisation: str, wordings: Mapping[str, Vector]) -> None:
        """See Cells.put_wordings."""
        await self._index.write(lambda: self._index.tenant(organisation).cells.put_wordings(organisation, wordings))

    async def wordings(self, organisation: str) -> dict[str, Vector]:
        """See Cells.wordings."""
        nothing: dict[str, Vector] = {}
        return await self._index.read(organisation, lambda tenant: tenant.cells.wordings(), nothing)


def _check(place: Path, embedder: str, dimensions: int) -> None:
    """Compare with what made the index, or record it where the folder is new."""
    wanted, record = about(embedder, dimensions), place / "about.json"
    if record.is_file():
        try:
            found = json.loads(record.read_text(encoding="utf-8"))
        except ValueError as e:
            raise _corrupt(place, "about.json cannot be read") from e
        return check_about(found, wanted, str(place))
    if any(place.glob("org-*")):
        raise _corrupt(place, "about.json is missing")
    draft = place / "about.draft"
    draft.write_text(json.dumps(wanted, indent=2), encoding="utf-8")
    draft.replace(record)
    return None


def _wipe(place: Path) -> None:
    if not place.exists():
        return
    ours = {"lock", "about.json", "about.draft"}
    strange = [p.name for p in place.iterdir() if p.name not in ours and not p.name.startswith("org-")]
    if strange:
        raise IndexDown(f"{strange[0]!r} is not a part of an index", where=str(place), todo="Nothing was removed.")
    with _locked(place):
        (place / "about.json").unlink(missing_ok=True)
        for tenant in place.glob("org-*"):
            shutil.rmtree(tenant)


def _locked(place: Path) -> IO[str]:
    """The lock file, held until it is closed or the process ends in whatever way; IndexBusy where somebody else has it."""
    try:
        # Vectors can be turned back into something like their text: nobody but the owner reads the folder.
        place.mkdir(parents=True, exist_ok=True, mode=0o700)
        file = (place / "lock").open("a+", encoding="utf-8")
    except OSError as e:
        raise IndexDown(f"The index folder cannot be used: {e.strerror}", where=str(place)) from e
    try:
        _lock(file)
    except OSError as e:
        file.seek(0)
        holder = file.read().strip() or "unknown"
        file.close()
        raise IndexBusy(
            f"Another process (number {holder}) has the index open",
            where=str(place),
            todo="If that is plumbline serve, go through it: --server URL. Else end it, or use a Qdrant server: PLUMBLINE_INDEX=http://…",
        ) from e
    file.truncate(0)
    file.write(str(os.getpid()))
    file.flush()
    return file


def _lock(file: IO[str]) -> None:
    """An exclusive lock that the kernel lets go of when the process dies; OSError where it is taken."""
    if sys.platform == "win32":
        import msvcrt

        file.seek(0)
        msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)
    else:
        import fcntl

        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)


def _corrupt(place: Path, what: str) -> IndexDown:
    return IndexDown(f"The index is damaged: {what}", where=str(place), todo="Run `plumbline reindex`.")


@contextmanager
def _told(place: Path) -> Iterator[None]:
    """Whatever the engine raises as an IndexDown; a Rust panic is not even an Exception."""
    try:
        yield
    except PlumblineError:
        raise
    except Exception as e:
        raise _corrupt(place, f"{type(e).__name__}: {str(e)[:200]}") from e
    except BaseException as e:
        if type(e).__name__ != "PanicException":
            raise
        raise _corrupt(place, str(e)[:200]) from e
