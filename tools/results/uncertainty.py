# SPDX-License-Identifier: Apache-2.0
"""How far the seconds of a row may be off: one standard error of their logarithm.

1. A row measured in several processes says so itself: `ci95_processes_rel` is half of the 95 %
   interval over processes, relative to the median. The standard error is that over 1.96.
2. A row of one process does not know what another process gives, however steady its batches or
   repetitions are. Its standard error is at least PROCESS, added in quadrature to that within the
   process: `ci95_rel` (batches; correlated ones count as fewer) or `ci95_repetitions_rel`
   (repetitions), whichever is larger.
3. A row whose few processes agreed by chance counts as the typical row: `ci95_processes_rel` is at
   least the median of the rows of its step and file (`typical`).

PROCESS lies between what six processes of one minute gave on an H200 for loading with turbojpeg
(3 %) and with nvJPEG (13 %). Kernels alone differ less, so the rule is careful with them.
"""

import math
from collections.abc import Hashable, Iterable, Mapping, Sequence
from statistics import NormalDist, mean, median, stdev

PROCESS = 0.07
_TO_STANDARD = NormalDist().inv_cdf(0.975)


def standard_error(numbers: Mapping[str, float]) -> float:
    """From a row's counters; those that are missing or NaN count as 0."""

    def half(counter: str) -> float:
        value = numbers.get(counter, math.nan)
        return value / _TO_STANDARD if math.isfinite(value) else 0.0

    if (processes := half("ci95_processes_rel")) > 0:
        return processes
    return math.hypot(PROCESS, max(half("ci95_rel"), half("ci95_repetitions_rel")))


def typical(rows: Iterable[tuple[Hashable, Mapping[str, float]]]) -> dict[Hashable, float]:
    """The median `ci95_processes_rel` of the rows of each group that have it."""
    groups: dict[Hashable, list[float]] = {}
    for group, numbers in rows:
        if (half := numbers.get("ci95_processes_rel", math.nan)) > 0:
            groups.setdefault(group, []).append(half)
    return {group: median(halves) for group, halves in groups.items()}


def of_repetitions(seconds: Sequence[float]) -> float:
    """`ci95_repetitions_rel`: half of Student's 95 % interval over their mean; NaN for one."""
    if len(seconds) < 2 or not mean(seconds) > 0:
        return math.nan
    from scipy import stats  # Its import takes more than a second.

    width = float(stats.t.ppf(0.975, len(seconds) - 1))
    return width * stdev(seconds) / math.sqrt(len(seconds)) / mean(seconds)
