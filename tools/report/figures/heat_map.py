# SPDX-License-Identifier: Apache-2.0
"""Cells with the loss compared with the best, or other shares: a number in each, light where it
is small."""

import math
from collections.abc import Sequence

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.patches import Rectangle

from report import wording
from report.figures import canvas, colors


def draw(
    axes: Axes,
    cells: pd.DataFrame,
    rows: Sequence[str],
    columns: Sequence[str],
    texts: pd.DataFrame | None = None,
) -> None:
    """`cells` are shares (0 is the best) that are written, or `texts` of the same shape in their
    place. A cell with NaN was not measured and stays empty."""
    for y, (_, line) in enumerate(cells.iterrows()):
        for x, value in enumerate(line):
            if not math.isfinite(value):
                continue
            color = colors.regret(float(value))
            axes.add_patch(Rectangle((x - 0.48, y - 0.47), 0.96, 0.94, color=color, linewidth=0))
            written = text(float(value)) if texts is None else texts.iat[y, x]
            bold = texts is None and value < 0.0005
            axes.text(
                x, y, written, ha="center", va="center", fontsize=8.5,
                color=canvas.ink(color), fontweight="bold" if bold else "normal",
            )  # fmt: skip
    axes.set_xlim(-0.5, len(columns) - 0.5)
    axes.set_ylim(len(rows) - 0.5, -0.5)
    axes.set_xticks(range(len(columns)), columns)
    axes.set_yticks(range(len(rows)), rows)
    axes.grid(False)
    axes.tick_params(length=0)
    for side in ("left", "bottom"):
        axes.spines[side].set_visible(False)


def text(value: float) -> str:
    """`best`, `3.1 %`, `120 %`."""
    if value < 0.0005:
        return "best"
    return wording.percent(value) if value >= 0.1 else f"{100 * value:.1f} %"
