"""Places that commands are told to write to, tried before anything is asked: an hour's run is not lost for want of a folder."""

from contextlib import suppress
from pathlib import Path
from tempfile import TemporaryFile

from alignment.errors import BadRequest

TODO = "Name a place where you may write."


def folder_for(path: Path) -> Path:
    """The same path, of a folder that can be made and written to; it is not there afterwards where it was not before."""
    made = [p for p in (path, *path.parents) if not p.exists()]
    try:
        path.mkdir(parents=True, exist_ok=True)
        with TemporaryFile(dir=path):
            pass
    except OSError as e:
        raise BadRequest(f"No folder can be written there: {reason(e)}", where=str(path), todo=TODO) from e
    finally:
        with suppress(OSError):
            for folder in made:
                folder.rmdir()
    return path


def file_for(path: Path) -> Path:
    """The same path, of a file that can be written; the folders above it are made."""
    if path.is_dir():
        raise BadRequest("That is a folder, and a file is to be written", where=str(path), todo="Name a file in it.")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("ab"):
            pass
        if not path.stat().st_size:
            path.unlink()
    except OSError as e:
        raise BadRequest(f"No file can be written there: {reason(e)}", where=str(path), todo=TODO) from e
    return path


def reason(error: OSError) -> str:
    """Why, in the system's words, and with the path that it names."""
    return f"{error.strerror or error}{f' ({error.filename})' if error.filename else ''}"
