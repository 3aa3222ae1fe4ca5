# SPDX-License-Identifier: Apache-2.0
"""One result file as numbers worth tracking: the rows that were measured, and why others were not.

Left out with a reason: failed rows (their time is 0), aggregates (their repetitions count), numbers
that are not finite, and the time of MaxBatchSize, which is no measure of speed.
"""

import json
import math
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from compare.results import ResultError

SECONDS = {"ns": 1e-9, "us": 1e-6, "ms": 1e-3, "s": 1.0}
_TIMELESS = "MaxBatchSize/"


@dataclass(frozen=True)
class Row:
    """A measured row. `time` in `unit`: the median of its batches where there are batches, else
    the mean; None where a row has no time. `numbers` are its counters, all finite."""

    name: str
    unit: str
    time: float | None
    numbers: dict[str, float]


@dataclass(frozen=True)
class LeftOut:
    name: str
    reason: str


@dataclass
class ResultFile:
    path: Path
    context: dict[str, Any]
    rows: list[Row] = field(default_factory=list)
    left_out: list[LeftOut] = field(default_factory=list)

    @property
    def machine(self) -> str:
        """The GPU where there is one, and the processor: what a series is measured on."""
        parts = (self.context.get("gpu_name"), self.context.get("cpu_model"))
        return ", ".join(str(part) for part in parts if part) or "an unnamed machine"

    @property
    def revision(self) -> str:
        return str(self.context.get("git_revision") or "")

    @property
    def date(self) -> datetime:
        """Raises ResultError where the context has none; a date without a zone counts as UTC."""
        text = self.context.get("date")
        try:
            date = datetime.fromisoformat(str(text))
        except ValueError:
            raise ResultError(f"{self.path}: context.date is {text!r}, not a date") from None
        return date if date.tzinfo else date.replace(tzinfo=UTC)


def load(path: Path) -> ResultFile:
    """Raises ResultError, whose one line names the file."""
    try:
        document = json.loads(path.read_text(encoding="utf-8"))
        context, rows = document["context"], document["benchmarks"]
    except OSError as error:
        raise ResultError(f"{path}: {error.strerror}") from None
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        raise ResultError(f"{path} is no Google Benchmark JSON: {error!r}") from None
    if not isinstance(context, dict) or not isinstance(rows, list):
        raise ResultError(f"{path} is no Google Benchmark JSON: no context or no list of rows")
    result = ResultFile(path, context)
    for row in rows:
        for found in _read(row):
            (result.rows if isinstance(found, Row) else result.left_out).append(found)
    return result


def files(paths: Iterable[Path]) -> Iterator[Path]:
    """Files as they are given; of a folder every *.json below it, in the order of names."""
    for path in paths:
        if path.is_dir():
            found = sorted(file for file in path.rglob("*.json") if file.is_file())
            if not found:
                raise ResultError(f"{path}: no *.json in this folder")
            yield from found
        else:
            yield path


def _read(row: Any) -> Iterator[Row | LeftOut]:
    if not isinstance(row, dict) or not row.get("name"):
        yield LeftOut("?", "a row without a name")
        return
    name = str(row["name"])
    unit = row.get("time_unit", "ns")
    if row.get("run_type", "iteration") != "iteration":
        yield LeftOut(name, f"an aggregate ({row.get('aggregate_name', 'unnamed')})")
        return
    if row.get("error_occurred") or row.get("skipped"):
        message = row.get("error_message") or row.get("skip_message") or "no message"
        yield LeftOut(name, f"failed: {message}")
        return
    if unit not in SECONDS:
        yield LeftOut(name, f"time_unit is {unit!r}; choices: {', '.join(SECONDS)}")
        return
    numbers = {key: float(value) for key, value in row.items() if _is_number(value)}
    for key in [key for key, value in numbers.items() if not math.isfinite(value)]:
        yield LeftOut(name, f"{key} is {numbers.pop(key)}")
    if name.startswith(_TIMELESS):
        yield Row(name, unit, None, numbers)
        return
    time = numbers["p50"] / SECONDS[unit] if numbers.get("p50", 0) > 0 else numbers.get("real_time")
    if time is None or time <= 0:
        yield LeftOut(name, f"real_time is {row.get('real_time')!r}")
        return
    yield Row(name, unit, time, numbers)


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)
