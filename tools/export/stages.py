# SPDX-License-Identifier: Apache-2.0
"""To which stage of a network a tensor belongs: the stem, one of the blocks, or the head."""

import re
from collections.abc import Collection

from export import architectures

# By the start of the names of a family: where its blocks begin, and which further tensors are the
# head's. All others are the stem's. `fixtures/models` cuts networks at the same places.
_BLOCKS = {
    "resnet": (r"layer\d+\.\d+\.", ()),
    "mobilenet_v2": (r"features\.(?!0\.|18\.)\d+\.", ("features.18.",)),
    "efficientnet_v2_s": (r"features\.[1-6]\.\d+\.", ("features.7.",)),
    "efficientnet_v2_l": (r"features\.[1-7]\.\d+\.", ("features.8.",)),
    "vit": (r"encoder\.layers\.encoder_layer_\d+\.", ("encoder.ln.",)),
    "bert_base": (r"encoder\.layer\.\d+\.", ("pooler.",)),
    "roberta_base": (r"encoder\.layer\.\d+\.", ("pooler.",)),
}


def of_tensors(architecture: str, names: Collection[str]) -> tuple[dict[str, int], int]:
    """The stage of each tensor, and the number n of blocks: the stem is stage 0, the blocks are
    1 to n, the head with the classifier is n + 1. Raises KeyError for a family that the table
    lacks."""
    pattern, head = _row(architecture)
    head += architectures.find(architecture).head
    block_of = {name: found.group() for name in names if (found := re.match(pattern, name))}
    order = sorted(set(block_of.values()), key=lambda block: _numbers(block))
    number = {block: 1 + index for index, block in enumerate(order)}
    after = len(order) + 1
    stages = {
        name: number[block_of[name]] if name in block_of else after * name.startswith(head)
        for name in names
    }
    return stages, len(order)


def _row(architecture: str) -> tuple[str, tuple[str, ...]]:
    for family, row in _BLOCKS.items():
        if architecture.startswith(family):
            return row
    raise KeyError(f"export/stages.py does not say what the blocks of {architecture} are called")


def _numbers(block: str) -> list[int]:
    return [int(digits) for digits in re.findall(r"\d+", block)]
