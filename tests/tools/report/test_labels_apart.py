# SPDX-License-Identifier: Apache-2.0
import itertools
import random
from pathlib import Path

import matplotlib.pyplot as plt
import pandas as pd
import pytest
from matplotlib.axes import Axes
from matplotlib.text import Text
from report.figures import canvas, labels_apart

_NAMES = [f"Network-{number}, 50 %" for number in range(12)]


def _points(seed: int) -> list[tuple[float, float]]:
    draw = random.Random(seed)
    return [(10 ** draw.uniform(0, 2), draw.uniform(0.5, 1)) for _ in _NAMES]


def _drawn(points: list[tuple[float, float]], others: list[tuple[float, float]]) -> Axes:
    part = canvas.Part(pd.DataFrame(), 1, 1, "x")
    _, (axes,) = canvas.new_figure(4, [1], "A title", "and more", part)
    axes.set_xscale("log")
    axes.scatter(*zip(*points, *others, strict=True))
    axes.margins(0.14)
    axes.text(*points[0], "a text that was there before", va="bottom")
    labels_apart.place(axes, points, _NAMES, others)
    return axes


@pytest.mark.parametrize("seed", range(4))
def test_names_cover_no_text_no_point_and_no_edge(seed: int) -> None:
    points, others = _points(seed), _points(seed + 100)
    with plt.rc_context(canvas.STYLE):
        axes = _drawn(points, others)
        axes.figure.draw_without_rendering()
    renderer = axes.figure.canvas.get_renderer()
    texts: list[Text] = [text for text in axes.texts if text.get_text()]
    boxes = [text.get_window_extent(renderer) for text in texts]
    assert [text.get_text() for text in texts[1:]] == _NAMES
    assert not any(one.overlaps(other) for one, other in itertools.combinations(boxes, 2))
    inside = axes.get_window_extent()
    for box in boxes[1:]:
        assert not any(box.contains(*axes.transData.transform(p)) for p in [*points, *others])
        assert inside.containsx(box.x0) and inside.containsx(box.x1)
        assert inside.containsy(box.y0) and inside.containsy(box.y1)
    plt.close(axes.figure)


def test_equal_points_give_equal_files(tmp_path: Path) -> None:
    files = []
    for name in ("one", "two"):
        with plt.rc_context(canvas.STYLE):
            axes = _drawn(_points(1), _points(2))
            part = canvas.Part(pd.DataFrame(), 1, 1, name)
            canvas.save(axes.figure, tmp_path, "kind", part)
        files.append((tmp_path / f"kind_{name}.svg").read_bytes())
    assert files[0] == files[1]
