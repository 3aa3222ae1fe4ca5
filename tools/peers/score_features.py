# SPDX-License-Identifier: Apache-2.0
"""Synthetic features that look like those of a network, to compare what scores cost.

A network's last layer has rectified values, classes that overlap, and a spectrum that decays; its
source probabilities follow from the same activations.
"""

from pathlib import Path

import numpy as np
from safetensors.numpy import save_file

_DISTANCE = 0.4  # of the class means, in deviations of the noise
_DECAY = 0.5  # The deviation of dimension j is (j + 1)^-0.5.
_SHARPNESS = 4.0  # of the source probabilities


def draw(
    items: int, width: int, classes: int, source_classes: int, seed: int
) -> dict[str, np.ndarray]:
    """`features` [N, D] and `source_probabilities` [N, Z], float32, and balanced `labels` [N]."""
    rng = np.random.default_rng(seed)
    labels = rng.permutation(np.arange(items) % classes)
    scale = (np.arange(width, dtype=np.float32) + 1) ** -_DECAY
    latent = rng.standard_normal((items, width), dtype=np.float32)
    latent += _DISTANCE * rng.standard_normal((classes, width), dtype=np.float32)[labels]
    latent *= scale
    mixing = rng.standard_normal((width, width), dtype=np.float32)
    features = np.maximum(latent @ mixing / np.linalg.norm(scale) + 0.25, 0)
    directions = rng.standard_normal((width, source_classes), dtype=np.float32)
    logits = _SHARPNESS * (latent @ directions) / np.linalg.norm(scale)
    powers = np.exp(logits - logits.max(1, keepdims=True))
    probabilities = powers / powers.sum(1, keepdims=True)
    return {"features": features, "labels": labels, "source_probabilities": probabilities}


def write(path: Path, content: dict[str, np.ndarray]) -> None:
    save_file(content, path)


def read(path: Path) -> dict[str, np.ndarray]:
    from safetensors.numpy import load_file

    return load_file(path)
