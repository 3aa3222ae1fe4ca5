# SPDX-License-Identifier: Apache-2.0
"""Seconds end to end by batch size, grouped by network: a panel per configuration."""

from pathlib import Path

from results.table import Results

from report import wording
from report.figures import by_batch
from report.figures import splitting as split
from report.figures.canvas import Image
from report.figures.naming import where

TITLE = "Time end to end by batch size"
SECTION = "batch sizes"
PANELS_PER_IMAGE = 6


def draw(results: Results, out: Path, prefix: str = "") -> list[Image]:
    """Settings and devices have separate images; those with one batch size are left out."""
    rows = results.of_step("EndToEnd")
    rows = by_batch.with_value(rows[rows["batch"].notna()], "seconds")
    images = []
    for name, group in split.groups(rows, prefix, ["device"]):
        if not by_batch.swept(group):
            continue
        configurations = list(dict.fromkeys(group["configuration"]))
        for first in range(0, len(configurations), PANELS_PER_IMAGE):
            chosen = configurations[first : first + PANELS_PER_IMAGE]
            shown = group[group["configuration"].isin(chosen)]
            for part in by_batch.parts(shown, f"{name}_{chosen[0]}" if first else name):
                panels = [
                    by_batch.Panel(configuration, "Time (s)", rows_of, wording.seconds)
                    for configuration, rows_of in part.rows.groupby("configuration", sort=False)
                ]
                title = f"{TITLE}{where(group)}"
                images.append(
                    by_batch.draw(part, panels, title, "end-to-end-by-batch", results.contexts, out)
                )
    return images
