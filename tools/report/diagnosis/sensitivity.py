# SPDX-License-Identifier: Apache-2.0
"""The standard error of a gain, from those of the rows that it rests on (`results.uncertainty`).

Each row, and each step of the diagnosed row, takes one standard error longer while the others stay;
the changes of the gain's logarithm add up in quadrature. Between two measured searches that is the
error of the ratio of two independent medians. A prediction has the error of its model, too.
"""

import math
from dataclasses import replace

from results.settings import Setting

from report.diagnosis.donors import Donors
from report.diagnosis.gain import Gain
from report.diagnosis.measurements import Measurement
from report.diagnosis.pipeline import PIPELINE
from report.diagnosis.prediction import Prediction, predict
from report.diagnosis.search import Search

# Of predictions over the H200 baselines half are within 4 % of the measured search (`validation`).
MODEL = 0.06


def measured(search: Search, seconds: float, row: Measurement, tries: int = 1) -> Gain:
    """Of a measured search with the change."""
    error = math.hypot(search.standard_error, row.standard_error)
    return Gain(math.log(search.settled / seconds), error, tries)


def predicted(
    search: Search, target: Setting, donors: Donors, found: Prediction, extra: float
) -> Gain:
    """Of a prediction to which `extra` seconds are added."""

    def log(one: Search, rows: Donors) -> float:
        there = predict(one, target, rows)
        return math.log(one.settled / (there.seconds + extra)) if there else math.nan

    center = math.log(search.settled / (found.seconds + extra))
    own = math.exp(search.standard_error)
    logs = [log(one, donors) for one in _shifted(search, own)]
    logs += [log(search, donors.shifted(row, math.exp(row.standard_error))) for row in found.rows]
    moved = [value - center for value in logs if math.isfinite(value)]
    return Gain(center, math.hypot(MODEL, *moved))


def _shifted(search: Search, factor: float) -> list[Search]:
    """The search as if one of its steps, or the overlapping steps together, had taken longer."""
    found = []
    for step in ("load_model", *PIPELINE, "score", "other"):
        seconds = getattr(search.steps, step)
        if not seconds > 0:
            continue
        longer = seconds * (factor - 1)
        inside = longer if step in PIPELINE else 0.0
        if search.mode != "serial" and step in PIPELINE:
            longer = inside = 0.0  # What a step takes alone is not part of the measured whole.
        steps = search.steps.with_step(step, seconds * factor)
        found.append(replace(search, steps=steps, total=search.total + longer,
                             extract=search.extract + inside))  # fmt: skip
    if search.mode != "serial":
        longer = search.extract * (factor - 1)
        found.append(replace(search, total=search.total + longer, extract=search.extract + longer))
    return found
