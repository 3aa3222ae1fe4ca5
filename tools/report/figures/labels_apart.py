# SPDX-License-Identifier: Apache-2.0
"""Names next to their points, none of which covers another.

adjustText is not used: with version 1.4.0 and a limit on its steps, the rooflines of one H200 had
names 55 to 100 pixels away from their points, some nearer to another point, with lines across other
networks. On the same figures the places tried here leave a name at most 20 pixels away from its
point, and to the right of it wherever there is room."""

from collections.abc import Sequence

from matplotlib.axes import Axes
from matplotlib.transforms import Bbox

# Where a name may be, as offsets from its point in points of 1/72 inch, the preferred place first.
# The eight places around the point are tried at four distances.
_PLACES = [
    (x * far, y * far, side)
    for far in (1, 2, 3, 4.5)
    for x, y, side in (
        (7, 0, "left"), (-7, 0, "right"), (5, 7, "left"), (5, -7, "left"), (-5, 7, "right"),
        (-5, -7, "right"), (0, 10, "center"), (0, -10, "center"),
    )
]  # fmt: skip
_NEAR = 8  # The first distance, at which a name needs no line to its point.
_SIZE = 8.5


def place(
    axes: Axes,
    points: Sequence[tuple[float, float]],
    names: Sequence[str],
    others: Sequence[tuple[float, float]] = (),
) -> None:
    """Each name in turn takes the first place in which it is inside of the axes and covers no text
    and no other point, named or one of `others`. Where there is none, it takes the last place."""
    axes.figure.draw_without_rendering()  # The layout gives texts their sizes.
    renderer = axes.figure.canvas.get_renderer()
    inside = axes.get_window_extent()
    written = [text.get_window_extent(renderer) for text in axes.texts]
    around = [_around(*axes.transData.transform(point)) for point in [*points, *others]]
    for index, (point, name) in enumerate(zip(points, names, strict=True)):
        text = axes.annotate(
            name, point, (0, 0), textcoords="offset points", va="center", fontsize=_SIZE
        )
        # Other points at the very same place do not count: no place is free of them.
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
        if far > _NEAR:  # A line connects the name to its point.
            line = {"arrowstyle": "-", "color": "#555555", "linewidth": 0.7, "shrinkA": 0}
            axes.annotate(
                "", point, (x, y), textcoords="offset points", arrowprops=line | {"shrinkB": 3}
            )


def _around(x: float, y: float) -> Bbox:
    return Bbox.from_extents(x - 6, y - 6, x + 6, y + 6)
