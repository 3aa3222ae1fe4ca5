# SPDX-License-Identifier: Apache-2.0
"""Checkpoints for a comparison of loading: the same tensors in a safetensors and a torch.save file.

They are random tensors of Python's network up to its features. BatchNorm's batch counters are
included, as in torchvision's own files.
"""

from pathlib import Path

from export import architectures, writing
from export.checkpoint import Checkpoint
from whole_text import replacing


def ensure(folder: Path, architecture: str) -> None:
    """Writes both files unless they exist."""
    import torch

    from peers import networks

    tensors, pickled = paths(folder, architecture)
    if tensors.is_file() and pickled.is_file():
        return
    folder.mkdir(parents=True, exist_ok=True)
    state = stateful(networks.build(architecture), architecture).state_dict()
    with replacing(pickled) as part:
        torch.save(state, part)
    writing.write_weights(Checkpoint(architecture, state, "random"), tensors)


def paths(folder: Path, architecture: str) -> tuple[Path, Path]:
    return folder / f"{architecture}.safetensors", folder / f"{architecture}.pt"


def stateful(network, architecture: str):
    """The module whose state dict has the names of the checkpoint."""
    is_text = architectures.find(architecture).domain == "text"
    return network.encoder if is_text else network
