# SPDX-License-Identifier: Apache-2.0
"""After how many searches building an activation cache has saved time."""

import math
from pathlib import Path
from typing import Any

import matplotlib.pyplot as plt
import pandas as pd
from results import configurations
from results.table import Results

from report import sentences, wording
from report.figures import bars, canvas, naming
from report.figures import splitting as split
from report.figures.canvas import Image, Part

TITLE = "Searches after which an activation cache pays"
SECTION = "partial and joint"
ROWS_PER_IMAGE = 20


def draw(results: Results, out: Path, prefix: str = "") -> list[Image]:
    """A bar per tail of EndToEnd at one batch size. `cache_pays_after` exists where the full
    network was measured in the same file and is slower."""
    rows = results.of_step("EndToEnd")
    rows = rows[~rows["configuration"].map(configurations.is_joint).astype(bool)]
    rows = split.one_batch(split.having(rows, "build_cache", "cache_pays_after"))
    parts = split.parts(rows, prefix, ["device"], ROWS_PER_IMAGE)
    return [_image(part, results.contexts, out) for part in parts]


def _image(part: Part, contexts: dict[str, Any], out: Path) -> Image:
    rows: pd.DataFrame = part.rows
    labels, subtitle = naming.labels(rows, contexts), naming.shared(rows, contexts)
    texts = [
        f"{sentences.searches(after)}; building takes {wording.seconds(build)}"
        for after, build in zip(rows["cache_pays_after"], rows["build_cache"], strict=True)
    ]
    whole = [float(math.ceil(after)) for after in rows["cache_pays_after"]]
    series = [bars.Series("Searches", "#0072B2", whole, texts=texts)]
    with plt.rc_context(canvas.STYLE):
        title = f"{TITLE}{naming.where(rows)}"
        height = max(1.2, 0.3 * len(rows))
        figure, (axes,) = canvas.new_figure(height, [1], title, naming.short(subtitle), part)
        bars.lying(axes, labels, series, "Searches until the cache has saved time")
        axes.xaxis.get_major_locator().set_params(
            integer=True
        ) if axes.get_xscale() != "log" else None
        file = canvas.save(figure, out, "cache-pays", part)
    said = [f"{label} after {text}" for label, text in zip(labels, texts, strict=True)]
    return Image(file, canvas.alt_text(f"Horizontal bars: {title}, {subtitle}", said, part))
