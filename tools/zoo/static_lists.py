# SPDX-License-Identifier: Apache-2.0
"""Orders of candidates that never see the data: by multiply-accumulates, by parameters, and by
accuracy on the source, or else by trained epochs."""

from collections.abc import Mapping, Sequence
from functools import cache
from math import prod
from pathlib import Path
from typing import Any

from export import architectures, preprocessing
from export.checkpoint import ExportError
from results import reader

_BY_ACCURACY, _BY_EPOCHS = "accuracy on the source", "trained epochs"


def lists(
    entries: Sequence[Mapping[str, Any]], children: Sequence[Mapping[str, Any]], folder: Path
) -> dict[str, dict[str, float]]:
    """By name of the list, then of the candidate; a list lacks what is not known. `entries` are of
    zoo.json in `folder`, `children` of manifest.json."""
    found = {
        "multiply-accumulates": _macs(entries),
        "parameters": {entry["name"]: _parameters(folder, entry) for entry in entries},
    }
    accuracies = _numbers(children, "source_accuracy")
    if len(accuracies) == len(entries):
        return found | {_BY_ACCURACY: accuracies}
    return found | {_BY_EPOCHS: _numbers(children, "all_epochs")}


def _numbers(children: Sequence[Mapping[str, Any]], key: str) -> dict[str, float]:
    return {
        str(child.get("name")): float(child[key])
        for child in children
        if reader.is_number(child.get(key))
    }


def _macs(entries: Sequence[Mapping[str, Any]]) -> dict[str, float]:
    """Of images; those of a text network depend on the lengths of the texts."""
    known = set(architectures.names("images"))
    return {
        entry["name"]: _macs_of(entry["architecture"])
        for entry in entries
        if entry.get("architecture") in known
    }


@cache
def _macs_of(architecture: str) -> float:
    """Of an image of the program's size, up to the features. torchvision's own records are of each
    network's size of images, which are not comparable."""
    import torch
    from peers import networks
    from torch.utils.flop_counter import FlopCounterMode

    with torch.device("meta"), torch.no_grad(), FlopCounterMode(display=False) as counter:
        networks.build(architecture)(torch.empty(1, 3, preprocessing.SIDE, preprocessing.SIDE))
    return counter.get_total_flops() / 2  # A multiplication and an addition each.


def _parameters(folder: Path, entry: Mapping[str, Any]) -> float:
    from safetensors import SafetensorError, safe_open

    path = folder / str(entry.get("weights"))
    try:
        with safe_open(path, "np") as tensors:
            return float(sum(prod(tensors.get_slice(name).get_shape()) for name in tensors.keys()))  # noqa: SIM118  no dict
    except (OSError, SafetensorError) as error:
        raise ExportError(f"{path}: not a checkpoint ({error})") from None
