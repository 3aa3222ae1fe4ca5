# SPDX-License-Identifier: Apache-2.0
"""Tensors of a checkpoint file, without what a training script wrapped around them."""

import pickle
from pathlib import Path
from typing import Any

import torch
from safetensors import SafetensorError
from safetensors.torch import load_file
from torch import Tensor

from export.checkpoint import ExportError

# Keys under which training scripts keep the network; averaged copies (EMA) have other names.
_WRAPPERS = ("state_dict", "model_state_dict", "model")
_PREFIXES = ("module.", "_orig_mod.", "model.")


def read(path: Path) -> dict[str, Tensor]:
    """The tensors of a .safetensors file or of a .pth, .pt or .bin file, which may not hold code.

    Raises ExportError that names the file.
    """
    if not path.is_file():
        raise ExportError(f"{path}: no such file")
    try:
        if path.suffix == ".safetensors":
            loaded: Any = load_file(path)
        else:
            loaded = torch.load(path, map_location="cpu", weights_only=True)
    except pickle.UnpicklingError:
        raise ExportError(
            f"{path}: holds Python objects other than tensors, or is not a checkpoint of PyTorch; "
            "save "
            "the state_dict() alone with torch.save or safetensors"
        ) from None
    except (SafetensorError, RuntimeError, EOFError, OSError, ValueError) as error:
        reason = str(error).splitlines()[0] if str(error) else type(error).__name__
        raise ExportError(f"{path}: unreadable ({reason})") from None
    return unwrap(loaded, path)


def unwrap(loaded: Any, path: Path) -> dict[str, Tensor]:
    """Take the network out of a training checkpoint and prefixes off its tensors' names."""
    while isinstance(loaded, dict):
        inner = next((loaded[key] for key in _WRAPPERS if isinstance(loaded.get(key), dict)), None)
        if inner is None:
            break
        loaded = inner
    if not isinstance(loaded, dict) or not any(isinstance(v, Tensor) for v in loaded.values()):
        keys = f" (its keys: {', '.join(map(str, list(loaded)[:10]))})"
        raise ExportError(f"{path}: holds no state dict{keys if isinstance(loaded, dict) else ''}")
    tensors = {str(name): value for name, value in loaded.items() if isinstance(value, Tensor)}
    while prefix := next((p for p in _PREFIXES if all(n.startswith(p) for n in tensors)), None):
        tensors = {name.removeprefix(prefix): tensor for name, tensor in tensors.items()}
    return tensors
