# SPDX-License-Identifier: Apache-2.0
"""The CPU compared with the GPU: the same network and configuration on both, each at its best."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import matplotlib.pyplot as plt
import pandas as pd
from results.table import Results

from report import steps, wording
from report.figures import bars, canvas, colors, log_axis, naming
from report.figures import splitting as split
from report.figures.canvas import Image, Part

TITLE = "The CPU compared with the GPU"
SECTION = "machine"
ROWS_PER_IMAGE = 20
STEPS = ("EndToEnd", "Inference")
# Settings that tune a machine without changing the work; the best value of each counts.
_TUNING = ("decoder", "execution", "input", "layout", "threads", "transfer", "workers")


def draw(results: Results, out: Path, prefix: str = "") -> list[Image]:
    """Items per second of EndToEnd and Inference rows, the best over batch sizes and settings that
    tune a machine; the two devices may come from two files. An image per pair of devices."""
    images = []
    for step in STEPS:
        rows = split.having(results.of_step(step), "items_per_second")
        best = _best(rows) if len(rows) else rows
        for name, group in _pairs(best, results.contexts):
            words = [word for word in (prefix, step, name) if word]
            for part in split.whole(group, "subject", ROWS_PER_IMAGE, "_".join(words)):
                images.append(_image(part, step, results.contexts, out))
    return images


def _best(rows: pd.DataFrame) -> pd.DataFrame:
    work = [split.keys(row, _TUNING) for _, row in rows.iterrows()]
    rows = rows.assign(work=pd.Series(work, index=rows.index, dtype=object))
    same = ["domain", "source", "device", "subject", "configuration", "work"]
    order = rows.sort_values("items_per_second", ascending=False, kind="stable")
    return rows.loc[sorted(order.drop_duplicates(same).index)]


def _pairs(best: pd.DataFrame, contexts: dict[str, Any]) -> Iterator[tuple[str, pd.DataFrame]]:
    """For each GPU and CPU: rows of both that do the same work, with `cpu_rate`, `cpu_batch`."""
    on_cpu = best["device"] == "cpu"
    match = ["domain", "subject", "configuration", "work"]
    for (source, device), gpu in best[~on_cpu].groupby(["source", "device"], sort=False):
        sources = list(dict.fromkeys(best[on_cpu]["source"]))
        for other in [source] if source in sources else sources:
            cpu = best[on_cpu & (best["source"] == other)]
            cpu = cpu[[*match, "items_per_second", "batch"]]
            cpu = cpu.rename(columns={"items_per_second": "cpu_rate", "batch": "cpu_batch"})
            both = gpu.merge(cpu, on=match)
            several = best["source"].nunique() > 1
            words = [source if several else "", device, other if other != source else ""]
            for domain, rows in both.groupby("domain", sort=False):
                domains = [domain] if both["domain"].nunique() > 1 else []
                yield "_".join(word for word in [*domains, *words] if word), rows


def _image(part: Part, step: str, contexts: dict[str, Any], out: Path) -> Image:
    rows = part.rows
    rows = rows.assign(keys=rows["work"])
    hidden = ("batch", "file")
    labels = naming.labels(rows, contexts, hidden)
    subtitle = naming.shared(rows, contexts, hidden)
    gains = [wording.significant(gain) for gain in rows["items_per_second"] / rows["cpu_rate"]]
    with plt.rc_context(canvas.STYLE):
        title = f"{TITLE}: {steps.FAMILIES[step].lower()}"
        height = max(1.2, 0.34 * len(rows))
        figure, (axes,) = canvas.new_figure(height, [1], title, naming.short(subtitle), part)
        for index, (_, row) in enumerate(rows.iterrows()):
            cpu, gpu = row["cpu_rate"], row["items_per_second"]
            axes.plot([cpu, gpu], [index, index], color="#999999", linewidth=1.5, zorder=1)
            axes.scatter([cpu], [index], color=colors.CPU, s=46, zorder=2)
            axes.scatter([gpu], [index], color=colors.GPU, s=46, marker="D", zorder=2)
            for rate, batch, side, x in (
                (cpu, row["cpu_batch"], "right", -8), (gpu, row["batch"], "left", 8),
            ):  # fmt: skip
                words = f"{wording.significant(rate)}, batch {batch}"
                if side == "left":
                    words += f" ({gains[index]} times)"
                axes.annotate(
                    words, (rate, index), (x, 0), textcoords="offset points", ha=side,
                    va="center", fontsize=8,
                )  # fmt: skip
        rates = pd.concat([rows["cpu_rate"], rows["items_per_second"]])
        decades = rates.max() / rates.min()
        axes.set_xscale("log")
        axes.set_xlim(rates.min() / max(decades, 3) ** 0.35, rates.max() * max(decades, 3) ** 0.5)
        log_axis.plain(axes.xaxis)
        axes.set_ylim(len(rows) - 0.5, -0.5)
        axes.set_yticks(range(len(rows)), labels)
        axes.set_xlabel("Items per second at the best batch size and settings, log scale")
        axes.tick_params(axis="y", length=0)
        bars.legend(figure, [("CPU", colors.CPU, None), ("GPU", colors.GPU, None)])
        file = canvas.save(figure, out, "cpu-beside-gpu", part)
    said = [
        f"{label} {wording.significant(row['cpu_rate'])} on the CPU and "
        f"{wording.significant(row['items_per_second'])} on the GPU ({gain} times)"
        for label, gain, (_, row) in zip(labels, gains, rows.iterrows(), strict=True)
    ]
    alt = f"Pairs of points: {title}, items per second at the best batch size, {subtitle}"
    return Image(file, canvas.alt_text(alt, said, part))
