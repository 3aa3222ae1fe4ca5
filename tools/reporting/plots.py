# SPDX-License-Identifier: Apache-2.0
"""Figures of the report. Each function writes PNG files and returns what the report shows of them.

Figures with many rows are split over several images rather than squeezed.
"""

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
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Patch

from reporting import shares, steps, weights, wording
from reporting.steps import STEPS

ROWS_PER_IMAGE = 16
GROUPS_PER_IMAGE = 6
_WIDTH = 10.0  # inches
_HEADING = 0.68  # inches for the title and what all rows share
_STYLE = {
    "font.family": "DejaVu Sans",
    "font.size": 10,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.axisbelow": True,
    "axes.grid": True,
    "grid.color": "#E5E5E5",
    "hatch.color": "#FFFFFF",
    "hatch.linewidth": 1.2,
}


@dataclass(frozen=True)
class Image:
    """An image of the report: its file's name beside the report, and its text for who cannot see
    it."""

    file: str
    alt: str


def step_shares(
    rows: pd.DataFrame, contexts: dict[str, dict[str, Any]], out: Path, prefix: str = ""
) -> list[Image]:
    """Share of each step of `shares.with_steps` rows: normalised horizontal bars. `prefix` tells
    its files from those of other calls."""
    parts = _by_device_and_mode(rows, prefix)
    return [_stacked(part, contexts, out, normalised=True) for part in parts]


def step_seconds(
    rows: pd.DataFrame, contexts: dict[str, dict[str, Any]], out: Path, prefix: str = ""
) -> list[Image]:
    """Seconds of each step of the same rows: stacked horizontal bars."""
    parts = _by_device_and_mode(rows, prefix)
    return [_stacked(part, contexts, out, normalised=False) for part in parts]


@dataclass(frozen=True)
class _Part:
    """Rows of one image, and its place among the images of its kind."""

    rows: pd.DataFrame
    number: int
    total: int
    name: str


def _chunks(rows: pd.DataFrame, size: int, name: str) -> Iterator[_Part]:
    """Split into images of about equal size."""
    total = math.ceil(len(rows) / size)
    each = math.ceil(len(rows) / total)
    for number in range(total):
        yield _Part(rows.iloc[number * each : (number + 1) * each], number + 1, total, name)


def _by_device_and_mode(rows: pd.DataFrame, prefix: str) -> Iterator[_Part]:
    several = rows["source"].nunique() > 1
    groups = rows.groupby(["source", "device", "mode"], sort=False, dropna=False)
    for (source, device, mode), group in groups:
        words = [prefix, source if several else "", device, str(mode or "serial")]
        name = "_".join(word for word in words if word)
        yield from _chunks(group, ROWS_PER_IMAGE, name)


def _stacked(
    part: _Part, contexts: dict[str, dict[str, Any]], out: Path, normalised: bool
) -> Image:
    rows, mode = part.rows, part.rows.iloc[0]["mode"]
    labels, subtitle = _labels(rows, contexts)
    kind = "Share of each step" if normalised else "Seconds of each step"
    with plt.rc_context(_STYLE):
        bars = 0.42 * len(rows)
        figure, axes = _figure(bars, [1], f"{kind}, end to end on {_device(rows)}", subtitle, part)
        _bars(axes[0], rows, mode, normalised)
        axes[0].set_yticks(range(len(rows)), labels)
        axes[0].invert_yaxis()
        axes[0].grid(False, axis="y")
        axes[0].tick_params(axis="y", length=0)
        axes[0].set_xlabel("Share of end to end (%)" if normalised else "Time end to end (s)")
        handles, titles = axes[0].get_legend_handles_labels()
        figure.legend(
            handles, titles, loc="outside lower center", ncols=len(titles), frameon=False,
            handlelength=1.2, columnspacing=1.4,
        )  # fmt: skip
        file = _save(figure, out, "shares" if normalised else "seconds", part)
    what = "Normalised" if normalised else "Stacked"
    unit = "the share of each step" if normalised else "the seconds of each step"
    alt = f"{what} horizontal bars: {unit}, end to end on {_device(rows)}, {subtitle}"
    return Image(file, _alt(alt, labels, part))


def _bars(axes: Axes, rows: pd.DataFrame, mode: str | None, normalised: bool) -> None:
    left = [0.0] * len(rows)
    longest = 100.0 if normalised else float(rows["end_to_end"].max())
    for step in STEPS:
        by_row = [shares.shares(row)[step.counter] for _, row in rows.iterrows()]
        seconds = [float(value) for value in rows[step.counter]]
        widths = [100 * share for share in by_row] if normalised else seconds
        title = steps.title(step, mode)
        hatch = "//" if title != step.title else None
        axes.barh(
            range(len(rows)), widths, left=left, height=0.72, color=step.colour, label=title,
            edgecolor="white", linewidth=0.6, hatch=hatch,
        )  # fmt: skip
        for index, width in enumerate(widths):
            if width >= (0.05 if normalised else 0.07) * longest:
                text = f"{width:.0f} %" if normalised else wording.significant(width)
                box = {"facecolor": step.colour, "edgecolor": "none", "pad": 1.2} if hatch else None
                axes.text(
                    left[index] + width / 2, index, text, ha="center", va="center", fontsize=9,
                    color=_ink(step.colour), bbox=box,
                )  # fmt: skip
        left = [start + width for start, width in zip(left, widths, strict=True)]
    for index, total in enumerate(rows["end_to_end"]):
        axes.text(
            left[index] + 0.01 * longest, index, wording.seconds(total), va="center", fontsize=9
        )
    axes.set_xlim(0, longest * (1.0 if normalised else 1.1))
    if normalised:
        axes.set_xlim(0, max(100.0, *left))
        axes.spines["bottom"].set_bounds(0, 100)
        axes.set_xticks(range(0, 101, 20))


