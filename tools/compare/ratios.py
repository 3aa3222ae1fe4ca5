# SPDX-License-Identifier: Apache-2.0
"""How many times as fast our program is as a peer, over rounds in which both are measured.

A ratio of 2 means that ours takes half of the time; above 1, ours is faster. A machine that slows
down between rounds slows both sides of a round, so ratios are taken within rounds, and the median
of the rounds' ratios counts.
"""

import statistics
from collections.abc import Callable, Hashable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

EVERY_PEER = ""  # the key of the minimum for peers without one of their own


@dataclass(frozen=True)
class Measured:
    """A row of Google Benchmark's JSON that one side measured in one round. Rows of equal `group`
    did the same work. `peer` names the side; it is empty for our program."""

    round: int
    group: Hashable
    peer: str
    row: dict[str, Any]


@dataclass(frozen=True)
class Figure:
    """The number of a row that is compared; `value` gives None for a row that lacks it."""

    value: Callable[[dict[str, Any]], float | None]
    more_is_faster: bool  # True for items per second, False for seconds


@dataclass(frozen=True)
class Ratio:
    """Our row `name` is `median` times as fast as `peer`. `ours` and `theirs` are the medians of
    the figure, and `rounds` are the ratios of each round; they are empty when a side failed, and
    `error` says why."""

    name: str
    peer: str
    group: Hashable = None
    ours: float = 0.0
    theirs: float = 0.0
    rounds: tuple[float, ...] = ()
    error: str | None = None

    @property
    def median(self) -> float:
        return statistics.median(self.rounds)


def ratios(measured: Iterable[Measured], figure: Figure) -> list[Ratio]:
    """The ratio of each of our rows to each peer of its group."""
    sides: dict[tuple[Hashable, str, str], dict[int, dict[str, Any]]] = {}
    for each in measured:
        sides.setdefault((each.group, each.peer, each.row["name"]), {})[each.round] = each.row
    return [
        _ratio(Ratio(name, peer, group), ours, theirs, figure)
        for (group, side, name), ours in sides.items()
        for (other, peer, _), theirs in sides.items()
        if not side and peer and other == group
    ]


def minimum(minimums: Mapping[str, float], peer: str) -> float | None:
    """The least ratio that passes: the peer's own, else that for every peer, else None."""
    return minimums.get(peer, minimums.get(EVERY_PEER))


def too_slow(ratio: Ratio, minimums: Mapping[str, float]) -> bool:
    least = minimum(minimums, ratio.peer)
    return bool(ratio.rounds) and least is not None and ratio.median < least


def exit_code(found: list[Ratio], minimums: Mapping[str, float]) -> int:
    """0: every median reaches its minimum; 1: one does not; 2: a side failed, or nothing was
    compared."""
    if any(too_slow(ratio, minimums) for ratio in found):
        return 1
    return 2 if not found or any(ratio.error for ratio in found) else 0


def _ratio(ratio: Ratio, ours: dict[int, dict], theirs: dict[int, dict], figure: Figure) -> Ratio:
    columns: list[list[float]] = []
    for side, rows in (("ours", ours), (ratio.peer, theirs)):
        values = []
        for index in sorted(ours.keys() | theirs.keys()):
            value = _value(rows.get(index), figure)
            if isinstance(value, str):
                error = f"{side}, round {index + 1}: {value}"
                return Ratio(ratio.name, ratio.peer, ratio.group, error=error)
            values.append(value)
        columns.append(values)
    pairs = list(zip(*columns, strict=True))
    each = tuple(a / b if figure.more_is_faster else b / a for a, b in pairs)
    medians = (statistics.median(values) for values in columns)
    return Ratio(ratio.name, ratio.peer, ratio.group, *medians, each)


def _value(row: dict[str, Any] | None, figure: Figure) -> float | str:
    """The figure, or why the row lacks it."""
    if row is None:
        return "no row was measured"
    if row.get("error_occurred"):
        return row.get("error_message") or "the row failed without a message"
    value = figure.value(row)
    return value if value is not None and value > 0 else "the row has no such figure above 0"
