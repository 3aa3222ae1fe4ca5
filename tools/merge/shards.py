# SPDX-License-Identifier: Apache-2.0
"""Reads the results of one shard, which may still be growing, and the deal that made it."""

import json
import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from results import reader
from results.printable import printable
from results.reader import ResultError
from whole_text import read_text

Json = dict[str, Any]

_NAMES = ("*.shard-*-of-*.json", "*.shard-auto-*.json")


@dataclass(frozen=True)
class Dealt:
    """A row of the whole grid, and the shard that measures it: None where workers take rows one by
    one."""

    shard: int | None
    name: str


@dataclass
class Shard:
    """`rows` are the entries of each finished row by its name: one, or repetitions and aggregates.
    `deal` is the whole grid in the order of one process; empty where it is not known."""

    path: Path
    context: Json
    rows: dict[str, list[Json]]
    deal: tuple[Dealt, ...]

    @property
    def place(self) -> tuple[float, str]:
        """Shards by their number, then workers, and last what is merged already."""
        shard = str(self.context.get("shard", ""))
        number = re.match(r"(\d+)/", shard)
        last = 1e9 if self.pulled else float("inf")
        return (int(number[1]) if number else last, str(self.path))

    @property
    def pulled(self) -> bool:
        """Whether it is a worker's, which took rows one by one (`--shard=auto`)."""
        return str(self.context.get("shard", "")).startswith("auto")


def read(path: Path) -> Shard:
    """Raises ResultError."""
    document = _load(path)
    return Shard(path, document["context"], _finished(document["benchmarks"], path), _deal(path))


def found(paths: Iterable[Path]) -> list[Path]:
    """The given files, and the shards in the given folders. Raises ResultError for a folder without
    any."""
    files: list[Path] = []
    for path in paths:
        inside = [path]
        if path.is_dir():
            inside = sorted(each for name in _NAMES for each in path.glob(name))
        if not inside:
            raise ResultError(f"{path}: no {' or '.join(_NAMES)} in this folder")
        files += inside
    return files


def samples_of(results: Path) -> Path:
    return _next_to(results, ".samples.jsonl")


def failed(entries: Iterable[Json]) -> bool:
    return any(entry.get("error_occurred") or entry.get("skipped") for entry in entries)


def message(entries: Iterable[Json]) -> str:
    """Why a row failed."""
    words = [entry.get("error_message") or entry.get("skip_message") for entry in entries]
    return next((str(word) for word in words if word), "no message was given")


def _next_to(results: Path, suffix: str) -> Path:
    """The program's next_to_results()."""
    name = results.stem if results.suffix == ".json" else results.name
    return results.with_name(name + suffix)


def _load(path: Path) -> Json:
    """The program's files are complete at any moment. Those of a stream, or of Google Benchmark
    itself, end anywhere until the run ends: they are read up to the last whole row."""
    try:
        return reader.load(path)
    except ResultError:
        # Other faults remain.
        whole = _completed(path)
        if whole is None:
            raise
        return whole


def _completed(path: Path) -> Json | None:
    try:
        text = read_text(path, "utf-8-sig")
    except (OSError, UnicodeDecodeError):
        return None
    start = re.search(r'"benchmarks"\s*:\s*\[', text)
    if start is None or text.rstrip().endswith("]\n}"):
        return None
    # Google Benchmark's rows end with a brace after four spaces.
    end = text.rfind("\n    }", start.end())
    rows = text[: end + len("\n    }")] if end >= 0 else text[: start.end()]
    try:
        document = json.loads(rows + "]}")
    except ValueError:
        return None
    return document if isinstance(document.get("context"), dict) else None


def _finished(benchmarks: list[Any], path: Path) -> dict[str, list[Json]]:
    """Rows by name, without those of which repetitions are missing: their run goes on or was
    ended."""
    rows: dict[str, list[Json]] = {}
    for entry in benchmarks:
        if not isinstance(entry, dict) or not isinstance(entry.get("name"), str):
            raise ResultError(f"{path}: not Google Benchmark JSON: a row without a name")
        rows.setdefault(str(entry.get("run_name", entry["name"])), []).append(entry)
    return {name: entries for name, entries in rows.items() if _is_whole(entries)}


def _is_whole(entries: list[Json]) -> bool:
    aggregated = any(entry.get("run_type", "iteration") == "aggregate" for entry in entries)
    return failed(entries) or aggregated or len(entries) >= entries[0].get("repetitions", 1)


def _deal(results: Path) -> tuple[Dealt, ...]:
    """What the program wrote next to the results; with `--processes` each process did."""
    places = (
        _next_to(results, ".rows.txt"),
        _next_to(results, ".processes") / "1.rows.txt",
    )
    for path in places:
        if path.is_file():
            return tuple(_dealt(path))
    return ()


def _dealt(path: Path) -> Iterable[Dealt]:
    for line in read_text(path).splitlines():
        shard, _, rest = line.partition("\t")
        _, tab, name = rest.partition("\t")
        if not (shard.isdigit() or shard == "auto") or not tab:
            raise ResultError(f"{path}: a line is not 'shard, seconds, name': {line!r}")
        yield Dealt(int(shard) if shard.isdigit() else None, printable(name))
