# SPDX-License-Identifier: Apache-2.0
"""The verdict on each row: a pure function of the evidence and a rule.

A row is FASTER or SLOWER when the interval of its difference lies beyond `margin`, its near end
included. The interval's level is `alpha` after Benjamini and Hochberg's correction for all rows
that are compared: alpha * R / m where R of m rows are FASTER or SLOWER. This keeps the expected
share of wrong ones among them below alpha (Benjamini and Yekutieli, 2005). A row is SAME when the
interval at `same_alpha` lies within the margin. Every other row is UNSURE: the evidence is too weak
for either verdict. Numbers of which some are 0 have no ratios: see `_without_ratios`.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from results import selection

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
    """`margin`: a smaller difference does not matter. `alpha`: the level of the interval that must
    lie beyond the margin. `same_alpha`: of the one that must lie within it."""

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
    too few for one: after the correction for FASTER and SLOWER rows, else at `alpha`. `units`
    counts rounds, or processes of the side that has fewer."""

    verdict: Verdict
    reason: str
    effect: float | None = None
    low: float | None = None
    high: float | None = None
    units: int = 0

    @property
    def near(self) -> float:
        """The size of the difference at the interval's near end, 0 where it holds 0."""
        if self.low is None or self.high is None or self.low <= 0 <= self.high:
            return 0.0
        return min(abs(self.low), abs(self.high))

    @property
    def far(self) -> float:
        return max(abs(self.low or 0.0), abs(self.high or 0.0))


def decide(
    evidence: Sequence[Evidence], rule: Rule, smaller_is_better: bool = True
) -> list[Decision]:
    """A decision for each row, in the given order. A row with a 0 has no ratios and is left out of
    the tests and of their correction."""
    tested = [row for row in evidence if row.has_ratios]
    levels = iter(_levels([_beyond(row, rule.margin) for row in tested], rule.alpha))
    return [
        _decide(row, next(levels), rule, smaller_is_better)
        if row.has_ratios
        else _without_ratios(row, smaller_is_better)
        for row in evidence
    ]


def _levels(alphas: Sequence[float], alpha: float) -> list[float | None]:
    """The level of the interval of each row that lies beyond the margin, None for the others."""
    found, level = selection.select(alphas, alpha)
    return [level if beyond else None for beyond in found]


def _beyond(row: Evidence, margin: float) -> float:
    logs = math.log1p(margin)
    if row.paired:
        return intervals.paired_beyond(_log_ratios(row), logs)
    return intervals.unpaired_beyond(_logs(row.base), _logs(row.new), logs)


def _decide(row: Evidence, level: float | None, rule: Rule, smaller_is_better: bool) -> Decision:
    """`level`: of an interval that lies beyond the margin, None where none does."""
    alpha = rule.alpha if level is None else level
    if row.paired:
        logs = _log_ratios(row)
        center = intervals.paired_median(logs)
        wide = intervals.paired_interval(logs, alpha)
        narrow = intervals.paired_interval(logs, rule.same_alpha)
        units = f"{len(logs)} rounds"
    else:
        base, new = _logs(row.base), _logs(row.new)
        center = intervals.unpaired_median(base, new)
        wide = intervals.unpaired_interval(base, new, alpha)
        narrow = intervals.unpaired_interval(base, new, rule.same_alpha)
        units = f"{len(base)} and {len(new)} processes"
    shown = wide or narrow
    low = math.expm1(shown.low) if shown else None
    high = math.expm1(shown.high) if shown else None

    def decision(verdict: Verdict, reason: str) -> Decision:
        count = min(len(row.base), len(row.new))
        return Decision(verdict, f"{reason} ({units})", math.expm1(center), low, high, count)

    if level is not None:
        worse = (center > 0) == smaller_is_better
        return decision(Verdict.SLOWER if worse else Verdict.FASTER, f"beyond ±{rule.margin:.1%}")
    if narrow is None:
        return decision(Verdict.UNSURE, "too few processes for an interval")
    if _within(narrow, math.log1p(rule.margin)):
        return decision(Verdict.SAME, f"within ±{rule.margin:.1%}")
    if wide and not wide.low <= 0 <= wide.high:
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
        return Decision(verdict, zeros, -1.0, -1.0, -1.0, units)
    return Decision(Verdict.UNSURE, f"{zeros}: a ratio needs numbers above 0", units=units)


def _zeros(values: Sequence[float]) -> str:
    return f"{sum(value == 0 for value in values)} of {len(values)}"


def _within(interval: Interval, margin: float) -> bool:
    return -margin <= interval.low and interval.high <= margin


def _log_ratios(row: Evidence) -> list[float]:
    return [math.log(b / a) for a, b in zip(row.base, row.new, strict=True)]


def _logs(values: Sequence[float]) -> list[float]:
    return [math.log(value) for value in values]
