# SPDX-License-Identifier: Apache-2.0
"""Runs a peer in a fresh process, which reads a setting as JSON and prints its measurement as
JSON."""

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from peers.rows import PeerResult


class PeerError(Exception):
    """A comparison cannot start or continue; the message is one line."""


def run(module: str, given: dict[str, Any], environment: dict[str, str] | None = None) -> Any:
    """What `module` prints for `given`. Raises PeerError with the last line of the process's errors
    when it fails."""
    process = subprocess.run(
        [sys.executable, "-m", f"peers.{module}"],
        input=json.dumps(given),
        cwd=Path(__file__).parents[1],
        env=os.environ | (environment or {}),
        capture_output=True,
        text=True,
        check=False,
    )
    if process.returncode != 0:
        last = (process.stderr.strip().splitlines() or ["it printed no message"])[-1]
        raise PeerError(f"{module} failed (exit code {process.returncode}): {last}")
    return json.loads(process.stdout.splitlines()[-1])


def result(module: str, given: dict[str, Any], environment: dict[str, str]) -> PeerResult:
    """One measurement. A peer that fails gives a result with an error, so that the rows of the
    other sides are kept."""
    try:
        return PeerResult(**run(module, given, environment))
    except PeerError as error:
        return PeerResult(error=str(error))


def serve(measure: Callable[[dict[str, Any]], Any]) -> None:
    """What the module of a peer does as a program: the counterpart of run()."""
    print(json.dumps(measure(json.load(sys.stdin))))
