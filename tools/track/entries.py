# SPDX-License-Identifier: Apache-2.0
"""Result files -> entries of github-action-benchmark's customSmallerIsBetter and
customBiggerIsBetter: `name`, `value`, `unit`, `range`, `extra`.

Several files are runs of the same program on one machine: the value is the median of the runs, and
the range is the largest distance of a run from it. A single run has the range of its batches
(`ci95_rel`).
"""

import statistics
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from results import schema, versions
from results.reader import SECONDS, ResultError
from results.schema import smaller_is_better
from results.tracked import LeftOut, ResultFile, Row

Entry = dict[str, Any]
DEFAULT_COUNTERS = ("items_per_second", "bytes_per_second", "max_batch_size")


@dataclass
class Entries:
    smaller: list[Entry] = field(default_factory=list)
    bigger: list[Entry] = field(default_factory=list)
    left_out: list[LeftOut] = field(default_factory=list)


def entries(runs: Sequence[ResultFile], counters: Sequence[str] = DEFAULT_COUNTERS) -> Entries:
    """Every row of any run, in the order of the first that has it. A name that failed in a run is
    not exported. Raises ResultError for runs of different machines or versions of a step."""
    machines = dict.fromkeys(run.machine for run in runs)
    if len(machines) > 1:
        raise ResultError(
            f"results of several machines cannot share a series ({'; '.join(machines)}): "
            "export the files of each machine on their own"
        )
    versions.require_one(
        (row.name.split("/")[0], versions.of(row.numbers), run.path.name)
        for run in runs for row in run.rows
    )  # fmt: skip
    found = Entries(left_out=[item for run in runs for item in run.left_out])
    failed = {item.name for item in found.left_out if item.reason.startswith("failed")}
    for name, each in _by_name(runs).items():
        if name in failed:
            found.left_out.append(LeftOut(name, "it failed in another run or repetition"))
            continue
        extra = _extra(each, runs)
        if all(row.time is not None for rows in each for row in rows):
            found.smaller.append(_time(name, each, extra))
        for counter in counters:
            values = [
                statistics.median(known)
                for rows in each
                if (known := [row.numbers[counter] for row in rows if counter in row.numbers])
            ]
            if not values or statistics.median(values) <= 0:
                continue
            known = schema.counter(counter)
            side = found.smaller if smaller_is_better(counter) else found.bigger
            entry = {"name": f"{name} {counter}", "value": statistics.median(values),
                     "unit": known.unit if known else "s"}  # fmt: skip
            side.append(entry | _range(values, None) | {"extra": extra})
    return found


def _by_name(runs: Sequence[ResultFile]) -> dict[str, list[list[Row]]]:
    """The rows of each name: a list of repetitions for each run, because a process is one piece of
    evidence and its repetitions become one number first."""
    found: dict[str, list[list[Row]]] = {}
    for run in runs:
        of_run: dict[str, list[Row]] = {}
        for row in run.rows:
            of_run.setdefault(row.name, []).append(row)
        for name, rows in of_run.items():
            found.setdefault(name, []).append(rows)
    return found


def _time(name: str, each: list[list[Row]], extra: str) -> Entry:
    unit = each[0][0].unit
    scale = {other: seconds / SECONDS[unit] for other, seconds in SECONDS.items()}
    values = [statistics.median(row.time * scale[row.unit] for row in rows) for rows in each]
    interval = each[0][0].numbers.get("ci95_rel") if len(each[0]) == 1 else None
    entry = {"name": name, "value": statistics.median(values), "unit": unit}
    return entry | _range(values, interval) | {"extra": extra}


def _range(values: list[float], interval: float | None) -> dict[str, str]:
    """`± half-width` in the value's unit; empty where the range is not known."""
    middle = statistics.median(values)
    if len(values) > 1:
        return {"range": f"± {max(abs(value - middle) for value in values):.4g}"}
    return {} if interval is None else {"range": f"± {interval * middle:.4g}"}


def _extra(each: list[list[Row]], runs: Sequence[ResultFile]) -> str:
    """What a chart shows next to a point."""
    first = each[0][0].numbers
    lines = [f"runs: {len(each)}"]
    if "batches" in first:
        lines.append(f"batches: {first['batches']:.0f}")
    lines.append(f"machine: {runs[0].machine}")
    if revisions := dict.fromkeys(run.revision for run in runs if run.revision):
        lines.append(f"revision: {', '.join(revisions)}")
    flags = [flag for flag in ("noisy", "throttled", "drifted", "launch_bound")
             if any(row.numbers.get(flag) for rows in each for row in rows)]  # fmt: skip
    return "\n".join(lines + ([f"flags: {', '.join(flags)}"] if flags else []))
