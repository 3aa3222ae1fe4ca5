# SPDX-License-Identifier: Apache-2.0
"""Which of many findings stand, where choosing the most striking ones alone would name noise."""

from collections.abc import Sequence


def select(p_values: Sequence[float], alpha: float) -> tuple[list[bool], float]:
    """Benjamini and Hochberg's choice, and the level at which an interval of each chosen one leaves
    its null value out: alpha * R / m for R chosen of m. The expected share of wrong ones among the
    chosen is at most alpha; where nothing is to be found, so is the probability to choose any."""
    m = len(p_values)
    ranked = enumerate(sorted(p_values), start=1)
    count = max((rank for rank, p in ranked if p <= alpha * rank / m), default=0)
    level = alpha * count / m if m else 0.0
    return [count > 0 and p <= level for p in p_values], level
