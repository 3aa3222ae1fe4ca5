# SPDX-License-Identifier: Apache-2.0
"""Checkpoints of Hugging Face's transformers: BERT and RoBERTa, and the ViTs and ResNets that
compute what torchvision's compute."""

import json
from functools import partial
from pathlib import Path
from typing import Any

from torch import Tensor

from export import (
    architectures,
    hub,
    preprocessing,
    resnet_names,
    state_dict,
    text_config,
    vit_names,
)
from export.checkpoint import Checkpoint, ExportError
from export.finding import ANYWHERE, Choice, Wanted

TOKENIZER_FILES = (
    "tokenizer.json", "vocab.txt", "vocab.json", "merges.txt", "tokenizer_config.json",
    "special_tokens_map.json", "added_tokens.json",
)  # fmt: skip
SUPPORTED = (
    "bert, roberta, vit (base and large, patch 16 and 32, 224 pixels) and resnet (18 to 152)"
)
_HOW = (
    f"Fetch config.json, {hub.WEIGHTS[0]} (or {hub.WEIGHTS[1]}) and, for text, those of "
    f"{', '.join(TOKENIZER_FILES)} that it has elsewhere into one folder, and pass it as hf:FOLDER"
)
_TEXT_PARTS = ("embeddings.", "encoder.", "pooler.")
_BUFFERS = ("embeddings.position_ids", "embeddings.token_type_ids")
_VIT_SIZES = {(768, 12, 12, 3072): "b", (1024, 24, 16, 4096): "l"}
_RESNET_DEPTHS = {
    ("basic", (2, 2, 2, 2)): "resnet18",
    ("basic", (3, 4, 6, 3)): "resnet34",
    ("bottleneck", (3, 4, 6, 3)): "resnet50",
    ("bottleneck", (3, 4, 23, 3)): "resnet101",
    ("bottleneck", (3, 8, 36, 3)): "resnet152",
}


def load(identity: str, choice: Choice = ANYWHERE) -> Checkpoint:
    """`identity` is a local folder, else a repository such as google-bert/bert-base-uncased."""
    fetch = hub.open_folder_or_repository(identity, _HOW)
    config = _json(fetch, "config.json")
    if config is None:
        raise ExportError(f"{identity}: has no config.json")
    if "model_type" not in config and "pretrained_cfg" in config:
        raise ExportError(f"{identity} is a checkpoint of timm: pass it as timm:NAME")
    model_type = config.get("model_type")
    readers = {"bert": _text, "roberta": _text, "vit": _vit, "resnet": _resnet}
    if model_type not in readers:
        raise ExportError(
            f"{identity}: model_type {model_type} is not supported; supported are {SUPPORTED}"
        )
    return readers[model_type](identity, fetch, config, choice)


def _json(fetch: hub.Fetch, file: str) -> dict[str, Any] | None:
    path = fetch(file)
    if path is None:
        return None
    try:
        return dict(json.loads(path.read_text(encoding="utf-8")))
    except (ValueError, TypeError, RecursionError):
        raise ExportError(f"{path}: not a JSON object") from None


def _text(identity: str, fetch: hub.Fetch, config: dict[str, Any], choice: Choice) -> Checkpoint:
    settings = text_config.subset(config, identity)
    model_type = config["model_type"]
    architecture = text_config.MODEL_TYPES[model_type]
    wanted = Wanted(architecture, settings, partial(text_tensors, model_type=model_type))
    tensors, notes = state_dict.read(hub.weights(fetch, identity, _HOW), wanted, choice)
    tokenizer = tokenizer_files(fetch)
    notes += [] if tokenizer else ["it has no tokenizer; add one to its entry of the zoo"]
    return Checkpoint(architecture, tensors, f"hf {_shown(identity)}", settings, tokenizer, notes)


def text_tensors(tensors: dict[str, Tensor], model_type: str) -> dict[str, Tensor]:
    """The network without the prefix and the heads of a task, under today's names."""
    prefix = f"{model_type}."
    result = {}
    for name, tensor in tensors.items():
        inner = name.removeprefix(prefix)
        if not inner.startswith(_TEXT_PARTS) or inner in _BUFFERS:
            continue
        inner = inner.replace("LayerNorm.gamma", "LayerNorm.weight")
        result[inner.replace("LayerNorm.beta", "LayerNorm.bias")] = tensor
    return result


def tokenizer_files(fetch: hub.Fetch) -> list[Path]:
    found = [fetch(file) for file in TOKENIZER_FILES]
    files = [path for path in found if path is not None]
    vocabulary = {path.name for path in files}
    # A tokenizer needs a vocabulary; merges or settings alone are not enough.
    return files if vocabulary & {"tokenizer.json", "vocab.txt", "vocab.json"} else []


def _vit(identity: str, fetch: hub.Fetch, config: dict[str, Any], choice: Choice) -> Checkpoint:
    import transformers

    full = transformers.ViTConfig.from_dict(config)
    sizes = (
        full.hidden_size, full.num_hidden_layers, full.num_attention_heads, full.intermediate_size,
    )  # fmt: skip
    supported = (
        sizes in _VIT_SIZES
        and full.patch_size in (16, 32)
        and (full.image_size, full.num_channels) == (224, 3)
        and full.hidden_act == "gelu"
        and full.qkv_bias
    )
    if not supported:
        raise ExportError(f"{identity}: this ViT's sizes are not supported; supported: {SUPPORTED}")
    architecture = f"vit_{_VIT_SIZES[sizes]}_{full.patch_size}"
    notes = _image_notes(fetch)
    eps = architectures.find(architecture).normalization_eps
    if full.layer_norm_eps != eps:
        notes.append(f"its config has layer_norm_eps {full.layer_norm_eps}; torchvision's is {eps}")
    wanted = Wanted(architecture, convert=vit_names.from_hugging_face)
    tensors, found = state_dict.read(hub.weights(fetch, identity, _HOW), wanted, choice)
    return Checkpoint(architecture, tensors, f"hf {_shown(identity)}", notes=found + notes)


def _resnet(identity: str, fetch: hub.Fetch, config: dict[str, Any], choice: Choice) -> Checkpoint:
    import transformers

    full = transformers.ResNetConfig.from_dict(config)
    architecture = _RESNET_DEPTHS.get((full.layer_type, tuple(full.depths)))
    moved_stride = full.downsample_in_first_stage or full.downsample_in_bottleneck
    if architecture is None or moved_stride or full.hidden_act != "relu":
        raise ExportError(
            f"{identity}: this ResNet's structure is not supported; supported: {SUPPORTED}"
        )
    wanted = Wanted(architecture, convert=resnet_names.from_hugging_face)
    tensors, notes = state_dict.read(hub.weights(fetch, identity, _HOW), wanted, choice)
    notes += _image_notes(fetch)
    return Checkpoint(architecture, tensors, f"hf {_shown(identity)}", notes=notes)


def _image_notes(fetch: hub.Fetch) -> list[str]:
    settings = _json(fetch, "preprocessor_config.json") or {}
    if not {"image_mean", "image_std"} <= settings.keys():
        return []
    return preprocessing.notes(None, settings["image_mean"], settings["image_std"])


def _shown(identity: str) -> str:
    """A repository's name, or a folder's last part, so that a file for others does not contain a
    local path."""
    return Path(identity).resolve().name if Path(identity).is_dir() else identity
