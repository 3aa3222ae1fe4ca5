# SPDX-License-Identifier: Apache-2.0
"""Rows that cannot explain a search, because they contradict it or each other beyond their noise.

A search shows how long its own loading took: a serial row within STARTS (its loader starts anew
with each batch, and on an H200 took up to 1.5 times as long as in steady state), an overlapped row
that of the step alone, a prefetching row what its loader's threads worked: within STARTS on a GPU,
and on a CPU, where the network takes their cores, within SHARED. A prefetching row of an older file
shows only that its loading took at least what it waited and at most its extraction. Where LoadData
at the same setting lies outside of that, or where two rows of a step at one setting differ, no
advice uses rows of that step.
"""

import math
from collections.abc import Callable
from dataclasses import dataclass

from report.diagnosis.donors import FAMILIES, Donor, Donors
from report.diagnosis.measurements import Measurement
from report.diagnosis.prediction import WAITED
from report.diagnosis.search import Search

STARTS = 1.5  # A loader that starts anew takes so many times as long as in steady state.
# The same for a loader whose cores the network takes: by default as many threads load as compute,
# so that each has half of a core.
SHARED = 2 * STARTS
_BEYOND = 2.58  # Standard errors: 99 % of equal rows differ by less.


@dataclass(frozen=True)
class Contradiction:
    """`family`: the step whose rows are not used; `text` is a sentence that quotes `rows`."""

    family: str
    text: str
    rows: tuple[Measurement, ...]


def of(search: Search, donors: Donors, rate: Callable[[Search, float], str]) -> list[Contradiction]:
    """`rate` words items per second."""
    if search.composed:
        return []
    found = [_each_other(search, step, donors, rate) for step in ("data", "transfer", "inference")]
    return [one for one in (_own(search, donors, rate) or found[0], *found[1:]) if one]


def _own(search: Search, donors: Donors, rate: Callable) -> Contradiction | None:
    donor = donors.standalone("data", search.setting)
    if donor is None:
        return None
    least, most = _own_loading(search)
    error = _BEYOND * math.hypot(search.standard_error, donor.row.standard_error)
    there = donor.seconds * search.items
    if least / math.exp(error) <= there <= most * math.exp(error):
        return None
    shown = search.steps.data if math.isfinite(search.steps.data) else search.loader_seconds
    own = shown or search.extract
    text = (
        f"LoadData at this setting gives {rate(search, 1 / donor.seconds)}, but this search loaded "
        f"{rate(search, search.items / own)}: no advice uses LoadData"
    )
    return Contradiction("LoadData", text, (donor.row,))


def _own_loading(search: Search) -> tuple[float, float]:
    """The least and the most seconds that loading in steady state may take."""
    if search.mode == "prefetch" and (worked := search.loader_seconds) is not None:
        on_cpu = search.measurement.device == "cpu"
        return worked / (SHARED if on_cpu else STARTS), worked * STARTS
    if search.mode == "prefetch":
        waited = search.measurement.get("load_data") or 0.0
        return (waited if waited > WAITED * search.extract else 0.0), search.extract
    starts = STARTS if search.mode == "serial" else 1.0
    return search.steps.data / starts, search.steps.data


def _each_other(search: Search, step: str, donors: Donors, rate: Callable) -> Contradiction | None:
    same = donors.of_step(step, search.setting)
    for other in same[1:]:
        if _differ(same[0], other):
            rates = [rate(search, 1 / donor.seconds) for donor in (same[0], other)]
            family, _ = FAMILIES[step]
            text = (
                f"{family} at this setting gives {rates[0]} in {same[0].row.source} and {rates[1]} "
                f"in {other.row.source}: no advice uses {family}"
            )
            return Contradiction(family, text, (same[0].row, other.row))
    return None


def _differ(one: Donor, other: Donor) -> bool:
    error = math.hypot(one.row.standard_error, other.row.standard_error)
    return abs(math.log(one.seconds / other.seconds)) > _BEYOND * error
