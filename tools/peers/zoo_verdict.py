# SPDX-License-Identifier: Apache-2.0
"""What the rounds of a comparison of zoo searches say: factors, agreement, failures."""

import argparse
from collections.abc import Iterable

from compare.ratios import Measured

from peers import our_search, search_agreement, search_factors
from peers.our_search import Search
from peers.peer_process import PeerError
from peers.search_agreement import Agreement
from peers.search_factors import Factors, Timed
from peers.zoo_sides import Sides


class Verdict:
    """`rankings` and `regrets` are by probe and precision, `distances` by precision and candidate.
    `failures` are sentences, empty where both sides ran and found the same."""

    def __init__(self, options: argparse.Namespace, measured: Iterable[Measured]) -> None:
        self.failures: list[str] = []
        self.factors: list[Factors] = []
        self.rankings: dict[tuple[str, str], Agreement] = {}
        self.regrets: dict[tuple[str, str], float | None] = {}
        self.distances: dict[str, dict[str, float]] = {}
        self._options = options
        ours, theirs = self._timed(measured)
        for python in theirs:
            self._add(python, ours)

    def _timed(self, measured: Iterable[Measured]) -> tuple[list[Timed], list[Timed]]:
        """Rows of ours and of Python's."""
        rounds: tuple[list[list[Search]], ...] = ([], [])
        for each in measured:
            of_side = rounds[bool(each.peer)]
            while len(of_side) <= each.round:
                of_side.append([])
            try:
                of_side[each.round].append(our_search.read(each.row))
            except PeerError as error:
                self.failures.append(f"round {each.round + 1}: {error}")
        ours, theirs = (search_factors.timed(side) for side in rounds)
        return ours, theirs

    def _add(self, python: Timed, ours: list[Timed]) -> None:
        found = search_factors.factors(python, ours, self._options.executions[0])
        place = found.probe, found.precision
        if not found.stages:
            self.failures.append(f"{', '.join(place)}: ours has no row to compare with")
            return
        self.factors.append(found)
        tie = search_agreement.tolerance(found.precision, self._options.device).accuracy
        for stage in found.stages:
            search = stage.timed.search
            if stage.name == "halving":
                self.regrets[place] = search_agreement.regret(search, python.search)
            elif search.key("precision") == found.precision:
                self._rank(place, search_agreement.compare(search, python.search, tie), search)

    def _rank(self, place: tuple[str, str], found: Agreement, search: Search) -> None:
        """Keeps the worst agreement of all plans."""
        if not found.same:
            self.failures.append(f"{search.name}: its ranking differs from Python's")
        known = self.rankings.get(place, found)
        self.rankings[place] = max(known, found, key=lambda each: (not each.same, each.scores))

    def compare_features(self, precision: str, sides: Sides) -> None:
        """Runs a search of ours, which is not timed, for its features."""
        names = [each.name for each in sides.setting(precision).candidates]
        most = search_agreement.tolerance(precision, self._options.device).distance
        try:
            found = search_agreement.features(
                sides.our_features(precision), sides.python_features(precision), names
            )
        except PeerError as error:
            self.failures.append(f"{precision}: {error}")
            return
        self.distances[precision] = found
        for name, distance in found.items():
            if not distance <= most:
                self.failures.append(
                    f"features of {name} ({precision}) differ by {distance:.3g}; at most {most:g} "
                    "is allowed"
                )
