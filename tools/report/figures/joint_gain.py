# SPDX-License-Identifier: Apache-2.0
"""Joint models compared with the same heads as separate networks and after a cached trunk."""

from pathlib import Path

import matplotlib.pyplot as plt
from results.table import Results

from report import joint, steps, wording
from report.figures import bars, canvas, naming
from report.figures import splitting as split
from report.figures.canvas import Image, Part

TITLE = "Joint models against separate networks and a cached trunk"
SECTION = "partial and joint"
ROWS_PER_IMAGE = 16


def draw(results: Results, out: Path, prefix: str = "") -> list[Image]:
    """A pair of bars per joint row of EndToEnd and Inference: how many times longer the other ways
    take. Above 1 the joint model is faster."""
    images = []
    for step in joint.STEPS:
        rows = split.having(joint.rows(results, step), "gain_over_separate")
        without = ("heads",)  # Rows with different numbers of heads share an image.
        for name, group in split.groups(rows, prefix, ["step", "device"], without):
            for part in split.whole(group, "subject", ROWS_PER_IMAGE, name):
                images.append(_image(part, step, results, out))
    return images


def _image(part: Part, step: str, results: Results, out: Path) -> Image:
    rows = part.rows
    labels = naming.labels(rows, results.contexts, ("heads",))
    counted = [joint.heads(row) for _, row in rows.iterrows()]
    labels = [f"{label} · {heads} heads" for label, heads in zip(labels, counted, strict=True)]
    subtitle = naming.shared(rows, results.contexts, ("heads",))
    series = [
        bars.Series("Separate / joint", "#0072B2", list(split.number(rows, "gain_over_separate")))
    ]
    cached = split.number(rows, "gain_over_cached")
    if cached.notna().any():
        series.append(bars.Series("Cached trunk / joint", "#E69F00", list(cached)))
    with plt.rc_context(canvas.STYLE):
        title = f"{TITLE}: {steps.FAMILIES[step].lower()}{naming.where(rows)}"
        height = max(1.2, (0.16 + 0.2 * len(series)) * len(rows))
        figure, (axes,) = canvas.new_figure(height, [1], title, naming.short(subtitle), part)
        unit = "Time of the other way / time of the joint model (above 1: joint is faster)"
        bars.lying(axes, labels, series, unit)
        axes.axvline(1, color="#555555", linewidth=1.2, linestyle="--")
        bars.legend_of(figure, series)
        file = canvas.save(figure, out, "joint", part)
    said = []
    for index, label in enumerate(labels):
        ratios = [
            f"{wording.significant(s.values[index])} ({s.title.lower()})"
            for s in series
            if s.values[index] > 0
        ]
        said.append(f"{label}: {wording.listed(ratios)}")
    alt = f"Horizontal bars with a line at 1: {title}, {subtitle}"
    return Image(file, canvas.alt_text(alt, said, part))
