# SPDX-License-Identifier: Apache-2.0
"""Runs a peer in a fresh process: a setting as JSON goes in, a measurement as JSON comes back."""

import dataclasses
import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from peers.loader_setting import LoaderSetting, Measured
from peers.sample import PeerError


def run(module: str, setting: LoaderSetting) -> Measured:
    """A peer of the data path. Raises PeerError with the last line of what the process said when it
    failed."""
    one_thread = {"OMP_NUM_THREADS": "1"}
    return Measured(**run_json(module, dataclasses.asdict(setting), one_thread))


def run_json(module: str, given: dict[str, Any], environment: dict[str, str]) -> dict[str, Any]:
    """Any peer, with variables of its environment. Raises PeerError as run() does."""
    process = subprocess.run(
        [sys.executable, "-m", f"peers.{module}"],
        input=json.dumps(given),
        cwd=Path(__file__).parents[1],
        env=os.environ | environment,
        capture_output=True,
        text=True,
        check=False,
    )
    if process.returncode != 0:
        last = (process.stderr.strip().splitlines() or ["it said nothing"])[-1]
        raise PeerError(f"{module} failed (exit code {process.returncode}): {last}")
    return json.loads(process.stdout.splitlines()[-1])


def serve(measure: Callable[[LoaderSetting], Measured]) -> None:
    """The other end: what a peer's module does when it runs as a program."""
    serve_json(lambda given: dataclasses.asdict(measure(LoaderSetting(**given))))


def serve_json(measure: Callable[[dict[str, Any]], dict[str, Any]]) -> None:
    print(json.dumps(measure(json.load(sys.stdin))))
