# SPDX-License-Identifier: Apache-2.0
"""Texts on disk that are there complete or not at all."""

import os
from pathlib import Path


def beside(path: Path) -> Path:
    """Where what will take the place of a file or folder is made."""
    return path.with_name(f"{path.name}.part")


def write_text(text: str, path: Path) -> None:
    part = beside(path)
    try:
        part.write_text(text, encoding="utf-8")
        os.replace(part, path)
    finally:
        part.unlink(missing_ok=True)
