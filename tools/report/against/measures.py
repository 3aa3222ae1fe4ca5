# SPDX-License-Identifier: Apache-2.0
"""Numbers of two rows that can be compared although their data sets differ in size."""

import math

import pandas as pd

from report.steps import STEPS

# The steps of an extraction; loading the model and scoring are not in it.
EXTRACTION = tuple(s for s in STEPS if s.counter in ("load_data", "data_to_device", "inference"))


def number(row: pd.Series, counter: str) -> float:
    return float(row.get(counter, math.nan))


def extraction_rate(row: pd.Series) -> float:
    """Items per second from the first batch requested to the last feature done."""
    seconds = number(row, "extract_seconds")
    return number(row, "items") / seconds if seconds > 0 else math.nan


def step_seconds(row: pd.Series, counter: str) -> float:
    """Exclusive seconds of a step per 1,000 items."""
    items = number(row, "items")
    return 1000 * number(row, counter) / items if items > 0 else math.nan


def rate(row: pd.Series) -> float:
    """Items per second of a step that was measured alone; runs per second of a step without
    items."""
    items = number(row, "items_per_second")
    if items > 0:
        return items
    seconds = float(row["seconds"])
    return 1 / seconds if seconds > 0 else math.nan


def ratio(here: float, there: float) -> float:
    return here / there if there > 0 and math.isfinite(here) else math.nan
