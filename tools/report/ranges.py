# SPDX-License-Identifier: Apache-2.0
"""A sentence for a section: the range of what its rows show."""

import math

import pandas as pd
from results import configurations
from results.table import Results

from report import wording

_NAMED = 4
# What a tail and its full network have in common.
_SAME = ["source", "subject", "device", "mode", "batch"]


def tails(results: Results) -> list[str]:
    """How long searches of tails take next to those of their full networks, of each device."""
    rows = results.of_step("EndToEnd")
    is_tail = rows["configuration"].map(configurations.is_tail).astype(bool)
    full = rows[rows["configuration"] == "full"].groupby(_SAME, dropna=False)["seconds"].min()
    said = []
    for device, own in rows[is_tail].groupby("device", sort=False):
        found = [
            row["seconds"] / full[key]
            for _, row in own.iterrows()
            if (key := tuple(row[name] for name in _SAME)) in full.index
        ]
        if found:
            said.append(
                f"On {wording.device(device)} {_count(len(found), 'tail', 'take')} "
                f"{_range(min(found), max(found), wording.percent)} of the full network's time."
            )
    return said


def cuts(results: Results) -> list[str]:
    """What the names of the tails mean."""
    names = [name for name in dict.fromkeys(results.measured["configuration"].dropna())
             if configurations.is_tail(name)]  # fmt: skip
    said = [f'"{name}" {_last(name)}' for name in sorted(names, key=configurations.order)]
    if not said:
        return []
    return [f"Of a network's blocks a tail has the last: {wording.listed(said[:_NAMED])}."]


def _last(name: str) -> str:
    count = name.removeprefix("last_")
    return f"{count.removesuffix('pct')} %" if count.endswith("pct") else count


def scores(results: Results) -> list[str]:
    """What scores take, of each device."""
    said = []
    for device, own in results.of_step("Score").groupby("device", sort=False):
        known = own["seconds"].dropna()
        if len(known):
            said.append(
                f"On {wording.device(device)} {_count(len(known), 'score', 'take')} "
                f"{_range(known.min(), known.max(), wording.brief)}."
            )
    return said


def fits(results: Results) -> list[str]:
    """The range of the largest batch sizes, of each device."""
    rows = results.of_step("MaxBatchSize")
    said = []
    for device, own in rows.groupby("device", sort=False):
        known = pd.to_numeric(own.get("max_batch_size", pd.Series(dtype=float))).dropna()
        if len(known):
            sizes = _range(known.min(), known.max(), lambda size: f"{size:,.0f}")
            said.append(f"{wording.device(device)[:1].upper()}{wording.device(device)[1:]} fits "
                        f"batches of {sizes} items.")  # fmt: skip
    return said


def _count(number: int, noun: str, verb: str) -> str:
    return f"one {noun} {verb}s" if number == 1 else f"{number:,} {noun}s {verb}"


def _range(low: float, high: float, text) -> str:
    if not math.isfinite(low) or text(low) == text(high):
        return text(high)
    return f"{text(low)} to {text(high)}"
