# SPDX-License-Identifier: Apache-2.0
"""Words and numbers for people: names of networks and devices, seconds, shares, combinations."""

import math
from typing import Any

import pandas as pd
from results import domains, schema


def network(subject: str) -> str:
    """The name that papers use; a subject that is not an architecture keeps its own name."""
    known = schema.ARCHITECTURES.get(subject)
    return known.title if known else subject


def device(name: str) -> str:
    if name == "cpu":
        return "the CPU"
    kind, _, several = name.partition(":")
    if several:
        return f"GPUs {several}" if kind == "cuda" else f"the CPU in {several} parts"
    return "the GPU" if name == "cuda" else f"GPU {name.removeprefix('cuda')}"


def significant(value: float, digits: int = 3) -> str:
    """`41.2`, `0.0412`, `1,230`: three significant digits without exponents."""
    if not math.isfinite(value):
        return "-"
    if value == 0:
        return "0"
    rounded = float(f"{value:.{digits}g}")
    decimals = max(0, digits - 1 - math.floor(math.log10(abs(rounded))))
    return f"{rounded:,.{decimals}f}"


def seconds(value: float) -> str:
    if not math.isfinite(value):
        return "-"
    if value == 0 or abs(value) >= 1:
        return f"{significant(value)} s"
    if abs(value) >= 1e-3:
        return f"{significant(value * 1e3)} ms"
    return f"{significant(value * 1e6)} µs"


def brief(value: float) -> str:
    """Seconds with two digits, as sentences have them: `62 s`, `1.9 s`, `290 ms`."""
    if not math.isfinite(value):
        return "-"
    for factor, unit in ((1.0, "s"), (1e3, "ms")):
        if value == 0 or abs(float(f"{value * factor:.2g}")) >= 1:
            return f"{significant(value * factor, 2)} {unit}"
    return f"{significant(value * 1e6, 2)} µs"


def interval(low: float, high: float) -> str:
    """`1.7 to 1.9`, `1.03 to 1.2`, or one number where both are written the same."""
    first, last = significant(low, 2), significant(high, 2)
    if first == "1.0" and low != 1:  # Which side of 1 it lies on is what a reader asks.
        first = significant(low)
    return first if first == last else f"{first} to {last}"


def percent(share: float) -> str:
    """`71 %`; below 1 % with one decimal, so that a small share is not shown as 0."""
    if not math.isfinite(share):
        return "-"
    if 0 < share < 0.0005:
        return "< 0.1 %"
    return f"{100 * share:.1f} %" if 0 < share < 0.01 else f"{100 * share:.0f} %"


def count(value: float, units: tuple[str, ...] = ("", " k", " M", " G", " T")) -> str:
    if not math.isfinite(value):
        return "-"
    for unit in units[:-1]:
        if abs(value) < 999.5:
            return f"{significant(value)}{unit}"
        value /= 1000
    return f"{significant(value)}{units[-1]}"


def candidate(row: pd.Series, contexts: dict[str, dict[str, Any]]) -> str:
    """The network or the candidate's own name with its architecture."""
    subject = row["subject"]
    architecture = domains.architecture(contexts[row["source"]], subject)
    name = network(subject)
    return name if architecture == subject else f"{name} ({network(architecture)})"


def searches(number: float) -> str:
    whole = math.ceil(number)
    return f"{whole:,} search" if whole == 1 else f"{whole:,} searches"


def listed(words: list[str]) -> str:
    """`a, b and c`."""
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} and {words[-1]}"


def configuration(row: pd.Series) -> str:
    """`last_3`, and the other name of the same cut where there is one."""
    same = f" (same cut as {row['same_cut_as']})" if row["same_cut_as"] else ""
    return f"{row['configuration'] or ''}{same}"


def settings(rows: pd.DataFrame) -> tuple[list[list[str]], list[str]]:
    """The settings in which the rows differ (per row), and those that they share: keys, batch and
    file."""
    columns: dict[str, list[str | None]] = {}
    if rows["source"].nunique() > 1:
        columns["file"] = [str(source) for source in rows["source"]]
    for key in sorted({key for keys in rows["keys"] for key, _ in keys}):
        columns[key] = [dict(keys).get(key) for keys in rows["keys"]]
    columns["batch"] = [None if pd.isna(batch) else str(batch) for batch in rows["batch"]]
    apart: list[list[str]] = [[] for _ in range(len(rows))]
    shared: list[str] = []
    for key, values in columns.items():
        if len(set(values)) > 1:
            for texts, value in zip(apart, values, strict=True):
                texts.extend([_setting(key, value)] if value is not None else [])
        elif values and values[0] is not None:
            shared.append(_setting(key, values[0]))
    return apart, shared


def settings_by_device(rows: pd.DataFrame) -> tuple[list[list[str]], list[str]]:
    """The same as `settings` within each device, since rows of two devices have different keys; the
    shared settings are one text per device."""
    apart: dict[int, list[str]] = {}
    shared: list[str] = []
    for name, group in rows.groupby("device", sort=False):
        texts, common = settings(group)
        apart.update(zip(group.index, texts, strict=True))
        if common:
            shared.append(f"On {device(name)}: {', '.join(common)}")
    return [apart[index] for index in rows.index], shared


def _setting(key: str, value: str) -> str:
    if key == "mode":
        return f"{value} mode"
    return f"{key} {value}" if key in ("batch", "file") else f"{key}={value}"
