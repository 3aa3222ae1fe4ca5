# SPDX-License-Identifier: Apache-2.0
"""Our side: the Inference rows of model_search_bench."""

import json
import subprocess
import tempfile
from pathlib import Path
from typing import Any

from report import benchmark_name

from peers.sample import DEFAULT_MAX_LENGTH, PeerError, Sample, Setting

_SECONDS = {"ns": 1e-9, "us": 1e-6, "ms": 1e-3, "s": 1.0}


def command(binary: Path, setting: Setting, out: Path) -> list[str]:
    flags = {
        "steps": "Inference",
        "architectures": ",".join(setting.architectures),
        "configurations": "full",
        "devices": setting.device,
        "batch_sizes": ",".join(map(str, setting.batch_sizes)),
        "precisions": setting.precision,
        "layouts": setting.layout,
        "executions": setting.execution,
        "batches": setting.batches,
        "warmup_batches": setting.warmup_batches,
        "benchmark_out": out,
        "benchmark_out_format": "json",
    }
    if setting.device == "cpu":
        flags["threads"] = setting.threads
    if setting.max_length != DEFAULT_MAX_LENGTH:
        flags["max_lengths"] = setting.max_length
    return [str(binary), *(f"--{name}={value}" for name, value in flags.items())]


def run(binary: Path, setting: Setting) -> tuple[list[Sample], dict[str, Any]]:
    """Measure in a fresh process; the samples and the context that the program wrote."""
    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder) / "inference.json"
        try:
            process = subprocess.run(
                command(binary, setting, out), capture_output=True, text=True, check=False
            )
        except OSError as error:
            raise PeerError(f"{binary}: {error.strerror}") from None
        # A failed combination gives an exit code and a row; the row says which and why.
        try:
            document = json.loads(out.read_text(encoding="utf-8"))
        except (OSError, json.JSONDecodeError):
            last = (process.stderr.strip().splitlines() or ["it said nothing"])[-1]
            raise PeerError(f"{binary} failed (exit code {process.returncode}): {last}") from None
    return samples(document), document.get("context", {})


def samples(document: dict[str, Any]) -> list[Sample]:
    found = []
    for row in document.get("benchmarks", []):
        name = benchmark_name.parse(row.get("run_name") or row["name"])
        if name is None or name.step != "Inference" or name.batch is None:
            continue
        if row.get("run_type") == "aggregate":
            continue
        if row.get("error_occurred"):
            error = row.get("error_message") or "no message was given"
            found.append(Sample(name.subject, name.batch, error=error))
            continue
        mean = float(row["real_time"]) * _SECONDS[row.get("time_unit", "ns")]
        found.append(Sample(name.subject, name.batch, float(row.get("p50", mean)), mean))
    return found
