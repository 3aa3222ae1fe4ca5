# SPDX-License-Identifier: Apache-2.0
"""Searches that answer one question (`results.zoo_searches`), and which of them stands for it.

That is the search nearest to a run without flags, so that advice covers the rest: with
`budget=all`, the plan that shares most, without a bound of memory, with the fewest settings off
their defaults, then the fastest. Where only halvings were measured, the first of them in that
order.
"""

import math
from dataclasses import dataclass

from results import schema, zoo_searches
from results.table import Results
from results.zoo_searches import ZooSearch

from report.diagnosis import measurements
from report.diagnosis.gain import Gain
from report.diagnosis.measurements import Measurement

PLANS = schema.AXES["plan"].values
_BOUNDS = ("device_cache", "host_cache")


@dataclass(frozen=True)
class Question:
    """`searches` are those of one question; `rows` are the same as evidence, by source and name."""

    searches: list[ZooSearch]
    rows: dict[tuple[str, str], Measurement]

    @property
    def main(self) -> ZooSearch:
        return min(self.searches, key=_order)

    def row(self, search: ZooSearch) -> Measurement:
        return self.rows[search.source, search.name]

    def gain(self, slow: ZooSearch, fast: ZooSearch, tries: int = 1) -> Gain:
        """Of `fast` in place of `slow`."""
        errors = (self.row(slow).standard_error, self.row(fast).standard_error)
        return Gain(math.log(slow.seconds / fast.seconds), math.hypot(*errors), tries)


def of(results: Results) -> list[Question]:
    """In the order of the results."""
    rows = measurements.with_typical_noise(measurements.collect(results))
    evidence = {row.identity: row for row in rows if row.step == "Search"}
    found: dict[tuple, list[ZooSearch]] = {}
    for search in zoo_searches.of(results):
        found.setdefault(search.question, []).append(search)
    return [Question(searches, evidence) for searches in found.values()]


def plan_order(search: ZooSearch) -> int:
    return PLANS.index(search.plan) if search.plan in PLANS else len(PLANS)


def _order(search: ZooSearch) -> tuple:
    off = [key for key, value in search.setting.items() if value != schema.DEFAULTS.get(key, value)]
    bounds = [key for key in _BOUNDS if key in search.setting]
    return search.budget != "all", -plan_order(search), len(bounds), len(off), search.seconds
