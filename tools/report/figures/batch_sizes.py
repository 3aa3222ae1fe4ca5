# SPDX-License-Identifier: Apache-2.0
"""Inference by batch size or configuration: grouped bars of time and throughput."""

import math
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import matplotlib
import matplotlib.pyplot as plt
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.patches import Patch
from results.table import Results

from report import wording
from report.figures import canvas, colors
from report.figures.canvas import Image, Part

TITLE = "Inference by batch size"
SECTION = "batch sizes"
GROUPS_PER_IMAGE = 6


def draw(results: Results, out: Path, prefix: str = "") -> list[Image]:
    """Time and throughput of Inference rows."""
    return batch_sizes(results.of_step("Inference"), results.contexts, out, prefix)


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
        # Configurations with one batch size share an image.
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


def _networks(group: pd.DataFrame, name: str) -> Iterator[Part]:
    """Splits between groups of bars and never within one."""
    bars = list(dict.fromkeys(zip(group["subject"], group["configuration"], strict=True)))
    total = math.ceil(len(bars) / GROUPS_PER_IMAGE)
    each = math.ceil(len(bars) / total)
    pairs = pd.Series(list(zip(group["subject"], group["configuration"], strict=True)))
    for number in range(total):
        kept = pairs.isin(bars[number * each : (number + 1) * each]).to_numpy()
        yield Part(group[kept], number + 1, total, name)


def _batch_figure(part: Part, contexts: dict[str, Any], out: Path, swept: bool) -> Image:
    rows = part.rows
    groups = list(dict.fromkeys(zip(rows["subject"], rows["configuration"], strict=True)))
    labels = [_bar_label(rows, group, swept) for group in groups]
    _, shared = wording.settings(rows)
    subtitle = ", ".join(
        [
            *([rows.iloc[0]["configuration"]] if swept else []),
            *shared,
        ]
    )
    batches = sorted(set(rows["batch"]))
    with plt.rc_context(canvas.STYLE):
        title = (
            f"Inference by {'batch size' if swept else 'configuration'} on {canvas.device(rows)}"
        )
        figure, axes = canvas.new_figure(5.4, [1, 1], title, subtitle, part)
        milliseconds = rows.assign(value=1e3 * rows["seconds"])
        _grouped(axes[0], milliseconds, groups, batches, "Time per batch (ms)")
        if "items_per_second" in rows:
            throughput = rows.assign(value=rows["items_per_second"])
            _grouped(axes[1], throughput, groups, batches, "Items per second")
        axes[0].tick_params(axis="x", labelbottom=False)
        axes[1].set_xticks(range(len(groups)), labels)
        if len(batches) > 1:
            handles = [Patch(color=colors.batch(batch), label=str(batch)) for batch in batches]
            figure.legend(
                handles=handles, loc="outside lower center", ncols=len(batches), frameon=False,
                handlelength=1.2, title="Batch size",
            )  # fmt: skip
        file = canvas.save(figure, out, "batch_sizes", part)
    alt = (
        f"Grouped bars: time per batch in milliseconds and items per second by batch size, "
        f"inference on {canvas.device(rows)}, {subtitle}"
    )
    return Image(file, canvas.alt_text(alt, [label.replace("\n", " ") for label in labels], part))


def _bar_label(rows: pd.DataFrame, group: tuple[str, str], swept: bool) -> str:
    row = rows[(rows["subject"] == group[0]) & (rows["configuration"] == group[1])].iloc[0]
    lines = [wording.network(group[0])]
    if not swept:
        lines.append(group[1])
    if row["same_cut_as"]:
        lines.append(f"(= {row['same_cut_as']})")
    return "\n".join(lines)


def _grouped(axes: Axes, rows: pd.DataFrame, groups: list, batches: list[int], unit: str) -> None:
    width = min(0.84 / len(batches), 0.3)
    values = rows["value"][rows["value"] > 0]
    several_decades = len(values) and values.max() / values.min() > 30
    crowded = len(groups) * len(batches) > 18  # Vertical values fit above narrow bars.
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
            axes.bar(index + offset, value, 0.92 * width, color=colors.batch(batch))
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
