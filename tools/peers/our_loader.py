# SPDX-License-Identifier: Apache-2.0
"""Our side: the LoadData and EndToEnd rows of model_search_bench, and libjpeg-turbo alone."""

import json
import subprocess
import tempfile
from pathlib import Path
from typing import Any

from peers.loader_setting import LoaderSetting, Measured
from peers.sample import PeerError

Row = dict[str, Any]


def run(binary: Path, setting: LoaderSetting, flags: dict[str, str]) -> tuple[list[Row], Row]:
    """Rows of a fresh process, and its context. Raises PeerError when it wrote none, or a row
    failed."""
    given = {
        "data_dir": setting.folder,
        "workers": setting.workers,
        "batch_sizes": setting.batch,
        "batches": setting.batches,
        "warmup_batches": setting.warmup_batches,
    }
    if setting.architecture:
        given |= {
            "steps": "EndToEnd",
            "architectures": setting.architecture,
            "configurations": "full",
            "devices": setting.device,
        }
        if setting.device != "cpu":
            given["precisions"] = setting.precision
    else:
        given |= {"steps": "LoadData", "architectures": "resnet18", "devices": setting.device}
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


def rate(row: Row) -> float:
    """Items per second: of the extraction where the row is a whole search."""
    if "extract_seconds" in row:
        return float(row["items"]) / float(row["extract_seconds"])
    return float(row["items_per_second"])


def bare_decode(binary: Path, setting: LoaderSetting) -> Measured:
    """Whole images from memory to RGB, on as many threads as the loader has workers."""
    program = binary.parent / "bare_decode"
    images = max(setting.measured_items, 256)
    try:
        process = subprocess.run(
            [str(program), setting.folder, str(setting.workers), str(images)],
            capture_output=True,
            text=True,
            check=False,
        )
    except OSError as error:
        raise PeerError(f"{program}: {error.strerror}") from None
    if process.returncode != 0:
        raise PeerError(f"{program} failed: {process.stderr.strip()}")
    speed = float(process.stdout)
    return Measured("libjpeg_turbo", setting.workers, speed, images / speed)
