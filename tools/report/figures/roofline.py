# SPDX-License-Identifier: Apache-2.0
"""Rooflines: what inference reaches of the bounds of arithmetic and of memory."""

import itertools
import math
from pathlib import Path
from typing import Any

import matplotlib.pyplot as plt
import pandas as pd
from matplotlib.axes import Axes
from results.table import Results

from report import wording
from report.figures import canvas, labels_apart, log_axis, naming
from report.figures import colors as palette
from report.figures import splitting as split
from report.figures.canvas import Image, Part

TITLE = "Roofline of inference"
SECTION = "machine"
ROWS_PER_IMAGE = 14
COUNTERS = ("arithmetic_intensity", "bytes", "peak_matrix_flops", "peak_copy_bytes", "seconds")
_MARKERS = "osD^vP"


def draw(results: Results, out: Path, prefix: str = "") -> list[Image]:
    """A point per Inference row; devices, settings and peaks (precisions of the networks) have
    separate images. A line joins the batch sizes of a network; the largest one has the network's
    name and the share of the bound that it reaches."""
    rows = split.having(results.of_step("Inference"), *COUNTERS)
    rows = rows.assign(peak=[f"{peak:.1e}" for peak in split.number(rows, "peak_matrix_flops")])
    images = []
    for name, group in split.groups(rows, prefix, ["device", "peak"]):
        full = group[group["configuration"] == "full"]
        shown = full if len(full) else group
        for part in split.whole(shown, "subject", ROWS_PER_IMAGE, name):
            images.append(_image(part, results.contexts, out))
    return images


def operations(rows: pd.DataFrame) -> pd.Series:
    """Floating-point operations per second: those of a batch over its mean time."""
    return rows["arithmetic_intensity"] * rows["bytes"] / rows["seconds"]


def _image(part: Part, contexts: dict[str, Any], out: Path) -> Image:
    rows = part.rows
    labels, subtitle = naming.labels(rows, contexts), naming.shared(rows, contexts)
    matrix = float(rows["peak_matrix_flops"].median())
    copy = float(rows["peak_copy_bytes"].median())
    rates = operations(rows)
    bound = pd.Series(
        [min(matrix, copy * x) for x in rows["arithmetic_intensity"]], index=rows.index
    )
    with plt.rc_context(canvas.STYLE):
        title = f"{TITLE}{naming.where(rows)}"
        figure, (axes,) = canvas.new_figure(5.0, [1], title, naming.short(subtitle), part)
        _roof(axes, rows["arithmetic_intensity"], rates / 1e12, matrix, copy)
        last: list[Any] = []  # The largest batch of each network has its name.
        groups = rows.groupby(["subject", "configuration"], sort=False, dropna=False)
        for place, (_, own) in enumerate(groups):
            color = palette.PALETTE[place % len(palette.PALETTE)]
            marker = _MARKERS[place // len(palette.PALETTE) % len(_MARKERS)]
            own = own.sort_values("batch")
            axes.plot(
                own["arithmetic_intensity"], rates[own.index] / 1e12, color=color, marker=marker,
                markersize=6, linewidth=1, markeredgecolor="white",
            )  # fmt: skip
            last.append(own.index[-1])
        names = [
            f"{wording.network(row['subject'])}, {wording.percent(rates[index] / bound[index])}"
            for index, row in rows.loc[last].iterrows()
        ]
        ends = zip(rows.loc[last, "arithmetic_intensity"], rates[last] / 1e12, strict=True)
        labels_apart.place(axes, list(ends), names, _along(groups, rates / 1e12))
        file = canvas.save(figure, out, "roofline", part)
    alt = (
        f"Points below a roof of {wording.significant(matrix / 1e12)} TFLOP/s and "
        f"{wording.significant(copy / 1e9)} GB/s: {title}, {subtitle}"
    )
    short = [label.replace(" · full", "") for label in labels]
    said = [
        f"{label} {wording.significant(rate / 1e12)} TFLOP/s ({wording.percent(rate / most)} of "
        f"the bound by {'arithmetic' if most >= matrix else 'memory'})"
        for label, rate, most in zip(short, rates, bound, strict=True)
    ]
    return Image(file, canvas.alt_text(alt, said, part))


def _along(groups: Any, rates: pd.Series) -> list[tuple[float, float]]:
    """Points on the lines of all networks, which names must not cover."""
    points: list[tuple[float, float]] = []
    for _, own in groups:
        own = own.sort_values("batch")
        ends = list(zip(own["arithmetic_intensity"], rates[own.index], strict=True))
        points += ends
        for (x0, y0), (x1, y1) in itertools.pairwise(ends):
            for place in (0.25, 0.5, 0.75):
                points.append((x0 * (x1 / x0) ** place, y0 * (y1 / y0) ** place))
    return points


def _roof(axes: Axes, x: pd.Series, y: pd.Series, matrix: float, copy: float) -> None:
    knee = matrix / copy
    left, right = min(x.min(), knee) / 5, max(x.max(), knee) * 4
    middle = (left * knee) ** 0.5
    axes.plot(
        [left, knee, right], [copy * left / 1e12, matrix / 1e12, matrix / 1e12],
        color="#555555", linewidth=1.5,
    )  # fmt: skip
    arithmetic = f"large matrix product: {wording.significant(matrix / 1e12)} TFLOP/s"
    axes.annotate(
        arithmetic, (right, matrix / 1e12), (-4, 4), textcoords="offset points", ha="right",
        va="bottom", fontsize=9, color="#555555",
    )  # fmt: skip
    axes.set_xscale("log")
    axes.set_yscale("log")
    axes.set_xlim(left, right)
    lowest = min(float(y.min()) / 1.6, copy * left / 1e12)
    axes.set_ylim(10 ** (math.floor(10 * math.log10(lowest)) / 10), 2.2 * matrix / 1e12)
    axes.annotate(
        f"copy: {wording.significant(copy / 1e9)} GB/s", (middle, copy * middle / 1e12), (-8, 4),
        textcoords="offset points", ha="right", fontsize=9, color="#555555",
    )  # fmt: skip
    for axis in (axes.xaxis, axes.yaxis):
        log_axis.plain(axis)
    axes.set_xlabel(
        "Arithmetic intensity (FLOP per byte), log scale. "
        "Named: the largest batch of a network and its share of the bound"
    )
    axes.set_ylabel("Achieved (TFLOP/s), log scale")
