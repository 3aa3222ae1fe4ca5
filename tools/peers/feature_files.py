# SPDX-License-Identifier: Apache-2.0
"""Files of features as our program writes them: `features` [N, D], `labels` [N], and the items'
names (files below `train`) in the metadata."""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from peers.feature_distance import distance
from peers.peer_process import PeerError


def path(folder: Path, candidate: str) -> Path:
    return folder / f"{candidate}.full.safetensors"


def write(folder: Path, candidate: str, features: Any, labels: Any, items: Sequence[str]) -> None:
    from safetensors.torch import save_file

    folder.mkdir(parents=True, exist_ok=True)
    tensors = {"features": features.cpu().contiguous(), "labels": labels.cpu().contiguous()}
    save_file(tensors, path(folder, candidate), {"items": json.dumps(list(items))})


def distance_between(ours: Path, theirs: Path) -> float:
    """The largest relative distance of an item of theirs between two files, whose rows may be in
    different orders. Raises PeerError where a file or an item is missing, or labels differ."""
    features, labels, places = _read(ours)
    expected, expected_labels, items = _read(theirs)
    missing = items.keys() - places.keys()
    if missing or len(items) != len(places):
        raise PeerError(
            f"{ours.name}: {len(places)} items, where Python has {len(items)}"
            + (f"; it lacks {min(missing)}" if missing else "")
        )
    order = [places[item] for item in items]
    if (labels[order] != expected_labels).any():
        raise PeerError(f"{ours.name}: labels differ from Python's")
    return distance(features[order], expected)


def _read(file: Path) -> tuple[Any, Any, dict[str, int]]:
    """Features, labels, and the row of each item."""
    from safetensors import SafetensorError, safe_open

    try:
        with safe_open(file, "pt") as tensors:
            items = json.loads(tensors.metadata()["items"])
            features, labels = tensors.get_tensor("features"), tensors.get_tensor("labels")
    except FileNotFoundError:
        raise PeerError(f"{file.name}: no features were written") from None
    except (SafetensorError, KeyError, TypeError, ValueError) as error:
        raise PeerError(f"{file.name}: not a file of features ({error})") from None
    return features, labels, {item: row for row, item in enumerate(items)}
