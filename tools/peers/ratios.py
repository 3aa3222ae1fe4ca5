# SPDX-License-Identifier: Apache-2.0
"""Ratio of two sides over interleaved rounds; the decision is here and nothing else."""

import statistics
from dataclasses import dataclass

from peers.sample import Sample, Setting


@dataclass(frozen=True)
class Round:
    """Samples of both sides, measured one right after the other."""

    ours: list[Sample]
    python: list[Sample]


@dataclass(frozen=True)
class Ratio:
    """Ours / Python's time of one network and batch size: below 1, ours is faster.

    `rounds` holds each round's ratio; it is empty where a side failed, and `error` says why.
    """

    architecture: str
    batch: int
    ours: float = 0.0
    python: float = 0.0
    rounds: tuple[float, ...] = ()
    error: str | None = None

    @property
    def median(self) -> float:
        return statistics.median(self.rounds)


def ratios(rounds: list[Round], setting: Setting) -> list[Ratio]:
    """One ratio per network and batch size: the median over rounds of each round's ratio, so that
    a machine that slows down between rounds slows both sides of a ratio."""
    return [
        _ratio(rounds, architecture, batch)
        for architecture in setting.architectures
        for batch in setting.batch_sizes
    ]


def _ratio(rounds: list[Round], architecture: str, batch: int) -> Ratio:
    ours, python = [], []
    for both in rounds:
        for side, samples, seconds in (("ours", both.ours, ours), ("Python", both.python, python)):
            sample = next(
                (s for s in samples if (s.architecture, s.batch) == (architecture, batch)), None
            )
            if sample is None or sample.error or sample.median <= 0:
                why = sample.error if sample and sample.error else "no measurement"
                return Ratio(architecture, batch, error=f"{side}: {why}")
            seconds.append(sample.median)
    if not rounds:
        return Ratio(architecture, batch, error="no rounds")
    each = tuple(mine / theirs for mine, theirs in zip(ours, python, strict=True))
    return Ratio(architecture, batch, statistics.median(ours), statistics.median(python), each)


def exit_code(found: list[Ratio], max_ratio: float | None) -> int:
    """0: all within the limit; 1: a median ratio exceeds it; 2: something has no ratio."""
    if max_ratio is not None and any(r.rounds and r.median > max_ratio for r in found):
        return 1
    return 2 if any(ratio.error for ratio in found) else 0
