# SPDX-License-Identifier: Apache-2.0
"""Checkpoints of torchvision, which has the program's names already."""

import socket
from pathlib import Path

from export import architectures, preprocessing
from export.checkpoint import Checkpoint, ExportError

_DEFAULT = "IMAGENET1K_V1"
_TIMEOUT = 30  # seconds without an answer; torch.hub itself waits without a limit


def load(name: str, weights: str | None = None) -> Checkpoint:
    """`weights` is torchvision's name of one, by default IMAGENET1K_V1, which all networks have."""
    import torch
    import torchvision

    supported = architectures.names("images")
    if name not in supported:
        raise ExportError(
            f"torchvision:{name} is not supported; supported are {', '.join(supported)}"
        )
    choices = torchvision.models.get_model_weights(name)
    chosen = weights or _DEFAULT
    if chosen not in choices.__members__:
        raise ExportError(
            f"torchvision:{name} has no weights '{chosen}'; choices: "
            f"{', '.join(choices.__members__)}"
        )
    entry = choices[chosen]
    before = socket.getdefaulttimeout()
    socket.setdefaulttimeout(_TIMEOUT)
    try:
        tensors = entry.get_state_dict(progress=False, check_hash=True)
    except (OSError, RuntimeError) as error:
        file = entry.url.rsplit("/", 1)[-1]
        folder = Path(torch.hub.get_dir()) / "checkpoints"
        raise ExportError(
            f"cannot fetch it ({_reason(error)}). Fetch {entry.url} elsewhere and put it into "
            f"{folder}, or pass the file as state_dict:{name}:{file}"
        ) from None
    finally:
        socket.setdefaulttimeout(before)
    transform = entry.transforms()
    return Checkpoint(
        name,
        tensors,
        f"torchvision {name} {chosen}",
        notes=preprocessing.notes(transform.crop_size[0], transform.mean, transform.std),
    )


def _reason(error: Exception) -> str:
    return str(getattr(error, "reason", None) or error).splitlines()[0]
