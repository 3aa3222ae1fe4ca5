# SPDX-License-Identifier: Apache-2.0
"""How a row differs between machines that measured it.

The value of a machine is its median time. A machine is slow in a row where its time is more than
5 % above the median over machines, the share beyond which SuperBench
(https://www.usenix.org/conference/atc24/presentation/xiong) takes a node for a defective one. The
interval of the median over machines is that of order statistics, with at least 95 %; there is none
for fewer than six machines.
"""

import math
import statistics
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from results.reader import is_number

SLOW = 0.05
_FEWEST = 3  # Of two that differ nobody knows which is slow.


@dataclass(frozen=True)
class Spread:
    """`slow` has the share above the median of each slow machine, the slowest first."""

    machines: int
    median: float
    interval: tuple[float, float] | None
    slow: dict[str, float]


def seconds_of(row: Mapping[str, Any]) -> dict[str, float]:
    """What a merged row says of each machine; empty where one machine measured it."""
    said = row.get("machine_seconds")
    return {
        machine: value
        for machine, value in (said.items() if isinstance(said, dict) else ())
        if is_number(value) and 0 < value < math.inf
    }


def of(seconds: Mapping[str, float]) -> Spread | None:
    """None for fewer than three machines."""
    if len(seconds) < _FEWEST:
        return None
    median = statistics.median(seconds.values())
    above = {machine: value / median - 1 for machine, value in seconds.items()}
    slow = sorted((item for item in above.items() if item[1] > SLOW), key=lambda item: -item[1])
    return Spread(len(seconds), median, _interval(sorted(seconds.values())), dict(slow))


def _interval(ordered: list[float]) -> tuple[float, float] | None:
    """Of the narrowest pair of order statistics, symmetric in rank, that holds the median."""
    count = len(ordered)
    outside = 0.0  # The probability that at most `left` values lie below the median.
    found = None
    for left in range(count // 2):
        outside += math.comb(count, left) / 2**count
        if 2 * outside > 0.05:
            break
        found = ordered[left], ordered[count - 1 - left]
    return found
