# SPDX-License-Identifier: Apache-2.0
"""Exclusive seconds of each step of EndToEnd rows, and their shares of the whole."""

import math

import pandas as pd

from report.steps import COUNTERS, STEPS, Step

OTHER_LIMIT = 0.02  # Share that `other` may have in serial mode.
SUM_TOLERANCE = 0.001  # Rounding of the JSON allowed between the steps' sum and `end_to_end`.


def with_steps(end_to_end: pd.DataFrame) -> pd.DataFrame:
    """The rows that report exclusive seconds, which excludes mode=overlapped. Each has every step
    (0 where it did not occur) and a finite `end_to_end` (the sum of the steps where the counter is
    missing)."""
    end_to_end = end_to_end[end_to_end["mode"] != "overlapped"]
    rows = end_to_end.reindex(columns=end_to_end.columns.union([*COUNTERS, "end_to_end"], False))
    rows = rows[rows[list(COUNTERS)].notna().any(axis=1)].copy()
    rows[list(COUNTERS)] = rows[list(COUNTERS)].astype(float).fillna(0.0)
    total = rows["end_to_end"].astype(float)
    rows["end_to_end"] = total.where(total > 0, rows[list(COUNTERS)].sum(axis=1))
    return rows[rows["end_to_end"] > 0]


def shares(row: pd.Series) -> dict[str, float]:
    """Share of `end_to_end` (0 to 1) by counter, in the order of the steps."""
    return {counter: float(row[counter]) / float(row["end_to_end"]) for counter in COUNTERS}


def largest(row: pd.Series) -> tuple[Step, float]:
    """The step with the most seconds (the earlier one of equals) and its share."""
    by_counter = shares(row)
    step = max(STEPS, key=lambda candidate: by_counter[candidate.counter])
    return step, by_counter[step.counter]


def faults(row: pd.Series) -> list[str]:
    """Why a row contradicts itself: its parts do not add up, or `other` is too large."""
    found = []
    total, parts = float(row["end_to_end"]), float(row[list(COUNTERS)].sum())
    if not math.isclose(total, parts, rel_tol=SUM_TOLERANCE):
        found.append(f"the steps add up to {parts:.4g} s, not to end_to_end = {total:.4g} s")
    if min(float(row[counter]) for counter in COUNTERS) < 0:
        found.append("a step has negative seconds")
    other = float(row["other"]) / total
    if row["mode"] in (None, "serial") and other > OTHER_LIMIT:
        found.append(f"other is {100 * other:.1f} % (allowed: {100 * OTHER_LIMIT:.0f} %)")
    return found
