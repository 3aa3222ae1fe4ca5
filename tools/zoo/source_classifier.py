# SPDX-License-Identifier: Apache-2.0
"""What a candidate's own classifier says of the features that a search wrote: the probabilities of
source classes that some scores read. The files of --features_dir do not have them."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
from export import architectures
from export.checkpoint import ExportError
from safetensors import SafetensorError, safe_open
from safetensors.numpy import load_file, save_file
from scores.program import ScoringError


def with_probabilities(features: Path, entry: Mapping[str, Any], zoo: Path, copy: Path) -> Path:
    """`copy`, to which `features` were written with the probabilities, or `features` itself where
    it has them or the checkpoint has no classifier. `entry` is of zoo.json in the folder `zoo`."""
    found = _classifier(entry, zoo)
    if found is None or not features.is_file():
        return features
    try:
        tensors = load_file(features)
    except SafetensorError:
        return features  # The program says what is wrong with it.
    if "source_probabilities" in tensors or "features" not in tensors:
        return features
    weight, bias = found
    values = tensors["features"].astype(np.float32)
    if values.ndim != 2 or values.shape[1] != weight.shape[1]:
        raise ScoringError(
            f"{features}: its features are {list(values.shape)}; the classifier of "
            f"{entry['weights']} takes [N, {weight.shape[1]}]"
        )
    save_file(tensors | {"source_probabilities": _softmax(values @ weight.T + bias)}, copy)
    return copy


def _softmax(logits: np.ndarray) -> np.ndarray:
    powers = np.exp(logits - logits.max(1, keepdims=True))
    return powers / powers.sum(1, keepdims=True)


def _classifier(entry: Mapping[str, Any], zoo: Path) -> tuple[np.ndarray, np.ndarray] | None:
    """Weight and bias; texts and checkpoints without one have none."""
    if entry.get("architecture") not in architectures.names("images"):
        return None
    layer = architectures.find(entry["architecture"]).classifier
    path = zoo / str(entry.get("weights"))
    names = (f"{layer}.weight", f"{layer}.bias")
    try:
        with safe_open(path, "np") as tensors:
            if not set(names) <= set(tensors.keys()):
                return None
            weight, bias = (tensors.get_tensor(name).astype(np.float32) for name in names)
    except (OSError, SafetensorError) as error:
        raise ExportError(f"{path}: not a checkpoint ({error})") from None
    return weight, bias
