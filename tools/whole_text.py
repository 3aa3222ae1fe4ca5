# SPDX-License-Identifier: Apache-2.0
"""Writes files so that they appear complete or not at all."""

import os
import shutil
from pathlib import Path


def partial_path(path: Path) -> Path:
    """Where a file or folder is written before it is renamed to `path`."""
    return path.with_name(f"{path.name}.part")


def write_text(text: str, path: Path) -> None:
    """Follows links and keeps the mode of a file that it replaces; writes in place to a device, a
    pipe or /dev/stdout."""
    own = path.is_relative_to("/dev/fd") or str(path) in ("/dev/stdout", "/dev/stderr")
    if own or (path.exists() and not path.is_file()):
        path.write_text(text, encoding="utf-8")
        return
    target = path.resolve() if path.is_symlink() else path
    part = partial_path(target)
    try:
        part.write_text(text, encoding="utf-8")
        if target.exists():
            shutil.copymode(target, part)
        os.replace(part, target)
    finally:
        part.unlink(missing_ok=True)
