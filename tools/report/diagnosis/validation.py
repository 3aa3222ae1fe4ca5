# SPDX-License-Identifier: Apache-2.0
"""How far predictions are off, wherever the predicted search was measured too."""

from dataclasses import dataclass

from results import settings
from results.table import Results

from report.diagnosis import alternatives, changes, measurements, searches
from report.diagnosis.donors import Donors
from report.diagnosis.measurements import same_machine
from report.diagnosis.prediction import predict


@dataclass(frozen=True)
class Check:
    """`change` applied to the search `row_name` gives `measured_row`: seconds as predicted without
    that row, and as measured; `error` is predicted / measured - 1. `first` marks a measured row
    that was its process's first to score, whose extra seconds a prediction does not know."""

    source: str
    row_name: str
    change: str
    axis: str
    measured_row: str
    predicted: float
    measured: float
    error: float
    first: bool


def validate(results: Results) -> list[Check]:
    """A check for every ordered pair of EndToEnd rows of one machine, candidate, configuration
    (or from full to a tail), device and data set that differ in one axis, where the rows allow a
    prediction."""
    rows = measurements.collect(results)
    found = [search for row in rows if row.step == "EndToEnd" and "peer" not in row.setting
             and (search := searches.of(row, rows))]  # fmt: skip
    checks = []
    for search in found:
        donors = Donors(rows, search.measurement)
        for target in found:
            one, other = search.measurement, target.measurement
            if target is search or (one.subject, one.device) != (other.subject, other.device):
                continue
            if not same_machine(one, other) or target.items != search.items:
                continue
            axis = settings.difference(search.setting, target.setting)
            to_tail = search.setting["configuration"] == "full" and settings.reads_activations(
                target.setting
            )
            if not alternatives.one_axis(axis) or (axis == {"configuration"} and not to_tail):
                continue
            wanted = settings.normal(search.setting | target.setting, one.gpu_decoders)
            prediction = predict(search, wanted, donors.without_search(other.name))
            if prediction is None:
                continue
            seconds, measured = prediction.seconds, target.total
            change, keys = changes.words(wanted, axis), "+".join(sorted(axis))
            names = (one.source, one.name, change, keys, other.name)
            first = target.excess > 0
            checks.append(Check(*names, seconds, measured, seconds / measured - 1, first))
    return checks
