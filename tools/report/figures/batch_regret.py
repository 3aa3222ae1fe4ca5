# SPDX-License-Identifier: Apache-2.0
"""Speed lost by batch size, from the sweeps of MaxBatchSize: a heat map of networks and sizes."""

import re
from pathlib import Path
from typing import Any

import matplotlib.pyplot as plt
import pandas as pd
from results.table import Results

from report.figures import canvas, heat_map, naming
from report.figures import splitting as split
from report.figures.canvas import Image, Part

TITLE = "Speed lost by batch size"
SECTION = "batch sizes"
ROWS_PER_IMAGE = 18
_COUNTER = re.compile(r"regret_at_(\d+)")
_LARGEST = "largest"


def draw(results: Results, out: Path, prefix: str = "") -> list[Image]:
    """A line of cells per MaxBatchSize row: 1 - items per second / those of the fastest batch."""
    rows = results.of_step("MaxBatchSize")
    columns = [column for column in rows if _COUNTER.fullmatch(str(column))]
    if not columns:
        return []
    rows = rows[rows[columns].notna().any(axis=1)]
    parts = split.parts(rows, prefix, ["device"], ROWS_PER_IMAGE)
    return [_image(part, results.contexts, out) for part in parts]


def cells(rows: pd.DataFrame) -> pd.DataFrame:
    """Rows x sizes that are powers of two, and `largest`: its size differs from row to row."""
    lines = []
    for _, row in rows.iterrows():
        found = {}
        for column, value in row.items():
            match = _COUNTER.fullmatch(str(column))
            if match is None or pd.isna(value):
                continue
            size = int(match[1])
            found[size if size & (size - 1) == 0 else _LARGEST] = float(value)
        lines.append(found)
    table = pd.DataFrame(lines, index=rows.index)
    sizes = sorted(column for column in table if column != _LARGEST)
    return table[[*sizes, *([_LARGEST] if _LARGEST in table else [])]]


def _image(part: Part, contexts: dict[str, Any], out: Path) -> Image:
    rows = part.rows
    table = cells(rows)
    labels, subtitle = naming.labels(rows, contexts), naming.shared(rows, contexts)
    with plt.rc_context(canvas.STYLE):
        title = f"{TITLE}{naming.where(rows)}"
        height = 0.34 * len(rows) + 0.4
        figure, (axes,) = canvas.new_figure(height, [1], title, naming.short(subtitle), part)
        columns = [f"{column:,}" if column != _LARGEST else column for column in table]
        heat_map.draw(axes, table, labels, columns)
        axes.set_xlabel("Batch size; share of the fastest batch's items per second that is lost")
        file = canvas.save(figure, out, "batch-regret", part)
    said = []
    for label, (_, line) in zip(labels, table.iterrows(), strict=True):
        known = line.dropna()
        names = [f"batch {size}" for size in known.index]
        said.append(f"{label} {naming.span(known, names, heat_map.text)}")
    return Image(file, canvas.alt_text(f"Heat map: {title}, {subtitle}", said, part))
