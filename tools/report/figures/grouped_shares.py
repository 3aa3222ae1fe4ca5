# SPDX-License-Identifier: Apache-2.0
"""Shares of the original study's four groups of steps as normalized horizontal bars."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import matplotlib.pyplot as plt
import pandas as pd
from results.table import Results

from report import shares, steps, wording
from report.figures import bars, canvas, naming, splitting
from report.figures.canvas import Image, Part

TITLE = "Share of preparing model and data, inference and proxy score"
SECTION = "shares"
ROWS_PER_IMAGE = 20
_SHOWN = 0.045  # Narrower pieces are too small for their number.


@dataclass(frozen=True)
class Group:
    """Steps that the study counts as one; it has the color of the first of them."""

    title: str
    counters: tuple[str, ...]

    @property
    def color(self) -> str:
        return next(s.color for s in steps.STEPS if s.counter == self.counters[0])


GROUPS = (
    Group("Prepare model", ("load_model",)),
    Group("Prepare data", ("load_data", "data_to_device")),
    Group("Inference", ("inference",)),
    Group("Proxy score", ("score",)),
    Group("Other", ("other",)),
)


def draw(results: Results, out: Path, prefix: str = "") -> list[Image]:
    """A bar per EndToEnd row that reports exclusive seconds; modes and devices have separate
    images."""
    rows = shares.with_steps(results.of_step("EndToEnd"))
    rows = rows.assign(mode=rows["mode"].fillna("serial"))
    images = []
    several = rows["source"].nunique() > 1
    apart = ["domain", "source", "device", "mode"]
    for (domain, source, device, mode), group in rows.groupby(apart, sort=False):
        domains = [domain] if rows["domain"].nunique() > 1 else []
        words = [prefix, *domains, source if several else "", device, mode]
        name = "_".join(word for word in words if word)
        for part in splitting.whole(group, "subject", ROWS_PER_IMAGE, name):
            images.append(_image(part, results.contexts, out))
    return images


def _image(part: Part, contexts: dict[str, Any], out: Path) -> Image:
    rows, mode = part.rows, part.rows.iloc[0]["mode"]
    labels, subtitle = naming.labels(rows, contexts), naming.shared(rows, contexts)
    values = pd.DataFrame([_shares(row) for _, row in rows.iterrows()])
    with plt.rc_context(canvas.STYLE):
        title = f"{TITLE}{naming.where(rows)}"
        figure, (axes,) = canvas.new_figure(
            max(1.0, 0.36 * len(rows)), [1], title, naming.short(subtitle), part
        )
        left = [0.0] * len(rows)
        for group in GROUPS:
            widths = [100 * value for value in values[group.title]]
            waits = _hatch(group, mode)
            axes.barh(
                range(len(rows)), widths, left=left, height=0.74, color=group.color,
                edgecolor="white", linewidth=0.6, hatch=waits,
            )  # fmt: skip
            for index, width in enumerate(widths):
                if width < 100 * _SHOWN:
                    continue
                box = {"facecolor": group.color, "edgecolor": "none", "pad": 1.2}
                axes.text(
                    left[index] + width / 2, index, f"{width:.0f} %", ha="center", va="center",
                    fontsize=8.5, color=canvas.ink(group.color), bbox=box if waits else None,
                )  # fmt: skip
            left = [start + width for start, width in zip(left, widths, strict=True)]
        for index, total in enumerate(rows["end_to_end"]):
            axes.text(left[index] + 1, index, wording.seconds(total), va="center", fontsize=8.5)
        axes.set_xlim(0, max(100.0, *left))
        axes.set_ylim(len(rows) - 0.45, -0.55)
        axes.set_yticks(range(len(rows)), labels)
        axes.set_xticks(range(0, 101, 20))
        axes.set_xlabel("Share of end to end (%)")
        axes.grid(False, axis="y")
        axes.tick_params(axis="y", length=0)
        bars.legend(figure, [(_title(g, mode), g.color, _hatch(g, mode)) for g in GROUPS])
        file = canvas.save(figure, out, "grouped-shares", part)
    said = [
        f"{label}: {_said(line, mode)}"
        for label, (_, line) in zip(labels, values.iterrows(), strict=True)
    ]
    alt = f"Normalized horizontal bars: {title}, {subtitle}"
    return Image(file, canvas.alt_text(alt, said, part))


def _shares(row: pd.Series) -> dict[str, float]:
    by_counter = shares.shares(row)
    return {g.title: max(0.0, sum(by_counter[c] for c in g.counters)) for g in GROUPS}


def _said(line: pd.Series, mode: str) -> str:
    shown = [group for group in GROUPS if line[group.title] >= 0.005]
    words = [f"{_title(g, mode).lower()} {wording.percent(line[g.title])}" for g in shown]
    return wording.listed(words)


def _title(group: Group, mode: str) -> str:
    waits = mode in steps.WAITING_MODES and "load_data" in group.counters
    return f"{group.title} (waiting, copying)" if waits else group.title


def _hatch(group: Group, mode: str) -> str | None:
    return "//" if _title(group, mode) != group.title else None