def _ink(colour: str) -> str:
    """Black or white, whichever reads better on a colour (relative luminance)."""
    red, green, blue = matplotlib.colors.to_rgb(colour)
    return "black" if 0.299 * red + 0.587 * green + 0.114 * blue > 0.5 else "white"


def batch_sizes(
    inference: pd.DataFrame, contexts: dict[str, Any], out: Path, prefix: str = ""
) -> list[Image]:
    """Time per batch and items per second by batch size, grouped by network."""
    rows = inference[inference["batch"].notna() & inference["seconds"].notna()]
    if rows.empty:
        return []
    several = rows["source"].nunique() > 1
    images = []
    for (source, device, keys), group in rows.groupby(["source", "device", "keys"], sort=False):
        name = "_".join(
            [
                *([prefix] if prefix else []),
                *([source] if several else []),
                device,
                *(f"{key}-{value}" for key, value in keys),
            ]
        )
        # Configurations with one batch size stand side by side instead of in an image each.
        sizes = group.groupby("configuration", sort=False)["batch"].nunique()
        swept = [configuration for configuration in sizes.index if sizes[configuration] > 1]
        parts = [(group[group["configuration"] == c], f"{name}_{c}", True) for c in swept]
        parts.append((group[~group["configuration"].isin(swept)], f"{name}_configurations", False))
        images += [
            _batch_figure(part, contexts, out, by_batch)
            for selected, part_name, by_batch in parts
            if len(selected)
            for part in _networks(selected, part_name)
        ]
    return images


def _networks(group: pd.DataFrame, name: str) -> Iterator[_Part]:
    """Split by groups of bars and never within one."""
    bars = list(dict.fromkeys(zip(group["subject"], group["configuration"], strict=True)))
    total = math.ceil(len(bars) / GROUPS_PER_IMAGE)
    each = math.ceil(len(bars) / total)
    pairs = pd.Series(list(zip(group["subject"], group["configuration"], strict=True)))
    for number in range(total):
        kept = pairs.isin(bars[number * each : (number + 1) * each]).to_numpy()
        yield _Part(group[kept], number + 1, total, name)


def _batch_figure(part: _Part, contexts: dict[str, Any], out: Path, swept: bool) -> Image:
    rows = part.rows
    groups = list(dict.fromkeys(zip(rows["subject"], rows["configuration"], strict=True)))
    everywhere_random = _all_random(rows, contexts)
    labels = [_bar_label(rows, group, contexts, swept, everywhere_random) for group in groups]
    _, shared = wording.settings(rows)
    subtitle = ", ".join(
        [
            *([rows.iloc[0]["configuration"]] if swept else []),
            *shared,
            *(["random weights"] if everywhere_random else []),
        ]
    )
    batches = sorted(set(rows["batch"]))
    with plt.rc_context(_STYLE):
        title = f"Inference by {'batch size' if swept else 'configuration'} on {_device(rows)}"
        figure, axes = _figure(5.4, [1, 1], title, subtitle, part)
        milliseconds = rows.assign(value=1e3 * rows["seconds"])
        _grouped(axes[0], milliseconds, groups, batches, "Time per batch (ms)")
        if "items_per_second" in rows:
            throughput = rows.assign(value=rows["items_per_second"])
            _grouped(axes[1], throughput, groups, batches, "Items per second")
        axes[0].tick_params(axis="x", labelbottom=False)
        axes[1].set_xticks(range(len(groups)), labels)
        if len(batches) > 1:
            handles = [Patch(color=_batch_colour(batch), label=str(batch)) for batch in batches]
            figure.legend(
                handles=handles, loc="outside lower center", ncols=len(batches), frameon=False,
                handlelength=1.2, title="Batch size",
            )  # fmt: skip
        file = _save(figure, out, "batch_sizes", part)
    alt = (
        f"Grouped bars: time per batch in milliseconds and items per second by batch size, "
        f"inference on {_device(rows)}, {subtitle}"
    )
    return Image(file, _alt(alt, [label.replace("\n", " ") for label in labels], part))


