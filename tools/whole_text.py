# SPDX-License-Identifier: Apache-2.0
"""Writes files so that they appear complete or not at all."""

import os
from pathlib import Path


def partial_path(path: Path) -> Path:
    """Where a file or folder is written before it is renamed to `path`."""
    return path.with_name(f"{path.name}.part")


def write_text(text: str, path: Path) -> None:
    part = partial_path(path)
    try:
        part.write_text(text, encoding="utf-8")
        os.replace(part, path)
    finally:
        part.unlink(missing_ok=True)
