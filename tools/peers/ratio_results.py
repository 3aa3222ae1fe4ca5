# SPDX-License-Identifier: Apache-2.0
"""Both sides' rounds as Google Benchmark JSON; Python's rows have the key `peer=python`."""

from typing import Any

from results import schema

from peers.ratios import Round
from peers.sample import Sample, Setting


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
    given = {"precision": setting.precision, "layout": setting.layout,
             "execution": setting.execution, "max_length": str(setting.max_length)}  # fmt: skip
    # A text has no memory layout, and an image no length.
    given.pop("layout" if _is_text(sample.architecture) else "max_length")
    keys = keys | {key: value for key, value in given.items() if value != schema.DEFAULTS[key]}
    if setting.device == "cpu":
        keys = keys | {"threads": str(setting.threads)}
    written = "".join(f"/{key}={keys[key]}" for key in sorted(keys))
    return (
        f"Inference/{sample.architecture}/full/{setting.device}{written}"
        f"/batch:{sample.batch}/manual_time"
    )


def _is_text(architecture: str) -> bool:
    return schema.architecture(architecture).input == "text"
