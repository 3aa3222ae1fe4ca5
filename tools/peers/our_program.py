# SPDX-License-Identifier: Apache-2.0
"""model_search_bench in a fresh process: its rows and their context."""

import subprocess
import tempfile
from pathlib import Path
from typing import Any

from results import reader
from results.reader import ResultError

from peers.sample import PeerError

Row = dict[str, Any]


def document(binary: Path, flags: dict[str, Any]) -> dict[str, Any]:
    """What it wrote; raises PeerError where it wrote nothing. Rows may have failed."""
    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder) / "rows.json"
        given = flags | {"benchmark_out": out, "benchmark_out_format": "json"}
        command = [str(binary), *(f"--{name}={value}" for name, value in given.items())]
        try:
            process = subprocess.run(command, capture_output=True, text=True, check=False)
        except OSError as error:
            raise PeerError(f"{binary}: {error.strerror}") from None
        try:
            return reader.load(out)
        except ResultError:
            last = (process.stderr.strip().splitlines() or ["it said nothing"])[-1]
            raise PeerError(f"{binary} failed (exit code {process.returncode}): {last}") from None


def rows(binary: Path, flags: dict[str, Any]) -> tuple[list[Row], Row]:
    """Rows and context. Raises PeerError where it wrote none, or a row failed."""
    written = document(binary, flags)
    found = [row for row in written["benchmarks"] if row.get("run_type") != "aggregate"]
    for row in found:
        if row.get("error_occurred"):
            raise PeerError(f"{row['name']}: {row.get('error_message', 'no message was given')}")
    return found, written["context"]
