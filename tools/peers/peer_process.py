# SPDX-License-Identifier: Apache-2.0
"""Runs a peer in a fresh process: a setting as JSON goes in, a measurement as JSON comes back."""

import dataclasses
import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

from peers.loader_setting import LoaderSetting, Measured
from peers.sample import PeerError


def run(module: str, setting: LoaderSetting) -> Measured:
    """Raises PeerError with the last line of what the process said when it failed."""
    process = subprocess.run(
        [sys.executable, "-m", f"peers.{module}"],
        input=json.dumps(dataclasses.asdict(setting)),
        cwd=Path(__file__).parents[1],
        env=os.environ | {"OMP_NUM_THREADS": "1"},
        capture_output=True,
        text=True,
        check=False,
    )
    if process.returncode != 0:
        last = (process.stderr.strip().splitlines() or ["it said nothing"])[-1]
        raise PeerError(f"{module} failed (exit code {process.returncode}): {last}")
    return Measured(**json.loads(process.stdout.splitlines()[-1]))


def serve(measure: Callable[[LoaderSetting], Measured]) -> None:
    """The other end: what a peer's module does when it runs as a program."""
    setting = LoaderSetting(**json.load(sys.stdin))
    print(json.dumps(dataclasses.asdict(measure(setting))))