def _bar_label(
    rows: pd.DataFrame, group: tuple[str, str], contexts: dict, swept: bool, everywhere_random: bool
) -> str:
    row = rows[(rows["subject"] == group[0]) & (rows["configuration"] == group[1])].iloc[0]
    lines = [wording.network(group[0])]
    if not swept:
        lines.append(group[1])
    if row["same_cut_as"]:
        lines.append(f"(= {row['same_cut_as']})")
    if not everywhere_random and weights.are_random(contexts[row["source"]], group[0]):
        lines.append("random weights")
    return "\n".join(lines)


def _grouped(axes: Axes, rows: pd.DataFrame, groups: list, batches: list[int], unit: str) -> None:
    width = min(0.84 / len(batches), 0.3)
    values = rows["value"][rows["value"] > 0]
    several_decades = len(values) and values.max() / values.min() > 30
    crowded = len(groups) * len(batches) > 18  # Then values stand upright, so that they fit.
    for place, batch in enumerate(batches):
        offset = (place - (len(batches) - 1) / 2) * width
        for index, (subject, configuration) in enumerate(groups):
            row = rows[
                (rows["subject"] == subject)
                & (rows["configuration"] == configuration)
                & (rows["batch"] == batch)
            ]
            value = float(row.iloc[0]["value"]) if len(row) else math.nan
            if not value > 0:
                continue
            axes.bar(index + offset, value, 0.92 * width, color=_batch_colour(batch))
            axes.annotate(
                wording.significant(value), (index + offset, value),
                (0, 2), textcoords="offset points", ha="center", va="bottom", fontsize=8,
                rotation=90 if crowded else 0,
            )  # fmt: skip
    if several_decades:
        axes.set_yscale("log")
        axes.yaxis.set_major_formatter(matplotlib.ticker.FuncFormatter(lambda v, _: f"{v:,g}"))
        unit += ", log scale"
    else:
        axes.yaxis.set_major_formatter(matplotlib.ticker.StrMethodFormatter("{x:,g}"))
    axes.margins(y=0.22 if crowded else 0.12)
    axes.set_xlim(-0.6, len(groups) - 0.4)
    axes.set_ylabel(unit)
    axes.grid(False, axis="x")
    axes.tick_params(axis="x", length=0)


def _batch_colour(batch: int) -> Any:
    """One fixed colour per batch size: light for small, dark for large, up to 4096."""
    return plt.get_cmap("viridis_r")(0.08 + 0.92 * min(math.log2(max(batch, 1)) / 12, 1.0))


def _labels(rows: pd.DataFrame, contexts: dict[str, Any]) -> tuple[list[str], str]:
    """A label per bar, and what all bars share."""
    apart, shared = wording.settings(rows)
    everywhere_random = _all_random(rows, contexts)
    labels = []
    for (_, row), settings in zip(rows.iterrows(), apart, strict=True):
        name = wording.network(row["subject"])
        if not everywhere_random and weights.are_random(contexts[row["source"]], row["subject"]):
            name += " (random weights)"
        same = f" (= {row['same_cut_as']})" if row["same_cut_as"] else ""
        labels.append(" · ".join([name, f"{row['configuration']}{same}", *settings]))
    return labels, ", ".join([*shared, *(["random weights"] if everywhere_random else [])])


def _all_random(rows: pd.DataFrame, contexts: dict[str, Any]) -> bool:
    pairs = zip(rows["source"], rows["subject"], strict=True)
    return all(weights.are_random(contexts[source], subject) for source, subject in pairs)


def _device(rows: pd.DataFrame) -> str:
    return wording.device(rows.iloc[0]["device"])


def _figure(
    height: float, panels: list[int], title: str, subtitle: str, part: _Part
) -> tuple[Figure, list[Axes]]:
    size = (_WIDTH, height + _HEADING + 1.2)
    figure, axes = plt.subplots(
        len(panels), 1, figsize=size, height_ratios=panels, sharex=True, squeeze=False,
        layout="constrained",
    )  # fmt: skip
    figure.get_layout_engine().set(rect=(0, 0, 1, 1 - _HEADING / size[1]), h_pad=0.06, w_pad=0.08)
    place = f" ({part.number} of {part.total})" if part.total > 1 else ""
    for text, inches, style in (
        (title + place, 0.12, {"fontsize": 13, "fontweight": "bold"}),
        (subtitle, 0.40, {"fontsize": 9.5, "color": "#555555"}),
    ):
        figure.text(0.1 / _WIDTH, 1 - inches / size[1], text, va="top", **style)
    return figure, [axis[0] for axis in axes]


def _save(figure: Figure, out: Path, kind: str, part: _Part) -> str:
    number = f"_{part.number}" if part.total > 1 else ""
    file = re.sub(r"[^\w.-]+", "-", f"{kind}_{part.name}{number}") + ".png"
    # Leave out the version of matplotlib: equal input gives equal bytes.
    figure.savefig(out / file, dpi=120, metadata={"Software": None})
    plt.close(figure)
    return file


def _alt(text: str, labels: list[str], part: _Part) -> str:
    place = f" ({part.number} of {part.total})" if part.total > 1 else ""
    return f"{text.rstrip(', ')}{place}: {', '.join(labels)}".replace("[", "(").replace("]", ")")
