# SPDX-License-Identifier: Apache-2.0
"""How much the medians of two runs of the same rows differ."""

import statistics
from dataclasses import dataclass

import pandas as pd
from results import versions
from results.benchmark_name import current

# A slow host can show in a row whose submission takes this share of its median.
NEAR = 0.5


@dataclass(frozen=True)
class Agreement:
    """`changes`: second / first - 1 by name. `outside` lists changes beyond the bound, largest
    first. `near_host` names rows whose submission took the host at least half of their median in a
    run. `unmatched` counts rows that only one run measured. `copies` counts rows of the first run
    that were not measured, because another row cuts the network at the same place."""

    changes: dict[str, float]
    outside: list[tuple[str, float]]
    near_host: set[str]
    unmatched: int
    copies: int

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
    return Agreement(changes, outside, near_host, len(one.keys() ^ other.keys()), int(copied.sum()))


def _near_host(rows: pd.DataFrame) -> set[str]:
    if "submit_seconds" not in rows or "p50" not in rows:
        return set()
    return set(rows["name"][rows["submit_seconds"] >= NEAR * rows["p50"]].map(current))


def _medians(rows: pd.DataFrame) -> dict[str, float]:
    medians = rows["p50"] if "p50" in rows else pd.Series(float("nan"), index=rows.index)
    values = medians.fillna(rows["seconds"])
    names = [versions.named(current(row["name"]), row) for row in rows.to_dict("records")]
    return {name: float(value) for name, value in zip(names, values, strict=True) if value > 0}
