# SPDX-License-Identifier: Apache-2.0
"""Notes on checkpoints whose training prepared images in another way than the program does."""

from collections.abc import Sequence

_MEAN = (0.485, 0.456, 0.406)
_STD = (0.229, 0.224, 0.225)
SIDE = 224


def notes(side: int | None, mean: Sequence[float], std: Sequence[float]) -> list[str]:
    """Differences of the checkpoint's preprocessing from the program's, which has a side of 224 px
    and ImageNet's mean and standard deviation."""
    found = []
    if side and side != SIDE:
        found.append(f"evaluated at {side} pixels by its authors, run at {SIDE} here")
    own = (*mean, *std)
    if any(abs(a - b) > 1e-3 for a, b in zip(own, (*_MEAN, *_STD), strict=True)):
        text = f"mean {list(mean)} and deviation {list(std)}"
        found.append(f"trained with {text}; the program normalizes with ImageNet's")
    return found
