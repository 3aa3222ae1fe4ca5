# SPDX-License-Identifier: Apache-2.0
"""Exact intervals and p-values from ranks: no normal approximation, no resampling, no seed.

Paired rounds: Wilcoxon's signed-rank test, and the median of the means of all pairs of log ratios
(Hodges and Lehmann, 1963). The test assumes only that log ratios are symmetric about their center,
which is true of equal programs that take turns in random order. Unpaired processes: the
Mann-Whitney test, and the median of all differences between the sides.

An interval holds the values that the test does not reject, and `beyond` gives the level at which an
interval first touches a margin, so that the two always agree. scipy's tests give the same p-values
against 0 where no values are tied.
"""

import functools
import statistics
from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Interval:
    low: float
    high: float


def paired_median(values: Sequence[float]) -> float:
    return statistics.median(_walsh(values))


def paired_interval(values: Sequence[float], alpha: float) -> Interval | None:
    """Contains the center with a probability of at least 1 - alpha; None for too few values."""
    ordered = sorted(_walsh(values))
    rank = _rank(_signed_rank(len(values)), alpha)
    return Interval(ordered[rank - 1], ordered[-rank]) if rank else None


def paired_beyond(values: Sequence[float], margin: float) -> float:
    """The smallest alpha at which the interval lies beyond +margin or beyond -margin."""
    return _beyond(_walsh(values), margin, _signed_rank(len(values)))


def _walsh(values: Sequence[float]) -> list[float]:
    return [(a + b) / 2 for i, a in enumerate(values) for b in values[i:]]


@functools.cache
def _signed_rank(count: int) -> tuple[int, ...]:
    """The number of the 2^n choices of signs whose positive ranks add up to 0, 1, ..."""
    counts = [1]
    for rank in range(1, count + 1):
        larger = counts + [0] * rank
        for total, number in enumerate(counts):
            larger[total + rank] += number
        counts = larger
    return tuple(counts)


def unpaired_median(base: Sequence[float], new: Sequence[float]) -> float:
    return statistics.median(b - a for a in base for b in new)


def unpaired_interval(base: Sequence[float], new: Sequence[float], alpha: float) -> Interval | None:
    """Contains the difference new - base with a probability of at least 1 - alpha."""
    ordered = sorted(b - a for a in base for b in new)
    rank = _rank(_mann_whitney(len(base), len(new)), alpha)
    return Interval(ordered[rank - 1], ordered[-rank]) if rank else None


def unpaired_beyond(base: Sequence[float], new: Sequence[float], margin: float) -> float:
    """As `paired_beyond`, for the difference new - base."""
    differences = [b - a for a in base for b in new]
    return _beyond(differences, margin, _mann_whitney(len(base), len(new)))


def _beyond(estimates: Sequence[float], margin: float, counts: Sequence[int]) -> float:
    inside = min(sum(x <= margin for x in estimates), sum(x >= -margin for x in estimates))
    return min(1.0, 2 * sum(counts[: inside + 1]) / sum(counts))


def _rank(counts: Sequence[int], alpha: float) -> int:
    """The largest k with 2 * P(X <= k - 1) <= alpha, or 0. X has these counts, which are
    symmetric."""
    total = sum(counts)
    tail = 0
    for k, count in enumerate(counts, start=1):
        tail += count
        if 2 * tail / total > alpha:
            return k - 1
    return 0


@functools.cache
def _mann_whitney(a: int, b: int) -> tuple[int, ...]:
    """The number of orders of a + b distinct values with U = 0, 1, ..., a * b."""
    if a == 0 or b == 0:
        return (1,)
    with_last = _mann_whitney(a - 1, b)  # the largest value belongs to the first side: b wins more
    without = _mann_whitney(a, b - 1)
    counts = [0] * (a * b + 1)
    for i, count in enumerate(with_last):
        counts[i + b] += count
    for i, count in enumerate(without):
        counts[i] += count
    return tuple(counts)
