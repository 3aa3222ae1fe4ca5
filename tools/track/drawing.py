# SPDX-License-Identifier: Apache-2.0
"""A series as an element of the page. Its colors are the page's CSS variables, so that it follows
light and dark."""

import io
from collections.abc import Sequence

import matplotlib

matplotlib.use("Agg")

import matplotlib.pyplot as plt
from report.page import inline_svg
from results.processes import TIME

from track.series import Series

# Colors that matplotlib draws with -> variables of the page.
_COLORS = {"#010101": "var(--ink)", "#020202": "var(--faint)", "#030303": "var(--line)",
            "#040404": "var(--worse)", "#050505": "var(--better)"}  # fmt: skip
_INK, _FAINT, _LINE, _WORSE, _BETTER = _COLORS
_STYLE = {
    "svg.fonttype": "none",  # Text that is not drawn as paths is small and can be searched.
    "font.family": "sans-serif",
    "font.size": 9,
    "text.color": _INK,
    "axes.edgecolor": _FAINT,
    "axes.labelcolor": _INK,
    "xtick.color": _INK,
    "ytick.color": _INK,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.grid": True,
    "grid.color": _FAINT,
    "grid.alpha": 0.4,
}


def svg(series: Series, number: int) -> str:
    """`number` differs between the drawings of a page."""
    scale, unit = _scale(series)
    values = [point.value * scale for point in series.points]
    with plt.rc_context(_STYLE | {"svg.hashsalt": "history"}):
        figure, axes = plt.subplots(figsize=(9, 2.4), layout="constrained")
        axes.plot(range(len(values)), values, color=_LINE, marker=".", linewidth=1)
        starts = [0, *(change.index for change in series.changes)]
        for change in series.changes:
            worse = series.verdict(change) in ("SLOWER", "WORSE")
            axes.axvline(change.index - 0.5, color=_WORSE if worse else _BETTER, linestyle="--")
        levels = [change.before for change in series.changes]
        levels += [change.after for change in series.changes[-1:]]
        for start, end, level in zip(starts, [*starts[1:], len(values)], levels, strict=False):
            axes.plot([start - 0.5, end - 0.5], [level * scale] * 2, color=_INK, linewidth=1)
        axes.set_ylim(0, 1.15 * max(values))
        axes.set_ylabel(unit)
        places = sorted({round(i * (len(values) - 1) / 5) for i in range(6)})
        axes.set_xticks(places, [f"{series.points[i].date:%Y-%m-%d}" for i in places])
        out = io.StringIO()
        figure.savefig(out, format="svg", transparent=True, metadata={"Date": None})
        plt.close(figure)
    drawing = out.getvalue()
    for stand_in, variable in _COLORS.items():
        drawing = drawing.replace(stand_in, variable)
    return inline_svg.element(drawing, _alternative(series, unit, values), f"s{number}")


def _alternative(series: Series, unit: str, values: Sequence[float]) -> str:
    """The drawing in words, for readers who cannot see it."""
    first, last = (f"{point.date:%Y-%m-%d}" for point in (series.points[0], series.points[-1]))
    return (
        f"Line of {series.name}: {len(values)} points from {first} to {last}, the first "
        f"{values[0]:.3g} {unit}, the last {values[-1]:.3g} {unit}"
    )


def _scale(series: Series) -> tuple[float, str]:
    if series.metric != TIME:
        return 1.0, series.metric
    largest = max(point.value for point in series.points)
    return next(
        (scale, unit)
        for scale, unit, least in ((1, "s", 1), (1e3, "ms", 1e-3), (1e6, "µs", 0))
        if largest >= least
    )
