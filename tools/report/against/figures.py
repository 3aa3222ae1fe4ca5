# SPDX-License-Identifier: Apache-2.0
"""Extractions of two machines: bars of items per second, and of the seconds of each step."""

from collections.abc import Iterator
from pathlib import Path

import matplotlib.pyplot as plt
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.patches import Patch

from report import steps, wording
from report.against import measures, tables
from report.against.matching import Pair
from report.figures import canvas
from report.figures.canvas import Image, Part

PAIRS_PER_IMAGE = 12
_HERE, _THERE = "#0072B2", "#E69F00"  # Okabe and Ito's blue and orange.


def draw(pairs: list[Pair], here: str, there: str, out: Path) -> list[Image]:
    """Draws nothing where no pair has a rate on both sides."""
    shown = [pair for pair in pairs if measures.extraction_rate(pair.there) > 0
             and measures.extraction_rate(pair.here) > 0]  # fmt: skip
    images = [_rates(group, part, here, there, out) for group, part in _parts(shown, "rate")]
    stepped = [
        pair
        for pair in shown
        if all(measures.number(row, "inference") > 0 for row in (pair.here, pair.there))
    ]
    images += [_steps(group, part, here, there, out) for group, part in _parts(stepped, "steps")]
    return images


def _parts(pairs: list[Pair], name: str) -> Iterator[tuple[list[Pair], Part]]:
    if not pairs:
        return
    rows = pd.DataFrame({"place": range(len(pairs))})
    for part in canvas.chunks(rows, PAIRS_PER_IMAGE, name):
        yield [pairs[place] for place in part.rows["place"]], part


def _labels(pairs: list[Pair]) -> list[str]:
    """What is compared, and below it the settings that differ, unless they differ in every pair."""
    labels, common = [], tables.common(pairs)
    for pair in pairs:
        row = pair.here
        batch = f", batch {row['batch']}" if not pd.isna(row["batch"]) else ""
        mode = f", {row['mode']}" if row["mode"] else ""
        differs = "\nother " + ", ".join(word.split(":")[0] for word in pair.differs)
        labels.append(
            f"{wording.network(row['subject'])} {row['configuration'] or ''}{batch}{mode}"
            + (differs if pair.differs and not common else "")
        )
    return labels


def _rates(pairs: list[Pair], part: Part, here: str, there: str, out: Path) -> Image:
    title = "Items per second of whole extractions"
    with plt.rc_context(canvas.STYLE):
        figure, axes = canvas.new_figure(0.62 * len(pairs), [1], title, f"{here}; {there}", part)
        longest = max(
            measures.extraction_rate(row) for pair in pairs for row in (pair.here, pair.there)
        )
        for place, pair in enumerate(pairs):
            rates = [measures.extraction_rate(row) for row in (pair.here, pair.there)]
            for offset, rate, color in zip((-0.19, 0.19), rates, (_HERE, _THERE), strict=True):
                axes[0].barh(place + offset, rate, 0.36, color=color)
                text = wording.significant(rate)
                if offset < 0:
                    text += f"  ({wording.significant(measures.ratio(*rates))} times there)"
                axes[0].text(rate + 0.01 * longest, place + offset, text, va="center", fontsize=9)
        axes[0].set_xlim(0, 1.25 * longest)
        _finish(axes[0], _labels(pairs), "Items per second")
        handles = [Patch(color=_HERE, label=f"here: {here}")]
        handles.append(Patch(color=_THERE, label=f"there: {there}"))
        figure.legend(
            handles=handles, loc="outside lower center", ncols=2, frameon=False, handlelength=1.2
        )
        file = canvas.save(figure, out, "against", part)
    alt = f"Bars in pairs: items per second of whole extractions on {here} and on {there}"
    return Image(file, canvas.alt_text(alt, _flat(pairs), part))


def _steps(pairs: list[Pair], part: Part, here: str, there: str, out: Path) -> Image:
    title = "Seconds of each step per 1,000 items"
    with plt.rc_context(canvas.STYLE):
        subtitle = f"upper bar: here, {here}; lower bar: there, {there}"
        figure, axes = canvas.new_figure(0.62 * len(pairs), [1], title, subtitle, part)
        sums = []
        for place, pair in enumerate(pairs):
            for offset, row in ((-0.19, pair.here), (0.19, pair.there)):
                left = 0.0
                for step in measures.EXTRACTION:
                    width = measures.step_seconds(row, step.counter)
                    width = width if width > 0 else 0.0
                    axes[0].barh(place + offset, width, 0.36, left=left, color=step.color,
                                 edgecolor="white", linewidth=0.6)  # fmt: skip
                    left += width
                sums.append((left, place + offset))
        longest = max(left for left, _ in sums)
        for left, place in sums:
            axes[0].text(left + 0.01 * longest, place, wording.seconds(left), va="center",
                         fontsize=9)  # fmt: skip
        axes[0].set_xlim(0, 1.12 * longest)
        _finish(axes[0], _labels(pairs), "Seconds per 1,000 items")
        modes = {pair.here["mode"] for pair in pairs}
        mode = modes.pop() if len(modes) == 1 else None
        handles = [
            Patch(color=step.color, label=steps.title(step, mode)) for step in measures.EXTRACTION
        ]
        figure.legend(
            handles=handles, loc="outside lower center", ncols=3, frameon=False, handlelength=1.2
        )
        file = canvas.save(figure, out, "against", part)
    alt = f"Stacked bars in pairs: seconds of each step per 1,000 items on {here} and on {there}"
    return Image(file, canvas.alt_text(alt, _flat(pairs), part))


def _finish(axes: Axes, labels: list[str], unit: str) -> None:
    axes.set_yticks(range(len(labels)), labels)
    axes.invert_yaxis()
    axes.grid(False, axis="y")
    axes.tick_params(axis="y", length=0)
    axes.set_xlabel(unit)


def _flat(pairs: list[Pair]) -> list[str]:
    return [label.replace("\n", ", ") for label in _labels(pairs)]
