# SPDX-License-Identifier: Apache-2.0
"""Which row of a baseline a row is compared with: the one of equal name, else the nearest row that
differs only in keys that one side lacks or in keys whose default depends on the machine. The
settings that differ are reported."""

from dataclasses import dataclass

import pandas as pd
from results.table import Results

# Keys that every name has because their default depends on the machine or the build.
_OF_THE_MACHINE = ("decoder", "threads", "workers")


@dataclass(frozen=True)
class Pair:
    """A row here and one there; `differs` is empty where the names are equal."""

    here: pd.Series
    there: pd.Series
    differs: tuple[str, ...]


def pairs(here: Results, there: Results, step: str) -> list[Pair]:
    """In the order of the rows here; rows that are equally near each have a pair."""
    others: dict[tuple, list[pd.Series]] = {}
    for _, other in there.of_step(step).iterrows():
        others.setdefault(_what(other), []).append(other)
    found = []
    for _, row in here.of_step(step).iterrows():
        near = [
            Pair(row, other, differs)
            for other in others.get(_what(row), [])
            if (differs := _differs(row, other)) is not None
        ]
        if near:
            found.append(min(near, key=lambda pair: _distance(pair.differs)))
    # A row there serves the rows here that are nearest to it, so a baseline is not shown ten times.
    best: dict[str, tuple[int, int]] = {}
    for pair in found:
        name, distance = str(pair.there["name"]), _distance(pair.differs)
        best[name] = min(best.get(name, distance), distance)
    return [pair for pair in found if _distance(pair.differs) == best[str(pair.there["name"])]]


def _what(row: pd.Series) -> tuple:
    """What must be equal, which is everything but settings. A peer's rows never match our own."""
    batch = None if pd.isna(row["batch"]) else int(row["batch"])
    keys = dict(row["keys"])
    parts = (row["subject"], row["configuration"], row["device"])
    return (*parts, batch, row["mode"], keys.get("peer"))


def _differs(row: pd.Series, other: pd.Series) -> tuple[str, ...] | None:
    """The settings that differ, or None where they make it another thing that was measured."""
    here, there = dict(row["keys"]), dict(other["keys"])
    words = []
    for key in sorted({*here, *there}):
        if here.get(key) == there.get(key):
            continue
        if key in here and key in there and key not in _OF_THE_MACHINE:
            return None
        words.append(f"{key}: {here.get(key, 'default')} here, {there.get(key, 'default')} there")
    return tuple(words)


def _distance(differs: tuple[str, ...]) -> tuple[int, int]:
    """Values that differ count more than keys that one side lacks."""
    return sum("default" not in word for word in differs), len(differs)
