# SPDX-License-Identifier: Apache-2.0
"""Names beside points that do not lie on each other."""

from collections.abc import Sequence

from matplotlib.axes import Axes
from matplotlib.transforms import Bbox

# Where a name may stand, in points from its point: right, left, above, below, and further away.
_PLACES = [
    (x * far, y * far, side)
    for far in (1, 2, 3, 4.5)
    for x, y, side in (
        (7, 0, "left"), (-7, 0, "right"), (5, 7, "left"), (5, -7, "left"), (-5, 7, "right"),
        (-5, -7, "right"), (0, 10, "center"), (0, -10, "center"),
    )
]  # fmt: skip
_NEAR = 8  # Places right beside the point.
_SIZE = 8.5


def place(
    axes: Axes,
    points: Sequence[tuple[float, float]],
    names: Sequence[str],
    others: Sequence[tuple[float, float]] = (),
) -> None:
    """Greedy: each name takes the first place in which it covers no other point (nor one of
    `others`, which have no name), no text and no edge."""
    axes.figure.draw_without_rendering()  # Sizes are known once the layout is.
    renderer = axes.figure.canvas.get_renderer()
    inside = axes.get_window_extent()
    written = [text.get_window_extent(renderer) for text in axes.texts]
    around = [_around(*axes.transData.transform(point)) for point in [*points, *others]]
    for index, (point, name) in enumerate(zip(points, names, strict=True)):
        text = axes.annotate(
            name, point, (0, 0), textcoords="offset points", va="center", fontsize=_SIZE
        )
        # Another batch of the same network may lie right where this one does.
        own = around[index]
        taken = [*written, *(box for box in around if box.bounds != own.bounds)]
        for far, (x, y, side) in enumerate(_PLACES, start=1):
            text.set_position((x, y))
            text.set_ha(side)
            box = text.get_window_extent(renderer)
            free = inside.x0 <= box.x0 and box.x1 <= inside.x1
            free = free and inside.y0 <= box.y0 and box.y1 <= inside.y1
            if (free and not any(box.overlaps(other) for other in taken)) or far == len(_PLACES):
                break
        written.append(box)
        if far > _NEAR:  # A line says whose name this is.
            line = {"arrowstyle": "-", "color": "#555555", "linewidth": 0.7, "shrinkA": 0}
            axes.annotate(
                "", point, (x, y), textcoords="offset points", arrowprops=line | {"shrinkB": 3}
            )


def _around(x: float, y: float) -> Bbox:
    return Bbox.from_extents(x - 6, y - 6, x + 6, y + 6)
