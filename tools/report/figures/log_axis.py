# SPDX-License-Identifier: Apache-2.0
"""Log scales whose ticks are plain numbers, as many as fit."""

import math

import matplotlib
from matplotlib.axis import Axis

_FEW_DECADES = 2.5  # Below this 2 and 5 have ticks, too.


def plain(axis: Axis) -> None:
    """Sets ticks at powers of ten, in a short range also at 2 and 5 times them. Call it after the
    limits of the axis are set."""
    least, most = axis.get_view_interval()
    short = math.log10(most / least) < _FEW_DECADES
    subs = (1.0, 2.0, 5.0) if short else (1.0,)
    axis.set_major_locator(matplotlib.ticker.LogLocator(subs=subs))
    axis.set_major_formatter(matplotlib.ticker.FuncFormatter(number))
    axis.set_minor_formatter(matplotlib.ticker.NullFormatter())


def number(value: float, _: object = None) -> str:
    """`0.001`, `20`, `1,000,000`."""
    return f"{value:,.10g}" if value >= 1e-3 else f"{value:g}"
