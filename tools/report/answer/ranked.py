# SPDX-License-Identifier: Apache-2.0
"""The ranking of candidates with real weights, and how sure it is.

An accuracy's 95 % interval is Wilson's for the held-out items, a fifth of all. Candidates with
equal weights have equal features and share a place. Random weights rank nothing."""

import math
from dataclasses import dataclass, replace

from results import ranking
from results.table import Results
from results.zoo_searches import ZooSearch
from scipy import stats

from report import weights, wording

_HELD_OUT = 5  # One of so many items evaluates a score.


@dataclass(frozen=True)
class Ranked:
    """`value` is an accuracy (0 to 1) between `low` and `high`, else a score without an
    interval (NaN). `weights` names the file and its hash."""

    place: int
    name: str
    value: float
    low: float
    high: float
    is_accuracy: bool
    loss: float
    weights: str
    converged: str = ""

    @property
    def text(self) -> str:
        return wording.percent(self.value) if self.is_accuracy else wording.significant(self.value)

    @property
    def between(self) -> str:
        if not math.isfinite(self.low):
            return ""
        low, high = (wording.significant(100 * value) for value in (self.low, self.high))
        return f"{low} to {high} %"


def of_candidates(results: Results, subjects: list[str]) -> list[Ranked]:
    """The first ranking of these candidates."""
    for _, places in ranking.rankings(results.of_step("EndToEnd")):
        found = [place for place in places if place.rows.iloc[0]["subject"] in subjects]
        if len(found) > 1:
            return of_places(found, results)
    return []


def of_places(places: list[ranking.Ranked], results: Results) -> list[Ranked]:
    """Empty where a candidate has random weights."""
    found = []
    for place in places:
        row = place.rows.iloc[0]
        identity = weights.identity(results.contexts[row["source"]], row["subject"])
        settled = row.get("converged", math.nan)
        words = "" if not math.isfinite(settled) else "yes" if settled > 0 else "no"
        found.append(_ranked(
            place.place, wording.network(row["subject"]), place.value, place.is_accuracy,
            row.get("items", math.nan), row.get("loss", math.nan), identity, words,
        ))  # fmt: skip
    return _shared(found)


def of_zoo(main: ZooSearch, results: Results) -> list[Ranked]:
    """Empty where a candidate has random weights, or nothing was scored."""
    context = results.contexts[main.source]
    if not main.ranking or not math.isfinite(main.ranking[0].value):
        return []
    exact = all(math.isfinite(place.accuracy) for place in main.ranking)
    return _shared([
        _ranked(place.place, place.candidate, place.accuracy if exact else place.value, exact,
                main.get("items"), place.loss, weights.identity(context, place.candidate))
        for place in main.ranking
    ])  # fmt: skip


def _shared(found: list[Ranked]) -> list[Ranked]:
    """Candidates whose recorded weights are equal have the best of their places."""
    if any(one.weights.startswith("random weights") for one in found):
        return []
    best: dict[str, int] = {}
    for one in found:
        best[one.weights] = min(best.get(one.weights, one.place), one.place)
    return [replace(one, place=best[one.weights]) if " " in one.weights else one for one in found]


def _ranked(
    place: int, name: str, value: float, is_accuracy: bool, items: float, loss: float,
    identity: str, converged: str = "",
) -> Ranked:  # fmt: skip
    low = high = math.nan
    if is_accuracy and items >= _HELD_OUT and 0 <= value <= 1:
        low, high = wilson(value, round(items / _HELD_OUT))
    return Ranked(place, name, value, low, high, is_accuracy, loss, identity, converged)


def wilson(share: float, count: int) -> tuple[float, float]:
    """Wilson's 95 % interval of a share of `count` items."""
    found = stats.binomtest(round(share * count), count).proportion_ci(method="wilson")
    return float(found.low), float(found.high)
