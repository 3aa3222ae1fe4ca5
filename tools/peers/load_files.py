# SPDX-License-Identifier: Apache-2.0
"""Checkpoints for a comparison of loading: equal tensors as safetensors and as torch.save writes.

The tensors are those of Python's network up to its features, random, with BatchNorm's counters of
batches, as torchvision's own files have them.
"""

import os
from pathlib import Path

from export import architectures, writing
from export.checkpoint import Checkpoint
from whole_text import beside


def ensure(folder: Path, architecture: str) -> None:
    """Write both files unless they are there."""
    import torch

    from peers import networks

    tensors, pickled = paths(folder, architecture)
    if tensors.is_file() and pickled.is_file():
        return
    folder.mkdir(parents=True, exist_ok=True)
    state = stateful(networks.build(architecture), architecture).state_dict()
    part = beside(pickled)
    torch.save(state, part)
    os.replace(part, pickled)
    writing.write_weights(Checkpoint(architecture, state, "random"), tensors)


def paths(folder: Path, architecture: str) -> tuple[Path, Path]:
    return folder / f"{architecture}.safetensors", folder / f"{architecture}.pt"


def stateful(network, architecture: str):
    """The module whose state dict has the checkpoint's names."""
    is_text = architectures.find(architecture).domain == "text"
    return network.encoder if is_text else network
