# SPDX-License-Identifier: Apache-2.0
"""Items per second of loading by decoder and number of workers: lines."""

from pathlib import Path
from typing import Any

import matplotlib
import matplotlib.pyplot as plt
import pandas as pd
from results.table import Results

from report import wording
from report.figures import bars, canvas, colors, naming
from report.figures import splitting as split
from report.figures.canvas import Image, Part

TITLE = "Loading by decoder and workers"
SECTION = "data path"
_LINES = ("decoder", "peer", "input")
_STYLES = ("-", "--", ":", "-.")


def draw(results: Results, out: Path, prefix: str = "") -> list[Image]:
    """A line per decoder (or peer) and input over numbers of workers; batch sizes and other
    settings have separate images. Decoders on a GPU share an image with those on the CPU."""
    rows = split.having(results.of_step("LoadData"), "items_per_second")
    workers = rows["keys"].map(lambda pairs: dict(pairs).get("workers"))
    rows = rows.assign(workers=pd.to_numeric(workers))
    rows = rows[rows["workers"].notna()]
    images = []
    for name, group in split.groups(rows, prefix, ["batch"], ("workers", *_LINES)):
        if len(group) > 1:
            images.append(_image(Part(group, 1, 1, name), results.contexts, out))
    return images


def _image(part: Part, contexts: dict[str, Any], out: Path) -> Image:
    rows = part.rows
    subtitle = naming.shared(rows, contexts, ("workers", *_LINES))
    lines = _by_line(rows)
    readers = list(dict.fromkeys(name.split(", ")[0] for name in lines))
    inputs = list(dict.fromkeys(", ".join(name.split(", ")[1:]) for name in lines))
    unknown = [name for name in readers if name not in colors.DECODERS]
    said = []
    if rows["workers"].nunique() == 1:
        return _bars(part, lines, subtitle, out)
    with plt.rc_context(canvas.STYLE):
        figure, (axes,) = canvas.new_figure(3.6, [1], TITLE, naming.short(subtitle), part)
        for name, own in lines.items():
            decoder, _, kind = name.partition(", ")
            style = _STYLES[inputs.index(kind) % len(_STYLES)]
            axes.plot(
                own["workers"], own["items_per_second"], color=colors.decoder(decoder, unknown),
                linestyle=style, marker="o" if inputs.index(kind) == 0 else "s", markersize=6,
                label=name,
            )  # fmt: skip
            words = [f"{w:.0f} worker{'s' if w > 1 else ''}" for w in own["workers"]]
            range_ = naming.span(own["items_per_second"], words, wording.significant)
            said.append(f"{name} {range_}")
        axes.set_ylim(0, 1.06 * float(rows["items_per_second"].max()))
        axes.set_xticks(sorted(set(rows["workers"])))
        axes.xaxis.set_major_formatter(matplotlib.ticker.StrMethodFormatter("{x:,g}"))
        axes.yaxis.set_major_formatter(matplotlib.ticker.StrMethodFormatter("{x:,g}"))
        axes.set_xlim(0, 1.04 * float(rows["workers"].max()))
        axes.set_xlabel("Workers")
        axes.set_ylabel("Items per second")
        figure.legend(
            loc="outside lower center", ncols=min(len(lines), 5), frameon=False, handlelength=2.6
        )
        file = canvas.save(figure, out, "decoders", part)
    alt = f"Lines over numbers of workers: {TITLE}, items per second, {subtitle}"
    return Image(file, canvas.alt_text(alt, said, part))


def _bars(part: Part, lines: dict[str, pd.DataFrame], subtitle: str, out: Path) -> Image:
    """Draws bars where only one number of workers was measured."""
    workers = f"{part.rows.iloc[0]['workers']:.0f} workers"
    subtitle = ", ".join([workers, *([subtitle] if subtitle else [])])
    rates = [float(own["items_per_second"].max()) for own in lines.values()]
    series = [bars.Series("", colors.DECODERS["turbojpeg"], rates)]
    with plt.rc_context(canvas.STYLE):
        height = max(1.0, 0.34 * len(lines))
        figure, (axes,) = canvas.new_figure(height, [1], TITLE, naming.short(subtitle), part)
        bars.lying(axes, list(lines), series, "Items per second")
        file = canvas.save(figure, out, "decoders", part)
    pairs = zip(lines, rates, strict=True)
    said = [f"{name} {wording.significant(rate)}" for name, rate in pairs]
    alt = f"Horizontal bars: {TITLE}, items per second, {subtitle}"
    return Image(file, canvas.alt_text(alt, said, part))


def _by_line(rows: pd.DataFrame) -> dict[str, pd.DataFrame]:
    """Rows of each line, by its name: reader, then input where it is not the default."""
    names = []
    for pairs in rows["keys"]:
        keys = dict(pairs)
        name = keys.get("peer") or keys.get("decoder") or "texts"
        names.append(", ".join([name, *([keys["input"]] if "input" in keys else [])]))
    labelled = rows.assign(line=names)
    return {name: own.sort_values("workers") for name, own in labelled.groupby("line", sort=False)}
