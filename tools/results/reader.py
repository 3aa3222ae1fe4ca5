# SPDX-License-Identifier: Apache-2.0
"""Google Benchmark JSON -> a document: its context and its rows. The only reader of result files.

A file that cannot be used at all raises ResultError, whose message is one line that begins with the
file's name. A row with something odd in it remains a row that names the fault; each view decides
whether it leaves the row out, shows it without a time, or refuses the file. Numbers that are not
finite are kept separately from the others.
"""

import json
import math
import re
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from whole_text import read_text

from results.printable import printable

SECONDS = {"ns": 1e-9, "us": 1e-6, "ms": 1e-3, "s": 1.0}
# What Google Benchmark itself writes into a row; every other number is a counter.
_NOT_COUNTERS = {
    "name", "run_name", "run_type", "family_index", "per_family_instance_index", "repetitions",
    "repetition_index", "threads", "iterations", "real_time", "cpu_time", "time_unit", "label",
    "error_occurred", "error_message", "skipped", "skip_message", "aggregate_name",
    "aggregate_unit",
}  # fmt: skip


class ResultError(Exception):
    """A result file that cannot be used; the message is one line and names the file."""

    def __init__(self, message: str):
        super().__init__(printable(message))


@dataclass(frozen=True)
class Row:
    """`seconds` is the mean of an iteration, NaN where the row lacks it. `numbers` are the finite
    counters, `not_finite` the others as they were written. `error` says why the row failed.
    `aggregate` names the statistic where the row is one over repetitions. `fault` says what makes
    the row unusable. `machine_seconds` is what a merged file has for machine_spread, as written."""

    name: str
    run_name: str
    label: str
    unit: str
    seconds: float
    numbers: dict[str, float]
    not_finite: dict[str, float]
    error: str | None
    aggregate: str | None
    fault: str | None
    machine_seconds: Any = None

    @property
    def median(self) -> float:
        """The median of the batches in seconds, which one slow batch does not move; the mean where
        there are no batches, and of LoadData, whose workers deliver several batches at a time, so
        that most waits for the next one are short."""
        if self.name.startswith("LoadData/"):
            return self.seconds
        median = self.numbers.get("p50", 0.0)
        return median if median > 0 else self.seconds


@dataclass(frozen=True)
class Document:
    path: Path
    context: dict[str, Any] = field(default_factory=dict)
    rows: tuple[Row, ...] = ()


def read(path: Path) -> Document:
    """Raises ResultError."""
    document = load(path)
    return Document(path, document["context"], tuple(rows_of(document)))


def load(path: Path) -> dict[str, Any]:
    """The file's JSON with an object `context` and a list `benchmarks`; raises ResultError."""
    try:
        text = read_text(path, "utf-8-sig")
    except FileNotFoundError:
        raise ResultError(f"{path}: no such file") from None
    except UnicodeDecodeError:
        raise _refused(path, "not JSON (not UTF-8 text)") from None
    except OSError as error:
        raise ResultError(f"{path}: {error.strerror}") from None
    if not text.strip():
        raise _refused(path, "the file is empty; did the run end?")
    try:
        document = json.loads(text)
    except (ValueError, RecursionError) as error:
        if text.lstrip().startswith("{") and not text.rstrip().endswith("}"):
            reason = "truncated JSON; Google Benchmark completes the file when the run ends"
        else:
            reason = f"not JSON ({error})"
        raise _refused(path, reason) from None
    if not isinstance(document, dict) or not isinstance(document.get("benchmarks"), list):
        raise _refused(path, "no 'benchmarks' list in it")
    if not isinstance(document.setdefault("context", {}), dict):
        raise _refused(path, "'context' is not an object")
    return _plain(document)


def _plain(value: Any) -> Any:
    """JSON whose texts are printable; names, labels and messages come from outside."""
    if isinstance(value, str):
        return printable(value)
    if isinstance(value, list):
        return [_plain(item) for item in value]
    if isinstance(value, dict):
        return {printable(key): _plain(item) for key, item in value.items()}
    return value


