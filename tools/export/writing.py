# SPDX-License-Identifier: Apache-2.0
"""Writes weights and tokenizers so that a file or folder appears complete or not at all."""

import shutil
from collections.abc import Mapping
from pathlib import Path

from safetensors.torch import save_file
from torch import Tensor
from whole_text import replacing

from export.checkpoint import Checkpoint


def write_weights(checkpoint: Checkpoint, path: Path) -> int:
    """Write tensors in their types; returns the size of the file in bytes. Without a source equal
    tensors give equal files: safetensors writes several entries of metadata in a random order."""
    tensors = _without_shared_memory(checkpoint.tensors)
    source = {"source": checkpoint.source} if checkpoint.source else {}
    with replacing(path) as part:
        save_file(tensors, part, metadata={"format": "pt"} | source)
        part.chmod(0o644)  # safetensors makes its files unreadable for other users.
    return path.stat().st_size


def _without_shared_memory(tensors: Mapping[str, Tensor]) -> dict[str, Tensor]:
    """safetensors refuses tensors that share memory, as tied weights do: clones of those."""
    result = {}
    seen = set()
    for name, tensor in tensors.items():
        memory = tensor.untyped_storage().data_ptr()
        result[name] = (tensor.clone() if memory in seen else tensor).detach().contiguous()
        seen.add(memory)
    return result


def write_tokenizer(files: list[Path], folder: Path) -> None:
    """Copy the files; the folder of an earlier export is replaced."""
    with replacing(folder) as part:
        part.mkdir()
        for file in files:
            shutil.copyfile(file, part / file.name)
