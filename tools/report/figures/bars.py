# SPDX-License-Identifier: Apache-2.0
"""Groups of vertical or horizontal bars with their values next to them."""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import matplotlib
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Patch

from report import wording
from report.figures import log_axis

_DECADES = 30  # Values that differ by more than this factor get a log scale.
_LETTER = 0.062  # inches of a letter of 8 points


@dataclass(frozen=True)
class Series:
    """Bars of one color, one per group; NaN where a group has none. `texts` replace the values
    next to the bars."""

    title: str
    color: str
    values: Sequence[float]
    hatch: str | None = None
    texts: Sequence[str] | None = None

    def text(self, index: int, format_value: Callable[[float], str]) -> str:
        return self.texts[index] if self.texts else format_value(self.values[index])


def upright(
    axes: Axes,
    labels: Sequence[str],
    series: Sequence[Series],
    unit: str,
    text: Callable[[float], str] = wording.significant,
) -> None:
    """A group per label along x."""
    width = min(0.84 / max(len(series), 1), 0.3)
    written = [
        s.text(i, text) for s in series for i, value in enumerate(s.values) if math.isfinite(value)
    ]
    longest = max((len(word) for word in written), default=0)
    room = 8.6 / max(len(labels), 3) * width  # inches per bar
    crowded = longest * _LETTER > room
    for place, bars in enumerate(series):
        offset = (place - (len(series) - 1) / 2) * width
        for index, value in enumerate(bars.values):
            if not value > 0:
                continue
            axes.bar(index + offset, value, 0.92 * width, color=bars.color, hatch=bars.hatch)
            axes.annotate(
                bars.text(index, text), (index + offset, value), (0, 2),
                textcoords="offset points", ha="center", va="bottom", fontsize=8,
                rotation=90 if crowded else 0,
            )  # fmt: skip
    axes.margins(y=0.12)
    unit = _scale(axes, series, unit, "y", longest if crowded else 2)
    beside = max(0.0, (3 - len(labels)) / 2)  # Bars of one network alone do not fill the image.
    axes.set_xlim(-0.6 - beside, len(labels) - 0.4 + beside)
    axes.set_xticks(range(len(labels)), [label.replace(" · ", "\n") for label in labels])
    axes.set_ylabel(unit)
    axes.grid(False, axis="x")
    axes.tick_params(axis="x", length=0)


def lying(
    axes: Axes,
    labels: Sequence[str],
    series: Sequence[Series],
    unit: str,
    text: Callable[[float], str] = wording.significant,
    linear: bool = False,
) -> None:
    """A group per label along y, the first at the top; `linear`: never on a log scale."""
    height = 0.78 / max(len(series), 1)
    longest = 0
    for place, bars in enumerate(series):
        offset = (place - (len(series) - 1) / 2) * height
        for index, value in enumerate(bars.values):
            if not value > 0:
                continue
            written = bars.text(index, text)
            longest = max(longest, len(written))
            axes.barh(index + offset, value, 0.92 * height, color=bars.color, hatch=bars.hatch)
            axes.annotate(
                written, (value, index + offset), (3, 0), textcoords="offset points",
                ha="left", va="center", fontsize=8,
            )  # fmt: skip
    unit = _scale(axes, series, unit, "x", longest, linear)
    axes.set_ylim(len(labels) - 0.45, -0.55)
    axes.set_yticks(range(len(labels)), labels)
    axes.set_xlabel(unit)
    axes.grid(False, axis="y")
    axes.tick_params(axis="y", length=0)


def legend(figure: Figure, entries: Sequence[tuple[str, str, str | None]], title: str = "") -> None:
    """Below the panels: titles, colors and hatches."""
    handles = [Patch(facecolor=c, label=t, hatch=h, linewidth=0) for t, c, h in entries]
    letters = sum(len(entry[0]) + 5 for entry in entries)
    rows = max(1, math.ceil(letters * 0.078 / 9.4))
    figure.legend(
        handles=handles, loc="outside lower center", ncols=math.ceil(len(entries) / rows),
        frameon=False, handlelength=1.2, columnspacing=1.4, title=title or None,
    )  # fmt: skip


def legend_of(figure: Figure, series: Sequence[Series], title: str = "") -> None:
    legend(figure, [(bars.title, bars.color, bars.hatch) for bars in series], title)


def _scale(
    axes: Axes,
    series: Sequence[Series],
    unit: str,
    axis: str,
    letters: int,
    linear: bool = False,
) -> str:
    """Makes room for the longest text at the end of the longest bar, and sets a log scale where it
    is needed."""
    values = [value for bars in series for value in bars.values if value > 0]
    if not values:
        return unit
    least, most = min(values), max(values)
    ticks = axes.yaxis if axis == "y" else axes.xaxis
    limits = axes.set_ylim if axis == "y" else axes.set_xlim
    inches = axes.get_window_extent().height / axes.figure.dpi if axis == "y" else 6.4
    free = min(0.6, (letters * _LETTER + 0.12) / max(inches, 0.5))
    if most / least > _DECADES and not linear:
        (axes.set_yscale if axis == "y" else axes.set_xscale)("log")
        floor = 10 ** math.floor(math.log10(least) - 0.1)
        limits(floor, most * (most / floor) ** (free / (1 - free)))
        log_axis.plain(ticks)
        return unit + (", log scale" if axis == "x" else "\n(log scale)")
    limits(0, most / (1 - free))
    ticks.set_major_formatter(matplotlib.ticker.StrMethodFormatter("{x:,g}"))
    return unit
