# SPDX-License-Identifier: Apache-2.0
"""Whether two sides of a search of a zoo found the same: features, scores, ranking.

Rankings agree up to ties: two candidates whose accuracies lie within the tolerance on either side
may be in any order. Python may have measured a part of the zoo; then only that part is compared.
"""

import itertools
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from peers import feature_files
from peers.our_search import Search
from peers.peer_process import PeerError


@dataclass(frozen=True)
class Tolerance:
    """`distance` of features (our program's `feature_distance`), and of accuracies."""

    distance: float
    accuracy: float


# By the precision: our program's tolerance (fixtures/devices/precision.cpp) is that of one side
# from strict float32; both sides have errors of their own, and a GPU's decoder another rounding.
_ON_GPU = {
    "torch": Tolerance(0.04, 0.01),
    "fp32": Tolerance(0.02, 0.01),
    "tf32": Tolerance(0.04, 0.01),
    "bf16": Tolerance(0.2, 0.02),
    "fp16": Tolerance(0.04, 0.01),
}


def tolerance(precision: str, device: str) -> Tolerance:
    return Tolerance(1e-5, 0.0) if device == "cpu" else _ON_GPU[precision]


@dataclass(frozen=True)
class Agreement:
    """`scores` is the largest difference of a candidate's accuracies; `swapped` are pairs that the
    sides order differently although they are not ties."""

    candidates: int
    scores: float
    swapped: tuple[tuple[str, str], ...]
    missing: tuple[str, ...]

    @property
    def same(self) -> bool:
        return not self.swapped and not self.missing


def compare(ours: Search, theirs: Search, tie: float) -> Agreement:
    """`missing` are those of Python's candidates that ours does not rank."""
    own = dict(zip(ours.ranking, ours.accuracies, strict=True))
    python = dict(zip(theirs.ranking, theirs.accuracies, strict=True))
    both = [name for name in ours.ranking if name in python]
    swapped = tuple(
        (a, b)
        for a, b in itertools.combinations(both, 2)
        if python[b] - python[a] > tie and own[a] - own[b] > tie
    )
    apart = max((abs(own[name] - python[name]) for name in both), default=0.0)
    return Agreement(len(both), apart, swapped, tuple(sorted(python.keys() - own.keys())))


def regret(choice: Search, theirs: Search) -> float | None:
    """How much less accurate the first of our ranking is than the best of Python's, by Python's
    scores; None where Python did not measure it."""
    python = dict(zip(theirs.ranking, theirs.accuracies, strict=True))
    chosen = python.get(choice.ranking[0])
    return None if chosen is None else theirs.accuracies[0] - chosen


def features(ours: Path, theirs: Path, names: Iterable[str]) -> dict[str, float]:
    """The distance of each candidate's features. Raises PeerError where files do not match."""
    found = {}
    for name in names:
        try:
            pair = (feature_files.path(folder, name) for folder in (ours, theirs))
            found[name] = feature_files.distance_between(*pair)
        except PeerError as error:
            raise PeerError(f"features of {name}: {error}") from None
    return found
