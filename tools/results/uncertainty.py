# SPDX-License-Identifier: Apache-2.0
"""How far the seconds of a row may be off: one standard error of their logarithm.

1. A row measured in several processes says so itself: `ci95_processes_rel` is half of the 95 %
   interval over processes, relative to the median. The standard error is that over 1.96.
2. A row of one process does not know what another process gives, however steady its batches or
   repetitions are. Its standard error is that between processes, added in quadrature to that within
   the process: `ci95_rel` (batches) or `ci95_repetitions_rel` (repetitions), whichever is larger.
3. A row whose few processes agreed by chance counts as the typical row: `ci95_processes_rel` is at
   least the median of the rows of its step and file (`typical`).

Between processes, two H200s showed these standard deviations (three processes each; those of the
second are `h200-searches.json`): LoadModel 20 and 12 %, Score 17 and 20 %, WriteActivations 9 and
8 %, EndToEnd 5 and 7 %, LoadData 5 and 19 % (with nvJPEG 13 % in six processes of one minute),
Inference 0.3 and 0.2 %. The last holds where the host keeps ahead of the GPU (`launch_share` below
HOST_AHEAD): where it does not, a host that was slow in one of two runs changed rows by up to 28 %.
"""

import math
from collections.abc import Hashable, Iterable, Mapping, Sequence
from statistics import NormalDist, mean, median, stdev

PROCESS = 0.07
OF_STEP = {"LoadModel": 0.20, "Score": 0.17, "WriteActivations": 0.09}
KERNELS = 0.003
HOST_AHEAD = 0.5
_TO_STANDARD = NormalDist().inv_cdf(0.975)


def standard_error(numbers: Mapping[str, float], step: str = "") -> float:
    """From a row's counters; those that are missing or NaN count as 0."""
    if (processes := _half(numbers, "ci95_processes_rel")) > 0:
        return processes
    return math.hypot(_between_processes(numbers, step), within_process(numbers))


def within_process(numbers: Mapping[str, float]) -> float:
    return max(_half(numbers, "ci95_rel"), _half(numbers, "ci95_repetitions_rel"))


def differ(one: float, other: float, errors: tuple[float, float]) -> bool:
    """Whether two rows' seconds differ by more than their joint 95 % interval."""
    return abs(math.log(one / other)) > _TO_STANDARD * math.hypot(*errors)


def _half(numbers: Mapping[str, float], counter: str) -> float:
    value = numbers.get(counter, math.nan)
    return value / _TO_STANDARD if math.isfinite(value) else 0.0


def _between_processes(numbers: Mapping[str, float], step: str) -> float:
    if numbers.get("launch_share", math.inf) < HOST_AHEAD:
        return KERNELS
    return OF_STEP.get(step, PROCESS)


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
