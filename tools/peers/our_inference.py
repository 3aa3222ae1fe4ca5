# SPDX-License-Identifier: Apache-2.0
"""Our side of inference: the Inference rows of model_search_bench."""

from pathlib import Path
from typing import Any

from results import benchmark_name

from peers import our_program
from peers.inference_setting import DEFAULT_MAX_LENGTH, InferenceSetting
from peers.our_program import Row


def flags(setting: InferenceSetting) -> dict[str, Any]:
    given = {
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
    }
    if setting.device == "cpu":
        given["threads"] = setting.threads
    if setting.max_length != DEFAULT_MAX_LENGTH:
        given["max_lengths"] = setting.max_length
    return given


def run(binary: Path, setting: InferenceSetting) -> tuple[dict[tuple[str, int], Row], Row]:
    """The rows of a fresh process by network and batch size, failed ones included, and the
    context."""
    document = our_program.document(binary, flags(setting))
    return rows(document), document.get("context", {})


def rows(document: dict[str, Any]) -> dict[tuple[str, int], Row]:
    found = {}
    for row in document.get("benchmarks", []):
        name = benchmark_name.parse(row.get("run_name") or row["name"])
        if name is None or name.step != "Inference" or name.batch is None:
            continue
        if row.get("run_type") != "aggregate":
            found[(name.subject, name.batch)] = row
    return found
