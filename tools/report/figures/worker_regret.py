# SPDX-License-Identifier: Apache-2.0
"""Workers x batch size as a heat map: how much longer an item takes than with the best pair."""

from collections.abc import Iterator
from pathlib import Path

import matplotlib.pyplot as plt
import pandas as pd
from results.table import Results

from report import steps, wording
from report.figures import canvas, heat_map, naming
from report.figures import splitting as split
from report.figures.canvas import Image, Part

TITLE = "Time lost by number of workers and batch size"
SECTION = "batch sizes"
# LoadData has no mode. The serial mode is left out, because workers rest while other steps work.
MODES = (None, "prefetch")
_AXES = ("workers",)


def draw(results: Results, out: Path, prefix: str = "") -> list[Image]:
    """Draws LoadData and EndToEnd in prefetch mode: the mean over the networks that were measured
    with every pair. The regret of a network is time per item / least time per item - 1."""
    images = []
    for step in ("LoadData", "EndToEnd"):
        rows = split.having(results.of_step(step), "items_per_second")
        rows = rows[rows["mode"].isin(MODES) & rows["batch"].notna()]
        workers = pd.to_numeric(rows["keys"].map(lambda pairs: dict(pairs).get("workers")))
        rows = rows.assign(workers=workers)
        rows = rows[rows["workers"].notna()]
        for name, group in split.groups(rows, prefix, ["step", "device", "configuration"], _AXES):
            images += list(_image(name, group, results, out))
    return images


def regrets(rows: pd.DataFrame) -> tuple[pd.DataFrame, list[str]]:
    """Workers (rows) x batch sizes (columns), and the networks that it is the mean of."""
    grids = {}
    for subject, own in rows.groupby("subject", sort=False):
        rates = own.pivot_table(values="items_per_second", index="workers", columns="batch")
        grids[subject] = float(rates.max().max()) / rates.astype(float) - 1
    cells = max(int(grid.notna().sum().sum()) for grid in grids.values())
    complete = {s: grid for s, grid in grids.items() if int(grid.notna().sum().sum()) == cells}
    mean = pd.concat(complete.values()).groupby(level=0).mean()
    return mean.sort_index().sort_index(axis=1), list(complete)


def _image(name: str, rows: pd.DataFrame, results: Results, out: Path) -> Iterator[Image]:
    cells, subjects = regrets(rows)
    if min(cells.shape) < 2:
        return
    rows = rows[rows["subject"].isin(subjects)]
    part = Part(rows, 1, 1, name)
    first = rows.iloc[0]
    of = [wording.network(subject) for subject in subjects]
    subtitle = ", ".join(
        [
            f"mean of {wording.listed(of)}" if len(of) > 1 else of[0],
            *([first["configuration"]] if first["configuration"] else []),
            naming.shared(rows, results.contexts, ("workers", "batch")),
        ]
    ).strip(", ")
    title = f"{TITLE}, {steps.FAMILIES[first['step']].lower()}{naming.where(rows)}"
    with plt.rc_context(canvas.STYLE):
        height = 0.42 * len(cells) + 0.5
        figure, (axes,) = canvas.new_figure(height, [1], title, naming.short(subtitle), part)
        columns = [str(batch) for batch in cells.columns]
        heat_map.draw(axes, cells, [f"{w:.0f}" for w in cells.index], columns)
        axes.set_xlabel("Batch size")
        axes.set_ylabel("Workers")
        figure.text(
            0.99, 0.02, "Time above that of the best pair", ha="right", fontsize=9, color="#555555"
        )
        file = canvas.save(figure, out, "worker-regret", part)
    stacked = cells.stack()
    pairs = [f"{w:.0f} worker{'s' if w > 1 else ''}, batch {batch}" for w, batch in stacked.index]
    alt = f"Heat map of workers and batch sizes: {title}, {subtitle}"
    said = [f"regret {naming.span(stacked, pairs, heat_map.text)}"]
    yield Image(file, canvas.alt_text(alt, said, part))
