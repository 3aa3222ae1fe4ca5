# SPDX-License-Identifier: Apache-2.0
"""The tensors of a network in a checkpoint file, without what a training script saved with them."""

import pickle
from pathlib import Path
from typing import Any

from safetensors import SafetensorError
from safetensors.torch import load_file
from torch import Tensor

from export import finding, harmless
from export.checkpoint import ExportError


def read(
    path: Path, wanted: finding.Wanted, choice: finding.Choice
) -> tuple[dict[str, Tensor], list[str]]:
    """The network's tensors under the program's names, and notes for the user.

    Raises ExportError that names the file.
    """
    return finding.find(load(path), wanted, choice, path)


def load(path: Path) -> Any:
    """All of a .safetensors file or of a .pth, .pt or .bin file; code in it is not run."""
    if not path.is_file():
        what = "not a regular file" if path.exists() and not path.is_dir() else "no such file"
        raise ExportError(f"{path}: {what}")
    try:
        return load_file(path) if path.suffix == ".safetensors" else harmless.load(path)
    except pickle.UnpicklingError as error:
        names = harmless.refused(path, error)
        if not names:
            raise ExportError(
                f"{path}: is not a checkpoint of PyTorch, is damaged, or holds Python objects "
                "other than tensors; save the state_dict() alone with torch.save or safetensors"
            ) from None
        raise ExportError(
            f"{path}: holds Python objects that are not loaded, because making them can run code: "
            f"{names}. Where you trust the file, load it with your own code and "
            "torch.load(…, weights_only=False), and save the state_dict() alone with torch.save or "
            "safetensors"
        ) from None
    except (SafetensorError, RuntimeError, EOFError, OSError, ValueError, TypeError) as error:
        reason = str(error).splitlines()[0] if str(error) else type(error).__name__
        raise ExportError(f"{path}: unreadable ({reason})") from None
