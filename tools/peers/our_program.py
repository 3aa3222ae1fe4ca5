# SPDX-License-Identifier: Apache-2.0
"""Runs model_search_bench in a fresh process and reads the rows and the context that it writes."""

import subprocess
import tempfile
from pathlib import Path
from typing import Any

import scheduler
from results import reader
from results.reader import ResultError

from peers.peer_process import PeerError

Row = dict[str, Any]


def command(binary: Path, flags: dict[str, Any], out: Path) -> list[str]:
    given = flags | {"benchmark_out": out, "benchmark_out_format": "json"}
    return [str(binary), *(f"--{name}={value}" for name, value in given.items())]


def document(binary: Path, flags: dict[str, Any]) -> dict[str, Any]:
    """What the program wrote, failed rows included. Raises PeerError when it wrote nothing."""
    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder) / "rows.json"
        try:
            process = subprocess.run(
                command(binary, flags, out),
                env=scheduler.outside(), capture_output=True, text=True, check=False,
            )  # fmt: skip
        except OSError as error:
            raise PeerError(f"{binary}: {error.strerror}") from None
        try:
            return reader.load(out)
        except ResultError:
            last = (process.stderr.strip().splitlines() or ["it printed no message"])[-1]
            raise PeerError(f"{binary} failed (exit code {process.returncode}): {last}") from None


def rows(binary: Path, flags: dict[str, Any]) -> tuple[list[Row], Row]:
    """Rows and context. Raises PeerError when the program wrote none, or a row failed."""
    written = document(binary, flags)
    found = [row for row in written["benchmarks"] if row.get("run_type") != "aggregate"]
    for row in found:
        if row.get("error_occurred"):
            raise PeerError(f"{row['name']}: {row.get('error_message', 'no message was given')}")
    return found, written["context"]
