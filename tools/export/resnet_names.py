# SPDX-License-Identifier: Apache-2.0
"""Hugging Face's names of a ResNet's tensors -> torchvision's; timm has torchvision's."""

import re

from torch import Tensor

_LAYER = re.compile(r"encoder\.stages\.(\d+)\.layers\.(\d+)\.(layer\.(\d+)|shortcut)\.(\w+)\.(.*)")
_STEM = re.compile(r"embedder\.embedder\.(\w+)\.(.*)")


def from_hugging_face(tensors: dict[str, Tensor]) -> dict[str, Tensor]:
    """Unknown names stay, so that the check reports them."""
    return {_renamed(name.removeprefix("resnet.")): tensor for name, tensor in tensors.items()}


def _renamed(name: str) -> str:
    if match := _STEM.fullmatch(name):
        return f"{'conv1' if match[1] == 'convolution' else 'bn1'}.{match[2]}"
    if name.startswith("classifier.1."):
        return name.replace("classifier.1.", "fc.")
    match = _LAYER.fullmatch(name)
    if match is None:
        return name
    stage, block, _, place, kind, rest = match.groups()
    is_convolution = kind == "convolution"
    if place is None:
        inner = f"downsample.{0 if is_convolution else 1}"
    else:
        inner = f"{'conv' if is_convolution else 'bn'}{int(place) + 1}"
    return f"layer{int(stage) + 1}.{block}.{inner}.{rest}"
