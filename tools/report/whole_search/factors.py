# SPDX-License-Identifier: Apache-2.0
"""What decoding once, sharing and halving gained, each as the ratio of two measured rows that
differ in nothing else, and where halving does not pay.

Halving pays where it is faster beyond the noise of both rows (`diagnosis.gain`). What its choice
loses stands in its row: `regret` is the value that the best candidate has on all items, less that
of the choice.
"""

import math
from collections.abc import Iterator
from itertools import pairwise

from results.zoo_searches import ZooSearch

from report import wording
from report.diagnosis.gain import LEVEL, Gain
from report.whole_search import faster
from report.whole_search.question import PLANS, Question

_ADDS = {"decode_once": "decoding once", "shared": "sharing segments"}
Pair = tuple[ZooSearch, ZooSearch]


def plans(question: Question) -> list[str]:
    """A sentence for the settings of the main search, and for each other file and setting that has
    several plans."""
    found = []
    for searches in _alike(question, "plan"):
        searches.sort(key=lambda search: PLANS.index(search.plan))
        steps = [_step(question, *pair) for pair in pairwise(searches)]
        if not steps:
            continue
        where = _where(question, searches[0], f"budget {searches[0].budget}")
        text = f"With {where}, {wording.listed(steps)}"
        if len(steps) > 1:
            text += f"; together {question.times(searches[0], searches[-1])}"
        found.append(f"{text}.")
    return found


def _step(question: Question, before: ZooSearch, after: ZooSearch) -> str:
    # A plan that was not measured is part of the next one's gain.
    places = PLANS.index(before.plan) + 1, PLANS.index(after.plan) + 1
    added = wording.listed([_ADDS[plan] for plan in PLANS[slice(*places)]])
    return (
        f"{added} is {question.times(before, after)} "
        f"({wording.seconds(before.seconds)} to {wording.seconds(after.seconds)})"
    )


def halvings(question: Question) -> list[Pair]:
    """All items, and halved, in the order of the plans."""
    pairs = []
    for searches in _alike(question, "budget"):
        by_budget = {search.budget: search for search in searches}
        if {"all", "halving"} <= set(by_budget):
            pairs.append((by_budget["all"], by_budget["halving"]))
    return sorted(pairs, key=lambda pair: PLANS.index(pair[0].plan))


def halving(question: Question, pair: Pair, gain: Gain) -> str:
    """`gain` is that of halving, as it was chosen among all gains of the report."""
    everything, halved = pair
    where = _where(question, everything, f"plan {halved.plan}")
    took = f"{wording.seconds(halved.seconds)} in place of {wording.seconds(everything.seconds)}"
    if gain.named:
        text = f"Halving pays with {where}: {took}, {question.times(*pair)}"
    else:
        slower = question.gain(*pair).at(LEVEL).high < 1
        why = "it is slower" if slower else "the difference is within the rows' noise"
        text = f"Halving does not pay with {where}: {took}, and {why}"
    rounds, scores = halved.get("halving_rounds"), (everything.get("score"), halved.get("score"))
    if rounds > 1 and all(map(math.isfinite, scores)) and scores[1] > scores[0]:
        text += (
            f"; {rounds:.0f} rounds of scores take {wording.seconds(scores[1])} in place of "
            f"{wording.seconds(scores[0])}"
        )
    return f"{text}. {_regret(halved)}".strip()


def _where(question: Question, search: ZooSearch, words: str) -> str:
    """The words, and the settings that differ from the main search's."""
    axis = faster.axis(question.main, search) - {"plan", "budget"}
    others = faster.words(search, axis) if axis else ""
    return f"{words}, {others}" if others else words


def _regret(halved: ZooSearch) -> str:
    regret, loss = halved.get("regret"), halved.get("regret_loss")
    if not math.isfinite(regret):
        return ""
    if regret > 0:
        lost = f"scores {wording.significant(regret)} less than the best candidate"
    elif loss > 0:
        lost = f"scores as the best candidate, with {wording.significant(loss)} more loss"
    else:
        lost = "is the best candidate, or scores as it does"
    return f"Its choice {lost} on all items."


def _alike(question: Question, key: str) -> Iterator[list[ZooSearch]]:
    """Searches of one file that differ in `key` alone, in the order of the results."""
    groups: dict[tuple, list[ZooSearch]] = {}
    for search in question.searches:
        rest = tuple(sorted(pair for pair in search.setting.items() if pair[0] != key))
        known = search.plan in PLANS and search.budget
        if known:
            groups.setdefault((search.source, rest), []).append(search)
    return (group for group in groups.values() if len(group) > 1)
