"""Words without the places of one machine, for whatever leaves it: of an absolute path its last name stays."""

import re
import tempfile
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any

_SYSTEM = ("bin", "boot", "data", "etc", "home", "lib", "media", "mnt", "nix", "opt", "private", "proc", "root", "run", "srv", "sys", "tmp")
_ROOTS = (*_SYSTEM, "usr", "var", "workspace", "Users", "Volumes")
_WINDOWS = re.compile(r"\b[A-Za-z]:\\(?:[^\\\s\"']+\\)*")


def placeless(text: str) -> str:
    """The text with every absolute path cut to `…/` and its last name; addresses on the web and words with slashes stay as they are."""
    return _WINDOWS.sub("…/", _posix().sub("…/", text))


def placeless_values(value: Any) -> Any:
    """The same for all text in plain values."""
    if isinstance(value, str):
        return placeless(value)
    if isinstance(value, Mapping):
        return {placeless(str(k)): placeless_values(v) for k, v in value.items()}
    if isinstance(value, Sequence):
        return [placeless_values(v) for v in value]
    return value


@cache
def _posix() -> re.Pattern[str]:
    """Paths below where this process is at home (which may have spaces in them), or below what stands at the root of machines."""
    homes = (Path.cwd(), Path.home(), Path(tempfile.gettempdir()))
    places = {str(p).rstrip("/") for home in homes for p in (home, home.resolve())} - {""}
    roots = {f"/{name}" for name in (*_ROOTS, *(p.parts[1] for p in (*homes, Path(__file__)) if len(p.parts) > 1))}
    begins = "|".join(re.escape(place) for place in sorted(places | roots, key=lambda place: (-len(place), place)))
    return re.compile(rf"(?<![\w./…])(?:[a-z]\w*:///*(?=/))?(?:{begins})/(?:[\w.@+~-]+/)*(?=[\w.@+~-])")