def _refused(path: Path, reason: str) -> ResultError:
    return ResultError(f"{path}: not Google Benchmark JSON: {reason}")


def files(paths: Iterable[Path]) -> Iterator[Path]:
    """The given files, and every result file below the given folders in the order of names, without
    those of single processes (`NAME.processes/`), whose rows `NAME.json` has, and without traces
    (`NAME.traces/` and `traces/`)."""
    for path in paths:
        if path.is_dir():
            found = [file for file in path.rglob("*.json") if file.is_file()]
            left = {".processes", ".traces"} - {path.suffix}
            yield from only_results(
                path, [file for file in found if file.parent.suffix not in left
                       and file.parent.name != "traces"]
            )  # fmt: skip
        else:
            yield path


def only_results(folder: Path, found: Iterable[Path]) -> list[Path]:
    """Of the JSON files found in a folder, those with results, in the order of names; a line on
    stderr names the others. Damaged files stay, so that reading them fails. Shards stay where the
    merged file, which has their rows, is not there. Raises ResultError where none is left."""
    paths = sorted(path for path in found if not _is_merged(path))
    others = [path for path in paths if _is_other_json(path)]
    if others:
        names = ", ".join(str(path.relative_to(folder)) for path in others)
        print(f"{folder}: left out JSON without a 'benchmarks' list: {names}", file=sys.stderr)
    kept = [path for path in paths if path not in others]
    if not kept:
        raise ResultError(f"{folder}: no *.json {'with results ' if others else ''}in this folder")
    return kept


def _is_merged(path: Path) -> bool:
    """Whether RESULTS.shard-1-of-4.json, or a worker's file, lies next to RESULTS.json."""
    shard = re.fullmatch(r"(.+)\.shard-(?:\d+-of-\d+|auto-[\w-]+)\.json", path.name)
    return shard is not None and path.with_name(f"{shard[1]}.json").is_file()


def _is_other_json(path: Path) -> bool:
    try:
        document = json.loads(read_text(path, "utf-8-sig"))
    except (OSError, ValueError, RecursionError):
        return False
    return not (isinstance(document, dict) and isinstance(document.get("benchmarks"), list))


def rows_of(document: dict[str, Any]) -> Iterator[Row]:
    """The rows of a document's JSON."""
    for row in document.get("benchmarks", []):
        yield _row(row if isinstance(row, dict) else {})


def _row(row: dict[str, Any]) -> Row:
    unit = str(row.get("time_unit", "ns"))
    mean = row.get("real_time")
    counters = {
        key: as_number(value)
        for key, value in row.items()
        if key not in _NOT_COUNTERS and is_number(value)
    }
    aggregate = None
    if row.get("run_type", "iteration") != "iteration":
        aggregate = str(row.get("aggregate_name", "unnamed"))
    error = None
    if row.get("error_occurred") or row.get("skipped"):
        error = str(row.get("error_message") or row.get("skip_message") or "no message was given")
    fault = None
    if not row.get("name"):
        fault = "a row without a name"
    elif unit not in SECONDS:
        fault = f"time_unit is {unit!r}; choices: {', '.join(SECONDS)}"
    elif not is_number(mean):
        fault = f"real_time is {mean!r}"
    return Row(
        name=str(row.get("name") or ""),
        run_name=str(row.get("run_name") or row.get("name") or ""),
        label=str(row.get("label") or ""),
        unit=unit,
        seconds=math.nan if fault else as_number(mean) * SECONDS[unit],
        numbers={key: value for key, value in counters.items() if math.isfinite(value)},
        not_finite={key: value for key, value in counters.items() if not math.isfinite(value)},
        error=error,
        aggregate=aggregate,
        fault=fault,
        machine_seconds=row.get("machine_seconds"),
    )


def is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def as_number(value: Any) -> float:
    """A number as a float; an integer beyond all floats becomes infinite."""
    try:
        return float(value)
    except OverflowError:
        return math.inf if value > 0 else -math.inf
