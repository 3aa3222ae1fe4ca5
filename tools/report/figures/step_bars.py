# SPDX-License-Identifier: Apache-2.0
"""Shares of each step of EndToEnd rows: horizontal bars."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import matplotlib.pyplot as plt
import pandas as pd
from matplotlib.axes import Axes
from results.table import Results

from report import shares, steps, wording
from report.figures import canvas
from report.figures.canvas import Image, Part
from report.steps import STEPS

TITLE = "Time of each step, end to end"
SECTION = "shares"
ROWS_PER_IMAGE = 16


def draw(results: Results, out: Path, prefix: str = "") -> list[Image]:
    """Normalized horizontal bars of the full networks that have exclusive seconds, else of what
    else was searched: tables have the tails."""
    rows = shares.with_steps(results.of_step("EndToEnd"))
    full = rows[rows["configuration"] == "full"]
    rows = full if len(full) else rows
    return [_image(part, results.contexts, out) for part in _by_device_and_mode(rows, prefix)]


def _by_device_and_mode(rows: pd.DataFrame, prefix: str) -> Iterator[Part]:
    several = rows["source"].nunique() > 1
    groups = rows.groupby(["source", "device", "mode"], sort=False, dropna=False)
    for (source, device, mode), group in groups:
        words = [prefix, source if several else "", device, str(mode or "serial")]
        name = "_".join(word for word in words if word)
        yield from canvas.chunks(group, ROWS_PER_IMAGE, name)


def _image(part: Part, contexts: dict[str, dict[str, Any]], out: Path) -> Image:
    rows, mode = part.rows, part.rows.iloc[0]["mode"]
    labels, subtitle = canvas.labels(rows, contexts)
    title = f"Share of each step, end to end on {canvas.device(rows)}"
    with plt.rc_context(canvas.STYLE):
        bars = 0.42 * len(rows)
        figure, axes = canvas.new_figure(bars, [1], title, subtitle, part)
        _bars(axes[0], rows, mode)
        axes[0].set_yticks(range(len(rows)), labels)
        axes[0].invert_yaxis()
        axes[0].grid(False, axis="y")
        axes[0].tick_params(axis="y", length=0)
        axes[0].set_xlabel("Share of end to end (%)")
        handles, titles = axes[0].get_legend_handles_labels()
        figure.legend(
            handles, titles, loc="outside lower center", ncols=len(titles), frameon=False,
            handlelength=1.2, columnspacing=1.4,
        )  # fmt: skip
        file = canvas.save(figure, out, "shares", part)
    on = f"end to end on {canvas.device(rows)}, {subtitle}"
    alt = f"Normalized horizontal bars: the share of each step, {on}"
    return Image(file, canvas.alt_text(alt, labels, part))


def _bars(axes: Axes, rows: pd.DataFrame, mode: str | None) -> None:
    left = [0.0] * len(rows)
    for step in STEPS:
        widths = [100 * shares.shares(row)[step.counter] for _, row in rows.iterrows()]
        title = steps.title(step, mode)
        hatch = "//" if title != step.title else None
        axes.barh(
            range(len(rows)), widths, left=left, height=0.72, color=step.color, label=title,
            edgecolor="white", linewidth=0.6, hatch=hatch,
        )  # fmt: skip
        for index, width in enumerate(widths):
            if width >= 5:
                text = f"{width:.0f} %"
                box = {"facecolor": step.color, "edgecolor": "none", "pad": 1.2} if hatch else None
                axes.text(
                    left[index] + width / 2, index, text, ha="center", va="center", fontsize=9,
                    color=canvas.ink(step.color), bbox=box,
                )  # fmt: skip
        left = [start + width for start, width in zip(left, widths, strict=True)]
    for index, total in enumerate(rows["end_to_end"]):
        axes.text(left[index] + 1, index, wording.seconds(total), va="center", fontsize=9)
    axes.set_xlim(0, max(100.0, *left))
    axes.spines["bottom"].set_bounds(0, 100)
    axes.set_xticks(range(0, 101, 20))
