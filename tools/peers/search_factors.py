# SPDX-License-Identifier: Apache-2.0
"""What a search of a zoo gains over the plain procedure in Python, factor by factor.

The rule: a chain of searches of one probe, each of which changes one thing.
  Python      in a precision
  one_by_one  ours, same precision and first execution: the rest (loading, extraction, probe)
  decode_once decoding once
  shared      sharing segments
  best        precision and fusing: the fastest `shared` row of all precisions and executions
  halving     halving the field, in the settings of `best`
Seconds are medians over the rounds, a factor is a quotient of those of two neighbors, and so their
product is the total. Where rows differ in other settings, the fastest counts. A search that was not
measured is left out, and the next factor includes its own.
"""

import statistics
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from peers.our_search import Search

STAGES = {
    "one_by_one": "the rest",
    "decode_once": "decoding once",
    "shared": "sharing",
    "best": "precision and fusing",
    "halving": "halving",
}


@dataclass(frozen=True)
class Timed:
    """A row in all rounds; every round found the same settings, and `search` is the first's."""

    search: Search
    seconds: tuple[float, ...]

    @property
    def median(self) -> float:
        return statistics.median(self.seconds)


@dataclass(frozen=True)
class Stage:
    """`factor` is how many times as fast it is as the stage before, `total` as Python, and
    `totals` are the latter of each round."""

    name: str
    timed: Timed
    factor: float
    total: float
    totals: tuple[float, ...]


@dataclass(frozen=True)
class Factors:
    """Of one probe, against Python in one precision."""

    probe: str
    precision: str
    python: Timed
    stages: tuple[Stage, ...]


def timed(rounds: Iterable[Iterable[Search]]) -> list[Timed]:
    """The rows that every round has."""
    by_name: dict[str, list[Search]] = {}
    count = 0
    for searches in rounds:
        count += 1
        for search in searches:
            by_name.setdefault(search.name, []).append(search)
    return [
        Timed(found[0], tuple(each.seconds for each in found))
        for found in by_name.values()
        if len(found) == count
    ]


def factors(python: Timed, ours: Iterable[Timed], execution: str) -> Factors:
    """`execution` is that of the stages in Python's precision."""
    probe, precision = python.search.key("probe"), python.search.key("precision")
    rows = [row for row in ours if row.search.key("probe") == probe]

    def plan(name: str) -> Timed | None:
        return _fastest(
            rows, lambda search: search.key("plan") == name and search.key("budget") == "all"
            and search.key("precision") == precision and search.key("execution") == execution,
        )  # fmt: skip

    best = _fastest(
        rows, lambda search: search.key("plan") == "shared" and search.key("budget") == "all"
    )
    halving = best and _fastest(
        rows, lambda search: search.key("budget") == "halving"
        and search.without("budget") == best.search.without("budget"),
    )  # fmt: skip
    found = {name: plan(name) for name in ("one_by_one", "decode_once", "shared")}
    found |= {"best": best, "halving": halving}
    stages: list[Stage] = []
    before = python
    for name, row in found.items():
        if row is None:
            continue
        totals = tuple(a / b for a, b in zip(python.seconds, row.seconds, strict=True))
        factor, total = before.median / row.median, python.median / row.median
        stages.append(Stage(name, row, factor, total, totals))
        before = row
    return Factors(probe, precision, python, tuple(stages))


def _fastest(rows: Iterable[Timed], belongs: Callable[[Search], bool]) -> Timed | None:
    chosen = [row for row in rows if belongs(row.search)]
    return min(chosen, key=lambda row: row.median, default=None)
