# SPDX-License-Identifier: Apache-2.0
"""Energy of an item by batch size: a panel per configuration."""

from pathlib import Path

from results.table import Results

from report import steps, wording
from report.figures import by_batch
from report.figures import splitting as split
from report.figures.canvas import Image
from report.figures.naming import where

TITLE = "Energy per item"
SECTION = "machine"
STEPS = ("EndToEnd", "Inference")
PANELS_PER_IMAGE = 6


def draw(results: Results, out: Path, prefix: str = "") -> list[Image]:
    """Draws the rows with `joules_per_item` that took a second or more; only a GPU's driver reports
    energy."""
    images = []
    for step in STEPS:
        rows = results.of_step(step)
        rows = by_batch.with_value(rows[rows["batch"].notna()], "joules_per_item")
        for name, group in split.groups(rows, prefix, ["step", "device"]):
            configurations = list(dict.fromkeys(group["configuration"]))
            for first in range(0, len(configurations), PANELS_PER_IMAGE):
                chosen = configurations[first : first + PANELS_PER_IMAGE]
                shown = group[group["configuration"].isin(chosen)]
                title = f"{TITLE}: {steps.FAMILIES[step].lower()}{where(group)}"
                for part in by_batch.parts(shown, f"{name}_{chosen[0]}" if first else name):
                    panels = [
                        by_batch.Panel(configuration, "Energy (J)", own, _joules)
                        for configuration, own in part.rows.groupby("configuration", sort=False)
                    ]
                    images.append(
                        by_batch.draw(part, panels, title, "energy", results.contexts, out)
                    )
    return images


def _joules(value: float) -> str:
    return f"{wording.significant(value)} J"
