# SPDX-License-Identifier: Apache-2.0
"""What the loader's threads do: storage, decoding, preprocessing, waiting."""

from pathlib import Path
from typing import Any

import matplotlib
import matplotlib.pyplot as plt
from results.table import Results

from report import wording
from report.figures import bars, canvas, naming
from report.figures import splitting as split
from report.figures.canvas import Image, Part

TITLE = "What the loader's threads do"
SECTION = "data path"
ROWS_PER_IMAGE = 20
# Counters, titles and colors of Okabe and Ito's palette. The decoding of a text is tokenizing.
PIECES = (
    ("storage_thread_seconds", "Storage", "#D55E00", None),
    ("decode_thread_seconds", "Decode", "#56B4E9", None),
    ("tokenize_thread_seconds", "Tokenize", "#56B4E9", None),
    ("preprocess_thread_seconds", "Preprocess", "#009E73", None),
    ("wait_thread_seconds", "Wait", "#999999", "//"),
)
_SHOWN = 0.07


def draw(results: Results, out: Path, prefix: str = "") -> list[Image]:
    """A stacked bar per LoadData row at one batch size: seconds of all threads per item."""
    rows = results.of_step("LoadData")
    busy = sum(split.number(rows, counter).fillna(0) for counter, *_ in PIECES[:-1])
    rows = split.one_batch(split.having(rows.assign(busy=busy), "busy", "batch"))
    images = []
    several = rows["source"].nunique() > 1
    for (domain, source), group in rows.groupby(["domain", "source"], sort=False):
        domains = [domain] if rows["domain"].nunique() > 1 else []
        name = "_".join(word for word in [prefix, *domains, source if several else ""] if word)
        for part in canvas.chunks(group, ROWS_PER_IMAGE, name or "all"):
            images.append(_image(part, results.contexts, out))
    return images


def _image(part: Part, contexts: dict[str, Any], out: Path) -> Image:
    rows = part.rows
    labels, subtitle = naming.labels(rows, contexts), naming.shared(rows, contexts)
    labels = [label.partition(" · ")[2] or label for label in labels]
    pieces = [piece for piece in PIECES if (split.number(rows, piece[0]) > 0).any()]
    table = {
        counter: 1e3 * split.number(rows, counter).fillna(0) / rows["batch"].astype(float)
        for counter, *_ in pieces
    }
    total = sum(table.values())
    with plt.rc_context(canvas.STYLE):
        height = max(1.2, 0.34 * len(rows))
        figure, (axes,) = canvas.new_figure(height, [1], TITLE, naming.short(subtitle), part)
        left = [0.0] * len(rows)
        for counter, title, color, hatch in pieces:
            widths = list(table[counter])
            axes.barh(
                range(len(rows)), widths, 0.74, left=left, color=color, hatch=hatch, label=title,
                edgecolor="white", linewidth=0.6,
            )  # fmt: skip
            for index, width in enumerate(widths):
                if width < _SHOWN * total.max():
                    continue
                box = {"facecolor": color, "edgecolor": "none", "pad": 1.2} if hatch else None
                axes.text(
                    left[index] + width / 2, index, wording.significant(width), ha="center",
                    va="center", fontsize=8, color=canvas.ink(color), bbox=box,
                )  # fmt: skip
            left = [start + width for start, width in zip(left, widths, strict=True)]
        axes.set_xlim(0, 1.05 * float(total.max()))
        axes.xaxis.set_major_formatter(matplotlib.ticker.StrMethodFormatter("{x:,g}"))
        axes.set_ylim(len(rows) - 0.45, -0.55)
        axes.set_yticks(range(len(rows)), labels)
        axes.set_xlabel("Time of all threads per item (ms)")
        axes.grid(False, axis="y")
        axes.tick_params(axis="y", length=0)
        bars.legend(figure, [(title, color, hatch) for _, title, color, hatch in pieces])
        file = canvas.save(figure, out, "loader-threads", part)
    said = []
    for index, label in zip(rows.index, labels, strict=True):
        parts = [
            f"{title.lower()} {wording.significant(table[counter][index])} ms"
            for counter, title, *_ in pieces
            if table[counter][index] > 0
        ]
        said.append(f"{label}: {wording.listed(parts)}")
    alt = f"Stacked horizontal bars: {TITLE}, milliseconds of all threads per item, {subtitle}"
    return Image(file, canvas.alt_text(alt, said, part))
