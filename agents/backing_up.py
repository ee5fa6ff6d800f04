"""Backup and restore of one machine's home: the store and the conversations at one moment each, and the media, in one file.

The store is copied first and the conversations second. A conversation that is ahead of the store saves its outcome again when it is next
read, as after a crash; a store that is ahead of a conversation would hold an outcome that somebody could still answer otherwise. The index
is a cache and is made anew.
"""

import hashlib
import os
import shutil
import stat
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from tempfile import mkdtemp

from pydantic import ValidationError

from agents.indexing import Progress
from agents.workbench import make_home, open_workbench
from alignment.errors import BadSettings, Conflict, StoreDown, Unreadable
from alignment.record import Record
from alignment.settings import Settings
from corpus.snapshots import (
    UNPACKED,
    clear_unpacked,
    finish_restore,
    forget_kept_replies,
    knows_revision,
    put_in_place,
    revision_of,
    rows_in,
    staged_beside,
    take_snapshot,
)
from corpus.store_connections import SQLITE, read_url
from retrieval.index import wipe_index

FORMAT = 1
MANIFEST, STORE, CONVERSATIONS, MEDIA = "manifest.json", "store.db", "conversations.db", "media"
CHUNK = 1 << 20


class Manifest(Record):
    """What a backup holds: when and by which version it was made, the store's revision, each part's digest, and the rows of its tables."""

    format: int
    version: str
    revision: str
    at: datetime
    parts: dict[str, str]
    rows: dict[str, dict[str, int]]


def back_up(settings: Settings, out: Path) -> Manifest:
    """Write the home's backup to a file, whole or not at all, readable by its owner alone; a server may be running on it meanwhile.

    Errors: BadSettings where the store is no file or the backup cannot be written, StoreDown where there is nothing to back up.
    """
    store, conversations = _files(settings)
    finish_restore(store.parent)
    if not store.exists():
        raise StoreDown("There is no store to back up", where=str(store), todo="Check PLUMBLINE_HOME.")
    part = out.with_name(f"{out.name}.part")
    try:
        out.parent.mkdir(parents=True, exist_ok=True)
        work = Path(mkdtemp(prefix=".backup-", dir=out.parent))
    except OSError as e:
        raise BadSettings(f"The backup cannot be written: {e.strerror}", where=str(out), todo="Name a file that can be written.") from e
    try:
        manifest = _packed(_taken(store, conversations, work), settings.home / MEDIA, part)
        part.replace(out)
    except OSError as e:
        raise BadSettings(f"The backup cannot be written: {e.strerror}", where=str(out), todo="Make room, or name another file.") from e
    finally:
        shutil.rmtree(work, ignore_errors=True)
        part.unlink(missing_ok=True)
    return manifest


async def restore(settings: Settings, file: Path, *, replace: bool = False, progress: Progress | None = None) -> Manifest:
    """Put a backup in the place of the home's store, conversations and media, and make the index anew; all of it or nothing.

    What stood there is kept beside it. Errors: Unreadable for a damaged backup, Conflict for one that is newer than this code or a home
    that holds something and is not to be replaced, BadSettings for a store that is no file, IndexBusy where another process has it open.
    """
    store, conversations = _files(settings)
    _manifest_of(file)  # what is no backup is told before anything is asked of the home
    make_home(settings)
    finish_restore(store.parent)
    media = settings.home / MEDIA
    if not replace and (held := [p for p in (store, conversations, media) if p.exists()]):
        raise Conflict("There is something on record already", where=str(held[0]), todo="Give --replace, which keeps it beside the new.")
    clear_unpacked(settings.home, store.parent, conversations.parent)
    work = Path(mkdtemp(prefix=UNPACKED, dir=settings.home))
    try:
        manifest = _unpacked(file, work)
        # An index of what is replaced would answer with what is not on record any more; whoever works on the home holds it.
        await wipe_index(settings.index_place, api_key=settings.index_api_key)
        targets = {STORE: store, CONVERSATIONS: conversations, MEDIA: media}
        moves = [(staged_beside(work / name, place), place) for name, place in targets.items() if (work / name).exists()]
    except BaseException:
        shutil.rmtree(work, ignore_errors=True)
        raise
    # What the backup does not have goes too: a recording or a conversation of the old record has no place beside the new one.
    aside = [place for name, place in targets.items() if name not in {source.name for source, _ in moves}]
    put_in_place(store.parent, moves, f"replaced-{datetime.now(UTC):%Y%m%dT%H%M%S%f}", aside=aside)
    shutil.rmtree(work, ignore_errors=True)
    async with open_workbench(settings, fresh_index=True, progress=progress):
        pass
    return manifest


