# SPDX-License-Identifier: Apache-2.0
"""Results as evidence: one file per process, the rows of each by name."""

import json
import math
import statistics
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

_UNITS = {"ns": 1e-9, "us": 1e-6, "ms": 1e-3, "s": 1.0}
TIME = "time"


class ResultError(Exception):
    """A file that cannot be used; the message names it."""


@dataclass
class Process:
    """What one process measured: each row's numbers, and why rows failed."""

    context: dict[str, Any]
    rows: dict[str, dict[str, float]] = field(default_factory=dict)
    failures: dict[str, str] = field(default_factory=dict)


def read(path: Path) -> list[Process]:
    """A file is one process, a folder as many as it has JSON files, in the order of names."""
    files = sorted(path.glob("*.json")) if path.is_dir() else [path]
    if not files:
        raise ResultError(f"{path}: no *.json in this folder")
    processes = [read_process(file) for file in files]
    if not any(process.rows or process.failures for process in processes):
        raise ResultError(f"{path}: no row was measured (aggregates are left out)")
    return processes


def read_process(path: Path) -> Process:
    try:
        document = json.loads(path.read_text(encoding="utf-8"))
        context, rows = document["context"], document["benchmarks"]
        if not isinstance(context, dict) or not isinstance(rows, list):
            raise TypeError("'context' is no object, or 'benchmarks' is no list")
        return _process(context, rows)
    except OSError as error:
        raise ResultError(f"{path}: {error.strerror}") from None
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise ResultError(f"{path} is no Google Benchmark JSON: {error!r}") from None


def _process(context: dict[str, Any], rows: list[dict[str, Any]]) -> Process:
    process = Process(context)
    repeated: dict[str, list[dict[str, float]]] = {}
    for row in rows:
        if row.get("run_type", "iteration") != "iteration":
            continue
        name = row["name"]
        if row.get("error_occurred") or row.get("skipped"):
            message = row.get("error_message") or row.get("skip_message") or "no message"
            process.failures[name] = message
        else:
            numbers = _numbers(row)
            if 0 < numbers[TIME] < math.inf:
                repeated.setdefault(name, []).append(numbers)
            else:
                process.failures[name] = f"its time is {numbers[TIME]}"
    for name, each in repeated.items():
        # Repetitions of one process are not independent: together they are one piece of evidence.
        process.rows[name] = {
            key: statistics.median(row[key] for row in each if key in row)
            for key in dict.fromkeys(key for row in each for key in row)
        }
    return process


def _numbers(row: dict[str, Any]) -> dict[str, float]:
    skipped = {"family_index", "per_family_instance_index", "repetitions", "repetition_index",
               "threads", "iterations", "real_time", "cpu_time"}  # fmt: skip
    numbers = {
        key: float(value)
        for key, value in row.items()
        if isinstance(value, int | float)
        and not isinstance(value, bool)
        and key not in skipped
        and math.isfinite(value)
    }
    mean = float(row["real_time"]) * _UNITS[row.get("time_unit", "ns")]
    # The median of the batches, where there are batches: one slow batch does not move it.
    numbers[TIME] = numbers.get("p50", 0.0) or mean
    return numbers
