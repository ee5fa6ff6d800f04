"""all-MiniLM-L6-v2's safetensors as an int8 ctranslate2 model, with numpy alone; field names after ctranslate2's own BertLoader."""

import json
from pathlib import Path
from typing import Any

import numpy as np

HEADS = 12
EPSILON = 1e-12


def convert(weights: Path, to: Path) -> None:
    """Write the model in the folder `weights` as ctranslate2 int8 into the new folder `to`."""
    from ctranslate2.specs import common_spec, transformer_spec
    from safetensors.numpy import load_file

    tensors: dict[str, Any] = load_file(weights / "model.safetensors")
    layers = 1 + max(int(name.split(".")[2]) for name in tensors if name.startswith("encoder.layer."))
    encoder = transformer_spec.TransformerEncoderSpec(
        layers,
        HEADS,
        pre_norm=False,
        activation=common_spec.Activation.GELU,
        layernorm_embedding=True,
        num_source_embeddings=2,
        embeddings_merge=common_spec.EmbeddingsMerge.ADD,
    )
    encoder.scale_embeddings = False
    encoder.embeddings[0].weight = tensors["embeddings.word_embeddings.weight"]
    encoder.embeddings[1].weight = tensors["embeddings.token_type_embeddings.weight"]
    encoder.position_encodings.encodings = tensors["embeddings.position_embeddings.weight"]
    _norm(encoder.layernorm_embedding, tensors, "embeddings.LayerNorm")
    for number, layer in enumerate(encoder.layer):
        _layer(layer, tensors, f"encoder.layer.{number}")
    spec = transformer_spec.TransformerEncoderModelSpec(encoder, pooling_layer=False)
    spec.config.unk_token = "[UNK]"
    spec.config.layer_norm_epsilon = EPSILON
    spec.register_vocabulary(_vocabulary(weights / "tokenizer.json", len(tensors["embeddings.word_embeddings.weight"])))
    spec.validate()
    spec.optimize(quantization="int8")
    to.mkdir(parents=True)
    spec.save(str(to))


def _layer(layer: Any, tensors: dict[str, Any], at: str) -> None:
    attention = layer.self_attention
    parts = [f"{at}.attention.self.{part}" for part in ("query", "key", "value")]
    # ctranslate2 multiplies by query, key and value in one go.
    attention.linear[0].weight = np.concatenate([tensors[f"{part}.weight"] for part in parts])
    attention.linear[0].bias = np.concatenate([tensors[f"{part}.bias"] for part in parts])
    _linear(attention.linear[1], tensors, f"{at}.attention.output.dense")
    _norm(attention.layer_norm, tensors, f"{at}.attention.output.LayerNorm")
    _linear(layer.ffn.linear_0, tensors, f"{at}.intermediate.dense")
    _linear(layer.ffn.linear_1, tensors, f"{at}.output.dense")
    _norm(layer.ffn.layer_norm, tensors, f"{at}.output.LayerNorm")


def _linear(spec: Any, tensors: dict[str, Any], name: str) -> None:
    spec.weight, spec.bias = tensors[f"{name}.weight"], tensors[f"{name}.bias"]


def _norm(spec: Any, tensors: dict[str, Any], name: str) -> None:
    spec.gamma, spec.beta = tensors[f"{name}.weight"], tensors[f"{name}.bias"]


def _vocabulary(tokenizer: Path, size: int) -> list[str]:
    vocabulary: dict[str, int] = json.loads(tokenizer.read_text(encoding="utf-8"))["model"]["vocab"]
    tokens = sorted(vocabulary, key=lambda token: vocabulary[token])
    return tokens + [f"<extra_id_{i}>" for i in range(size - len(tokens))]
