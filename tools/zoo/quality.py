# SPDX-License-Identifier: Apache-2.0
"""How well a score orders candidates: weighted Kendall's tau and the regret of the first place,
with intervals.

1. A search is the candidates of one data set; a score's quality is the mean over searches (seeds).
2. tau is scipy's weightedtau: pairs near the top count more (hyperbolic weights, the mean over both
   orders). It is not defined where all values, or all truths, are equal.
3. The regret is the best truth minus that of the candidate with the highest value (the mean where
   several share it).
4. Within families: of each architecture with at least three candidates in a search, the mean.
5. Intervals are percentiles (2.5, 97.5) of a bootstrap: each draw resamples the searches, the
   candidates of each, and takes the values on a random half of the items, whose spread is that of
   resampled items. A draw without a coefficient is drawn again.
"""

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from statistics import fmean

import numpy as np
from scipy import stats

DRAWS = 1000
_TRIES = 20  # for one draw; a small zoo of few values may give none
_LEAST_IN_FAMILY = 3
_PERCENTILES = (2.5, 97.5)

Values = Mapping[str, float]  # by candidate


@dataclass(frozen=True)
class Search:
    """`truth` and `family` are by candidate."""

    name: str
    truth: Values
    family: Mapping[str, str]


@dataclass(frozen=True)
class Ordered:
    """The values of one score in one search: on all items, and on halves of them (none for a list
    that does not depend on items)."""

    search: Search
    values: Values
    halves: Sequence[Values] = ()


@dataclass(frozen=True)
class Interval:
    low: float
    high: float


@dataclass(frozen=True)
class Quality:
    """None where not defined. `families` has the mean over searches by architecture, and `searches`
    tau by search."""

    tau: float | None
    tau_interval: Interval | None
    regret: float | None
    regret_interval: Interval | None
    within: float | None
    families: dict[str, float] = field(default_factory=dict)
    searches: dict[str, float | None] = field(default_factory=dict)


def weighted_tau(values: Sequence[float], truth: Sequence[float]) -> float | None:
    if len(set(values)) < 2 or len(set(truth)) < 2:
        return None
    found = float(stats.weightedtau(values, truth).statistic)
    return found if math.isfinite(found) else None


def regret(values: Sequence[float], truth: Sequence[float]) -> float:
    best = max(values)
    chosen = [worth for value, worth in zip(values, truth, strict=True) if value == best]
    return max(truth) - fmean(chosen)


def quality(ordered: Sequence[Ordered], seed: int = 0, draws: int = DRAWS) -> Quality:
    """Of one score in every search."""
    taus = [_of(each, each.values, weighted_tau) for each in ordered]
    defined = [tau for tau in taus if tau is not None]
    families = _families(ordered)
    intervals = _intervals(ordered, np.random.default_rng(seed), draws) if defined else {}
    return Quality(
        tau=fmean(defined) if defined else None,
        tau_interval=intervals.get("tau"),
        regret=fmean(_of(each, each.values, regret) for each in ordered) if defined else None,
        regret_interval=intervals.get("regret"),
        within=fmean(families.values()) if families else None,
        families=families,
        searches={each.search.name: tau for each, tau in zip(ordered, taus, strict=True)},
    )


def _of(
    ordered: Ordered,
    values: Values,
    figure: Callable[[Sequence[float], Sequence[float]], float | None],
    names: Sequence[str] | None = None,
) -> float | None:
    names = list(ordered.search.truth) if names is None else names
    return figure([values[n] for n in names], [ordered.search.truth[n] for n in names])


def _families(ordered: Sequence[Ordered]) -> dict[str, float]:
    """tau within each architecture, where a search has several."""
    found: dict[str, list[float]] = {}
    for each in ordered:
        kinds = dict.fromkeys(each.search.family[name] for name in each.search.truth)
        if len(kinds) < 2:
            continue
        for kind in kinds:
            names = [name for name in each.search.truth if each.search.family[name] == kind]
            if len(names) >= _LEAST_IN_FAMILY:
                tau = _of(each, each.values, weighted_tau, names)
                if tau is not None:
                    found.setdefault(kind, []).append(tau)
    return {kind: fmean(taus) for kind, taus in found.items()}


def _intervals(
    ordered: Sequence[Ordered], rng: np.random.Generator, draws: int
) -> dict[str, Interval]:
    taus, regrets = [], []
    for _ in range(draws):
        drawn = [
            _draw(ordered[index], rng) for index in rng.integers(len(ordered), size=len(ordered))
        ]
        both = [each for each in drawn if each is not None]
        if both:
            taus.append(fmean(tau for tau, _ in both))
            regrets.append(fmean(lost for _, lost in both))
    if not taus:
        return {}
    percentiles = {"tau": taus, "regret": regrets}
    return {
        name: Interval(*map(float, np.percentile(found, _PERCENTILES)))
        for name, found in percentiles.items()
    }


def _draw(ordered: Ordered, rng: np.random.Generator) -> tuple[float, float] | None:
    names = list(ordered.search.truth)
    for _ in range(_TRIES):
        chosen = [names[index] for index in rng.integers(len(names), size=len(names))]
        values = ordered.values
        if ordered.halves:
            values = ordered.halves[rng.integers(len(ordered.halves))]
        tau = _of(ordered, values, weighted_tau, chosen)
        if tau is not None:
            return tau, _of(ordered, values, regret, chosen)
    return None
