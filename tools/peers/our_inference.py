# SPDX-License-Identifier: Apache-2.0
"""Our side: the Inference rows of model_search_bench."""

import subprocess
import tempfile
from pathlib import Path
from typing import Any

from results import benchmark_name, reader
from results.reader import ResultError

from peers.sample import DEFAULT_MAX_LENGTH, PeerError, Sample, Setting


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
            document = reader.load(out)
        except ResultError:
            last = (process.stderr.strip().splitlines() or ["it said nothing"])[-1]
            raise PeerError(f"{binary} failed (exit code {process.returncode}): {last}") from None
    return samples(document), document.get("context", {})


def samples(document: dict[str, Any]) -> list[Sample]:
    found = []
    for row in reader.rows_of(document):
        name = benchmark_name.parse(row.run_name)
        if name is None or name.step != "Inference" or name.batch is None:
            continue
        if row.aggregate is not None:
            continue
        if row.error is not None:
            found.append(Sample(name.subject, name.batch, error=row.error))
        else:
            found.append(Sample(name.subject, name.batch, row.median, row.seconds))
    return found
