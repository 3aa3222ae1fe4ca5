# SPDX-License-Identifier: Apache-2.0
"""How well an order of candidates agrees with what fine-tuning them gives.

Candidates of one place of an order count as tied, and so do those of equal truth: Spearman's
coefficient is that of mean ranks, Kendall's is tau-b. An order in which all candidates are tied has
no correlation with anything.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from statistics import fmean

from results import zoo_searches
from results.reader import Row
from scipy import stats


@dataclass(frozen=True)
class Agreement:
    """Of `count` candidates. The coefficients are None where all candidates are tied, or where
    there are fewer than two; `p` is the chance of a tau as far from 0 where the order is random.
    `chosen` is the mean truth of the first place, `best` the highest one."""

    count: int
    tied: int
    spearman: float | None
    kendall: float | None
    p: float | None
    chosen: float
    best: float


def agreement(places: Mapping[str, float], truth: Mapping[str, float]) -> Agreement:
    """`places` order candidates: the lowest is the best, and equal ones are tied. Candidates that
    one side lacks do not count; raises ValueError where no others are left."""
    names = [name for name in places if name in truth]
    if not names:
        raise ValueError("no candidate is in both")
    order = [places[name] for name in names]
    worth = [truth[name] for name in names]
    first = [value for place, value in zip(order, worth, strict=True) if place == min(order)]
    tied = sum(order.count(place) > 1 for place in order)
    defined = len(set(order)) > 1 and len(set(worth)) > 1
    spearman = kendall = p = None
    if defined:
        downwards = [-place for place in order]
        spearman = float(stats.spearmanr(downwards, worth).statistic)
        tau = stats.kendalltau(downwards, worth)
        kendall, p = float(tau.statistic), float(tau.pvalue)
    return Agreement(len(names), tied, spearman, kendall, p, fmean(first), max(worth))


def places(row: Row) -> dict[str, int] | None:
    """The places in a row's ranking, None without one. Neighbors of equal accuracy share a place:
    a search ranks equal candidates together."""
    ranking = zoo_searches.listed(row.label, "ranking")
    if not ranking:
        return None
    result: dict[str, int] = {}
    before = None
    for index, name in enumerate(ranking):
        accuracy = row.numbers.get(f"accuracy{index}")
        tied = bool(result) and accuracy is not None and accuracy == before
        result[name] = list(result.values())[-1] if tied else index
        before = accuracy
    return result


def between_seeds(accuracies: Mapping[str, Sequence[float]]) -> float | None:
    """Spearman's coefficient of the truths of two fine-tunings, as a mean over all pairs of them:
    the truth itself is not known better. None for fewer than two, or where a truth is constant."""
    columns = list(zip(*accuracies.values(), strict=True))
    if len(columns) < 2 or any(len(set(column)) < 2 for column in columns):
        return None
    return fmean(float(stats.spearmanr(*pair).statistic) for pair in combinations(columns, 2))
