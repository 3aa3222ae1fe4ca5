# SPDX-License-Identifier: Apache-2.0
"""Throughput and accuracy of the ranked candidates; candidates with random weights are left out."""

import math
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import matplotlib
import matplotlib.pyplot as plt
import pandas as pd
from results import configurations, ranking
from results.table import Results

from report import weights, wording
from report.figures import canvas, labels_apart, log_axis, naming
from report.figures import splitting as split
from report.figures.canvas import Image, Part

TITLE = "Throughput against accuracy of the candidates"
SECTION = "accuracy"
POINTS_PER_IMAGE = 24
_FRONT, _BEHIND = "#D55E00", "#0072B2"


def draw(results: Results, out: Path, prefix: str = "") -> list[Image]:
    """Draws a point per ranked candidate and device: its fastest search with the full network,
    since a tail's time leaves out its trunk; without such a search, the fastest of its other
    searches."""
    images = []
    for domain in results.domains:
        for words, places in ranking.rankings(results.of_domain(domain).of_step("EndToEnd")):
            rows = pd.concat([place.rows for place in places])
            # A joint row takes the time of all of its heads.
            rows = rows[~rows["configuration"].map(configurations.is_joint).astype(bool)]
            fastest = _fastest(rows, results.contexts)
            for device, own in fastest.groupby("device", sort=False):
                if len(own) < 2:
                    continue  # Nothing to choose from.
                domains = [domain] if len(results.domains) > 1 else []
                sources = [*words[:1]] if len(results.contexts) > 1 else []
                settings = [word for word in words[1:] if word != device]
                parts = [prefix, *domains, *sources, *settings, device]
                name = "_".join(word.replace("=", "-") for word in parts if word)
                for part in canvas.chunks(own, POINTS_PER_IMAGE, name):
                    images.append(_image(part, results.contexts, out))
    return images


def _fastest(rows: pd.DataFrame, contexts: dict[str, Any]) -> pd.DataFrame:
    """The fastest row of each candidate whose weights are not random."""
    rows = split.having(rows, "accuracy", "items_per_second")
    pairs = zip(rows["source"], rows["subject"], strict=True)
    real = [not weights.are_random(contexts[source], subject) for source, subject in pairs]
    rows = rows[pd.Series(real, index=rows.index, dtype=bool)]
    kept = []
    for _, own in rows.groupby(["device", "subject"], sort=False):
        full = own[own["configuration"] == "full"]
        kept.append((full if len(full) else own)["items_per_second"].idxmax())
    return rows.loc[kept]


def front(rows: pd.DataFrame) -> pd.DataFrame:
    """Candidates that no other candidate beats in both, from the fastest to the most accurate."""
    kept, best = [], -math.inf
    order = rows.sort_values(["items_per_second", "accuracy"], ascending=False, kind="stable")
    for index, row in order.iterrows():
        if row["accuracy"] > best:
            kept.append(index)
            best = row["accuracy"]
    return rows.loc[kept]


def _points(rows: pd.DataFrame) -> Iterator[tuple[float, float]]:
    yield from zip(rows["items_per_second"], 100 * rows["accuracy"], strict=True)


def _image(part: Part, contexts: dict[str, Any], out: Path) -> Image:
    rows = part.rows
    names = [wording.network(subject) for subject in rows["subject"]]
    labels = [
        name if configuration == "full" else f"{name} · {configuration}"
        for name, configuration in zip(names, rows["configuration"], strict=True)
    ]
    subtitle = naming.shared(rows, contexts)
    best = front(rows)
    with plt.rc_context(canvas.STYLE):
        title = f"{TITLE}{naming.where(rows)}"
        figure, (axes,) = canvas.new_figure(4.2, [1], title, naming.short(subtitle), part)
        edge = list(_points(best))
        axes.plot(
            *zip(*edge, strict=True), color=_FRONT, linewidth=1.2, linestyle="--",
            label="no other candidate is faster and better",
        )  # fmt: skip
        for index, point in zip(rows.index, _points(rows), strict=True):
            color = _FRONT if index in best.index else _BEHIND
            axes.scatter(*point, color=color, s=44, edgecolor="white", zorder=3)
        rates = rows["items_per_second"]
        wide = rates.max() / rates.min() > 5
        if wide:
            axes.set_xscale("log")
        axes.margins(0.14)
        if wide:
            log_axis.plain(axes.xaxis)
        axes.yaxis.set_major_formatter(matplotlib.ticker.StrMethodFormatter("{x:,g}"))
        axes.set_xlabel("Items per second end to end" + (", log scale" if wide else ""))
        axes.set_ylabel("Accuracy of the proxy score (%)")
        figure.legend(loc="outside lower center", frameon=False)
        labels_apart.place(axes, list(_points(rows)), labels)
        file = canvas.save(figure, out, "accuracy", part)
    said = [
        f"{label} {100 * row['accuracy']:.1f} % at {wording.significant(row['items_per_second'])} "
        "items per second"
        for label, (_, row) in zip(labels, rows.iterrows(), strict=True)
    ]
    return Image(file, canvas.alt_text(f"Points: {title}, {subtitle}", said, part))
