# SPDX-License-Identifier: Apache-2.0
"""Shards -> the document that one process would have written, and what it lacks."""

import math
import re
import statistics
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from results import machine_spread
from results.context import kind_of
from results.reader import rows_of

from merge.machines import Machines
from merge.shards import Dealt, Json, Shard, failed

# What merging adds to a row.
_ADDED = ("machine", "machine_seconds", "family_index")
# These entries say what one process measures.
_DROPPED = ("shard", "shard_source")


@dataclass
class Merged:
    """`sources` names the shard that each row comes from. `grid` is empty where it is not known."""

    document: Json
    sources: dict[str, Shard]
    grid: tuple[Dealt, ...]
    failures: dict[str, list[Json]] = field(default_factory=dict)
    duplicates: dict[str, list[Shard]] = field(default_factory=dict)

    @property
    def missing(self) -> list[str]:
        return [dealt.name for dealt in self.grid if dealt.name not in self.sources]

    @property
    def again(self) -> list[str]:
        """The rows for a second try, in the order of the grid."""
        names = [dealt.name for dealt in self.grid] or list(self.sources)
        return [name for name in names if name not in self.sources or name in self.failures]

    @property
    def shards_again(self) -> list[int]:
        """The shards that have such rows; none where workers take them."""
        again = set(self.again)
        shards = {dealt.shard for dealt in self.grid if dealt.name in again}
        return sorted(shard for shard in shards if shard is not None)


def merge(shards: list[Shard]) -> Merged:
    shards = sorted(shards, key=lambda shard: shard.place)
    grid = next((shard.deal for shard in shards if shard.deal), ())
    machines = Machines(shards)
    merged = Merged({}, {}, grid)
    entries: dict[str, list[Json]] = {}
    for name in _order(shards, grid):
        having = [shard for shard in shards if name in shard.rows]
        if not having:
            continue
        # A later try that worked replaces a failure.
        by_machine = _by_machine(having, name, machines)
        chosen = _median(by_machine, name) or having[0]
        rows = [dict(row) for row in chosen.rows[name]]
        for each in by_machine.values():
            if len(each) > 1:
                merged.duplicates[name] = each
        # Workers of one run measure a row twice where a lease was taken back, on two machines too.
        measured = [shard for each in by_machine.values() for shard in each]
        if len(measured) > 1 and measured[0].pulled:
            merged.duplicates[name] = measured
        seconds = _seconds(by_machine, name)
        if len(seconds) > 1:
            rows[0]["machine_seconds"] = seconds
        if failed(rows):
            merged.failures[name] = rows
        if machines.several() and (machine := machines.of(chosen)):
            rows = [row | {"machine": machine} for row in rows]
        entries[name] = rows
        merged.sources[name] = chosen
    merged.document = {
        "context": _context(shards, machines),
        "benchmarks": [
            row | ({"family_index": place} if "family_index" in row else {})
            for place, rows in enumerate(entries.values())
            for row in rows
        ],
    }
    return merged


def _order(shards: list[Shard], grid: Iterable[Dealt]) -> Iterable[str]:
    """The grid's rows, then those that it does not have."""
    return dict.fromkeys(
        [dealt.name for dealt in grid] + [name for shard in shards for name in shard.rows]
    )


def _by_machine(having: list[Shard], name: str, machines: Machines) -> dict[str, list[Shard]]:
    """The shards that measured a row by their machines: one for each measurement."""
    found: dict[str, list[Shard]] = {}
    for shard in having:
        rows = shard.rows[name]
        if failed(rows):
            continue
        each = found.setdefault(machines.of(shard) or str(rows[0].get("machine", "")), [])
        if _plain(rows) not in [_plain(other.rows[name]) for other in each]:
            each.append(shard)
    return found


def _median(by_machine: dict[str, list[Shard]], name: str) -> Shard | None:
    """Of the machines' first measurements the one in the middle; the faster one of two."""
    firsts = sorted(
        (each[0] for each in by_machine.values()), key=lambda s: _median_seconds(s.rows[name])
    )
    return firsts[(len(firsts) - 1) // 2] if firsts else None


def _seconds(by_machine: dict[str, list[Shard]], name: str) -> dict[str, float]:
    """The median seconds of each machine; a merged file has those of several."""
    found: dict[str, float] = {}
    for machine, each in by_machine.items():
        for shard in each:
            found |= machine_spread.seconds_of(shard.rows[name][0])
        found[machine] = _median_seconds(each[0].rows[name])
    return dict(sorted(found.items()))


def _median_seconds(rows: list[Json]) -> float:
    """Repetitions count as one measurement."""
    entries = [row for row in rows_of({"benchmarks": rows}) if row.aggregate is None]
    return statistics.median(row.median for row in entries) if entries else math.nan


def _plain(rows: list[Json]) -> list[Json]:
    """What was measured, without what merging adds."""
    return [{key: row[key] for key in sorted(row) if key not in _ADDED} for row in rows]


def _context(shards: list[Shard], machines: Machines) -> Json:
    values: dict[str, list[Any]] = {}
    for shard in shards:
        for name, value in shard.context.items():
            values.setdefault(name, []).append(value)
    context = {
        name: _joined(name, found)
        for name, found in values.items()
        if name not in _DROPPED and not name.startswith("merged_")
    }
    merged = _merged_shards(shards)
    return context | ({"merged_shards": merged} if merged else {}) | machines.context()


def _merged_shards(shards: list[Shard]) -> str:
    """Which shards are in: "0/4 1/4 3/4", or "auto-0 auto-1"."""
    words: dict[str, None] = {}
    for shard in shards:
        text = str(shard.context.get("shard") or shard.context.get("merged_shards") or "")
        words |= dict.fromkeys(text.split())
    return " ".join(sorted(words, key=_in_order))


def _in_order(word: str) -> tuple[list[str], list[int]]:
    """Texts with numbers in them, such as "auto-n1-2" and "auto-n1-10"."""
    return re.findall(r"\D+", word), [int(number) for number in re.findall(r"\d+", word)]


def _joined(name: str, found: list[Any]) -> Any:
    """One value for all shards: of texts that differ, each once."""
    if name == "date":
        return min(found)
    if not all(isinstance(value, str) for value in found):
        return found[0]
    separator = "; " if name == "shared_trunks" else " | "
    if kind_of(name) == "data":
        return found[0]
    return separator.join(dict.fromkeys(p for value in found for p in value.split(separator)))
