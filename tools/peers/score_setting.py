# SPDX-License-Identifier: Apache-2.0
"""What both sides of a comparison of scores compute."""

import argparse
import re
from dataclasses import dataclass

from results import schema

from peers.rows import row_name

_SIZE = re.compile(r"(\d+)x(\d+)")


@dataclass(frozen=True)
class ScoreSetting:
    """`probe` on features [items, width]. `device` is that of our side; Python's is the CPU."""

    probe: str
    items: int
    width: int
    classes: int
    device: str = "cpu"

    @property
    def size(self) -> str:
        return f"{self.items}x{self.width}"

    def row_name(self, peer: str = "") -> str:
        """As the program names a Score row of such features."""
        named = {"classes": str(self.classes), "features": f"{self.items}x{self.width}"}
        if self.probe != schema.DEFAULTS["probe"]:
            named["probe"] = self.probe
        if peer:
            named["peer"] = peer
        return row_name(f"Score/synthetic/full/{'cpu' if peer else self.device}", named)


def sizes(text: str) -> tuple[tuple[int, int], ...]:
    """`9469x2048,500x512`: items and width."""
    found = []
    for part in text.split(","):
        match = _SIZE.fullmatch(part)
        if match is None or 0 in (size := (int(match[1]), int(match[2]))):
            raise argparse.ArgumentTypeError(
                f"{part!r} is not a size: write items x width, as 9469x2048"
            )
        found.append(size)
    return tuple(found)
