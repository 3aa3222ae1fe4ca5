# SPDX-License-Identifier: Apache-2.0
"""The result of every source, and the exception of all sources."""

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from torch import Tensor


@dataclass
class Checkpoint:
    """Tensors under the program's names. `config` has Hugging Face's keys and is there for text
    only; `tokenizer` are the files to copy next to the weights; `notes` are printed for the
    user."""

    architecture: str
    tensors: dict[str, Tensor]
    source: str
    config: dict[str, Any] | None = None
    tokenizer: list[Path] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)


class ExportError(Exception):
    """A source that cannot be exported; the message says why and what to do instead."""
