# SPDX-License-Identifier: Apache-2.0
"""What follows from the scores of several candidates: ranks, and what a score costs. As a search of
the program ranks them, the higher value comes first and then the lower loss."""

import math
from collections.abc import Mapping, Sequence
from statistics import fmean, median
from typing import Any, NamedTuple

from scores.program import ScoredFile


class Worth(NamedTuple):
    """By what candidates are ordered: the larger is the better. Without a loss comes after any."""

    value: float
    negative_loss: float = -math.inf


def worth(entry: Mapping[str, Any]) -> Worth:
    """Of what the program says of a score."""
    return Worth(float(entry["value"]), -float(entry.get("loss", math.inf)))


def ranks(worths: Mapping[str, Worth]) -> dict[str, int]:
    """1 is the best; equal candidates share a rank, and the next one skips as many."""
    return {name: 1 + sum(other > own for other in worths.values()) for name, own in worths.items()}


def worths(files: Mapping[str, ScoredFile], score: str) -> dict[str, Worth]:
    """By candidate; those without this score are left out."""
    return {
        name: worth(file.scores[score])
        for name, file in files.items()
        if "value" in file.scores.get(score, {})
    }


def seconds(files: Mapping[str, ScoredFile], score: str) -> list[float]:
    """Of each candidate, the median of the timed runs."""
    entries = [file.scores.get(score, {}) for file in files.values()]
    return [median(entry["seconds"]) for entry in entries if "seconds" in entry]


def mean_ranks(files: Mapping[str, ScoredFile], scores: Sequence[str]) -> dict[str, float]:
    """Of the scores that every candidate has."""
    all_ranks = [ranks(found) for s in scores if len(found := worths(files, s)) == len(files)]
    return {name: fmean(each[name] for each in all_ranks) for name in files} if all_ranks else {}
