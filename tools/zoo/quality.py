# SPDX-License-Identifier: Apache-2.0
"""How well a score orders candidates: weighted Kendall's tau and the regret of the first place,
with intervals.

1. A search is the candidates of one data set; a score's quality is the mean over searches (seeds).
2. tau is scipy's weightedtau: pairs near the top count more (hyperbolic weights, the mean over both
   orders). It is not defined where all values, or all truths, are equal; the mean is over the
   searches where it is.
3. The regret is the best truth minus that of the candidate with the highest value (the mean where
   several share it).
4. Within families: of each architecture with at least three candidates in a search, the mean.
5. Intervals are percentiles (2.5, 97.5) of a bootstrap: each draw resamples the searches, the
   candidates of each, and takes the values on a random half of the items, whose spread is that of
   resampled items. The figures themselves are of all items, on which a score may be better than on
   halves, so an interval need not have its figure in the middle.
6. All orders share the draws, so that a score and a list are compared pair by pair: the difference
   of a score's tau from that of the list with the highest tau has an interval of its own.
"""

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from statistics import fmean
from typing import Any

import numpy as np
from scipy import stats

DRAWS = 1000
_TRIES = 20  # for one draw; a small zoo of few values may give none
_LEAST_IN_FAMILY = 3
_PERCENTILES = (2.5, 97.5)

Values = Mapping[str, Any]  # by candidate: numbers, or what else can be ordered


@dataclass(frozen=True)
class Search:
    """`truth` and `family` are by candidate."""

    name: str
    truth: Mapping[str, float]
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
    tau by search. `over_list` is the difference of tau from that of the best list."""

    tau: float | None
    tau_interval: Interval | None
    regret: float
    regret_interval: Interval | None
    within: float | None
    over_list: float | None = None
    over_list_interval: Interval | None = None
    families: dict[str, float] = field(default_factory=dict)
    searches: dict[str, float | None] = field(default_factory=dict)


Orders = Sequence[Ordered]  # of one score or list, one for each search


@dataclass(frozen=True)
class _Draw:
    """Of an order: means over the drawn searches."""

    tau: float | None
    regret: float


def weighted_tau(values: Sequence[Any], truth: Sequence[float]) -> float | None:
    if len(set(values)) < 2 or len(set(truth)) < 2:
        return None
    places = {value: place for place, value in enumerate(sorted(set(values)))}
    found = float(stats.weightedtau([places[value] for value in values], truth).statistic)
    return found if math.isfinite(found) else None


def regret(values: Sequence[Any], truth: Sequence[float]) -> float:
    best = max(values)
    chosen = [worth for value, worth in zip(values, truth, strict=True) if value == best]
    return max(truth) - fmean(chosen)


def compared(
    scores: Mapping[str, Orders], lists: Mapping[str, Orders], seed: int = 0, draws: int = DRAWS
) -> tuple[dict[str, Quality], dict[str, Quality]]:
    """Of each score and list, all of the same searches."""
    both = {**scores, **lists}
    drawn = _draws(both, np.random.default_rng(seed), draws)
    found = {name: _quality(orders, drawn[name]) for name, orders in both.items()}
    best = best_list({name: found[name] for name in lists})
    for name in scores if best else ():
        if found[name].tau is not None:
            pairs = zip(drawn[name], drawn[best], strict=True)
            differences = [
                own.tau - its.tau for own, its in pairs if None not in (own.tau, its.tau)
            ]
            found[name] = replace(
                found[name],
                over_list=found[name].tau - found[best].tau,
                over_list_interval=_interval(differences),
            )
    return {name: found[name] for name in scores}, {name: found[name] for name in lists}


def best_list(lists: Mapping[str, Quality]) -> str | None:
    """That with the highest tau."""
    taus = {name: found.tau for name, found in lists.items() if found.tau is not None}
    return max(taus, key=taus.__getitem__, default=None)


def _quality(ordered: Orders, drawn: Sequence[_Draw]) -> Quality:
    taus = [_of(each, each.values, weighted_tau) for each in ordered]
    defined = [tau for tau in taus if tau is not None]
    families = _families(ordered)
    return Quality(
        tau=fmean(defined) if defined else None,
        tau_interval=_interval([draw.tau for draw in drawn if draw.tau is not None]),
        regret=fmean(_of(each, each.values, regret) for each in ordered),
        regret_interval=_interval([draw.regret for draw in drawn]),
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


def _families(ordered: Orders) -> dict[str, float]:
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


def _draws(
    orders: Mapping[str, Orders], rng: np.random.Generator, draws: int
) -> dict[str, list[_Draw]]:
    """The same draws of every order."""
    found: dict[str, list[_Draw]] = {name: [] for name in orders}
    searches = [each.search for each in next(iter(orders.values()), ())]
    for _ in range(draws if searches else 0):
        places = rng.integers(len(searches), size=len(searches))
        drawn = [(place, _candidates(searches[place], rng), rng.random()) for place in places]
        for name, ordered in orders.items():
            found[name].append(_figures(ordered, drawn))
    return found


def _candidates(search: Search, rng: np.random.Generator) -> list[str]:
    """Drawn again where all are worth the same."""
    names = list(search.truth)
    for _ in range(_TRIES):
        chosen = [names[index] for index in rng.integers(len(names), size=len(names))]
        if len({search.truth[name] for name in chosen}) > 1:
            break
    return chosen


def _figures(ordered: Orders, drawn: Sequence[tuple[int, list[str], float]]) -> _Draw:
    taus, regrets = [], []
    for place, chosen, share in drawn:
        each = ordered[place]
        values = each.halves[int(share * len(each.halves))] if each.halves else each.values
        taus.append(_of(each, values, weighted_tau, chosen))
        regrets.append(_of(each, values, regret, chosen))
    defined = [tau for tau in taus if tau is not None]
    return _Draw(fmean(defined) if defined else None, fmean(regrets))


def _interval(figures: Sequence[float]) -> Interval | None:
    return Interval(*map(float, np.percentile(figures, _PERCENTILES))) if figures else None
