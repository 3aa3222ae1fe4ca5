# SPDX-License-Identifier: Apache-2.0
"""How many times as fast a change makes a search, how sure that is, and which gains are named.

Of all gains that one report looks at, those are named that Benjamini and Hochberg's choice takes at
LEVEL. Where no change has an effect, at most that share of reports names one. The interval of a
named gain has the level of that choice, so that it leaves 1 out.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from statistics import NormalDist

from results import selection

LEVEL = 0.05


@dataclass(frozen=True)
class Gain:
    """`log` of how many times as fast, and its standard `error`. `tries`: the gain is the largest
    of so many. `low` to `high`: the interval of a named gain."""

    log: float
    error: float
    tries: int = 1
    low: float = math.nan
    high: float = math.nan

    @property
    def times(self) -> float:
        return math.exp(self.log)

    @property
    def named(self) -> bool:
        return self.low > 1

    @property
    def p_value(self) -> float:
        """Two-sided; 1 where nothing is gained."""
        p = 2 * NormalDist().cdf(-self.log / self.error) if self.log > 0 else 1.0
        return min(1.0, p * self.tries)

    def at(self, level: float) -> "Gain":
        """With its interval."""
        width = -NormalDist().inv_cdf(level / self.tries / 2) * self.error
        return replace(self, low=math.exp(self.log - width), high=math.exp(self.log + width))


def choose(gains: Sequence[Gain]) -> list[Gain]:
    """All gains of a report, in their order; those that may be named have an interval."""
    chosen, level = selection.select([gain.p_value for gain in gains], LEVEL)
    return [gain.at(level) if named else gain
            for gain, named in zip(gains, chosen, strict=True)]  # fmt: skip
