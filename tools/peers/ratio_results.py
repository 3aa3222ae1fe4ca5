# SPDX-License-Identifier: Apache-2.0
"""Both sides' rounds as Google Benchmark JSON; Python's rows have the key `peer=python`."""

from typing import Any

from export import architectures

from peers.ratios import Round
from peers.sample import DEFAULT_MAX_LENGTH, Sample, Setting


def document(rounds: list[Round], setting: Setting, context: dict[str, Any]) -> dict[str, Any]:
    """A row per side, round, network and batch size; rounds are repetitions."""
    rows = []
    for index, both in enumerate(rounds):
        theirs = {(sample.architecture, sample.batch): sample for sample in both.python}
        for sample in both.ours:
            other = theirs.get((sample.architecture, sample.batch))
            row = _row(sample, setting, index, len(rounds), {})
            if other and not other.error and not sample.error and other.median > 0:
                row["ratio_to_python"] = sample.median / other.median
            rows.append(row)
        for sample in both.python:
            rows.append(_row(sample, setting, index, len(rounds), {"peer": "python"}))
    return {"context": context | {"caches": context.get("caches", [])}, "benchmarks": rows}


def _row(
    sample: Sample, setting: Setting, index: int, total: int, keys: dict[str, str]
) -> dict[str, Any]:
    name = _name(sample, setting, keys)
    row: dict[str, Any] = {
        "name": name,
        "run_name": name,
        "run_type": "iteration",
        "repetitions": total,
        "repetition_index": index,
        "threads": 1,
        "iterations": 0 if sample.error else 1,
        "real_time": 1e3 * sample.mean,
        "cpu_time": 1e3 * sample.mean,
        "time_unit": "ms",
    }
    if sample.error:
        return row | {"error_occurred": True, "error_message": sample.error}
    measured = setting.batches - setting.warmup_batches
    speed = sample.batch / sample.mean
    return row | {"p50": sample.median, "items_per_second": speed, "batches": measured}


def _name(sample: Sample, setting: Setting, keys: dict[str, str]) -> str:
    if setting.precision != "torch":
        keys = keys | {"precision": setting.precision}
    if setting.layout != "contiguous" and architectures.find(sample.architecture).domain != "text":
        keys = keys | {"layout": setting.layout}
    if setting.execution != "eager":
        keys = keys | {"execution": setting.execution}
    if setting.device == "cpu":
        keys = keys | {"threads": str(setting.threads)}
    is_text = sample.architecture in architectures.names("text")
    if is_text and setting.max_length != DEFAULT_MAX_LENGTH:
        keys = keys | {"max_length": str(setting.max_length)}
    written = "".join(f"/{key}={keys[key]}" for key in sorted(keys))
    return (
        f"Inference/{sample.architecture}/full/{setting.device}{written}"
        f"/batch:{sample.batch}/manual_time"
    )
