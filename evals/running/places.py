"""Where runs keep things: all of it in the home folder, since it holds what people said, and `python -m evals clean` removes it."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

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


def remove_all() -> list[Path]:
    """Remove whatever is there; the folders that were."""
    there = [folder for folder in (kept_folder(), runs_folder(), _place("held"), _place("models")) if folder.exists()]
    for folder in there:
        shutil.rmtree(folder)
    return there
