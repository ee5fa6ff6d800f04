"""A folder that recordings are put into: what lies there, whether it is whole by now, and what was seen of it before.

`NAME.ext` is a recording of the interview NAME, `INTERVIEW/anything.ext` one of INTERVIEW; `NAME.json` beside a recording says more, and
`NAME.track.json`, `NAME.transcript.vtt`, `NAME.vtt` or `NAME.srt` is its conference tool's speaker track.
It is looked at anew each time, which works on network shares, too, where a change on another machine is told to nobody.
"""

import errno
import fcntl
import hashlib
import json
import os
import stat
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Annotated

from pydantic import Field, StringConstraints, ValidationError

from alignment.errors import BadAudio, BadSearch, BadTranscript, MediaDown
from alignment.record import Record, digest
from corpus.tracks import Track, track_in

SIDECAR = ".json"
TRACKS = (".track.json", ".transcript.vtt", ".vtt", ".srt")
# What programs call a file while they write or fetch it.
UNFINISHED = (".part", ".partial", ".tmp", ".temp", ".crdownload", ".download", ".filepart", ".swp", "~")
LARGEST_SIDECAR = 65_536
LARGEST_TRACK = 20_000_000
Told = Annotated[str, StringConstraints(strip_whitespace=True, max_length=200, pattern=r"^[^\x00-\x1f\x7f]*$")]


class Sidecar(Record):
    """What `NAME.json` says of the recording beside it; all of it may be left out."""

    interview: Told = ""
    candidate: Told = ""
    held_on: date | None = None
    consent: Told = ""
    region: Told = ""
    language: str | None = Field(default=None, min_length=2, max_length=8)


@dataclass(frozen=True, slots=True)
class Appeared:
    """A file as it lies there: its interview by its place, and a mark that changes whenever it or what is said of it does."""

    path: Path
    interview: str
    mark: str
    sidecar: Path
    track: Path | None

    @property
    def place(self) -> str:
        """Its own name, as it can be written anywhere."""
        return printed(Path(self.path.name))

    @property
    def beside(self) -> str:
        """The name of its sidecar, likewise."""
        return printed(Path(self.sidecar.name))


def printed(path: Path) -> str:
    """The path as text that can be written: a name in another encoding has its odd bytes as `\\xe9`."""
    return str(path).encode("utf-8", "surrogateescape").decode("utf-8", "backslashreplace")


def files_in(folder: Path) -> list[Appeared]:
    """What lies in the folder and one folder below, by name; MediaDown where it cannot be read."""
    try:
        return list(_appeared(folder, ""))
    except OSError as e:
        todo = "Check that it is there, and its rights."
        raise MediaDown(f"The watched folder cannot be read: {e.strerror}", where=str(folder), todo=todo) from e


def _appeared(folder: Path, interview: str) -> Iterator[Appeared]:
    with os.scandir(folder) as entries:
        found = sorted((e for e in entries if not e.name.startswith(".")), key=lambda e: e.name)
    beside = {e.name: Path(e.path) for e in found if e.name.lower().endswith((SIDECAR, *TRACKS))}
    # Where nothing has just that name: cameras and conference tools differ in small and capital letters.
    beside = {name.lower(): path for name, path in beside.items()} | beside
    for entry in found:
        if entry.name.lower().endswith((*UNFINISHED, SIDECAR, *TRACKS)):
            continue
        # A link may lead to what nobody meant to give.
        if entry.is_dir(follow_symlinks=False) and not interview:
            with suppress(PermissionError):  # one that is nobody's business here
                yield from _appeared(Path(entry.path), printed(Path(entry.name)))
        elif entry.is_file(follow_symlinks=False):
            yield _recording(Path(entry.path), interview, beside)


def _recording(path: Path, interview: str, beside: Mapping[str, Path]) -> Appeared:
    def found(ending: str) -> Path | None:
        name = f"{path.stem}{ending}"
        return beside.get(name) or beside.get(name.lower())

    sidecar = found(SIDECAR) or path.with_suffix(SIDECAR)
    track = next((place for ending in TRACKS if (place := found(ending))), None)
    mark = " ".join(_stands(place) if place else "-" for place in (path, sidecar, track))
    return Appeared(path, interview or printed(Path(path.stem)), mark, sidecar, track)


def _stands(path: Path) -> str:
    try:
        now = path.lstat()
    except OSError:  # it is not there, or its name would be too long to be
        return "-"
    return f"{now.st_size} {now.st_mtime_ns} {now.st_ino}"


