# SPDX-License-Identifier: Apache-2.0
"""Panels of upright bars: networks along x, a bar per batch size."""

import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import matplotlib.pyplot as plt
import pandas as pd

from report import wording
from report.figures import bars, canvas, colors, naming, splitting
from report.figures.canvas import Image, Part

NETWORKS_PER_IMAGE = 7


@dataclass(frozen=True)
class Panel:
    """Rows with a `value` each; `title` in words, `unit` at the axis; `said` gives a value with its
    unit in words for readers who cannot see the bars."""

    title: str
    unit: str
    rows: pd.DataFrame
    said: Callable[[float], str] = wording.significant


def swept(rows: pd.DataFrame) -> bool:
    """Whether some network was measured with two batch sizes or more."""
    return len(rows) > 0 and int(rows.groupby("subject")["batch"].nunique().max()) > 1


def parts(rows: pd.DataFrame, name: str) -> Iterator[Part]:
    """Images of whole networks."""
    found = list(dict.fromkeys(rows["subject"]))
    total = math.ceil(len(found) / NETWORKS_PER_IMAGE)
    each = math.ceil(len(found) / max(total, 1))
    for place in range(total):
        kept = rows["subject"].isin(found[place * each : (place + 1) * each])
        yield Part(rows[kept], place + 1, total, name)


def draw(
    part: Part, panels: Sequence[Panel], title: str, kind: str, contexts: dict[str, Any], out: Path
) -> Image:
    """`panels` hold rows of `part` with a column `value`."""
    rows = part.rows
    firsts = rows.drop_duplicates("subject")
    networks = dict(zip(firsts["subject"], naming.networks(firsts, contexts), strict=True))
    batches = sorted({int(batch) for batch in rows["batch"]})
    subtitle = naming.shared(rows, contexts)
    with plt.rc_context(canvas.STYLE):
        height = max(2.6, 1.75 * len(panels))
        figure, axes = canvas.new_figure(
            height, [1] * len(panels), title, naming.short(subtitle), part
        )
        for axis, panel in zip(axes, panels, strict=True):
            series = _series(panel, list(networks), batches)
            unit = f"{panel.title}\n{panel.unit}" if panel.title else panel.unit
            bars.upright(axis, list(networks.values()), series, unit)
        for axis in axes[:-1]:
            axis.tick_params(axis="x", labelbottom=False)
        figure.align_ylabels(axes)
        bars.legend_of(figure, _series(panels[0], list(networks), batches), "Batch size")
        file = canvas.save(figure, out, kind, part)
    alt = f"Bars by batch size and network: {title}, {subtitle}"
    return Image(file, canvas.alt_text(alt, [_said(panel, networks) for panel in panels], part))


def with_value(rows: pd.DataFrame, counter: str) -> pd.DataFrame:
    """The rows in which a counter is positive, with it as `value`."""
    found = splitting.having(rows, counter)
    return found.assign(value=splitting.number(found, counter))


def _series(panel: Panel, subjects: list[str], batches: list[int]) -> list[bars.Series]:
    values = {
        (row["subject"], int(row["batch"])): float(row["value"]) for _, row in panel.rows.iterrows()
    }
    return [
        bars.Series(
            str(batch),
            colors.batch(batch),
            [values.get((subject, batch), math.nan) for subject in subjects],
        )
        for batch in batches
    ]


def _said(panel: Panel, networks: dict[str, str]) -> str:
    names = [
        f"{networks[row['subject']]}, batch {row['batch']}" for _, row in panel.rows.iterrows()
    ]
    range_ = naming.span(panel.rows["value"], names, panel.said)
    return f"{panel.title or panel.unit} {range_}"
