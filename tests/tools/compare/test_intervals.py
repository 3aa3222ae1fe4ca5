# SPDX-License-Identifier: Apache-2.0
"""Levels and intervals against scipy, with ties and zeros."""

import random
import subprocess
import sys
from pathlib import Path

import pytest
from compare import intervals
from scipy import stats


def drawn(draw: random.Random, count: int, center: float = 0.0) -> list[float]:
    return [draw.gauss(center, 1) for _ in range(count)]


@pytest.mark.parametrize("margin", [0.0, 0.3])
def test_beyond_0_is_the_p_value_of_scipy_and_beyond_a_margin_that_of_the_nearer_end(
    margin: float,
) -> None:
    draw = random.Random(3)
    for center in (-0.9, 0.0, 0.4, 1.2):
        values = drawn(draw, 12, center)
        other = drawn(draw, 9)
        ends = (margin, -margin)
        paired = [
            stats.wilcoxon([v - end for v in values], method="exact", alternative=side).pvalue
            for end, side in zip(ends, ("greater", "less"), strict=True)
        ]
        assert intervals.paired_beyond(values, margin) == pytest.approx(min(1, 2 * min(paired)))
        unpaired = [
            stats.mannwhitneyu([v - end for v in values], other, method="exact",
                               alternative=side).pvalue
            for end, side in zip(ends, ("greater", "less"), strict=True)
        ]  # fmt: skip
        found = intervals.unpaired_beyond(other, values, margin)
        assert found == pytest.approx(min(1, 2 * min(unpaired)))


def test_values_at_the_margin_are_not_beyond_it() -> None:
    assert intervals.paired_beyond([0.0] * 20, 0.0) == 1
    assert intervals.paired_beyond([1.0] * 20, 1.0) == 1
    assert intervals.paired_beyond([1.0] * 20, 0.9) == pytest.approx(2 / 2**20)
    assert intervals.unpaired_beyond([5.0] * 4, [5.0] * 4, 0.0) == 1


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
