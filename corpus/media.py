"""The bytes of recordings: one file a content and organisation, whole or not there at all, readable by the service's own account alone."""

import hashlib
import os
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryFile, mkstemp
from typing import BinaryIO

from alignment.errors import BadAudio, MediaDown, NotFound
from alignment.record import OrganisationId

CHUNK = 1 << 20
UNFINISHED = ".part-"


@dataclass(frozen=True, slots=True)
class Held:
    """A content that the media hold: SHA-256, bytes, and whether it came only now."""

    digest: str
    size: int
    new: bool


class Arriving:
    """A recording on its way in, a piece at a time; nothing of it is left unless it is kept."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._hash = hashlib.sha256()
        self._size = 0
        with _told_plainly(folder):
            folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            handle, name = mkstemp(dir=folder, prefix=UNFINISHED)
            self._path, self._file = Path(name), os.fdopen(handle, "wb")

    @property
    def path(self) -> Path:
        """Where what has come so far lies."""
        with _told_plainly(self._folder):
            self._file.flush()
        return self._path

    @property
    def digest(self) -> str:
        """SHA-256 of what has come so far."""
        return self._hash.hexdigest()

    @property
    def size(self) -> int:
        """Bytes that have come so far."""
        return self._size

    def write(self, piece: bytes) -> None:
        """Take one more piece."""
        with _told_plainly(self._folder):
            self._file.write(piece)
        self._hash.update(piece)
        self._size += len(piece)

    def keep(self) -> Held:
        """Put it where its content belongs; what lies there already stays."""
        place = self._folder / self.digest
        with _told_plainly(self._folder):
            self._file.flush()
            os.fsync(self._file.fileno())
            self._file.close()
            new = not place.exists()
            os.replace(self._path, place)
        return Held(self.digest, self._size, new)

    def drop(self) -> None:
        """Forget it; harmless once it is kept."""
        with suppress(OSError):
            self._file.close()
        with suppress(OSError):
            self._path.unlink(missing_ok=True)


class Media:
    """The folder that holds every organisation's recordings, each in a folder of its own."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def arriving(self, organisation: OrganisationId) -> Arriving:
        """A place for a recording to arrive; MediaDown where it cannot be written."""
        return Arriving(self._of(organisation))

    @contextmanager
    def scratch(self, organisation: OrganisationId) -> Iterator[BinaryIO]:
        """A nameless file beside the recordings, which is gone with the block, or with the process."""
        folder = self._of(organisation)
        with ExitStack() as held:
            with _told_plainly(folder):
                folder.mkdir(parents=True, exist_ok=True, mode=0o700)
                file = held.enter_context(TemporaryFile(dir=folder))
            yield file

    def path(self, organisation: OrganisationId, digest: str) -> Path:
        """Where that content lies; NotFound where it is not held."""
        place = self._of(organisation) / digest
        if not place.is_file():
            raise NotFound("The recording is not held any more", where=digest[:12], todo="Capture it again from its source.")
        return place

    def remove(self, organisation: OrganisationId, digest: str) -> bool:
        """Delete that content; whether there was any."""
        place = self._of(organisation) / digest
        with _told_plainly(place):
            there = place.is_file()
            place.unlink(missing_ok=True)
        return there

    def left_over(self, known: Mapping[str, frozenset[str]], before: datetime) -> list[Path]:
        """What kills left behind: arrivals that never ended, and contents that no organisation's record knows, last touched before then.

        `known` are the digests on record by organisation.
        """
        held = (place for folder in self.folder.glob("*") if _is_tenants(folder) for place in folder.iterdir() if place.is_file())
        unknown = (p for p in held if p.name.startswith(UNFINISHED) or p.name not in known.get(p.parent.name, frozenset()))
        return sorted(p for p in unknown if p.stat().st_mtime < before.timestamp())

    def _of(self, organisation: OrganisationId) -> Path:
        return self.folder / organisation


def _is_tenants(folder: Path) -> bool:
    return folder.is_dir() and not folder.name.startswith(".")


def refuse_empty(size: int, name: str) -> None:
    """BadAudio for a recording without a byte."""
    if not size:
        raise BadAudio("The file is empty", where=name, todo="Copy or upload the file again, from where it was recorded.")


@contextmanager
def _told_plainly(place: Path) -> Iterator[None]:
    """MediaDown for whatever the file system says."""
    try:
        yield
    except OSError as e:
        todo = "Check its permissions and the space that is left."
        raise MediaDown(f"The media cannot be written: {e.strerror}", where=str(place), todo=todo) from e
