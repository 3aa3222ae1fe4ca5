# SPDX-License-Identifier: Apache-2.0
"""Shares of EndToEnd rows as horizontal bars: of each step, and for the page's switch of the
original study's four groups of steps."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import matplotlib.pyplot as plt
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from results.table import Results

from report import shares, steps, wording
from report.figures import canvas
from report.figures.canvas import Image, Part

TITLE = "Time of each step, end to end"
SECTION = "shares"
ROWS_PER_IMAGE = 16


def draw(results: Results, out: Path, prefix: str = "") -> list[Image]:
    """Normalized horizontal bars of the full networks that have exclusive seconds, else of what
    else was searched: tables have the tails."""
    rows = shares.with_steps(results.of_step("EndToEnd"))
    full = rows[rows["configuration"] == "full"]
    rows = full if len(full) else rows
    return [_image(part, results.contexts, out) for part in _by_device_and_mode(rows, prefix)]


def _by_device_and_mode(rows: pd.DataFrame, prefix: str) -> Iterator[Part]:
    several = rows["source"].nunique() > 1
    groups = rows.groupby(["source", "device", "mode"], sort=False, dropna=False)
    for (source, device, mode), group in groups:
        words = [prefix, source if several else "", device, str(mode or "serial")]
        name = "_".join(word for word in words if word)
        yield from canvas.chunks(group, ROWS_PER_IMAGE, name)


@dataclass(frozen=True)
class _Piece:
    """What a bar shows as one: a step or a group of steps; hatched where it is waiting."""

    title: str
    counters: tuple[str, ...]
    color: str
    hatched: bool

    def share(self, row: pd.Series) -> float:
        by_counter = shares.shares(row)
        return sum(by_counter[counter] for counter in self.counters)


def _steps(mode: str | None) -> list[_Piece]:
    titles = [(step, steps.title(step, mode)) for step in steps.STEPS]
    return [_Piece(title, (step.counter,), step.color, title != step.title)
            for step, title in titles]  # fmt: skip


def _groups(mode: str | None) -> list[_Piece]:
    found = []
    for group in steps.GROUPS:
        waits = "load_data" in group.counters and mode in steps.WAITING_MODES
        title = f"{group.title} (waiting, copying)" if waits else group.title
        found.append(_Piece(title, group.counters, group.color, waits))
    return found


def _image(part: Part, contexts: dict[str, dict[str, Any]], out: Path) -> Image:
    rows, mode = part.rows, part.rows.iloc[0]["mode"]
    labels, subtitle = canvas.labels(rows, contexts)
    on = canvas.device(rows)
    where = f"end to end on {on}, {subtitle}"
    figure = _drawn(part, f"Share of each step, end to end on {on}", labels, subtitle, _steps(mode))
    file = canvas.save(figure, out, "shares", part)
    title = f"Share of each group of steps, end to end on {on}"
    figure = _drawn(part, title, labels, subtitle, _groups(mode))
    canvas.save_svg(figure, out / canvas.grouped(file))
    alt = f"Normalized horizontal bars: the share of each step, {where}"
    alt_grouped = f"Normalized horizontal bars: the share of each group of steps, {where}"
    return Image(file, *(canvas.alt_text(text, labels, part) for text in (alt, alt_grouped)))


def _drawn(
    part: Part, title: str, labels: list[str], subtitle: str, pieces: list[_Piece]
) -> Figure:
    rows = part.rows
    with plt.rc_context(canvas.STYLE):
        figure, (axes,) = canvas.new_figure(0.42 * len(rows), [1], title, subtitle, part)
        _bars(axes, rows, pieces)
        axes.set_yticks(range(len(rows)), labels)
        axes.invert_yaxis()
        axes.grid(False, axis="y")
        axes.tick_params(axis="y", length=0)
        axes.set_xlabel("Share of end to end (%)")
        handles, titles = axes.get_legend_handles_labels()
        figure.legend(
            handles, titles, loc="outside lower center", ncols=len(titles), frameon=False,
            handlelength=1.2, columnspacing=1.4,
        )  # fmt: skip
    return figure


def _bars(axes: Axes, rows: pd.DataFrame, pieces: list[_Piece]) -> None:
    left = [0.0] * len(rows)
    for piece in pieces:
        widths = [100 * piece.share(row) for _, row in rows.iterrows()]
        axes.barh(
            range(len(rows)), widths, left=left, height=0.72, color=piece.color, label=piece.title,
            edgecolor="white", linewidth=0.6, hatch="//" if piece.hatched else None,
        )  # fmt: skip
        for index, width in enumerate(widths):
            if width >= 5:
                box = {"facecolor": piece.color, "edgecolor": "none", "pad": 1.2}
                axes.text(
                    left[index] + width / 2, index, f"{width:.0f} %", ha="center", va="center",
                    fontsize=9, color=canvas.ink(piece.color), bbox=box if piece.hatched else None,
                )  # fmt: skip
        left = [start + width for start, width in zip(left, widths, strict=True)]
    for index, total in enumerate(rows["end_to_end"]):
        axes.text(left[index] + 1, index, wording.seconds(total), va="center", fontsize=9)
    axes.set_xlim(0, max(100.0, *left))
    axes.spines["bottom"].set_bounds(0, 100)
    axes.set_xticks(range(0, 101, 20))
