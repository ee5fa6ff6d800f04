"""Where runs keep things: all of it in the home folder, since it holds what people said, and `python -m evals clean` removes it."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from alignment.errors import BadSettings, Refused
from alignment.settings import load_settings


def _place(name: str) -> Path:
    return load_settings().home / "evals" / name


def kept_folder() -> Path:
    """Outcomes by their content."""
    return _place("kept")


def runs_folder() -> Path:
    """Runs for which no folder was named."""
    return _place("runs")


@contextmanager
def fresh_home() -> Iterator[Path]:
    """An empty home for the product under test, gone afterwards; what a killed run leaves of it lies where `clean` finds it."""
    place, models = _place("held"), _place("models")
    for folder in (place, models):
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    with TemporaryDirectory(dir=place) as home:
        # Making the embedder's weights fit takes a second, and they are the same in every home.
        (Path(home) / "models").symlink_to(models.absolute())
        yield Path(home)


def check_home() -> None:
    """Pass where a home for the product can be made; BadSettings before hundreds of cases crash for want of one."""
    try:
        with fresh_home():
            pass
    except OSError as e:
        raise BadSettings(
            f"The home folder cannot be made or written: {e.strerror or e}",
            where=str(load_settings().home),
            todo="Set PLUMBLINE_HOME to a folder that you may write.",
        ) from e


def remove_all() -> list[Path]:
    """Remove whatever is there, and what was; Refused, with nothing removed, where a link leads elsewhere."""
    places = [kept_folder(), runs_folder(), _place("held"), _place("models")]
    for place in (places[0].parent, *places):
        if place.is_symlink():
            raise Refused(
                f"That is a link to {place.readlink()}, which is not followed, and nothing was removed",
                where=str(place),
                todo="Look at what it leads to, remove that yourself, then the link.",
            )
    there = [place for place in places if place.exists()]
    for place in there:
        if place.is_dir():
            shutil.rmtree(place)
        else:
            place.unlink()
    return there