def _files(settings: Settings) -> tuple[Path, Path]:
    url = read_url(settings.store)
    if url.drivername != SQLITE or settings.checkpoints.startswith("postgresql"):
        raise BadSettings(
            "The store is a database server's, which has backups of its own",
            where="PLUMBLINE_STORE_URL",
            todo="Use pg_dump for it, and leave out the index: plumbline reindex makes it anew. docs/operations.md says how.",
        )
    return Path(str(url.database)).absolute(), Path(settings.checkpoints).absolute()


def _taken(store: Path, conversations: Path, work: Path) -> dict[str, Path]:
    take_snapshot(store, work / STORE)
    forget_kept_replies(work / STORE)
    if conversations.exists():
        take_snapshot(conversations, work / CONVERSATIONS)
    return {path.name: path for path in (work / STORE, work / CONVERSATIONS) if path.exists()}


def _media(folder: Path) -> Iterator[Path]:
    yield from sorted(p for p in folder.rglob("*") if p.is_file() and not p.is_symlink())


def _packed(databases: dict[str, Path], media: Path, part: Path) -> Manifest:
    digests: dict[str, str] = {}
    with os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, stat.S_IRUSR | stat.S_IWUSR), "wb") as raw:
        with zipfile.ZipFile(raw, "w", zipfile.ZIP_DEFLATED, compresslevel=3) as packed:
            for name, path in databases.items():
                digests[name] = _added(packed, name, path)
            for path in _media(media):
                name = f"{MEDIA}/{path.relative_to(media)}"
                with suppress(FileNotFoundError):  # erased meanwhile
                    digests[name] = _added(packed, name, path)
            manifest = Manifest(
                format=FORMAT,
                version=version("plumbline"),
                revision=revision_of(databases[STORE]),
                at=datetime.now(UTC),
                parts=digests,
                rows={name: rows_in(path) for name, path in databases.items()},
            )
            packed.writestr(MANIFEST, manifest.model_dump_json(indent=1))
        raw.flush()
        os.fsync(raw.fileno())
    return manifest


def _added(packed: zipfile.ZipFile, name: str, path: Path) -> str:
    """Put the file in; the digest of what went in, since a recording may grow meanwhile."""
    told = hashlib.sha256()
    with path.open("rb") as source, packed.open(name, "w", force_zip64=True) as copy:
        while chunk := source.read(CHUNK):
            told.update(chunk)
            copy.write(chunk)
    return told.hexdigest()


def _unpacked(file: Path, work: Path) -> Manifest:
    """The backup's parts in a folder, each as the manifest has it."""
    manifest = _manifest_of(file)
    with _readable(file), zipfile.ZipFile(file) as packed:
        for name, digest in manifest.parts.items():
            target = (work / name).resolve()
            if not target.is_relative_to(work.resolve()):
                raise Unreadable("The backup names a place outside itself", where=file.name, todo="Use another backup.")
            target.parent.mkdir(parents=True, exist_ok=True)
            with packed.open(name) as source, target.open("wb") as copy:
                shutil.copyfileobj(source, copy, CHUNK)
            if _digest(target) != digest:
                raise Unreadable(f"{name} is not as it was written", where=file.name, todo="The backup is damaged: use another one.")
    for name, rows in manifest.rows.items():
        if rows_in(work / name) != rows:
            raise Unreadable(f"{name} does not hold what the manifest says", where=file.name, todo="Use another backup.")
    return manifest


def _manifest_of(file: Path) -> Manifest:
    """What a file says that it holds; Unreadable for what is no backup, Conflict for one that is newer than this code."""
    with _readable(file), zipfile.ZipFile(file) as packed:
        manifest = Manifest.model_validate_json(packed.read(MANIFEST))
    _must_be_known(manifest, file)
    return manifest


@contextmanager
def _readable(file: Path) -> Iterator[None]:
    # zipfile tells of a damaged file in half a dozen ways, two of them by RuntimeError and NotImplementedError.
    try:
        yield
    except OSError as e:
        raise Unreadable(
            f"The backup cannot be read: {e.strerror}", where=str(file), todo="Check its name, its rights and the disk."
        ) from e
    except (zipfile.BadZipFile, zlib.error, KeyError, ValidationError, EOFError, NotImplementedError, RuntimeError) as e:
        raise Unreadable("The file is no backup, or a damaged one", where=str(file), todo="Use another one.") from e


def _must_be_known(manifest: Manifest, file: Path) -> None:
    if manifest.format > FORMAT or not knows_revision(manifest.revision):
        raise Conflict(
            f"The backup was made by Plumbline {manifest.version}, whose store (revision {manifest.revision}) this version does not know",
            where=file.name,
            todo="Install that version or a newer one, and restore with it.",
        )


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
