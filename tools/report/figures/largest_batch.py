# SPDX-License-Identifier: Apache-2.0
"""The largest batch that fits and the fastest ones: horizontal bars with marks.

The sizes that tie for the fastest are a line from the smallest, which has a mark: it is the one to
recommend."""

from pathlib import Path
from typing import Any

import matplotlib
import matplotlib.pyplot as plt
import pandas as pd
from matplotlib.lines import Line2D
from matplotlib.patches import Patch
from results import fastest_batch
from results.table import Results

from report.figures import canvas, log_axis, naming
from report.figures import splitting as split
from report.figures.canvas import Image, Part

TITLE = "Largest and fastest batch"
SECTION = "largest batch"
ROWS_PER_IMAGE = 18
_LARGEST, _FASTEST = "#56B4E9", "#D55E00"


def draw(results: Results, out: Path, prefix: str = "") -> list[Image]:
    """A bar per MaxBatchSize row; settings and devices have separate images."""
    rows = split.having(results.of_step("MaxBatchSize"), "max_batch_size")
    parts = split.parts(rows, prefix, ["device"], ROWS_PER_IMAGE)
    return [_image(part, results.contexts, out) for part in parts]


def _text(row: pd.Series, best: fastest_batch.Fastest | None) -> str:
    """The numbers with what makes them inexact."""
    least = row.get("exact", 1) == 0 or row.get("capped", 0) > 0
    words = [f"{'at least ' if least else ''}{row['max_batch_size']:,.0f}"]
    lost = row.get("batch_by_bytes", 0) - row["max_batch_size"]
    words += [f"{row['batch_by_bytes']:,.0f} by bytes"] if lost > 0 else []
    words += [f"fastest {best}"] if best else []
    words += ["unsteady"] if row.get("unsteady", 0) > 0 else []
    words += ["not limited by memory"] if row.get("limited_by_memory", 1) == 0 else []
    return ", ".join(words)


def _image(part: Part, contexts: dict[str, Any], out: Path) -> Image:
    rows: pd.DataFrame = part.rows
    labels, subtitle = naming.labels(rows, contexts), naming.shared(rows, contexts)
    best = [fastest_batch.of(row) for _, row in rows.iterrows()]
    texts = [_text(row, fastest) for (_, row), fastest in zip(rows.iterrows(), best, strict=True)]
    most = float(rows["max_batch_size"].max())
    with plt.rc_context(canvas.STYLE):
        title = f"{TITLE}{naming.where(rows)}"
        height = max(1.2, 0.32 * len(rows))
        figure, (axes,) = canvas.new_figure(height, [1], title, naming.short(subtitle), part)
        for index, (largest, text) in enumerate(zip(rows["max_batch_size"], texts, strict=True)):
            axes.barh(index, largest, 0.7, left=0, color=_LARGEST)
            axes.annotate(
                text, (largest, index), (4, 0), textcoords="offset points", va="center", fontsize=8
            )
            if tied := best[index]:
                axes.plot([tied.recommended, tied.largest], [index] * 2, color=_FASTEST)
                axes.plot(
                    [tied.recommended], [index], marker="D", color=_FASTEST,
                    markeredgecolor="white", markersize=8,
                )  # fmt: skip
        axes.set_xscale("log", base=2)
        longest = max(map(len, texts))
        axes.set_xlim(0.9, most ** (1.3 if longest <= 26 else 1.5 if longest <= 36 else 1.8) + 1)
        axes.xaxis.set_major_formatter(matplotlib.ticker.FuncFormatter(log_axis.number))
        axes.set_ylim(len(rows) - 0.45, -0.55)
        axes.set_yticks(range(len(rows)), labels)
        axes.set_xlabel("Batch size, log scale")
        axes.grid(False, axis="y")
        axes.tick_params(axis="y", length=0)
        mark = Line2D([], [], marker="D", color=_FASTEST, linestyle="", label="Fastest")
        handles = [Patch(color=_LARGEST, label="Largest that fits"), mark]
        figure.legend(handles=handles, loc="outside lower center", ncols=2, frameon=False)
        file = canvas.save(figure, out, "largest-batch", part)
    said = [f"{label}: {text}" for label, text in zip(labels, texts, strict=True)]
    return Image(file, canvas.alt_text(f"Horizontal bars: {title}, {subtitle}", said, part))
