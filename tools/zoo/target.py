# SPDX-License-Identifier: Apache-2.0
"""The images of a trained zoo: those that candidates are trained on, in memory, and the data set of
the search, as files."""

from collections.abc import Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import torch
from PIL import Image
from whole_text import replacing

from zoo import digits, recipes
from zoo.training import Images

_CROP = 224
_JPEG_QUALITY = 92
_SOURCE, _TARGET = 0, 1  # Parts of seeds: the two kinds of images never have equal backgrounds.


def source(scans: digits.Scans, count: int, seed: int) -> Images:
    """`count` photographs; scans are drawn again, on another background, where there are fewer."""
    rng = np.random.default_rng((seed, _SOURCE))
    order = scans.some(recipes.SOURCE_DIGITS, count, rng)
    chosen = [order[index % len(order)] for index in range(count)]

    def draw(index: int) -> torch.Tensor:
        return _pixels(digits.photograph(scans.values[chosen[index]], (seed, _SOURCE, index)))

    with ThreadPoolExecutor() as pool:
        pixels = torch.stack(list(pool.map(draw, range(count))))
    return Images(pixels, _labels(scans.digits[chosen], recipes.SOURCE_DIGITS))


def write(scans: digits.Scans, count: int, seed: int, folder: Path) -> None:
    """`folder`/{train,val}/<digit>/<number>.jpg, one half each, of `count` different scans. The
    folder appears complete or not at all; one that is there stays."""
    if folder.is_dir():
        return
    order = scans.some(recipes.TARGET_DIGITS, count, np.random.default_rng((seed, _TARGET)))
    with replacing(folder) as part:
        for place, scan in enumerate(order):
            split = "train" if place < len(order) // 2 else "val"
            file = part / split / str(scans.digits[scan]) / f"{place:04d}.jpg"
            file.parent.mkdir(parents=True, exist_ok=True)
            image = digits.photograph(scans.values[scan], (seed, _TARGET, place))
            image.save(file, quality=_JPEG_QUALITY)


def read(folder: Path, split: str) -> Images:
    files = sorted((folder / split).glob("*/*.jpg"))
    pixels = []
    for file in files:
        with Image.open(file) as image:
            pixels.append(_pixels(image))
    return Images(
        torch.stack(pixels), _labels((int(f.parent.name) for f in files), recipes.TARGET_DIGITS)
    )


def _pixels(image: Image.Image) -> torch.Tensor:
    """The middle, as the program and torchvision cut it."""
    edge = (digits.SIZE - _CROP) // 2
    values = np.asarray(image)[edge : edge + _CROP, edge : edge + _CROP]
    return torch.from_numpy(values.copy()).permute(2, 0, 1)


def _labels(found: Iterable[int], order: Sequence[int]) -> torch.Tensor:
    return torch.tensor([order.index(int(digit)) for digit in found])
