# SPDX-License-Identifier: Apache-2.0
"""Each block's time and output size, and whether to load the output or to compute it again."""

import math
import re
from pathlib import Path
from typing import Any

import matplotlib
import matplotlib.pyplot as plt
import pandas as pd
from matplotlib.axes import Axes
from results.table import Results

from report import steps, wording
from report.figures import canvas, log_axis, naming
from report.figures import splitting as split
from report.figures.canvas import Image, Part

TITLE = "Where in the network the time goes, and where a cache would pay"
SECTION = "blocks"
_COUNTER = re.compile(r"block_(\d+)_seconds")
_STEM, _HEAD = "stem", "head"
LOAD = next(step.color for step in steps.STEPS if step.counter == "load_data")
COMPUTE = next(step.color for step in steps.STEPS if step.counter == "inference")


def draw(results: Results, out: Path, prefix: str = "") -> list[Image]:
    """An image per row of the step Blocks."""
    rows = results.of_step("Blocks")
    images = []
    for name, group in split.groups(rows, prefix, ["subject", "device", "batch"]):
        for part in split.whole(group, "source", 1, name):
            table = block_table(part.rows.iloc[0])
            if len(table):
                images.append(_image(part, table, results.contexts, out))
    return images


def block_table(row: pd.Series) -> pd.DataFrame:
    """A line per block of a row: `seconds`, `output_bytes`, `load_seconds`, `recompute_seconds`."""
    numbers = [match[1] for column in row.index if (match := _COUNTER.fullmatch(str(column)))]
    columns = ("seconds", "output_bytes", "load_seconds", "recompute_seconds")
    lines = {
        int(number): [float(row.get(f"block_{number}_{column}", math.nan)) for column in columns]
        for number in numbers
    }
    table = pd.DataFrame.from_dict(lines, orient="index", columns=columns).sort_index()
    return table[table["seconds"] > 0]


def _image(part: Part, table: pd.DataFrame, contexts: dict[str, Any], out: Path) -> Image:
    row = part.rows.iloc[0]
    network = wording.network(row["subject"])
    subtitle = naming.shared(part.rows, contexts)
    title = f"{TITLE}: {network}{naming.where(part.rows)}"
    worth = row.get("first_block_worth_loading", math.nan)
    with plt.rc_context(canvas.STYLE):
        figure, axes = canvas.new_figure(6.0, [1, 0.8, 1.1], title, naming.short(subtitle), part)
        times = dict(table["seconds"])
        ends = {-1: row.get("stem_seconds"), table.index.max() + 1: row.get("head_seconds")}
        times |= {place: seconds for place, seconds in ends.items() if (seconds or 0) > 0}
        light = ["#999999" if place in ends else COMPUTE for place in times]
        axes[0].bar(list(times), [1e3 * seconds for seconds in times.values()], 0.8, color=light)
        axes[0].set_ylabel("Time of a\nbatch (ms)")
        axes[1].bar(table.index, table["output_bytes"] / 1e6, 0.8, color="#009E73")
        axes[1].set_ylabel("Output of an\nitem (MB)")
        _break_even(axes[2], table, worth)
        _ticks(axes[2], times, table)
        for axis in axes:
            axis.grid(False, axis="x")
            axis.yaxis.set_major_formatter(matplotlib.ticker.StrMethodFormatter("{x:,g}"))
        figure.align_ylabels(axes)
        file = canvas.save(figure, out, "blocks", part)
    alt = f"Bars and lines by block: {title}, {subtitle}"
    return Image(file, canvas.alt_text(alt, _said(table, worth), part))


def _break_even(axes: Axes, table: pd.DataFrame, worth: float) -> None:
    """Time to load each block's output against time to compute it from the items."""
    for column, color, marker, label in (
        ("recompute_seconds", COMPUTE, "o", "compute up to here"),
        ("load_seconds", LOAD, "s", "load this output"),
    ):
        values = 1e3 * table[column].where(table[column] > 0)
        axes.plot(table.index, values, color=color, marker=marker, markersize=4, label=label)
    axes.set_yscale("log")
    log_axis.plain(axes.yaxis)
    axes.set_ylabel("Time of a batch\n(ms, log scale)")
    axes.set_xlabel("Block")
    if math.isfinite(worth):
        axes.axvline(worth, color="#555555", linestyle="--", linewidth=1.2)
        title = f"loading pays first after block {worth:.0f}"
    else:
        title = "loading pays after no block"
    axes.legend(title=title, loc="best", frameon=False, fontsize=9, title_fontsize=9)


def _ticks(axes: Axes, times: dict[int, float], table: pd.DataFrame) -> None:
    last = table.index.max()
    step = max(1, math.ceil(len(table) / 26))
    places = [*range(int(table.index.min()), int(last) + 1, step)]
    labels = [str(place) for place in places]
    for place, label in ((-1, _STEM), (last + 1, _HEAD)):
        if place in times:
            places, labels = [*places, place], [*labels, label]
    axes.set_xticks(places, labels, fontsize=9)
    if len(table) > 20:  # The ends are wider than a block is then.
        for text, sides in zip(axes.get_xticklabels(), labels, strict=True):
            text.set_ha({_STEM: "right", _HEAD: "left"}.get(sides, "center"))


def _said(table: pd.DataFrame, worth: float) -> list[str]:
    names = [f"block {block}" for block in table.index]
    return [
        f"time {naming.span(table['seconds'], names, wording.seconds)}",
        "output of an item "
        + naming.span(table["output_bytes"], names, lambda v: f"{wording.significant(v / 1e6)} MB"),
        f"loading takes less than computing first after block {worth:.0f}"
        if math.isfinite(worth)
        else "loading takes longer than computing after every block",
    ]
