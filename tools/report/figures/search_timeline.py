# SPDX-License-Identifier: Apache-2.0
"""What a search of a zoo did when: decoding, loading, computing by segment, scoring."""

import itertools
from collections.abc import Iterable
from pathlib import Path

import matplotlib.pyplot as plt
from matplotlib.axes import Axes
from results.table import Results
from results.traces import Event, Trace

from report import wording
from report.figures import bars, canvas, naming, traced
from report.figures.canvas import Image, Part
from report.steps import STEPS

TITLE = "What ran when in a search"
SECTION = "search"
_KINDS = {"load_data": "Decoding", "load_model": "Loading", "inference": "Computing",
          "score": "Scoring"}  # fmt: skip
_COLORS = {step.counter: step.color for step in STEPS}
_LEGEND = 9  # Depths of which each has an entry.
_SMALLEST = 1 / 1500  # Share of the width below which a gap is not drawn.


def draw(results: Results, out: Path, prefix: str = "") -> list[Image]:
    """An image per search with a trace of its segments, which plans that share nothing lack: a band
    per part, in which each thread has a line. Work that follows on its like is drawn as one bar."""
    return [_image(part, trace, out) for part, trace in traced.parts(results, prefix)
            if any(event.kind == "inference" for event in trace.events)]  # fmt: skip


def _image(part: Part, trace: Trace, out: Path) -> Image:
    kinds = [kind for kind in _KINDS if any(event.kind == kind for event in trace.events)]
    title, subtitle = traced.title("Timeline", part.rows), traced.settings(part.rows, trace)
    end = max(trace.seconds, *(event.start + event.seconds for event in trace.events))
    scale, unit = (1.0, "Seconds") if end >= 1 else (1e3, "Milliseconds")
    with plt.rc_context(canvas.STYLE):
        height = 0.55 * len(kinds) + 0.6
        figure, (axes,) = canvas.new_figure(height, [1], title, naming.short(subtitle), part)
        for place, kind in enumerate(kinds):
            _band(axes, place, kind, trace, scale, end)
        axes.set_ylim(len(kinds) - 0.4, -0.6)
        axes.set_yticks(range(len(kinds)), [_KINDS[kind] for kind in kinds])
        axes.set_xlim(0, end * scale)
        axes.set_xlabel(f"{unit} since the search began")
        axes.grid(False, axis="y")
        axes.tick_params(axis="y", length=0)
        if any(event.segment is not None for event in trace.events if event.kind == "inference"):
            bars.legend(figure, _legend(trace), "Computing, by the segments in front of it")
        file = canvas.save(figure, out, "search-timeline", part)
    said = [f"{_KINDS[kind].lower()} {_busy(trace, kind)}" for kind in kinds]
    return Image(file, canvas.alt_text(f"Timeline bars: {title}, {subtitle}", said, part))


def _band(axes: Axes, place: int, kind: str, trace: Trace, scale: float, end: float) -> None:
    own = [event for event in trace.events if event.kind == kind]
    lanes = sorted({event.lane for event in own})
    height = 0.8 / len(lanes)
    by_depth = traced.depth_colors(trace)

    def color(event: Event) -> str:
        if kind != "inference" or event.segment is None:
            return _COLORS[kind]
        return by_depth[trace.depth[event.segment]]

    for line, lane in enumerate(lanes):
        bottom = place - 0.4 + line * height
        events = [event for event in own if event.lane == lane]
        for shown, spans in _merged(events, color, _SMALLEST * end).items():
            scaled = [(start * scale, width * scale) for start, width in spans]
            axes.broken_barh(scaled, (bottom, 0.94 * height), facecolors=shown, linewidth=0)


def _merged(events: Iterable[Event], color, gap: float) -> dict[str, list[tuple[float, float]]]:
    """Starts and widths by color; neighbors of one color that nearly touch are one."""
    found: dict[str, list[tuple[float, float]]] = {}
    ordered = sorted(events, key=lambda event: event.start)
    for shown, same in itertools.groupby(ordered, key=color):
        spans: list[tuple[float, float]] = []
        for event in same:
            until = event.start + event.seconds
            if spans and event.start - sum(spans[-1]) < gap:
                start = spans[-1][0]
                spans[-1] = (start, max(sum(spans[-1]), until) - start)
            else:
                spans.append((event.start, event.seconds))
        found.setdefault(shown, []).extend(spans)
    return found


def _legend(trace: Trace) -> list[tuple[str, str, None]]:
    shown = traced.depth_colors(trace)
    step = -(-len(shown) // _LEGEND)
    return [(str(depth), shown[depth], None) for depth in range(0, len(shown), step)]


def _busy(trace: Trace, kind: str) -> str:
    """From when to when, and for how long together."""
    own = [event for event in trace.events if event.kind == kind]
    begin = min(event.start for event in own)
    end = max(event.start + event.seconds for event in own)
    together = wording.seconds(sum(event.seconds for event in own))
    return f"{wording.seconds(begin)} to {wording.seconds(end)} ({together} of work)"
