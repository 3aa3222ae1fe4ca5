# SPDX-License-Identifier: Apache-2.0
"""Colors with one meaning in every figure; steps have theirs in `report.steps`."""

import math

import matplotlib
from results import schema

# Okabe and Ito's palette, whose colors differ under every common color blindness.
PALETTE = (
    "#0072B2", "#E69F00", "#009E73", "#CC79A7", "#56B4E9", "#D55E00", "#F0E442", "#999999",
)  # fmt: skip
CPU, GPU = "#D55E00", "#0072B2"
# Of a quantity that is compared with another: the share of the work next to that of the time.
REFERENCE = "#999999"
DECODERS = dict(zip(schema.AXES["decoder"].values, PALETTE, strict=False))


def batch(size: int) -> str:
    """One fixed color per batch size: light for small, dark for large, up to 4096."""
    place = min(math.log2(max(size, 1)) / 12, 1.0)
    return _hex("viridis_r", 0.06 + 0.84 * place)


def sequence(count: int) -> list[str]:
    """Colors of things that have an order, from dark to light."""
    return [_hex("viridis", 0.15 + 0.75 * i / max(count - 1, 1)) for i in range(count)]


def regret(share: float) -> str:
    """From light (nothing is lost) to dark (1: all is lost); equal colors mean equal losses."""
    return _hex("viridis_r", 0.04 + 0.86 * min(max(share, 0.0), 1.0) ** 0.5)


def decoder(name: str, others: list[str]) -> str:
    """Of a decoder, or of another reader by its place among `others`."""
    if name in DECODERS:
        return DECODERS[name]
    rest = [color for color in PALETTE if color not in DECODERS.values()]
    return rest[others.index(name) % len(rest)]


def _hex(name: str, place: float) -> str:
    return matplotlib.colors.to_hex(matplotlib.colormaps[name](place))
