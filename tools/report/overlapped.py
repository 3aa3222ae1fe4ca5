# SPDX-License-Identifier: Apache-2.0
"""EndToEnd rows of mode=overlapped. Their steps run at the same time, so that each step has a busy
and a waiting time in place of a share, and one step is the limit."""

import math

import pandas as pd
from results.markdown import cell, table
from results.table import Results

from report import wording
from report.steps import STEPS

# The steps of the pipeline, in its order.
_STEPS = tuple(s for s in STEPS if s.counter in ("load_data", "data_to_device", "inference"))


def rows(results: Results) -> pd.DataFrame:
    """The rows that were measured."""
    found = results.of_step("EndToEnd")
    busy = [f"busy_{step.counter}" for step in _STEPS]
    if not set(busy) <= set(found.columns):
        return found.iloc[0:0]
    measured = found[busy].notna().all(axis=1) & (found["extract_seconds"] > 0)
    return found[(found["mode"] == "overlapped") & measured]


def limit(row: pd.Series) -> tuple[str, float]:
    """What the step that takes longest alone does, and its seconds alone over the extraction's.
    Rows of older files show only how long a step was busy, which counts queueing."""
    alone = all(math.isfinite(row.get(f"alone_{step.counter}", math.nan)) for step in _STEPS)
    prefix = "alone" if alone else "busy"
    step = max(_STEPS, key=lambda candidate: float(row[f"{prefix}_{candidate.counter}"]))
    return step.doing, float(row[f"{prefix}_{step.counter}"]) / float(row["extract_seconds"])


def pipelines(results: Results) -> str:
    """Busy share of each step, and the extraction over the slowest step alone."""
    found = rows(results)
    if found.empty:
        return ""
    apart, _ = wording.settings_by_device(found)
    numbers = ["Items/s", *(f"{step.title} busy" for step in _STEPS), "Over slowest alone"]
    headers = ["Network", "Configuration", "Device", "Settings", "Limit", *numbers]
    lines = []
    for (_, row), settings in zip(found.iterrows(), apart, strict=True):
        elapsed = float(row["extract_seconds"])
        lines.append(
            [
                cell(wording.candidate(row, results.contexts)),
                cell(wording.configuration(row)),
                cell(row["device"]),
                cell(", ".join(settings)),
                cell(limit(row)[0]),
                wording.significant(float(row["items"]) / elapsed),
                *(wording.percent(float(row[f"busy_{s.counter}"]) / elapsed) for s in _STEPS),
                wording.significant(row.get("elapsed_over_slowest_alone", math.nan)),
            ]
        )
    return table(headers, lines, numbers)
