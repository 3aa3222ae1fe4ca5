# SPDX-License-Identifier: Apache-2.0
"""Exact intervals and p-values from ranks alone: no normal theory, no resampling, no seed.

Of paired rounds: the median of the means of all pairs of log ratios (Hodges and Lehmann, 1963) and
Wilcoxon's signed-rank test. Where two equal programs take turns in random order, a round's ratio is
as likely to be turned round, which is all that this test asks for. Of unpaired processes: the
median of all differences between the sides, and the Mann-Whitney test.
"""

import functools
import math
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
    """Holds the centre with probability 1 - alpha at least; None where there are too few values."""
    ordered = sorted(_walsh(values))
    rank = _rank(_signed_rank(len(values)), alpha)
    return Interval(ordered[rank - 1], ordered[-rank]) if rank else None


def paired_p(values: Sequence[float]) -> float:
    """Two-sided p of the signed-rank test against a centre of 0; zeros count for neither side, and
    ties have their mean rank, rounded towards no evidence."""
    kept = [value for value in values if value != 0]
    sizes = [abs(value) for value in kept]
    ranks = [
        sum(other < size for other in sizes) + (sum(other == size for other in sizes) + 1) / 2
        for size in sizes
    ]
    above = sum(rank for rank, value in zip(ranks, kept, strict=True) if value > 0)
    counts = _signed_rank(len(kept))
    extreme = math.ceil(min(above, sum(ranks) - above))
    return min(1.0, 2 * sum(counts[: extreme + 1]) / sum(counts))


def _walsh(values: Sequence[float]) -> list[float]:
    return [(a + b) / 2 for i, a in enumerate(values) for b in values[i:]]


@functools.cache
def _signed_rank(count: int) -> tuple[int, ...]:
    """How many of the 2^n choices of signs give a sum of positive ranks of 0, 1, ..."""
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
    ordered = sorted(b - a for a in base for b in new)
    rank = _rank(_mann_whitney(len(base), len(new)), alpha)
    return Interval(ordered[rank - 1], ordered[-rank]) if rank else None


def unpaired_p(base: Sequence[float], new: Sequence[float]) -> float:
    """Two-sided p of the exact Mann-Whitney test; ties count half, rounded towards no evidence."""
    wins = sum((b > a) + (b == a) / 2 for a in base for b in new)
    counts = _mann_whitney(len(base), len(new))
    extreme = math.ceil(min(wins, len(base) * len(new) - wins))
    return min(1.0, 2 * sum(counts[: extreme + 1]) / sum(counts))


def _rank(counts: Sequence[int], alpha: float) -> int:
    """The largest k with 2 * P(X <= k - 1) <= alpha for a symmetric X of these counts, or 0."""
    total = sum(counts)
    tail = 0
    for k, count in enumerate(counts, start=1):
        tail += count
        if 2 * tail / total > alpha:
            return k - 1
    return 0


@functools.cache
def _mann_whitney(a: int, b: int) -> tuple[int, ...]:
    """How many of the orders of a + b distinct values give U = 0, 1, ..., a * b."""
    if a == 0 or b == 0:
        return (1,)
    with_last = _mann_whitney(a - 1, b)  # the largest value is of the first side: b more wins
    without = _mann_whitney(a, b - 1)
    counts = [0] * (a * b + 1)
    for i, count in enumerate(with_last):
        counts[i + b] += count
    for i, count in enumerate(without):
        counts[i] += count
    return tuple(counts)
