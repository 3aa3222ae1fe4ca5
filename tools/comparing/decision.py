# SPDX-License-Identifier: Apache-2.0
"""What the evidence for one row says: a pure function, its rule, and the correction for many rows.

A row is FASTER or SLOWER when all of this holds: the exact test against "no difference" has a
p-value that stays below `alpha` after Benjamini and Hochberg's correction for all rows that are
compared; the estimated difference is at least `margin`, below which it would not matter. It is SAME
when the interval of the difference lies within the margin on both sides. Everything else is UNSURE:
too little evidence for either.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from comparing import intervals
from comparing.intervals import Interval


class Verdict(StrEnum):
    SAME = "SAME"
    FASTER = "FASTER"
    SLOWER = "SLOWER"
    UNSURE = "UNSURE"
    MISSING = "MISSING"
    NEW = "NEW"
    FAILED = "FAILED"


@dataclass(frozen=True)
class Rule:
    """`margin`: differences below it do not matter. `alpha`: of the test for a difference, and of
    its interval. `same_alpha`: of the interval that must lie within the margin."""

    margin: float = 0.03
    alpha: float = 0.01
    same_alpha: float = 0.1  # two one-sided tests at 5 % each, the usual test of equivalence

    def spending(self, share: float) -> "Rule":
        """The rule of one look of several: their alphas add up to this rule's."""
        return replace(self, alpha=self.alpha * share, same_alpha=self.same_alpha * share)


@dataclass(frozen=True)
class Evidence:
    """Times of a row in seconds, one per process; `paired`: the i-th ones belong to one round."""

    base: tuple[float, ...]
    new: tuple[float, ...]
    paired: bool


@dataclass(frozen=True)
class Decision:
    """`effect`, `low`, `high`: the new time over the base's, minus 1; low and high are None where
    there is too little evidence for an interval. `smaller_is_better` only names the verdict."""

    verdict: Verdict
    reason: str
    effect: float | None = None
    low: float | None = None
    high: float | None = None
    units: int = 0


def decide(
    evidence: Sequence[Evidence], rule: Rule, smaller_is_better: bool = True
) -> list[Decision]:
    """A decision for each row, in their order."""
    values = [p_value(row) for row in evidence]
    adjusted = benjamini_hochberg(values)
    return [
        _decide(row, p, rule, smaller_is_better) for row, p in zip(evidence, adjusted, strict=True)
    ]


def benjamini_hochberg(p_values: Sequence[float]) -> list[float]:
    """Adjusted p-values: rejecting those at most q keeps the false discovery rate at q."""
    order = sorted(range(len(p_values)), key=lambda i: p_values[i], reverse=True)
    adjusted = [1.0] * len(p_values)
    least = 1.0
    for place, index in enumerate(order):
        rank = len(p_values) - place
        least = min(least, p_values[index] * len(p_values) / rank)
        adjusted[index] = least
    return adjusted


def p_value(row: Evidence) -> float:
    if row.paired:
        return intervals.paired_p(_log_ratios(row))
    return intervals.unpaired_p(_logs(row.base), _logs(row.new))


def _decide(row: Evidence, p: float, rule: Rule, smaller_is_better: bool) -> Decision:
    if row.paired:
        logs = _log_ratios(row)
        center = intervals.paired_median(logs)
        wide = intervals.paired_interval(logs, rule.alpha)
        narrow = intervals.paired_interval(logs, rule.same_alpha)
        units = f"{len(logs)} rounds"
    else:
        base, new = _logs(row.base), _logs(row.new)
        center = intervals.unpaired_median(base, new)
        wide = intervals.unpaired_interval(base, new, rule.alpha)
        narrow = intervals.unpaired_interval(base, new, rule.same_alpha)
        units = f"{len(base)} and {len(new)} processes"
    effect = math.expm1(center)
    shown = wide or narrow
    low = math.expm1(shown.low) if shown else None
    high = math.expm1(shown.high) if shown else None
    margin = math.log1p(rule.margin)

    def decision(verdict: Verdict, reason: str) -> Decision:
        count = min(len(row.base), len(row.new))
        return Decision(verdict, f"{reason} ({units})", effect, low, high, count)

    if p <= rule.alpha and abs(center) >= margin:
        worse = (center > 0) == smaller_is_better
        return decision(
            Verdict.SLOWER if worse else Verdict.FASTER, f"p = {p:.2g} after correction"
        )
    if narrow and _within(narrow, margin):
        return decision(Verdict.SAME, f"within ±{rule.margin:.1%}")
    if narrow is None:
        return decision(Verdict.UNSURE, "too few processes for an interval")
    if p <= rule.alpha:
        return decision(Verdict.UNSURE, f"a difference, but perhaps below ±{rule.margin:.1%}")
    return decision(
        Verdict.UNSURE, f"between {math.expm1(narrow.low):+.1%} and {math.expm1(narrow.high):+.1%}"
    )


def _within(interval: Interval, margin: float) -> bool:
    return -margin <= interval.low and interval.high <= margin


def _log_ratios(row: Evidence) -> list[float]:
    return [math.log(b / a) for a, b in zip(row.base, row.new, strict=True)]


def _logs(values: Sequence[float]) -> list[float]:
    return [math.log(value) for value in values]
