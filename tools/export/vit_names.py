# SPDX-License-Identifier: Apache-2.0
"""timm's and Hugging Face's names of a vision transformer's tensors -> torchvision's.

Both put query, key and value in this order, as torchvision's `in_proj_weight` [3 * width, width]
has them; Hugging Face keeps three tensors, which are joined here.
"""

import torch
from torch import Tensor

from export.renaming import rename

_DEEPEST = 24  # layers of the largest supported one
_LAYER = "encoder.layers.encoder_layer_"


def from_timm(tensors: dict[str, Tensor]) -> dict[str, Tensor]:
    rules = {
        "head.": "heads.head.",
        "cls_token": "class_token",
        "pos_embed": "encoder.pos_embedding",
        "patch_embed.proj.": "conv_proj.",
        "norm.": "encoder.ln.",
    }
    for index in range(_DEEPEST):
        theirs, ours = f"blocks.{index}.", f"{_LAYER}{index}."
        rules |= {
            f"{theirs}norm1.": f"{ours}ln_1.",
            f"{theirs}norm2.": f"{ours}ln_2.",
            f"{theirs}attn.qkv.": f"{ours}self_attention.in_proj_",
            f"{theirs}attn.proj.": f"{ours}self_attention.out_proj.",
            f"{theirs}mlp.fc1.": f"{ours}mlp.0.",
            f"{theirs}mlp.fc2.": f"{ours}mlp.3.",
        }
    return rename(tensors, rules)


def from_hugging_face(tensors: dict[str, Tensor]) -> dict[str, Tensor]:
    """Drops the pooler."""
    tensors = {name.removeprefix("vit."): tensor for name, tensor in tensors.items()}
    rules = {
        "classifier.": "heads.head.",
        "embeddings.cls_token": "class_token",
        "embeddings.position_embeddings": "encoder.pos_embedding",
        "embeddings.patch_embeddings.projection.": "conv_proj.",
        "layernorm.": "encoder.ln.",
    }
    for index in range(_DEEPEST):
        theirs, ours = f"encoder.layer.{index}.", f"{_LAYER}{index}."
        rules |= {
            f"{theirs}layernorm_before.": f"{ours}ln_1.",
            f"{theirs}layernorm_after.": f"{ours}ln_2.",
            f"{theirs}attention.output.dense.": f"{ours}self_attention.out_proj.",
            f"{theirs}intermediate.dense.": f"{ours}mlp.0.",
            f"{theirs}output.dense.": f"{ours}mlp.3.",
        }
        for kind in ("weight", "bias"):
            names = [
                f"{theirs}attention.attention.{part}.{kind}" for part in ("query", "key", "value")
            ]
            if all(name in tensors for name in names):
                joined = torch.cat([tensors[name] for name in names])
                tensors = {name: t for name, t in tensors.items() if name not in names}
                tensors[f"{ours}self_attention.in_proj_{kind}"] = joined
    return rename(tensors, rules, dropped=("pooler.",))
