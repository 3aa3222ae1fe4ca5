# SPDX-License-Identifier: Apache-2.0
"""Rows of a merged file that several machines measured: how far the machines differ."""

from results import machine_spread
from results.machine_spread import Spread
from results.markdown import cell, table
from results.table import Results

from report import wording

_NUMBERS = ["Machines", "Median", "95 % interval"]


def rows(results: Results) -> str:
    """Empty where fewer than three machines measured any row."""
    lines = [
        [
            cell(name),
            str(spread.machines),
            wording.seconds(spread.median),
            _interval(spread),
            cell(
                ", ".join(
                    f"{each} (+{wording.percent(share)})" for each, share in spread.slow.items()
                )
            ),
        ]
        for name, spread in _spreads(results)
    ]
    return table(["Row", *_NUMBERS, "Slow machines"], lines, _NUMBERS) if lines else ""


def sentence(results: Results) -> list[str]:
    """Which machine was slow in most rows; nothing where no row has several machines."""
    found = _spreads(results)
    if not found:
        return []
    slow: dict[str, int] = {}
    for _, spread in found:
        for machine in spread.slow:
            slow[machine] = slow.get(machine, 0) + 1
    share = wording.percent(machine_spread.SLOW)
    if not slow:
        many = "row" if len(found) == 1 else "rows"
        return [
            f"Of {len(found)} {many} that several machines measured, none is more than {share} "
            "above the median."
        ]
    machine = max(slow, key=lambda name: slow[name])
    return [
        f"{machine} is more than {share} above the median of all machines in {slow[machine]} of "
        f"{len(found)} rows."
    ]


def _spreads(results: Results) -> list[tuple[str, Spread]]:
    measured = results.measured
    found = []
    for name, said in zip(measured["name"], measured["machine_seconds"], strict=True):
        spread = machine_spread.of(machine_spread.seconds_of({"machine_seconds": said}))
        if spread:
            found.append((name, spread))
    return found


def _interval(spread: Spread) -> str:
    if spread.interval is None:
        return ""
    return " to ".join(wording.seconds(value) for value in spread.interval)
