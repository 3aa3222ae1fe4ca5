# SPDX-License-Identifier: Apache-2.0
"""Run a tool with the Python environment that tools/setup.sh made, whatever `python3` is."""

from __future__ import annotations

import importlib.util
import os
import subprocess
import sys
from pathlib import Path


def require(*modules: str) -> None:
    """Return if this Python has `modules`; else start the tool again with the project's Python.

    Exits with a message that names the missing modules if that environment does not exist either.
    """
    missing = [name for name in modules if importlib.util.find_spec(name) is None]
    if not missing:
        return
    setup = Path(__file__).resolve().parent / "setup.sh"
    done = subprocess.run([setup, "--print-python"], capture_output=True, text=True)
    python = done.stdout.strip()
    if done.returncode != 0 or not os.access(python, os.X_OK) or sys.executable == python:
        sys.exit(f"{sys.executable} has no {', '.join(missing)}: run tools/setup.sh first")
    os.execv(python, [python, *sys.argv])
