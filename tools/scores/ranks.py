# SPDX-License-Identifier: Apache-2.0
"""What follows from the scores of several candidates: ranks, and what a score costs."""

from collections.abc import Mapping, Sequence
from statistics import fmean, median

from scores.program import ScoredFile


def ranks(values: Mapping[str, float]) -> dict[str, int]:
    """1 is the highest value; equal values share a rank, and the next one skips as many."""
    return {
        name: 1 + sum(other > value for other in values.values()) for name, value in values.items()
    }


def values(files: Mapping[str, ScoredFile], score: str) -> dict[str, float]:
    """By candidate; those without this score are left out."""
    return {
        name: file.scores[score]["value"]
        for name, file in files.items()
        if "value" in file.scores.get(score, {})
    }


def seconds(files: Mapping[str, ScoredFile], score: str) -> list[float]:
    """Of each candidate, the median of the timed runs."""
    entries = [file.scores.get(score, {}) for file in files.values()]
    return [median(entry["seconds"]) for entry in entries if "seconds" in entry]


def mean_ranks(files: Mapping[str, ScoredFile], scores: Sequence[str]) -> dict[str, float]:
    """Of the scores that every candidate has."""
    all_ranks = [ranks(found) for s in scores if len(found := values(files, s)) == len(files)]
    return {name: fmean(each[name] for each in all_ranks) for name in files} if all_ranks else {}
