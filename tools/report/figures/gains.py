# SPDX-License-Identifier: Apache-2.0
"""How many times as fast changes make the searches, with their intervals: points and lines."""

import math
from pathlib import Path

import matplotlib.pyplot as plt
import pandas as pd

from report import what_ifs, wording
from report.answer.first import First
from report.figures import canvas, log_axis
from report.figures.canvas import Image, Part
from report.steps import STEPS

TITLE = "What each change gains"
SECTION = "gains"
_MOST = 16
_COLOR = next(step.color for step in STEPS if step.counter == "inference")


def draw(first: First, out: Path) -> list[Image]:
    """A line for each change of each search of a full network, the largest gain first; filled
    points were measured."""
    found = [
        (finding, what_if) for finding in first.full for what_if in what_ifs.settings_of(finding)
    ]
    found.sort(key=lambda pair: -pair[1].speedup)
    if len(found) < 2:
        return []
    shown = found[:_MOST]
    labels = [f"{wording.network(one.subject)} · {what_if.change}" for one, what_if in shown]
    part = Part(pd.DataFrame(index=range(len(shown))), 1, 1, "changes")
    with plt.rc_context(canvas.STYLE):
        subtitle = "95 % intervals; filled: measured, open: predicted; 1 is the search as it is"
        figure, (axes,) = canvas.new_figure(0.3 * len(shown) + 0.3, [1], TITLE, subtitle, part)
        for place, (_, what_if) in enumerate(shown):
            gain = what_if.gain
            axes.plot([gain.low, gain.high], [place, place], color=_COLOR, linewidth=2)
            measured = what_if.measured_seconds is not None
            axes.plot([gain.times], [place], "o", markersize=7, color=_COLOR,
                      markerfacecolor=_COLOR if measured else "white")  # fmt: skip
        axes.axvline(1, color="#555555", linewidth=1)
        if max(what_if.gain.high for _, what_if in shown) > 10:
            axes.set_xscale("log")
            log_axis.plain(axes.xaxis)
        axes.set_yticks(range(len(shown)), labels)
        axes.set_ylim(len(shown) - 0.5, -0.5)
        axes.grid(False, axis="y")
        axes.tick_params(axis="y", length=0)
        axes.set_xlabel("Times as fast")
        file = canvas.save(figure, out, "gains", part)
    said = [
        f"{label} {wording.interval(what_if.gain.low, what_if.gain.high)}"
        for label, (_, what_if) in zip(labels, shown, strict=True)
        if math.isfinite(what_if.gain.low)
    ]
    return [Image(file, canvas.alt_text(f"Points with intervals: {TITLE}", said, part))]
