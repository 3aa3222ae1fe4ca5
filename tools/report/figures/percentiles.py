# SPDX-License-Identifier: Apache-2.0
"""How far the slow batches of each step are from its median: p50, p90 and p99."""

from pathlib import Path
from typing import Any

import matplotlib
import matplotlib.pyplot as plt
import pandas as pd
from matplotlib.lines import Line2D
from results.table import Results

from report import steps, wording
from report.figures import canvas, log_axis, naming
from report.figures import splitting as split
from report.figures.canvas import Image, Part

TITLE = "Slow batches of each step"
SECTION = "machine"
ROWS_PER_IMAGE = 20
_COUNTERS = {"LoadModel": "load_model", "LoadData": "load_data", "DataToDevice": "data_to_device"}
_COUNTERS |= {"Inference": "inference", "Score": "score"}
_COLORS = {
    step: next(known.color for known in steps.STEPS if known.counter == counter)
    for step, counter in _COUNTERS.items()
} | {"WriteActivations": "#D55E00"}
_MARKS = (("p90", "s", 26), ("p99", "D", 30))


def draw(results: Results, out: Path, prefix: str = "") -> list[Image]:
    """A line per row of a step at one batch size: see `_chosen` for which."""
    rows = _chosen(split.having(results.measured, "p50", "p90", "p99"))
    if rows.empty:
        return []
    images = []
    several = rows["source"].nunique() > 1
    for (domain, source), group in rows.groupby(["domain", "source"], sort=False):
        domains = [domain] if rows["domain"].nunique() > 1 else []
        name = "_".join(word for word in [prefix, *domains, source if several else ""] if word)
        chosen = split.one_batch(group)
        for part in split.whole(chosen, "step", ROWS_PER_IMAGE, name or "all"):
            images.append(_image(part, results.contexts, out))
    return images


def _image(part: Part, contexts: dict[str, Any], out: Path) -> Image:
    rows = part.rows
    labels = naming.rows_of_steps(rows, contexts)
    subtitle = naming.shared(rows, contexts)
    worst = max(float((rows["p99"] / rows["p50"]).max()), 1.02)
    with plt.rc_context(canvas.STYLE):
        title = TITLE
        height = max(1.2, 0.31 * len(rows))
        figure, (axes,) = canvas.new_figure(height, [1], title, naming.short(subtitle), part)
        for index, (_, row) in enumerate(rows.iterrows()):
            color = _COLORS[row["step"]]
            slow = {name: row[name] / row["p50"] for name, _, _ in _MARKS}
            axes.plot([1, slow["p99"]], [index, index], color=color, linewidth=2.5, zorder=1)
            axes.scatter([1], [index], color=color, s=34, zorder=2, edgecolor="white")
            for name, marker, size in _MARKS:
                axes.scatter(
                    [slow[name]], [index], color=color, marker=marker, s=size, zorder=3,
                    edgecolor="white", linewidth=0.7,
                )  # fmt: skip
            text = f"{wording.seconds(row['p99'])} / {wording.seconds(row['p50'])}"
            axes.annotate(
                text, (slow["p99"], index), (7, 0),
                textcoords="offset points", va="center", fontsize=8,
            )  # fmt: skip
        if worst > 6:
            axes.set_xscale("log")
            axes.set_xlim(0.95, worst**1.4)
        else:
            axes.set_xlim(1 - 0.03 * (worst - 1), 1 + 1.35 * (worst - 1))
        axes.xaxis.set_major_formatter(matplotlib.ticker.FuncFormatter(log_axis.number))
        axes.set_ylim(len(rows) - 0.5, -0.5)
        axes.set_yticks(range(len(rows)), labels)
        scale = ", log scale" if worst > 6 else ""
        axes.set_xlabel(f"Time of a batch / median{scale} (text: p99 / median)")
        axes.tick_params(axis="y", length=0)
        handles = [
            Line2D([], [], color="#555555", linestyle="", marker=marker, label=label)
            for label, marker in (("p50", "o"), ("p90", "s"), ("p99", "D"))
        ]
        figure.legend(handles=handles, loc="outside lower center", ncols=3, frameon=False)
        file = canvas.save(figure, out, "percentiles", part)
    said = [
        f"{label}: p50 {wording.seconds(row['p50'])}, p90 {wording.seconds(row['p90'])}, p99 "
        f"{wording.seconds(row['p99'])}"
        for label, (_, row) in zip(labels, rows.iterrows(), strict=True)
    ]
    return Image(file, canvas.alt_text(f"Points by row: {title}, {subtitle}", said, part))


def _chosen(rows: pd.DataFrame) -> pd.DataFrame:
    """Rows of full networks and of data, the probe with the classes of the data set, and for
    writing activations the cut with the largest trunk."""
    rows = rows[rows["step"].isin(_COLORS)]
    synthetic = rows["keys"].map(lambda pairs: "classes" in dict(pairs)).astype(bool)
    writes = rows["step"] == "WriteActivations"
    same = ["source", "device", "subject", "keys", "batch"]
    trunks = rows[writes].assign(macs=split.number(rows[writes], "macs").fillna(0))
    largest = trunks.sort_values("macs", ascending=False, kind="stable").drop_duplicates(same)
    whole = rows["configuration"].isin([None, "full"])
    return rows[(whole & ~synthetic) | rows.index.isin(largest.index)]
