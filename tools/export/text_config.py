# SPDX-License-Identifier: Apache-2.0
"""Settings of BERT and RoBERTa with Hugging Face's keys, complete and checked."""

from typing import Any

import torch

from export.checkpoint import ExportError

KEYS = (
    "model_type", "vocab_size", "hidden_size", "num_hidden_layers", "num_attention_heads",
    "intermediate_size", "max_position_embeddings", "type_vocab_size", "layer_norm_eps",
    "hidden_act", "pad_token_id",
)  # fmt: skip
MODEL_TYPES = {"bert": "bert_base", "roberta": "roberta_base"}
_ARCHITECTURES = {architecture: model_type for model_type, architecture in MODEL_TYPES.items()}
# What differs from the library's defaults, which are BERT-base's.
_BASE = {
    "bert_base": {},
    "roberta_base": {
        "vocab_size": 50265, "max_position_embeddings": 514, "type_vocab_size": 1,
        "layer_norm_eps": 1e-5, "pad_token_id": 1,
    },
}  # fmt: skip


def defaults(architecture: str) -> dict[str, Any]:
    """Settings of the published base checkpoint."""
    return subset(_BASE[architecture] | {"model_type": _ARCHITECTURES[architecture]}, "defaults")


def subset(config: dict[str, Any], source: str) -> dict[str, Any]:
    """The keys that the program reads; a key left out has the value that the library gives it.

    Raises ExportError for a setting that changes the computation beyond these keys.
    """
    if config.get("position_embedding_type", "absolute") != "absolute":
        raise ExportError(
            f"{source}: position_embedding_type={config['position_embedding_type']} is not "
            "supported; absolute is"
        )
    if config.get("is_decoder") or config.get("add_cross_attention"):
        raise ExportError(f"{source}: a decoder is not supported; encoders are")
    kept = {key: config[key] for key in KEYS if config.get(key) is not None}
    complete = _hugging_face(kept).to_dict()
    return {key: complete[key] for key in KEYS}


def build(
    architecture: str,
    config: dict[str, Any] | None = None,
    *,
    add_pooling_layer: bool = True,
    attention: str | None = None,
) -> torch.nn.Module:
    """The library's network without heads, on the default device; `config` defaults to the base
    sizes and `attention` to the library's own choice of an implementation."""
    import transformers

    settings = _hugging_face(config or defaults(architecture))
    if attention:
        settings._attn_implementation = attention
    network = transformers.BertModel if architecture == "bert_base" else transformers.RobertaModel
    return network(settings, add_pooling_layer=add_pooling_layer)


def _hugging_face(config: dict[str, Any]) -> Any:
    import transformers

    rest = {key: value for key, value in config.items() if key != "model_type"}
    if config["model_type"] == "roberta":
        return transformers.RobertaConfig(**rest)
    return transformers.BertConfig(**rest)
