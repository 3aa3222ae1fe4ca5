# SPDX-License-Identifier: Apache-2.0
"""Rows of single steps by batch size: time of a batch and items per second. Inference has a
separate figure, `batch_sizes`."""

from pathlib import Path

from results.table import Results

from report import steps, wording
from report.figures import by_batch
from report.figures import splitting as split
from report.figures.canvas import Image, Part
from report.figures.naming import where

TITLE = "Each step alone by batch size"
SECTION = "batch sizes"
STEPS = ("LoadData", "DataToDevice", "WriteActivations")


def draw(results: Results, out: Path, prefix: str = "") -> list[Image]:
    """Draws an image per step, device, configuration and setting. Those with one batch size are
    left out."""
    images = []
    for step in STEPS:
        rows = results.of_step(step)
        rows = by_batch.with_value(rows[rows["batch"].notna()], "seconds")
        for name, group in split.groups(rows, prefix, ["step", "device", "configuration"]):
            if not by_batch.swept(group):
                continue
            for part in by_batch.parts(group, name):
                images.append(_image(part, step, results, out))
    return images


def _image(part: Part, step: str, results: Results, out: Path) -> Image:
    rows = part.rows
    milliseconds = rows.assign(value=1e3 * rows["seconds"])
    panels = [by_batch.Panel("", "Time per batch (ms)", milliseconds, _milliseconds)]
    rates = by_batch.with_value(rows, "items_per_second")
    panels += [by_batch.Panel("", "Items per second", rates)] if len(rates) else []
    first = rows.iloc[0]
    of = f", trunk of {first['configuration']}" if first["configuration"] else ""
    title = f"{steps.FAMILIES[step]} by batch size{where(rows)}{of}"
    return by_batch.draw(part, panels, title, "rates-by-batch", results.contexts, out)


def _milliseconds(value: float) -> str:
    return wording.seconds(value / 1e3)
