# SPDX-License-Identifier: Apache-2.0
"""Tensors that an architecture needs, and what a checkpoint lacks of them."""

from collections.abc import Iterable
from typing import Any

import torch
from torch import Tensor

from export import architectures, text_config
from export.checkpoint import Checkpoint, ExportError

_SHOWN = 10
_DTYPES = (torch.float32, torch.float16, torch.bfloat16, torch.float64)


def shapes(architecture: str, config: dict[str, Any] | None = None) -> dict[str, tuple[int, ...]]:
    """Name and shape of each tensor without the classifier, without allocating them."""
    row = architectures.find(architecture)
    with torch.device("meta"):
        module = _module(architecture, config)
    return {
        name: tuple(tensor.shape)
        for name, tensor in module.state_dict().items()
        if not name.startswith(row.head)
    }


def is_classifier(architecture: str, name: str, tensor: Tensor) -> bool:
    """Whether a tensor is the network's classifier, of any number of classes."""
    layer = architectures.find(architecture).classifier
    if layer is None or name not in (f"{layer}.weight", f"{layer}.bias"):
        return False
    with torch.device("meta"):
        own = _module(architecture, None).state_dict()[name]
    return tensor.shape[1:] == own.shape[1:] and tensor.ndim == own.ndim


def _module(architecture: str, config: dict[str, Any] | None) -> torch.nn.Module:
    if architectures.find(architecture).domain == "text":
        return text_config.build(architecture, config)
    import torchvision

    return torchvision.models.get_model(architecture, weights=None)


def is_optional(name: str) -> bool:
    """Whether features can do without a tensor: BatchNorm's step counter and BERT's pooler."""
    return name.endswith(".num_batches_tracked") or name.startswith("pooler.")


def check(checkpoint: Checkpoint) -> None:
    """Raises ExportError that lists missing, unexpected and misshapen tensors.

    A classifier, BatchNorm's step counter and BERT's pooler may be missing, because the features
    (of the class token) do not need them."""
    head = architectures.find(checkpoint.architecture).head
    wanted = shapes(checkpoint.architecture, checkpoint.config)
    given = {n: t for n, t in checkpoint.tensors.items() if not n.startswith(head)}
    optional = {name for name in wanted if name.endswith(".num_batches_tracked")}
    if not any(name.startswith("pooler.") for name in given):
        optional |= {name for name in wanted if name.startswith("pooler.")}
    problems = [
        *_listed("missing", (n for n in wanted if n not in given and n not in optional)),
        *_listed("unexpected", (name for name in given if name not in wanted)),
        *_listed(
            "misshapen",
            (
                f"{name} is {list(tensor.shape)}, not {list(wanted[name])}"
                for name, tensor in given.items()
                if name in wanted and tuple(tensor.shape) != wanted[name]
            ),
        ),
        *_listed(
            "of an unsupported type",
            (
                f"{name} is {_dtype(tensor)}"
                for name, tensor in given.items()
                if name in wanted and name not in optional and tensor.dtype not in _DTYPES
            ),
        ),
    ]
    if problems:
        raise ExportError(
            f"{checkpoint.source} is not a {checkpoint.architecture}: " + "; ".join(problems)
        )


def _dtype(tensor: Tensor) -> str:
    return str(tensor.dtype).removeprefix("torch.")


def _listed(what: str, found: Iterable[str]) -> list[str]:
    """`3 missing: a, b, c`, at most the first ten; an empty list where `found` is empty."""
    all_found = list(found)
    if not all_found:
        return []
    more = ", …" if len(all_found) > _SHOWN else ""
    return [f"{len(all_found)} {what}: {', '.join(all_found[:_SHOWN])}{more}"]
