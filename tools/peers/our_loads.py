# SPDX-License-Identifier: Apache-2.0
"""Our side: the LoadModel rows of full networks, in a fresh process."""

import json
import subprocess
import tempfile
from pathlib import Path
from typing import Any

from peers.load_setting import LoadSetting
from peers.sample import PeerError

Row = dict[str, Any]


def run(binary: Path, setting: LoadSetting, flags: dict[str, str]) -> tuple[list[Row], Row]:
    """Rows and context. Raises PeerError when it wrote none, or a row failed."""
    given: dict[str, Any] = {
        "steps": "LoadModel",
        "weights_dir": setting.folder,
        "architectures": setting.architecture,
        "configurations": "full",
        "devices": setting.device,
        "threads": setting.threads,
        "page_caches": setting.page_cache,
        "batches": setting.loads,
        "warmup_batches": setting.warmup_loads,
    }
    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder) / "rows.json"
        given |= flags | {"benchmark_out": out, "benchmark_out_format": "json"}
        command = [str(binary), *(f"--{name}={value}" for name, value in given.items())]
        try:
            process = subprocess.run(command, capture_output=True, text=True, check=False)
        except OSError as error:
            raise PeerError(f"{binary}: {error.strerror}") from None
        try:
            document = json.loads(out.read_text(encoding="utf-8"))
        except (OSError, json.JSONDecodeError):
            last = (process.stderr.strip().splitlines() or ["it said nothing"])[-1]
            raise PeerError(f"{binary} failed (exit code {process.returncode}): {last}") from None
    rows = [row for row in document["benchmarks"] if row.get("run_type") != "aggregate"]
    for row in rows:
        if row.get("error_occurred"):
            raise PeerError(f"{row['name']}: {row.get('error_message', 'no message was given')}")
    return rows, document["context"]
