# SPDX-License-Identifier: Apache-2.0
"""The batches of the least steady rows in their order, which shows a drift, single slow batches, or
two speeds."""

import statistics
from pathlib import Path
from typing import Any

import matplotlib.pyplot as plt
from results.table import Results

from report import wording
from report.figures import canvas, naming
from report.figures.canvas import Image, Part

TITLE = "Batches of the least steady rows"
SECTION = "steadiness"
ROWS_PER_IMAGE = 6
FEWEST = 8  # fewer batches show no pattern


def draw(results: Results, out: Path, prefix: str = "") -> list[Image]:
    """Draws an image per device of the rows whose 90th percentile is furthest from the median,
    among those with samples in RESULTS.samples.jsonl next to the results."""
    rows = results.measured
    rows = rows[rows["samples"].map(lambda samples: len(samples or ()) >= FEWEST).astype(bool)]
    rows = rows[rows["same_cut_as"].isna()]
    if rows.empty:
        return []
    columns = ["domain", "source", "device"]
    images = []
    for values, group in rows.groupby(columns, sort=False):
        spread = group["samples"].map(_spread).sort_values(ascending=False, kind="stable")
        chosen = group.loc[[i for i in group.index if i in set(spread.index[:ROWS_PER_IMAGE])]]
        told = [
            str(value)
            for column, value in zip(columns, values, strict=True)
            if column == "device" or rows[column].nunique() > 1
        ]
        name = "_".join(word for word in [prefix, *told] if word)
        images.append(_image(Part(chosen, 1, 1, name), results.contexts, out))
    return images


def _spread(samples: tuple[float, ...]) -> float:
    return sorted(samples)[int(0.9 * (len(samples) - 1))] / statistics.median(samples)


def _image(part: Part, contexts: dict[str, Any], out: Path) -> Image:
    rows = part.rows
    labels = naming.rows_of_steps(rows, contexts)
    subtitle = naming.shared(rows, contexts)
    said = []
    with plt.rc_context(canvas.STYLE):
        figure, panels = canvas.new_figure(
            1.15 * len(rows), [1] * len(rows), TITLE, naming.short(subtitle), part
        )
        for axes, label, samples in zip(panels, labels, rows["samples"], strict=True):
            middle = statistics.median(samples)
            shares = [sample / middle for sample in samples]
            axes.axhline(1, color="#999999", linewidth=1, zorder=1)
            axes.scatter(range(1, len(shares) + 1), shares, s=12, color="#0072B2", zorder=2)
            text = f"{label} · median {wording.seconds(middle)} · {_halves(samples)}"
            axes.set_title(text, loc="left", fontsize=9)
            said.append(f"{text} · from {min(shares):.2f} to {max(shares):.2f} of it")
        panels[-1].set_xlabel("Batch, in the order of measurement")
        panels[len(panels) // 2].set_ylabel("Time / median")
        file = canvas.save(figure, out, "least-steady", part)
    return Image(file, canvas.alt_text(f"Points by batch: {TITLE}, {subtitle}", said, part))


def _halves(samples: tuple[float, ...]) -> str:
    half = len(samples) // 2
    change = statistics.median(samples[half:]) / statistics.median(samples[:half]) - 1
    return f"second half {100 * change:+.1f} %"
