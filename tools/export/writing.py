# SPDX-License-Identifier: Apache-2.0
"""Weights and tokenizers on disk; a file or folder is there complete or not at all."""

import os
import shutil
from pathlib import Path

from safetensors.torch import save_file
from whole_text import partial_path

from export.checkpoint import Checkpoint


def write_weights(checkpoint: Checkpoint, path: Path) -> int:
    """Write tensors in the type that they have; returns the file's bytes."""
    # Clones, because safetensors refuses tensors that share memory, as tied weights do.
    tensors = {name: t.detach().clone().contiguous() for name, t in checkpoint.tensors.items()}
    part = partial_path(path)
    try:
        save_file(tensors, part, metadata={"format": "pt", "source": checkpoint.source})
        part.chmod(0o644)  # safetensors lets nobody else read its files.
        os.replace(part, path)
    finally:
        part.unlink(missing_ok=True)
    return path.stat().st_size


def write_tokenizer(files: list[Path], folder: Path) -> None:
    """Copy the files; a folder of an earlier export goes."""
    part = partial_path(folder)
    shutil.rmtree(part, ignore_errors=True)
    part.mkdir(parents=True)
    try:
        for file in files:
            shutil.copyfile(file, part / file.name)
        shutil.rmtree(folder, ignore_errors=True)
        os.replace(part, folder)
    finally:
        shutil.rmtree(part, ignore_errors=True)
