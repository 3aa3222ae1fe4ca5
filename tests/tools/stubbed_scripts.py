# SPDX-License-Identifier: Apache-2.0
"""Runs shell scripts of the repository with stubs in place of the programs that they call."""

import shutil
import subprocess
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
SETUP = ROOT / "tools/setup.sh"


def make(folder: Path) -> Path:
    """A folder for PATH with the real basic commands and a dpkg-query that has every package."""
    folder.mkdir()
    for name in ("bash", "cut", "dirname", "head", "id", "sed", "sha256sum", "sort", "mkdir", "ln",
                 "cat", "flock", "rm", "env", "touch", "date", "grep", "mktemp", "nproc", "sleep",
                 "tail", "tee", "cp"):  # fmt: skip
        (folder / name).symlink_to(shutil.which(name))
    add(folder, "dpkg-query", "echo -n installed")
    add(folder, "g++", "echo 12.2.0")
    add(folder, "cmake", "echo cmake version 3.25.1")
    add(folder, "ninja", "echo 1.11")
    add(folder, "nvcc", "echo 'Cuda compilation tools, release 13.0, V13.0.48'")
    return folder


def add(folder: Path, name: str, body: str) -> None:
    (folder / name).unlink(missing_ok=True)
    (folder / name).write_text(f"#!/bin/bash\n{body}\n")
    (folder / name).chmod(0o755)


def run(
    stubs: Path, *arguments: str, script: Path = SETUP, **variables: str
) -> subprocess.CompletedProcess:
    environment = {"PATH": str(stubs), "HOME": str(stubs.parent), **variables}
    return subprocess.run(
        [script, *arguments],
        env=environment,
        capture_output=True,
        text=True,
        stdin=subprocess.DEVNULL,
    )
