# SPDX-License-Identifier: Apache-2.0
"""How each candidate of a trained zoo is trained: its parent, its blocks, classes, epochs, rate."""

import random
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

SOURCE_DIGITS = (0, 1, 2, 3, 4)  # What candidates are trained on.
TARGET_DIGITS = (5, 6, 7, 8, 9)  # What the search is for.
_RATES = (1.0, 0.3, 0.1)


@dataclass(frozen=True)
class Recipe:
    """Candidate `index` is its parent, trained for `epochs` more in its last `trained_blocks`
    blocks and the head behind them on `digits`, with `rate` times the parents' learning rate.
    Without trained blocks it is the parent, which itself was trained for `parent_epochs`."""

    index: int
    parent_epochs: int
    trained_blocks: int = 0
    epochs: int = 0
    digits: tuple[int, ...] = SOURCE_DIGITS
    rate: float = 1.0
    seed: int = 0

    @property
    def all_epochs(self) -> int:
        return self.parent_epochs + self.epochs

    def row(self) -> dict[str, Any]:
        """For the manifest."""
        return asdict(self) | {"digits": list(self.digits)}


def parents_epochs(parents: int, epochs: int) -> list[int]:
    """One training gives all parents: they are what it has become after 0 to `epochs` epochs."""
    if parents == 1:
        return [epochs]
    return [round(epochs * index / (parents - 1)) for index in range(parents)]


def draw(
    parents: Sequence[int], candidates: int, epochs: int, blocks: int, seed: int
) -> list[Recipe]:
    """`parents` are their epochs. They are the first candidates; children follow, dealt out evenly.
    The first children of a larger zoo with the same seed are those of a smaller one."""
    source = random.Random(f"recipes {seed}")
    recipes = [Recipe(index, of) for index, of in enumerate(parents[:candidates])]
    for index in range(len(recipes), candidates):
        count = source.randint(2, len(SOURCE_DIGITS))
        recipes.append(
            Recipe(
                index,
                parents[index % len(parents)],
                trained_blocks=source.randint(1, max(1, blocks // 2)),
                epochs=source.randint(1, epochs),
                digits=tuple(sorted(source.sample(SOURCE_DIGITS, count))),
                rate=source.choice(_RATES),
                seed=source.getrandbits(32),
            )
        )
    return recipes
