# SPDX-License-Identifier: Apache-2.0
"""What all figures share: size and style, heading, files, the text for readers who cannot see the
image, and how many rows are split over several images."""

import io
import math
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import matplotlib

matplotlib.use("Agg")

import matplotlib.pyplot as plt
import pandas as pd
import PIL.Image
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import ScalarFormatter

from report import wording
from report.figures import svg_text

WIDTH = 10.0  # inches
PNG_COLORS = 128
HEADING = 0.68  # inches for the title and what all rows share
STYLE = {
    "font.family": "DejaVu Sans",
    "font.size": 10,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.axisbelow": True,
    "axes.grid": True,
    "grid.color": "#E5E5E5",
    "hatch.color": "#FFFFFF",
    "hatch.linewidth": 1.2,
    # Text stays text, and ids do not depend on the process: equal input gives equal files.
    "svg.fonttype": "none",
    "svg.hashsalt": "model-search-bench",
}
# Text on light colors. It is not pure black, which pages turn white on a dark ground.
DARK_INK = "#111111"


@dataclass(frozen=True)
class Image:
    """An image of the report: the name of its PNG next to the report, and its text for readers who
    cannot see it; `alt_grouped` is that of the same rows by groups of steps, where these were drawn
    for the page's switch."""

    file: str
    alt: str
    alt_grouped: str = ""

    @property
    def svg(self) -> str:
        """The name of the same picture as SVG."""
        return str(Path(self.file).with_suffix(".svg"))

    @property
    def svg_grouped(self) -> str:
        """The name of the SVG by groups of steps, "" where there is none."""
        return grouped(self.file) if self.alt_grouped else ""


def grouped(file: str) -> str:
    """The SVG by groups of steps that belongs to a PNG."""
    return str(Path(file).with_suffix(".groups.svg"))


def remove(out: Path, file: str) -> None:
    """Remove a PNG and its SVGs, where they are there."""
    for name in (file, str(Path(file).with_suffix(".svg")), grouped(file)):
        (out / name).unlink(missing_ok=True)


@dataclass(frozen=True)
class Part:
    """Rows of one image, and its place among the images of its kind."""

    rows: pd.DataFrame
    number: int
    total: int
    name: str


def chunks(rows: pd.DataFrame, size: int, name: str) -> Iterator[Part]:
    """Split into images of about equal size."""
    total = math.ceil(len(rows) / size)
    each = math.ceil(len(rows) / total)
    for number in range(total):
        yield Part(rows.iloc[number * each : (number + 1) * each], number + 1, total, name)


def new_figure(
    height: float, panels: list[int], title: str, subtitle: str, part: Part
) -> tuple[Figure, list[Axes]]:
    size = (WIDTH, height + HEADING + 1.2)
    figure, axes = plt.subplots(
        len(panels), 1, figsize=size, height_ratios=panels, sharex=True, squeeze=False,
        layout="constrained",
    )  # fmt: skip
    figure.get_layout_engine().set(rect=(0, 0, 1, 1 - HEADING / size[1]), h_pad=0.06, w_pad=0.08)
    place = f" ({part.number} of {part.total})" if part.total > 1 else ""
    for text, inches, style in (
        (title + place, 0.12, {"fontsize": 13, "fontweight": "bold"}),
        (subtitle, 0.40, {"fontsize": 9.5, "color": "#555555"}),
    ):
        figure.text(0.1 / WIDTH, 1 - inches / size[1], text, va="top", **style)
    return figure, [axis[0] for axis in axes]


def stem_of(kind: str, part: Part) -> str:
    """The name of a picture's files without their suffixes."""
    number = f"_{part.number}" if part.total > 1 else ""
    return re.sub(r"[^\w.-]+", "-", f"{kind}_{part.name}{number}")


def save(figure: Figure, out: Path, kind: str, part: Part) -> str:
    """Write the picture as PNG and as SVG; returns the PNG's name."""
    stem = stem_of(kind, part)
    _separate_thousands(figure)
    # Leave out the date and the version of matplotlib: equal input gives equal bytes.
    pixels = io.BytesIO()
    figure.savefig(pixels, format="png", dpi=120, metadata={"Software": None})
    # A figure has few colors, so this takes a third of the bytes without a visible difference.
    few = PIL.Image.open(pixels).convert("RGB").quantize(PNG_COLORS)
    few.save(out / f"{stem}.png", optimize=True)
    save_svg(figure, out / f"{stem}.svg")
    return f"{stem}.png"


class _Thousands(ScalarFormatter):
    """`16,000` on an axis, as in every text."""

    def __call__(self, value: float, place: int | None = None) -> str:
        text = super().__call__(value, place)
        return f"{int(text):,}" if text.isdecimal() else text


def _separate_thousands(figure: Figure) -> None:
    for axes in figure.axes:
        for axis in (axes.xaxis, axes.yaxis):
            if type(axis.get_major_formatter()) is ScalarFormatter:
                axis.set_major_formatter(_Thousands())


def save_svg(figure: Figure, path: Path) -> None:
    """Write a picture as SVG alone, and close it."""
    with plt.rc_context({key: STYLE[key] for key in ("svg.fonttype", "svg.hashsalt")}):
        svg = io.StringIO()
        figure.savefig(svg, format="svg", metadata={"Date": None, "Creator": None})
    path.write_text(svg_text.with_widths(svg.getvalue()), encoding="utf-8")
    plt.close(figure)


def alt_text(text: str, labels: list[str], part: Part) -> str:
    place = f" ({part.number} of {part.total})" if part.total > 1 else ""
    return f"{text.rstrip(', ')}{place}: {', '.join(labels)}".replace("[", "(").replace("]", ")")


def ink(color: str) -> str:
    """Dark or white, whichever is easier to read on a color (by relative luminance)."""
    red, green, blue = matplotlib.colors.to_rgb(color)
    return DARK_INK if 0.299 * red + 0.587 * green + 0.114 * blue > 0.5 else "white"


def labels(rows: pd.DataFrame, contexts: dict[str, Any]) -> tuple[list[str], str]:
    """A label per bar, and what all bars share."""
    apart, shared = wording.settings(rows)
    labels = []
    for (_, row), settings in zip(rows.iterrows(), apart, strict=True):
        name = wording.network(row["subject"])
        same = f" (= {row['same_cut_as']})" if row["same_cut_as"] else ""
        labels.append(" · ".join([name, f"{row['configuration']}{same}", *settings]))
    return labels, ", ".join(shared)


def device(rows: pd.DataFrame) -> str:
    return wording.device(rows.iloc[0]["device"])
