# SPDX-License-Identifier: Apache-2.0
"""Joint models: several heads after one trunk in one pass, against the same heads as separate
networks and as tails that read the trunk's cached activations. All were measured in one run."""

import math

import pandas as pd
from results import configurations
from results.configurations import heads
from results.markdown import cell, table
from results.table import Results

from report import wording

# Steps with joint rows, and their counters of the seconds of the same heads done otherwise.
STEPS = {
    "EndToEnd": ("separate_end_to_end", "cached_end_to_end"),
    "Inference": ("separate_seconds", ""),
}


def rows(results: Results, step: str) -> pd.DataFrame:
    """Joint rows of a step that were compared with separate networks."""
    found = results.of_step(step)
    if "gain_over_separate" not in found:
        return found.head(0)
    compared = found["gain_over_separate"].notna()
    return found[compared & found["configuration"].map(configurations.is_joint).astype(bool)]


def gains(results: Results, step: str) -> str:
    """Seconds of the joint model and of the other ways, and the ratios; above 1 joint is faster."""
    found = rows(results, step)
    if found.empty:
        return ""
    apart, _ = wording.settings_by_device(found)
    separate, cached = STEPS[step]
    numbers = ["Heads", "Joint", "Separate", "Cached trunk", "Separate / joint", "Cached / joint"]
    headers = ["Network", "Configuration", "Device", "Settings", *numbers, "Accuracy of the heads"]
    lines = []
    for (_, row), settings in zip(found.iterrows(), apart, strict=True):
        lines.append(
            [
                cell(wording.candidate(row, results.contexts)),
                cell(wording.configuration(row)),
                cell(row["device"]),
                cell(", ".join(settings)),
                str(heads(row)),
                wording.seconds(row["seconds"]),
                wording.seconds(row.get(separate, math.nan)),
                wording.seconds(row.get(cached, math.nan)),
                _gain(row["gain_over_separate"]),
                _gain(row.get("gain_over_cached", math.nan)),
                _accuracies(row),
            ]
        )
    return table(headers, lines, numbers)


def _gain(value: float) -> str:
    text = wording.significant(value)
    return f"**{text}**" if value > 1 else text


def _accuracies(row: pd.Series) -> str:
    values = [row.get(f"accuracy_head{index}", math.nan) for index in range(heads(row))]
    if not any(math.isfinite(value) for value in values):
        return ""
    return ", ".join(f"{100 * v:.1f} %" if math.isfinite(v) else "-" for v in values)
