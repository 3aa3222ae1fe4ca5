# SPDX-License-Identifier: Apache-2.0
"""How much the medians of two runs of the same rows differ."""

import statistics
from dataclasses import dataclass

import pandas as pd
from results import uncertainty, versions
from results.benchmark_name import current

# A slow host can show in a row whose submission takes this share of its median.
NEAR = 0.5


@dataclass(frozen=True)
class Agreement:
    """`changes`: second / first - 1 by name. `outside` lists changes beyond the bound, largest
    first. `near_host` names rows whose submission took the host at least half of their median in a
    run. `unmatched` counts rows that only one run measured. `copies` counts rows of the first run
    that were not measured, because another row cuts the network at the same place. `joint` and
    `joint_within` count rows whose runs differ by at most their joint 95 % interval: with what
    other processes give (results.uncertainty), and within the processes alone."""

    changes: dict[str, float]
    outside: list[tuple[str, float]]
    near_host: set[str]
    unmatched: int
    copies: int
    joint: int
    joint_within: int

    @property
    def share(self) -> float:
        """The share of rows within the bound (0 to 1)."""
        return 1 - len(self.outside) / len(self.changes)

    @property
    def typical(self) -> float:
        """The median of the absolute changes."""
        return statistics.median(abs(change) for change in self.changes.values())


def agreement(first: pd.DataFrame, second: pd.DataFrame, within: float) -> Agreement:
    """Compares measured rows (table.Results.measured); the mean stands in for a missing `p50`."""
    copied = first["same_cut_as"].notna()
    one, other = _medians(first[~copied]), _medians(second[second["same_cut_as"].isna()])
    changes = {name: other[name] / one[name] - 1 for name in one if name in other}
    outside = [(name, change) for name, change in changes.items() if not abs(change) <= within]
    outside.sort(key=lambda pair: -abs(pair[1]))
    near_host = (_near_host(first) | _near_host(second)) & changes.keys()
    errors = [_errors(rows) for rows in (first, second)]
    joint = [
        sum(
            not uncertainty.differ(
                one[name], other[name], (errors[0][name][kind], errors[1][name][kind])
            )
            for name in changes
        )
        for kind in (0, 1)
    ]
    unmatched = len(one.keys() ^ other.keys())
    return Agreement(changes, outside, near_host, unmatched, int(copied.sum()), *joint)


def _errors(rows: pd.DataFrame) -> dict[str, tuple[float, float]]:
    """The standard errors of each row: with other processes, and within its own."""
    return {
        _name(row): (uncertainty.standard_error(row, row["step"]), uncertainty.within_process(row))
        for row in rows.to_dict("records")
    }


def _name(row: dict) -> str:
    return versions.named(current(row["name"]), row)


def _near_host(rows: pd.DataFrame) -> set[str]:
    if "submit_seconds" not in rows or "p50" not in rows:
        return set()
    return set(rows["name"][rows["submit_seconds"] >= NEAR * rows["p50"]].map(current))


def _medians(rows: pd.DataFrame) -> dict[str, float]:
    medians = rows["p50"] if "p50" in rows else pd.Series(float("nan"), index=rows.index)
    values = medians.fillna(rows["seconds"])
    names = [_name(row) for row in rows.to_dict("records")]
    return {name: float(value) for name, value in zip(names, values, strict=True) if value > 0}
