# SPDX-License-Identifier: Apache-2.0
"""Exact intervals and p-values from ranks: no normal approximation, no resampling, no seed.

Paired rounds: Wilcoxon's signed-rank test, and the median of the means of all pairs of log ratios
(Hodges and Lehmann, 1963). The test assumes only that log ratios are symmetric about 0 when the
programs are equal, which is true when they take turns in random order. Unpaired processes: the
Mann-Whitney test, and the median of all differences between the sides.

scipy gives the p-values. It has no intervals for these estimates; the ones here are the values that
the same tests do not reject. scipy.stats takes more than a second to import, so only the functions
that need it import it.
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


def paired_p(values: Sequence[float]) -> float:
    """Two-sided p-value of the exact signed-rank test against a center of 0. Zeros are left out.
    Tied values share their mean rank; a statistic between two whole numbers counts as the one that
    is weaker evidence, as scipy's exact test does."""
    from scipy import stats

    if not any(values):
        return 1.0
    return float(stats.wilcoxon(values, zero_method="wilcox", method="exact").pvalue)


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


def unpaired_p(base: Sequence[float], new: Sequence[float]) -> float:
    """Two-sided p-value of the exact Mann-Whitney test. A tie counts as half a win; a statistic
    between two whole numbers counts as the one that is weaker evidence."""
    from scipy import stats

    return float(stats.mannwhitneyu(base, new, method="exact").pvalue)


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
