# SPDX-License-Identifier: Apache-2.0
"""p-values and intervals against scipy, with ties and zeros."""

import itertools
import random
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import pytest
from compare import intervals
from scipy import stats


def drawn(draw: random.Random, count: int, center: float = 0.0) -> list[float]:
    return [draw.gauss(center, 1) for _ in range(count)]


def conservative_p(statistic: float, counts: Sequence[float]) -> float:
    """Two-sided p-value of a statistic whose distribution is symmetric: a statistic between two
    whole numbers counts as the one nearer to the middle."""
    largest = len(counts) - 1
    extreme = int(-(-min(statistic, largest - statistic) // 1))
    return min(1.0, 2 * sum(counts[: extreme + 1]) / sum(counts))


@pytest.mark.parametrize(
    ("values", "positive_ranks"),
    [
        ([1.0, 2.0, -3.0], 3),
        ([1.0, 1.0, -1.0], 4),  # All three share the rank 2.
        ([1.0, -1.0, 2.0, 3.0], 8.5),  # The first two share the rank 1.5.
        ([0.0, 0.0, 1.0, -2.0, 3.0], 4),  # Zeros have no rank.
        ([-1.0, -2.0, -3.0, -4.0, -5.0, -6.0], 0),
    ],
)
def test_ties_and_zeros_of_paired_values_are_weak_evidence(
    values: list[float], positive_ranks: float
) -> None:
    ranks = range(1, 1 + sum(value != 0 for value in values))
    sums = [
        sum(chosen) for n in range(len(ranks) + 1) for chosen in itertools.combinations(ranks, n)
    ]
    counts = [sums.count(total) for total in range(sum(ranks) + 1)]
    expected = conservative_p(positive_ranks, counts)
    assert intervals.paired_p(values) == pytest.approx(expected)


@pytest.mark.parametrize(
    ("base", "new", "wins"),
    [
        ([1, 2, 3], [2, 3, 4], 7),
        ([1, 1, 1], [1, 2, 3], 7.5),
        ([1, 2], [3, 4, 5], 6),
        ([5, 5, 5, 5], [5, 5, 5, 5], 8),
    ],
)
def test_ties_of_unpaired_values_are_weak_evidence(
    base: list[float], new: list[float], wins: float
) -> None:
    count = len(base) + len(new)
    orders = list(itertools.combinations(range(count), len(new)))
    totals = [
        sum(place - index for index, place in enumerate(places)) for places in orders
    ]  # values of the base below each of the new ones
    counts = [totals.count(total) for total in range(len(base) * len(new) + 1)]
    assert intervals.unpaired_p(base, new) == pytest.approx(conservative_p(wins, counts))


@pytest.mark.parametrize("alpha", [0.01, 0.05, 0.1])
@pytest.mark.parametrize("count", [8, 12, 20])
def test_a_paired_interval_holds_the_centers_that_scipy_does_not_reject(
    count: int, alpha: float
) -> None:
    draw = random.Random(count)
    for _ in range(5):
        values = drawn(draw, count, 0.4)
        found = intervals.paired_interval(values, alpha)

        def p(center: float, values: list[float] = values) -> float:
            shifted = [value - center for value in values]
            return stats.wilcoxon(shifted, method="exact").pvalue

        near = 1e-9
        assert p(found.low - near) <= alpha < p(found.low + near)
        assert p(found.high + near) <= alpha < p(found.high - near)


@pytest.mark.parametrize("alpha", [0.01, 0.05, 0.1])
@pytest.mark.parametrize("counts", [(5, 6), (8, 8), (12, 7)])
def test_an_unpaired_interval_holds_the_differences_that_scipy_does_not_reject(
    counts: tuple[int, int], alpha: float
) -> None:
    draw = random.Random(sum(counts))
    for _ in range(5):
        base, new = drawn(draw, counts[0]), drawn(draw, counts[1], 0.5)
        found = intervals.unpaired_interval(base, new, alpha)

        def p(shift: float, base: list[float] = base, new: list[float] = new) -> float:
            return stats.mannwhitneyu(base, [b - shift for b in new], method="exact").pvalue

        near = 1e-9
        assert p(found.low - near) <= alpha < p(found.low + near)
        assert p(found.high + near) <= alpha < p(found.high - near)


@pytest.mark.parametrize("tool", ["compare.py", "paired_run.py", "calibrate_comparison.py"])
def test_help_does_not_wait_for_scipy(tool: str, root: Path) -> None:
    command = [sys.executable, "-X", "importtime", root / "tools" / tool, "--help"]
    done = subprocess.run(command, capture_output=True, text=True)
    assert done.returncode == 0
    assert "compare.decision" in done.stderr
    assert "scipy" not in done.stderr
