# SPDX-License-Identifier: Apache-2.0
"""Which blocks the candidates of a zoo share, and what computing each segment took."""

import itertools
import math
import textwrap
from pathlib import Path

import matplotlib.pyplot as plt
from matplotlib.axes import Axes
from matplotlib.ticker import MaxNLocator
from results.table import Results
from results.traces import Trace

from report import wording
from report.figures import canvas, naming, traced
from report.figures.canvas import Image, Part

TITLE = "Segments that candidates share"
SECTION = "search"
_LETTERS = 58  # of a line with names of candidates
_LINE, _LETTER = 0.2, 0.062  # inches
_PREFIX = 6  # Letters of a common beginning from which on names are shown without it.


def draw(results: Results, out: Path, prefix: str = "") -> list[Image]:
    """An image per search with a trace whose candidates share a segment: a branch per segment, as
    long as its blocks, with its seconds; at its end the candidates that end there."""
    return [
        _image(part, trace, out)
        for part, trace in traced.parts(results, prefix)
        if any(segment.parent is not None for segment in trace.segments)
    ]


def _image(part: Part, trace: Trace, out: Path) -> Image:
    common = _common([name for segment in trace.segments for name in segment.ends])
    lines = {index: _lines(segment.ends, common) for index, segment in enumerate(trace.segments)}
    rows, total = _places(trace, lines)
    title = traced.title("Segments", part.rows)
    subtitle = traced.settings(part.rows, trace)
    if common:
        subtitle = f"names begin with {common}; {subtitle}"
    with plt.rc_context(canvas.STYLE):
        height = max(1.6, _LINE * total)
        figure, (axes,) = canvas.new_figure(height, [1], title, naming.short(subtitle), part)
        _branches(axes, trace, rows, lines)
        axes.set_ylim(total - 0.4, -0.9)
        axes.set_yticks([])
        axes.spines["left"].set_visible(False)
        axes.set_xlabel("Stages, from the stem on; a number is what computing the segment took")
        file = canvas.save(figure, out, "segment-tree", part)
    longest = max(trace.segments, key=lambda segment: segment.seconds)
    leaves = sum(bool(segment.ends) for segment in trace.segments)
    said = [
        f"{len(trace.segments)} segments with {leaves} different ends",
        f"together {wording.seconds(sum(segment.seconds for segment in trace.segments))}",
        f"the longest, of stages {longest.first} to {longest.last - 1}, "
        f"{wording.seconds(longest.seconds)}",
    ]
    return Image(file, canvas.alt_text(f"Tree: {title}, {subtitle}", said, part))


def _common(names: list[str]) -> str:
    """What all names begin with, up to a separator."""
    if len(names) < 2:
        return ""
    equal = itertools.takewhile(lambda letters: len(set(letters)) == 1, zip(*names, strict=False))
    start = "".join(letters[0] for letters in equal)
    start = start[: max(start.rfind(mark) for mark in "-_.") + 1]
    return start if len(start) >= _PREFIX else ""


def _lines(names: tuple[str, ...], common: str) -> list[str]:
    return textwrap.wrap(", ".join(name.removeprefix(common) for name in names), _LETTERS)


def _places(trace: Trace, lines: dict[int, list[str]]) -> tuple[dict[int, float], float]:
    """The height of each segment in lines: of its own names, below its children, or in the
    middle of these where it has none."""
    places: dict[int, float] = {}
    used = 0.0
    # A tree may be deeper than Python's stack.
    todo = [(index, False) for index in reversed(trace.children(None))]
    while todo:
        index, done = todo.pop()
        children = trace.children(index)
        if not done and children:
            todo.append((index, True))
            todo += [(child, False) for child in reversed(children)]
            continue
        if lines[index] or not children:
            places[index] = used + (max(len(lines[index]), 1) - 1) / 2
            used += max(len(lines[index]), 1) + 0.25
        else:
            below = [places[child] for child in children]
            places[index] = (min(below) + max(below)) / 2
    return places, used


def _branches(
    axes: Axes, trace: Trace, rows: dict[int, float], lines: dict[int, list[str]]
) -> None:
    shown = traced.depth_colors(trace)
    most = max(segment.seconds for segment in trace.segments) or 1.0
    last = max(segment.last for segment in trace.segments)
    first = min(segment.first for segment in trace.segments)
    for index, segment in enumerate(trace.segments):
        y, begin, end = rows[index], segment.first, segment.last
        color = shown[trace.depth[index]]
        width = 1.2 + 4.5 * math.sqrt(max(segment.seconds, 0.0) / most)
        axes.plot([begin, end], [y, y], color=color, linewidth=width, solid_capstyle="butt")
        if segment.parent is not None:
            axes.plot([begin, begin], [rows[segment.parent], y], color="#666666", linewidth=1.0,
                      zorder=0)  # fmt: skip
        axes.annotate(
            wording.seconds(segment.seconds), ((begin + end) / 2, y), (0, 2 + width / 2),
            textcoords="offset points", ha="center", va="bottom", fontsize=6.5,
        )  # fmt: skip
        if names := "\n".join(lines[index]):
            axes.plot([end, last], [y, y], color="#E5E5E5", linewidth=0.8, zorder=0)
            axes.annotate(names, (last, y), (4, 0), textcoords="offset points", ha="left",
                          va="center", fontsize=7.5)  # fmt: skip
    letters = max((len(line) for texts in lines.values() for line in texts), default=0)
    names_share = min(0.6, (letters * _LETTER + 0.3) / canvas.WIDTH)
    axes.set_xlim(first, first + (last - first) / (1 - names_share))
    ticks = MaxNLocator(nbins=12, integer=True).tick_values(first, last)
    axes.set_xticks([tick for tick in ticks if first <= tick <= last])
    axes.grid(False, axis="y")
