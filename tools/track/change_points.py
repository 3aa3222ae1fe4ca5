# SPDX-License-Identifier: Apache-2.0
"""Where a series of numbers changed its level for good. Pure functions of the numbers.

Changes of the mean of the logarithms are found by PELT (Killick, Fearnhead and Eckley 2012, in
ruptures' KernelCPD). Three rules around the search prevent false alarms: single outliers are
replaced by the median around them before it (Hampel's filter), a level needs `segment` points, and
two neighboring levels whose medians differ by less than `minimum` are one."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import ruptures

_OUTLIER = 3.0  # standard deviations from the median of the five points around
_PENALTY = 6.0  # the penalty of a change is this times the variance and log n, see `_penalty`


@dataclass(frozen=True)
class Rule:
    minimum: float = 0.05  # share of the level by which it must change
    segment: int = 3  # points that a level needs


@dataclass(frozen=True)
class Change:
    """`index` is the first point of the new level; `before` and `after` are the levels' medians."""

    index: int
    before: float
    after: float

    @property
    def effect(self) -> float:
        """0.1: 10 % more than before."""
        return self.after / self.before - 1


def change_points(values: Sequence[float], rule: Rule) -> list[Change]:
    """In order. `values` are positive and finite, the oldest first; ValueError for others."""
    if any(not (value > 0 and math.isfinite(value)) for value in values):
        raise ValueError("a series holds a number that is not positive and finite")
    if len(values) < 2 * rule.segment:
        return []
    logs = np.log(np.asarray(values, dtype=float))
    least = math.log1p(rule.minimum)
    noise = max(_noise(logs), least / 10)
    search = ruptures.KernelCPD(kernel="linear", min_size=rule.segment)
    search.fit(_without_outliers(logs, noise).reshape(-1, 1))
    bounds = [0, *search.predict(pen=_penalty(noise, len(logs)))]
    bounds = _settled(logs, [int(bound) for bound in bounds], least, rule.segment)
    levels = [math.exp(level) for level in _levels(logs, bounds)]
    return [
        Change(start, before, after)
        for start, (before, after) in zip(bounds[1:-1], pairwise(levels), strict=True)
    ]


def _penalty(noise: float, count: int) -> float:
    """The penalty is higher where few points estimate the noise. Of series that never changed, with
    1 % to 10 % noise, at most 2 in 100 give a change."""
    return _PENALTY * (1 + 6 / count) * noise**2 * math.log(count)


def _noise(logs: np.ndarray) -> float:
    """Standard deviation from the differences of neighbors, of which a change of level is only
    one."""
    return float(np.median(np.abs(np.diff(logs)))) / 0.6745 / math.sqrt(2)


def _without_outliers(logs: np.ndarray, noise: float) -> np.ndarray:
    around = np.array([np.median(logs[max(0, i - 2) : i + 3]) for i in range(len(logs))])
    return np.where(np.abs(logs - around) > _OUTLIER * noise, around, logs)


def _settled(logs: np.ndarray, bounds: list[int], least: float, segment: int) -> list[int]:
    """Bounds of levels that differ by `least` and have `segment` points of their own each: one
    bound goes after the other until that holds."""
    while len(bounds) > 2:
        levels = _levels(logs, bounds)
        steps = [abs(after - before) for before, after in pairwise(levels)]
        place = steps.index(min(steps))
        if steps[place] >= least:
            bounds = _moved(logs, bounds, levels, segment)
            short = [end - start < segment for start, end in pairwise(bounds)]
            if not any(short):
                return bounds
            # The level that is too short joins the neighbor that is closer to it.
            level = short.index(True)
            place = min(
                (i for i in (level - 1, level) if 0 <= i < len(steps)), key=steps.__getitem__
            )
        del bounds[place + 1]
    return bounds


def _levels(logs: np.ndarray, bounds: list[int]) -> list[float]:
    return [float(np.median(logs[start:end])) for start, end in pairwise(bounds)]


def _moved(logs: np.ndarray, bounds: list[int], levels: list[float], reach: int) -> list[int]:
    """Moves each bound by at most `reach` points to where points are closest to their levels. PELT
    lengthens a level of two points by a third to reach the least length."""
    moved = [0]
    for bound, after, (low, high) in zip(bounds[1:], bounds[2:], pairwise(levels), strict=False):
        places = range(max(moved[-1] + 1, bound - reach), min(after, bound + reach + 1))
        first, last = places[0], places[-1]
        # No point counts for more than the step, since an outlier belongs to neither level.
        from_low, from_high = (
            np.minimum(np.abs(logs - level), abs(high - low)) for level in (low, high)
        )
        misfit = [float(from_low[first:k].sum() + from_high[k:last].sum()) for k in places]
        moved.append(places[misfit.index(min(misfit))])
    return [*moved, bounds[-1]]
