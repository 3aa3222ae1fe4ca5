# SPDX-License-Identifier: Apache-2.0
"""A change point with its possible causes: the commits between, and other conditions."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from compare import environment

from track.series import Series

Commits = Callable[[str, str], list[str]]


@dataclass(frozen=True)
class Finding:
    series: Series
    date: datetime  # of the first point of the new level
    verdict: str
    effect: float  # 0.1: 10 % more than before
    commits: tuple[str, ...]
    conditions: tuple[str, ...]  # entries of the context that differ, such as the driver

    @property
    def words(self) -> str:
        return f"{self.verdict} {self.effect:+.1%}"


def findings(series: Sequence[Series], commits: Commits) -> list[Finding]:
    """In the order of the series, the oldest change first. `commits(before, after)` lists what
    lies between two revisions."""
    found = []
    for one in series:
        for change in one.changes:
            before, after = one.points[change.index - 1], one.points[change.index]
            differ = environment.differences(before.context, after.context)
            found.append(
                Finding(
                    one,
                    after.date,
                    one.verdict(change),
                    change.effect,
                    tuple(commits(before.revision, after.revision)),
                    tuple(f"{d.name}: {d.base} → {d.new}" for d in differ),
                )
            )
    return found


def headline(series: Sequence[Series], found: Sequence[Finding]) -> str:
    changed = len({id(finding.series) for finding in found})
    return f"{changed} of {len(series)} series changed."
