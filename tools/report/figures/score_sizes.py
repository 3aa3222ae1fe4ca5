# SPDX-License-Identifier: Apache-2.0
"""What scores cost by the size of the features: a heat map of scores and synthetic sizes."""

from pathlib import Path
from typing import Any

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
from results import schema
from results.table import Results

from report import wording
from report.figures import canvas, heat_map, naming
from report.figures import splitting as split
from report.figures.canvas import Image, Part

TITLE = "Cost of scores by size of the features"
SECTION = "scoring"
ROWS_PER_IMAGE = 24
_SIZE, _SCORE = "features", "probe"


def draw(results: Results, out: Path, prefix: str = "") -> list[Image]:
    """A line of cells per score, for each device and number of classes. Synthetic features do not
    depend on the network, so the first one with them counts."""
    rows = split.having(results.of_step("Score"), "seconds")
    rows = rows[rows["keys"].map(lambda pairs: _SIZE in dict(pairs)).astype(bool)]
    images = []
    for name, group in split.groups(rows, prefix, ["device"], (_SIZE, _SCORE)):
        table = cells(group)
        for part in canvas.chunks(table, ROWS_PER_IMAGE, name):
            images.append(_image(part, group, results.contexts, out))
    return images


def cells(rows: pd.DataFrame) -> pd.DataFrame:
    """Seconds of scores x sizes, both from the cheapest on."""
    values = pd.DataFrame(
        {
            "score": [dict(pairs).get(_SCORE, schema.DEFAULTS[_SCORE]) for pairs in rows["keys"]],
            "size": [dict(pairs)[_SIZE] for pairs in rows["keys"]],
            "seconds": rows["seconds"].to_numpy(),
        }
    )
    table = values.pivot_table(index="score", columns="size", values="seconds", aggfunc="first")
    sizes = sorted(table, key=lambda size: [int(part) for part in size.split("x")])
    return table[sizes].loc[table.mean(axis=1).sort_values(kind="stable").index]


def _image(part: Part, group: pd.DataFrame, contexts: dict[str, Any], out: Path) -> Image:
    table = part.rows
    subtitle = naming.shared(group, contexts, (_SIZE, _SCORE))
    logarithms = np.log(table)
    least, most = logarithms.min().min(), logarithms.max().max()
    shades = (logarithms - least) / max(most - least, 1e-9)
    texts = table.map(wording.seconds)
    with plt.rc_context(canvas.STYLE):
        title = f"{TITLE}{naming.where(group)}"
        height = 0.34 * len(table) + 0.4
        figure, (axes,) = canvas.new_figure(height, [1], title, naming.short(subtitle), part)
        heat_map.draw(axes, shades, list(table.index), list(table), texts)
        axes.set_xlabel("Items x width; seconds of one score, darker is longer (log scale)")
        file = canvas.save(figure, out, "score-sizes", part)
    said = [
        f"{score} {naming.span(line.dropna(), list(line.dropna().index), wording.seconds)}"
        for score, line in table.iterrows()
    ]
    return Image(file, canvas.alt_text(f"Heat map: {title}, {subtitle}", said, part))
