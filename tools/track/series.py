# SPDX-License-Identifier: Apache-2.0
"""Result files over time -> series: one number of one row on one machine, the oldest first."""

import statistics
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from results.processes import TIME
from results.reader import SECONDS, ResultError, files
from results.schema import smaller_is_better
from results.tracked import ResultFile, load

from track.change_points import Change, Rule, change_points

_HOUR = timedelta(hours=1)


@dataclass(frozen=True)
class Point:
    date: datetime
    revision: str  # as the context has it, "" where it has none
    value: float  # seconds, or the counter's unit; the median of a session
    context: dict[str, Any]


@dataclass(frozen=True)
class Series:
    machine: str
    name: str
    metric: str
    points: tuple[Point, ...]
    changes: tuple[Change, ...]

    def verdict(self, change: Change) -> str:
        """SLOWER or FASTER; of a counter WORSE or BETTER."""
        worse = (change.effect > 0) == smaller_is_better(self.metric)
        words = ("SLOWER", "FASTER") if self.metric == TIME else ("WORSE", "BETTER")
        return words[0 if worse else 1]


def read_folder(folder: Path) -> tuple[list[ResultFile], list[str]]:
    """The files that can be used, the oldest first, and why the others cannot. Raises ResultError
    where none can."""
    if not folder.is_dir():
        raise ResultError(f"{folder}: no such folder")
    usable: list[tuple[datetime, ResultFile]] = []
    skipped: list[str] = []
    for path in files([folder]):
        try:
            file = load(path)
            if not file.rows:
                raise ResultError(f"{path}: no row was measured")
            usable.append((file.date, file))
        except ResultError as error:
            skipped.append(str(error))
    if not usable:
        raise ResultError(f"{folder}: none of its {len(skipped)} files is usable: {skipped[0]}")
    return [file for _, file in sorted(usable, key=lambda pair: pair[0])], skipped


def series(runs: Sequence[ResultFile], metrics: Sequence[str], rule: Rule) -> list[Series]:
    """By machine, then in the order in which rows first occurred. Repetitions of a process are one
    point, their median, and so are processes of one revision within an hour: they shared whatever
    the machine did then, and three of them are not three points of a new level."""
    points: dict[tuple[str, str, str], list[Point]] = {}
    sessions: dict[tuple[str, str, str], list[float]] = {}
    for run in runs:
        for (name, metric), values in _numbers(run, metrics).items():
            key = (run.machine, name, metric)
            earlier = points.setdefault(key, [])
            if earlier and _same_session(earlier[-1], run):
                first = earlier.pop()
                sessions[key].append(statistics.median(values))
            else:
                first = Point(run.date, run.revision, 0.0, run.context)
                sessions[key] = [statistics.median(values)]
            earlier.append(replace(first, value=statistics.median(sessions[key])))
    machines = list(dict.fromkeys(machine for machine, _, _ in points))
    keys = sorted(points, key=lambda key: machines.index(key[0]))
    return [
        Series(*key, tuple(points[key]), _changes([point.value for point in points[key]], rule))
        for key in keys
    ]


def _same_session(first: Point, run: ResultFile) -> bool:
    return bool(run.revision) and run.revision == first.revision and run.date - first.date < _HOUR


def _changes(values: list[float], rule: Rule) -> tuple[Change, ...]:
    return tuple(change_points(values, rule))


def _numbers(run: ResultFile, metrics: Sequence[str]) -> dict[tuple[str, str], list[float]]:
    """Positive numbers only: a ratio to 0 has no meaning."""
    found: dict[tuple[str, str], list[float]] = {}
    for row in run.rows:
        for metric in metrics:
            if metric == TIME:
                value = 0.0 if row.time is None else row.time * SECONDS[row.unit]
            else:
                value = row.numbers.get(metric, 0.0)
            if value > 0:
                found.setdefault((row.name, metric), []).append(value)
    return found
