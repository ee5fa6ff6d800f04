"""The secret that signs links to recordings: made once, and kept beside them, so that whoever serves the recordings shares it."""

import fcntl
import os
import secrets
from pathlib import Path

from alignment.errors import MediaDown

PLACE = ".links"
LENGTH = 32


def link_secret(folder: Path) -> bytes:
    """The secret of that folder of recordings, made where there is none yet; without the file, every link that it signed is over.

    MediaDown where it can neither be read nor made.
    """
    place = folder / PLACE
    try:
        if place.is_file() and len(held := place.read_bytes()) == LENGTH:
            return held
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        return _made(place)
    except OSError as e:
        todo = "Check its permissions and the space that is left."
        raise MediaDown(f"The secret of links cannot be read or made: {e.strerror}", where=str(place), todo=todo) from e


def _made(place: Path) -> bytes:
    """What the first of several processes makes of it; one that died while it wrote is as if it had never been there."""
    with os.fdopen(os.open(place, os.O_RDWR | os.O_CREAT, 0o600), "r+b") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        if len(held := file.read()) == LENGTH:
            return held
        made = secrets.token_bytes(LENGTH)
        file.seek(0)
        file.truncate()
        file.write(made)
        file.flush()
        os.fsync(file.fileno())
        return made
