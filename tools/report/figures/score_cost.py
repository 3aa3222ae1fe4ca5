# SPDX-License-Identifier: Apache-2.0
"""What a proxy score costs by the number of classes: those of the data set and synthetic ones."""

import math
from pathlib import Path
from typing import Any

import matplotlib.pyplot as plt
import pandas as pd
from results.table import Results

from report import wording
from report.figures import bars, canvas, colors, naming
from report.figures import splitting as split
from report.figures.canvas import Image, Part

TITLE = "Cost of a proxy score by number of classes"
SECTION = "scoring"
NETWORKS_PER_IMAGE = 7


def draw(results: Results, out: Path, prefix: str = "") -> list[Image]:
    """Bars of the time of one probe, grouped by network; probes and settings have separate
    images. Synthetic features are in `score_sizes`."""
    rows = split.having(results.of_step("Score"), "seconds")
    rows = rows[rows["keys"].map(lambda pairs: "features" not in dict(pairs)).astype(bool)]
    rows = rows.assign(
        number=[_classes(row) for _, row in rows.iterrows()],
        own=[dict(pairs).get("classes") is None for pairs in rows["keys"]],
    )
    images = []
    for name, group in split.groups(rows, prefix, ["device"], ("classes",)):
        subjects = list(dict.fromkeys(group["subject"]))
        total = math.ceil(len(subjects) / NETWORKS_PER_IMAGE)
        each = math.ceil(len(subjects) / total)
        for place in range(total):
            chosen = subjects[place * each : (place + 1) * each]
            part = Part(group[group["subject"].isin(chosen)], place + 1, total, name)
            images.append(_image(part, results.contexts, out))
    return images


def _classes(row: pd.Series) -> float:
    key = dict(row["keys"]).get("classes")
    return float(row.get("classes", math.nan)) if key is None else float(key)


def _image(part: Part, contexts: dict[str, Any], out: Path) -> Image:
    rows: pd.DataFrame = part.rows
    subtitle = naming.shared(rows, contexts, ("classes",))
    firsts = rows.drop_duplicates("subject")
    labels = naming.networks(firsts, contexts)
    kinds = rows.drop_duplicates(["own", "number"]).sort_values(
        ["own", "number"], ascending=[False, True]
    )
    shades = iter(colors.sequence(int((~kinds["own"]).sum()))[::-1])
    series = []
    for _, kind in kinds.iterrows():
        same = rows[(rows["own"] == kind["own"]) & (rows["number"].fillna(-1) == _known(kind))]
        by_subject = dict(zip(same["subject"], 1e3 * same["seconds"], strict=True))
        values = [by_subject.get(subject, math.nan) for subject in firsts["subject"]]
        color = "#CC79A7" if kind["own"] else next(shades)
        series.append(bars.Series(_kind(kind), color, values))
    with plt.rc_context(canvas.STYLE):
        title = f"{TITLE}{naming.where(rows)}"
        figure, (axes,) = canvas.new_figure(2.8, [1], title, naming.short(subtitle), part)
        bars.upright(axes, labels, series, "Time of a probe (ms)")
        bars.legend_of(figure, series, "Classes")
        file = canvas.save(figure, out, "score-cost", part)
    said = [
        f"{bar.title} classes {naming.span(bar.values, labels, lambda v: wording.seconds(v / 1e3))}"
        for bar in series
    ]
    return Image(file, canvas.alt_text(f"Grouped bars: {title}, {subtitle}", said, part))


def _known(kind: pd.Series) -> float:
    return kind["number"] if math.isfinite(kind["number"]) else -1.0


def _kind(kind: pd.Series) -> str:
    number = f"{kind['number']:,.0f}" if math.isfinite(kind["number"]) else ""
    if not kind["own"]:
        return f"{number} (synthetic)"
    return f"{number} (the data's own)" if number else "the data's own"
