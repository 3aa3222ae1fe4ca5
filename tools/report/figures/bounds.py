# SPDX-License-Identifier: Apache-2.0
"""How near inference comes to the two bounds of its device, arithmetic and memory."""

from pathlib import Path
from typing import Any

import matplotlib.pyplot as plt
import pandas as pd
from results.table import Results

from report import wording
from report.figures import bars, canvas, naming
from report.figures import splitting as split
from report.figures.canvas import Image, Part

TITLE = "Inference against the device's bounds"
SECTION = "machine"
ROWS_PER_IMAGE = 16


def draw(results: Results, out: Path, prefix: str = "") -> list[Image]:
    """A pair of bars per Inference row at one batch size: the share of what a large matrix product
    and a large copy reach. The longer one is the nearer bound."""
    rows = split.having(results.of_step("Inference"), "achieved_matrix", "achieved_copy")
    parts = split.parts(split.one_batch(rows), prefix, ["device"], ROWS_PER_IMAGE)
    return [_image(part, results.contexts, out) for part in parts]


def _image(part: Part, contexts: dict[str, Any], out: Path) -> Image:
    rows: pd.DataFrame = part.rows
    labels, subtitle = naming.labels(rows, contexts), naming.shared(rows, contexts)
    series = [
        bars.Series("Arithmetic", "#0072B2", list(100 * rows["achieved_matrix"])),
        bars.Series("Memory", "#E69F00", list(100 * rows["achieved_copy"])),
    ]
    with plt.rc_context(canvas.STYLE):
        title = f"{TITLE}{naming.where(rows)}"
        height = max(1.2, 0.42 * len(rows))
        figure, (axes,) = canvas.new_figure(height, [1], title, naming.short(subtitle), part)
        bars.lying(axes, labels, series, "Share of the bound (%)", _percent, linear=True)
        axes.set_xlim(0, max(105.0, axes.get_xlim()[1]))
        axes.axvline(100, color="#555555", linewidth=1.2, linestyle="--")
        bars.legend_of(figure, series)
        file = canvas.save(figure, out, "bounds", part)
    said = [
        f"{label} {wording.percent(matrix)} of arithmetic and {wording.percent(copy)} of memory"
        for label, matrix, copy in zip(
            labels, rows["achieved_matrix"], rows["achieved_copy"], strict=True
        )
    ]
    return Image(file, canvas.alt_text(f"Horizontal bars: {title}, {subtitle}", said, part))


def _percent(value: float) -> str:
    return wording.percent(value / 100)
