# SPDX-License-Identifier: Apache-2.0
"""Tables of two machines; a ratio above 1, in bold, means that the machine here is faster."""

import math
from collections.abc import Callable

import pandas as pd
from results.markdown import cell, table

from report import steps, wording
from report.against import measures
from report.against.matching import Pair

_WHO = ["Network", "Configuration", "Device", "Batch", "Settings"]


def _who(pair: Pair) -> list[str]:
    row = pair.here
    same = [f"{key}={value}" for key, value in row["keys"] if (key, value) in pair.there["keys"]]
    return [
        cell(wording.network(row["subject"])),
        cell(wording.configuration(row)),
        cell(row["device"]),
        "" if pd.isna(row["batch"]) else str(row["batch"]),
        cell(", ".join(same)),
    ]


def bold(ratio: float) -> str:
    text = wording.significant(ratio)
    return f"**{text}**" if ratio > 1 else text


def _table(
    headers: list[str], lines: list[list[str]], pairs: list[Pair], numbers: list[str]
) -> str:
    """With what differs per row, unless it is the same for all, which is said once."""
    if not lines:
        return ""
    if common(pairs):
        return table(headers, lines, numbers)
    lines = [
        [*line, cell("; ".join(pair.differs))] for line, pair in zip(lines, pairs, strict=True)
    ]
    return table([*headers, "Differs"], lines, numbers)


def common(pairs: list[Pair]) -> tuple[str, ...]:
    """What differs where that is the same in every pair."""
    return pairs[0].differs if len({pair.differs for pair in pairs}) == 1 else ()


def extraction(pairs: list[Pair]) -> str:
    """Items per second of whole extractions."""
    numbers = ["Batch", "Items/s here", "Items/s there", "Speed here / there"]
    numbers += ["Extraction here", "Extraction there"]
    lines = []
    for pair in pairs:
        here, there = measures.extraction_rate(pair.here), measures.extraction_rate(pair.there)
        lines.append(
            [
                *_who(pair),
                *(wording.significant(value) for value in (here, there)),
                bold(measures.ratio(here, there)),
                *(
                    f"{wording.seconds(measures.number(row, 'extract_seconds'))} for "
                    f"{measures.number(row, 'items'):,.0f}"
                    if math.isfinite(measures.extraction_rate(row))
                    else "-"
                    for row in (pair.here, pair.there)
                ),
            ]
        )
    return _table([*_WHO, *numbers[1:]], lines, pairs, numbers)


def steps_of_extraction(pairs: list[Pair]) -> str:
    """Seconds of each step per 1,000 items."""
    numbers = ["Batch"]
    for step in measures.EXTRACTION:
        numbers += [f"{step.title} here", f"{step.title} there", "Speed"]
    lines = []
    for pair in pairs:
        cells = _who(pair)
        for step in measures.EXTRACTION:
            here = measures.step_seconds(pair.here, step.counter)
            there = measures.step_seconds(pair.there, step.counter)
            speed = measures.ratio(1 / here, 1 / there) if here > 0 and there > 0 else math.nan
            cells += [wording.seconds(here), wording.seconds(there), bold(speed)]
        lines.append(cells)
    return _table([*_WHO, *numbers[1:]], lines, pairs, numbers)


def alone(step: str, pairs: list[Pair]) -> str:
    """Items (or runs) per second of a step that was measured alone."""
    return _two(pairs, "Per second", measures.rate, wording.significant)


def largest_batch(pairs: list[Pair]) -> str:
    def batch(row: pd.Series) -> float:
        return measures.number(row, "max_batch_size")

    return _two(
        pairs,
        "Largest batch",
        batch,
        lambda value: f"{value:,.0f}" if math.isfinite(value) else "-",
    )


def _two(pairs: list[Pair], name: str, measure: Callable, text: Callable[[float], str]) -> str:
    numbers = ["Batch", f"{name} here", f"{name} there", "Here / there"]
    lines = []
    for pair in pairs:
        here, there = measure(pair.here), measure(pair.there)
        ratio = bold(measures.ratio(here, there))
        lines.append([*_who(pair), text(here), text(there), ratio])
    return _table([*_WHO, *numbers[1:]], lines, pairs, numbers)


def title(step: str) -> str:
    return f"{steps.FAMILIES.get(step, step)} alone"
