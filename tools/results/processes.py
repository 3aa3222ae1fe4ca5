# SPDX-License-Identifier: Apache-2.0
"""Results as evidence of a comparison: one file per process, the rows of each by name."""

import math
import statistics
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from results import reader
from results.benchmark_name import current
from results.reader import ResultError

TIME = "time"


@dataclass
class Process:
    """What one process measured: each row's numbers, and why rows failed; `file` is its result
    file."""

    context: dict[str, Any]
    rows: dict[str, dict[str, float]] = field(default_factory=dict)
    failures: dict[str, str] = field(default_factory=dict)
    file: str = ""


def read(path: Path) -> list[Process]:
    """A file is one process; a folder is one process per JSON file, in the order of names."""
    files = reader.only_results(path, path.glob("*.json")) if path.is_dir() else [path]
    processes = [read_process(file) for file in files]
    if not any(process.rows or process.failures for process in processes):
        raise ResultError(f"{path}: no row was measured (aggregates are left out)")
    return processes


def read_process(path: Path) -> Process:
    """Rows have today's names. Raises ResultError also for a row that cannot be used: evidence must
    be complete."""
    document = reader.read(path)
    process = Process(document.context, file=str(path))
    repeated: dict[str, list[dict[str, float]]] = {}
    for row in document.rows:
        if row.aggregate is not None:
            continue
        name = current(row.name)
        if row.error is not None:
            process.failures[name] = row.error
        elif row.fault is not None:
            raise ResultError(f"{path}: not Google Benchmark JSON: {name or '?'}: {row.fault}")
        elif 0 < row.median < math.inf:
            repeated.setdefault(name, []).append(row.numbers | {TIME: row.median})
        else:
            process.failures[name] = f"its time is {row.median}"
    for name, each in repeated.items():
        # Repetitions of one process are not independent: together they are one piece of evidence.
        process.rows[name] = {
            key: statistics.median(row[key] for row in each if key in row)
            for key in dict.fromkeys(key for row in each for key in row)
        }
    return process
