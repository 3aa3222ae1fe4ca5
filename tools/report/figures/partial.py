# SPDX-License-Identifier: Apache-2.0
"""Full and partial configurations in the order of their work: the share of the full network's time
next to the share of its multiply-accumulates."""

import math
from pathlib import Path

import matplotlib.pyplot as plt
from results import configurations, gains
from results.table import Results

from report import steps, wording
from report.figures import bars, canvas, naming
from report.figures import colors as palette
from report.figures import splitting as split
from report.figures.canvas import Image, Part

TITLE = "Full and partial networks by their work"
SECTION = "partial and joint"
ROWS_PER_IMAGE = 16
STEPS = {"EndToEnd": "end to end", "Inference": "inference"}


def draw(results: Results, out: Path, prefix: str = "") -> list[Image]:
    """Draws EndToEnd and Inference rows at one batch size. Networks without their full row are left
    out, and joint models have a separate figure."""
    images = []
    for step in STEPS:
        rows = results.of_step(step)
        rows = rows[~rows["configuration"].map(configurations.is_joint).astype(bool)]
        rows = split.one_batch(split.having(rows, "macs", "seconds"))
        for name, group in split.groups(rows, prefix, ["step", "device"]):
            shown = gains.beside_full(group)
            if len(shown):
                for part in split.whole(shown, "subject", ROWS_PER_IMAGE, name):
                    images.append(_image(part, step, results, out))
    return images


def _image(part: Part, step: str, results: Results, out: Path) -> Image:
    rows = part.rows
    labels, subtitle = naming.labels(rows, results.contexts), naming.shared(rows, results.contexts)
    times = [
        f"{100 * share:.0f} % ({wording.seconds(seconds)})"
        for share, seconds in zip(rows["of_time"], rows["seconds"], strict=True)
    ]
    work = [
        f"{wording.percent(share)} ({wording.count(macs)} MACs)"
        for share, macs in zip(rows["of_work"], rows["macs"], strict=True)
    ]
    blue = next(s.color for s in steps.STEPS if s.counter == "inference")
    series = [
        bars.Series(f"Time {STEPS[step]}", blue, list(100 * rows["of_time"]), texts=times),
        bars.Series(
            "Multiply-accumulates", palette.REFERENCE, list(100 * rows["of_work"]), texts=work
        ),
    ]
    with plt.rc_context(canvas.STYLE):
        title = f"{TITLE}: {STEPS[step]}{naming.where(rows)}"
        figure, (axes,) = canvas.new_figure(
            max(1.2, 0.44 * len(rows)), [1], title, naming.short(subtitle), part
        )
        bars.lying(axes, labels, series, "Share of the full network (%)", linear=True)
        bars.legend_of(figure, series)
        file = canvas.save(figure, out, "partial", part)
    said = [
        f"{label}: {time} of the time with {wording.percent(share)} of the work"
        for label, time, share in zip(labels, times, rows["of_work"], strict=True)
        if math.isfinite(share)
    ]
    alt = f"Pairs of horizontal bars: {title}, {subtitle}"
    return Image(file, canvas.alt_text(alt, said, part))
