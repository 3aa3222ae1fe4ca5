# SPDX-License-Identifier: Apache-2.0
"""Seconds of each step of a search by batch size, grouped by network: a panel per step."""

from pathlib import Path

from results.table import Results

from report import shares, steps, wording
from report.figures import by_batch
from report.figures import splitting as split
from report.figures.canvas import Image
from report.figures.naming import where

TITLE = "Time of each step end to end by batch size"
SECTION = "batch sizes"


def draw(results: Results, out: Path, prefix: str = "") -> list[Image]:
    """Draws EndToEnd rows with exclusive seconds, an image per configuration and setting. Those
    with one batch size are left out. Steps that never occurred have no panel."""
    rows = shares.with_steps(results.of_step("EndToEnd"))
    rows = rows[rows["batch"].notna()]
    images = []
    for name, group in split.groups(rows, prefix, ["device", "configuration"]):
        if not by_batch.swept(group):
            continue
        first = group.iloc[0]
        title = f"{TITLE}{where(group)}, {first['configuration']}"
        for part in by_batch.parts(group, name):
            panels = [
                by_batch.Panel(steps.title(step, first["mode"]), "Time (s)", found, wording.seconds)
                for step in steps.STEPS[:-1]
                if len(found := by_batch.with_value(part.rows, step.counter))
            ]
            if panels:
                images.append(
                    by_batch.draw(part, panels, title, "steps-by-batch", results.contexts, out)
                )
    return images
