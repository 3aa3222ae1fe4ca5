# SPDX-License-Identifier: Apache-2.0
"""The figure of score_quality.py: quality against cost."""

from pathlib import Path

import matplotlib.pyplot as plt
from report.figures import canvas, colors, labels_apart, log_axis
from report.figures.canvas import Image, Part

from zoo import quality_document
from zoo.quality_document import Document

TITLE = "Quality of scores against their cost"


def draw(document: Document, out: Path) -> Image:
    """A point with its interval for each score whose tau is defined, and a line for each list that
    costs nothing."""
    shown = {name: found for name, found in document.scores.items() if found.tau is not None}
    static, seconds = document.lists, document.seconds
    subtitle = quality_document.subtitle(document)
    part = Part(None, 1, 1, "cost")
    with plt.rc_context(canvas.STYLE):
        figure, (axes,) = canvas.new_figure(4.4, [1], TITLE, subtitle, part)
        for index, (name, found) in enumerate(static.items()):
            if found.tau is None:
                continue
            axes.axhline(
                found.tau, color=colors.PALETTE[index % len(colors.PALETTE)], linestyle="--",
                linewidth=1.2, label=f"{name}, no features needed: {found.tau:.2f}",
            )  # fmt: skip
        points = [(seconds[name], found.tau) for name, found in shown.items()]
        for point, found in zip(points, shown.values(), strict=True):
            interval = found.tau_interval
            if interval:
                axes.vlines(point[0], interval.low, interval.high, color="#999999", linewidth=1.4)
            axes.scatter(*point, color=colors.GPU, s=44, edgecolor="white", zorder=3)
        if points:
            axes.set_xscale("log")
            axes.margins(0.12)
            log_axis.plain(axes.xaxis)
        axes.set_xlabel("Seconds per candidate, log scale")
        axes.set_ylabel("Weighted Kendall's tau with fine-tuning")
        if axes.get_legend_handles_labels()[0]:
            figure.legend(loc="outside lower center", frameon=False)
        labels_apart.place(axes, points, list(shown))
        file = canvas.save(figure, out, "score-quality", part)
    said = [f"{n} {shown[n].tau:.2f} in {seconds[n]:.3g} s" for n in shown]
    said += [f"{n} {f.tau:.2f} without features" for n, f in static.items() if f.tau is not None]
    return Image(file, canvas.alt_text(f"Points: {TITLE}, {subtitle}", said, part))
