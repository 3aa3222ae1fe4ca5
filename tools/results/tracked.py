# SPDX-License-Identifier: Apache-2.0
"""One result file as numbers worth tracking: the measured rows, and why others are left out.

These are left out with a reason: failed rows (their time is 0), aggregates (their repetitions count
instead), and numbers that are not finite. Rows of MaxBatchSize have no time, because theirs does
not measure speed. Rows have today's names; those of a later `row_version` name it, so that they
form series of their own."""

import math
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from results import machine, reader, versions
from results.benchmark_name import current
from results.reader import SECONDS, ResultError

_TIMELESS = "MaxBatchSize/"


@dataclass(frozen=True)
class Row:
    """A measured row. `time`, in `unit`, is the median of its batches, or the mean where there are
    no batches; None where a row has no time. `numbers` are its finite counters."""

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
        """What a series is measured on."""
        return machine.title(self.context)

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
    """Raises ResultError."""
    document = reader.read(path)
    result = ResultFile(path, document.context)
    for row in document.rows:
        for found in _rows(row):
            (result.rows if isinstance(found, Row) else result.left_out).append(found)
    return result


def _rows(row: reader.Row) -> Iterator[Row | LeftOut]:
    name = versions.named(current(row.name), row.numbers)
    if row.aggregate is not None:
        yield LeftOut(name, f"an aggregate ({row.aggregate})")
        return
    if row.error is not None:
        yield LeftOut(name, f"failed: {row.error}")
        return
    timeless = name.startswith(_TIMELESS)
    if row.fault is not None and not timeless:
        yield LeftOut(name or "?", row.fault)
        return
    for key, value in row.not_finite.items():
        yield LeftOut(name, f"{key} is {value}")
    if timeless:
        yield Row(name, row.unit, None, row.numbers)
    elif 0 < row.median < math.inf:
        yield Row(name, row.unit, row.median / SECONDS[row.unit], row.numbers)
    else:
        yield LeftOut(name, f"real_time is {row.seconds / SECONDS[row.unit]!r}")
