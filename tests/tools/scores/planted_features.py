# SPDX-License-Identifier: Apache-2.0
"""Features whose ranking is known: the classes lie as far from each other as the test says."""

from pathlib import Path

import numpy as np
from safetensors.numpy import save_file

ITEMS, WIDTH, CLASSES, SOURCE_CLASSES = 150, 8, 3, 5


def tensors(distance: float, seed: int = 0) -> dict[str, np.ndarray]:
    """Normal noise, and `distance` along an axis of its own for each class."""
    rng = np.random.default_rng(seed)
    labels = np.arange(ITEMS) % CLASSES
    features = rng.normal(size=(ITEMS, WIDTH)).astype(np.float32)
    features[np.arange(ITEMS), labels] += distance
    return {"features": features, "labels": labels}


def probabilities(seed: int = 0) -> np.ndarray:
    values = np.random.default_rng(seed).random((ITEMS, SOURCE_CLASSES)).astype(np.float32)
    return values / values.sum(1, keepdims=True)


def write(path: Path, content: dict[str, np.ndarray]) -> Path:
    if path.suffix == ".npz":
        np.savez(path, **content)
    else:
        save_file(content, path)
    return path
