# SPDX-License-Identifier: Apache-2.0
"""Seconds and shares of each step of EndToEnd rows: horizontal bars."""

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
    """Shares first, then seconds, of the rows that have exclusive seconds."""
    rows = shares.with_steps(results.of_step("EndToEnd"))
    images = step_shares(rows, results.contexts, out, prefix)
    return images + step_seconds(rows, results.contexts, out, prefix)


def step_shares(
    rows: pd.DataFrame, contexts: dict[str, dict[str, Any]], out: Path, prefix: str = ""
) -> list[Image]:
    """Share of each step of `shares.with_steps` rows: normalized horizontal bars. `prefix` keeps
    its files separate from those of other calls."""
    parts = _by_device_and_mode(rows, prefix)
    return [_stacked(part, contexts, out, normalized=True) for part in parts]


def step_seconds(
    rows: pd.DataFrame, contexts: dict[str, dict[str, Any]], out: Path, prefix: str = ""
) -> list[Image]:
    """Seconds of each step of the same rows: stacked horizontal bars."""
    parts = _by_device_and_mode(rows, prefix)
    return [_stacked(part, contexts, out, normalized=False) for part in parts]


def _by_device_and_mode(rows: pd.DataFrame, prefix: str) -> Iterator[Part]:
    several = rows["source"].nunique() > 1
    groups = rows.groupby(["source", "device", "mode"], sort=False, dropna=False)
    for (source, device, mode), group in groups:
        words = [prefix, source if several else "", device, str(mode or "serial")]
        name = "_".join(word for word in words if word)
        yield from canvas.chunks(group, ROWS_PER_IMAGE, name)


def _stacked(part: Part, contexts: dict[str, dict[str, Any]], out: Path, normalized: bool) -> Image:
    rows, mode = part.rows, part.rows.iloc[0]["mode"]
    labels, subtitle = canvas.labels(rows, contexts)
    kind = "Share of each step" if normalized else "Seconds of each step"
    with plt.rc_context(canvas.STYLE):
        bars = 0.42 * len(rows)
        figure, axes = canvas.new_figure(
            bars, [1], f"{kind}, end to end on {canvas.device(rows)}", subtitle, part
        )
        _bars(axes[0], rows, mode, normalized)
        axes[0].set_yticks(range(len(rows)), labels)
        axes[0].invert_yaxis()
        axes[0].grid(False, axis="y")
        axes[0].tick_params(axis="y", length=0)
        axes[0].set_xlabel("Share of end to end (%)" if normalized else "Time end to end (s)")
        handles, titles = axes[0].get_legend_handles_labels()
        figure.legend(
            handles, titles, loc="outside lower center", ncols=len(titles), frameon=False,
            handlelength=1.2, columnspacing=1.4,
        )  # fmt: skip
        file = canvas.save(figure, out, "shares" if normalized else "seconds", part)
    what = "Normalized" if normalized else "Stacked"
    unit = "the share of each step" if normalized else "the seconds of each step"
    alt = f"{what} horizontal bars: {unit}, end to end on {canvas.device(rows)}, {subtitle}"
    return Image(file, canvas.alt_text(alt, labels, part))


def _bars(axes: Axes, rows: pd.DataFrame, mode: str | None, normalized: bool) -> None:
    left = [0.0] * len(rows)
    longest = 100.0 if normalized else float(rows["end_to_end"].max())
    for step in STEPS:
        by_row = [shares.shares(row)[step.counter] for _, row in rows.iterrows()]
        seconds = [float(value) for value in rows[step.counter]]
        widths = [100 * share for share in by_row] if normalized else seconds
        title = steps.title(step, mode)
        hatch = "//" if title != step.title else None
        axes.barh(
            range(len(rows)), widths, left=left, height=0.72, color=step.color, label=title,
            edgecolor="white", linewidth=0.6, hatch=hatch,
        )  # fmt: skip
        for index, width in enumerate(widths):
            if width >= (0.05 if normalized else 0.07) * longest:
                text = f"{width:.0f} %" if normalized else wording.significant(width)
                box = {"facecolor": step.color, "edgecolor": "none", "pad": 1.2} if hatch else None
                axes.text(
                    left[index] + width / 2, index, text, ha="center", va="center", fontsize=9,
                    color=canvas.ink(step.color), bbox=box,
                )  # fmt: skip
        left = [start + width for start, width in zip(left, widths, strict=True)]
    for index, total in enumerate(rows["end_to_end"]):
        axes.text(
            left[index] + 0.01 * longest, index, wording.seconds(total), va="center", fontsize=9
        )
    axes.set_xlim(0, longest * (1.0 if normalized else 1.1))
    if normalized:
        axes.set_xlim(0, max(100.0, *left))
        axes.spines["bottom"].set_bounds(0, 100)
        axes.set_xticks(range(0, 101, 20))