def is_locked(path: Path) -> bool:
    """Whether somebody has a lock on the file, of either kind; where there are no locks, nobody has."""
    try:
        with path.open("rb") as file:
            for lock in (fcntl.flock, fcntl.lockf):
                try:
                    lock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
                except BlockingIOError:
                    return True
                except OSError:
                    continue
    except OSError:
        return False
    return False


def said_of(file: Appeared) -> Sidecar:
    """What its sidecar says, nothing where it has none; BadSearch for what cannot be read as one."""
    place = file.sidecar
    try:
        mode = place.lstat().st_mode
        if not stat.S_ISREG(mode) or place.stat().st_size > LARGEST_SIDECAR:
            raise BadSearch("That is no sidecar of a recording", where=place.name)
        return Sidecar.model_validate_json(place.read_bytes())
    except FileNotFoundError:
        return Sidecar()
    except ValidationError as e:
        first = e.errors()[0]
        what = f"The sidecar cannot be read: {'.'.join(map(str, first['loc']))} {first['msg']}".replace(":  ", ": ")
        raise BadSearch(what, where=place.name, todo=f"It may say {', '.join(Sidecar.model_fields)}.") from e
    except OSError as e:
        if e.errno == errno.ENAMETOOLONG:  # so there is none
            return Sidecar()
        raise BadSearch(f"The sidecar cannot be read: {e.strerror}", where=place.name, todo="Check its rights.") from e


def track_of(file: Appeared) -> Track:
    """The turns of the speaker track beside it, none where there is none; BadTranscript where it cannot be read as one."""
    if file.track is None:
        return ()
    where = printed(Path(file.track.name))
    try:
        held = file.track.lstat()
        if not stat.S_ISREG(held.st_mode):
            raise BadTranscript("A link or folder is no speaker track", where=where, todo="Put the file itself there.")
        if held.st_size > LARGEST_TRACK:
            raise BadTranscript("The track is larger than 20 MB", where=where, todo="One of four hours has less than 1 MB.")
        content = file.track.read_bytes()
    except FileNotFoundError:
        return ()
    except OSError as e:
        raise BadTranscript(f"The track cannot be read: {e.strerror}", where=where, todo="Check its rights.") from e
    return track_in(content, where)


def content_of(path: Path) -> str:
    """SHA-256 of the file; BadAudio where it cannot be read."""
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError as e:
        raise BadAudio(f"The file cannot be opened: {e.strerror}", where=path.name, todo="Check its rights.") from e


class Memory:
    """What was taken in and what was refused, by digests alone, so that neither is done or told again after a restart.

    What was taken in stays so when it is erased: a file that was left lying does not bring an interview back.
    """

    def __init__(self, place: Path) -> None:
        self._place = place
        try:
            held = json.loads(place.read_bytes())
            self._taken, self._refused, self._tracks = dict(held["taken"]), dict(held["refused"]), dict(held.get("tracks", {}))
        except (OSError, ValueError, KeyError, TypeError):
            self._taken, self._refused, self._tracks = {}, {}, {}

    def taken(self, content: str) -> str | None:
        """The digest of the name under which that content was taken in; None where it was not."""
        return self._taken.get(content)

    def take(self, content: str, name: str) -> None:
        """Keep that the content was taken in."""
        self._taken[content] = digest(name)
        self._save()

    def has_track(self, content: str, track: str) -> bool:
        """Whether that was the last track of that content that came to anything here."""
        return bool(self._tracks.get(content) == digest(content, track))

    def take_track(self, content: str, track: str) -> None:
        """Keep that it was: a restart does not give it again, over what people have given or corrected since."""
        self._tracks[content] = digest(content, track)
        self._save()

    def refuse(self, what: str, code: str) -> bool:
        """Keep that it was refused for that reason; False where that is known."""
        if self._refused.get(what) == code:
            return False
        self._refused[what] = code
        self._save()
        return True

    def _save(self) -> None:
        part = self._place.with_suffix(".part")
        try:
            self._place.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            part.write_text(json.dumps({"taken": self._taken, "refused": self._refused, "tracks": self._tracks}), encoding="utf-8")
            part.replace(self._place)
        except OSError as e:
            raise MediaDown(f"What was seen cannot be kept: {e.strerror}", where=str(self._place), todo="Make room.") from e
