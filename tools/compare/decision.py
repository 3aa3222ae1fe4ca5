# SPDX-License-Identifier: Apache-2.0
"""The verdict on each row: a pure function of the evidence and a rule.

A row is FASTER or SLOWER when two things hold: the p-value of the exact test against "no
difference" is at most `alpha` after Benjamini and Hochberg's correction for all rows that are
compared, and the estimated difference is at least `margin`. A row is SAME when the interval of the
difference lies within the margin on both sides. Every other row is UNSURE: the evidence is too weak
for either verdict. Numbers of which some are 0 have no ratios: see `_without_ratios`.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from compare import intervals
from compare.intervals import Interval

# This many processes do not agree by chance: as many as the rounds before the first look of
# paired_run.py.
_MANY = 12


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
    """`margin`: a smaller difference does not matter. `alpha`: the level of the test for a
    difference and of the interval that is shown. `same_alpha`: the level of the interval that must
    lie within the margin."""

    margin: float = 0.03
    alpha: float = 0.01
    same_alpha: float = 0.1  # two one-sided tests at 5 % each, the usual test of equivalence

    def spending(self, share: float) -> "Rule":
        """The rule of one of several looks, whose alphas add up to those of this rule."""
        return replace(self, alpha=self.alpha * share, same_alpha=self.same_alpha * share)


@dataclass(frozen=True)
class Evidence:
    """One number of a row (seconds, or a counter; 0 or more) from each process of both sides;
    `paired`: the i-th numbers of both sides belong to the same round."""

    base: tuple[float, ...]
    new: tuple[float, ...]
    paired: bool

    @property
    def has_ratios(self) -> bool:
        return min(self.base) > 0 and min(self.new) > 0


@dataclass(frozen=True)
class Decision:
    """`effect` is new / base - 1, and `low` to `high` its interval, None where the processes are
    too few for one. `units` counts rounds, or processes of the side that has fewer."""

    verdict: Verdict
    reason: str
    effect: float | None = None
    low: float | None = None
    high: float | None = None
    units: int = 0


def decide(
    evidence: Sequence[Evidence], rule: Rule, smaller_is_better: bool = True
) -> list[Decision]:
    """A decision for each row, in the given order. A row with a 0 has no ratios and is left out of
    the tests and of their correction."""
    tested = [row for row in evidence if row.has_ratios]
    adjusted = iter(benjamini_hochberg([p_value(row) for row in tested]))
    return [
        _decide(row, next(adjusted), rule, smaller_is_better)
        if row.has_ratios
        else _without_ratios(row, smaller_is_better)
        for row in evidence
    ]


def benjamini_hochberg(p_values: Sequence[float]) -> list[float]:
    """Adjusted p-values. Rejecting those of at most q keeps the false discovery rate at q."""
    from scipy import (
        stats,
    )  # This import takes more than a second, which --help and refusals do not need.

    return stats.false_discovery_control(p_values).tolist() if p_values else []


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
        return decision(Verdict.UNSURE, f"a difference, but it may be below ±{rule.margin:.1%}")
    return decision(
        Verdict.UNSURE, f"between {math.expm1(narrow.low):+.1%} and {math.expm1(narrow.high):+.1%}"
    )


def _without_ratios(row: Evidence, smaller_is_better: bool) -> Decision:
    """SAME where every number is 0. A number that became 0 in all of many processes has changed by
    -100 %. Any other mixture of zeros is UNSURE."""
    units = min(len(row.base), len(row.new))
    if not any(row.base) and not any(row.new):
        return Decision(Verdict.SAME, "0 on both sides", 0.0, units=units)
    zeros = f"0 in {_zeros(row.base)} and {_zeros(row.new)} processes"
    if min(row.base) > 0 and not any(row.new) and units >= _MANY:
        verdict = Verdict.FASTER if smaller_is_better else Verdict.SLOWER
        return Decision(verdict, zeros, -1.0, units=units)
    return Decision(Verdict.UNSURE, f"{zeros}: a ratio needs numbers above 0", units=units)


def _zeros(values: Sequence[float]) -> str:
    return f"{sum(value == 0 for value in values)} of {len(values)}"


def _within(interval: Interval, margin: float) -> bool:
    return -margin <= interval.low and interval.high <= margin


def _log_ratios(row: Evidence) -> list[float]:
    return [math.log(b / a) for a, b in zip(row.base, row.new, strict=True)]


def _logs(values: Sequence[float]) -> list[float]:
    return [math.log(value) for value in values]
