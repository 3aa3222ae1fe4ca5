# SPDX-License-Identifier: Apache-2.0
"""Scans of handwritten digits, drawn as photographs.

The scans are scikit-learn's: 1,797 of 8 x 8 pixels with 17 levels of gray, from the test set of
UCI's "Optical Recognition of Handwritten Digits". A photograph has one of them in a color of its
own, turned, sheared and moved, on an uneven background, with strokes that belong to nothing and
sensor noise, so that neither a color nor a place gives the digit away.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import zip_longest
from pathlib import Path

import numpy as np
from export.checkpoint import ExportError
from PIL import Image, ImageDraw

VERSION = 1  # of what photograph() draws
SIZE = 256  # What the networks' preparation resizes to, so that it only crops.
_CROP = 224
_NOISE = 6.0
_STROKES = 1


@dataclass(frozen=True)
class Scans:
    """Values [N, 8, 8] from 0 to 16, and the digit [N] on each."""

    values: np.ndarray
    digits: np.ndarray

    def digest(self) -> str:
        return hashlib.sha256(self.values.tobytes() + self.digits.tobytes()).hexdigest()

    def count(self, digits: Sequence[int]) -> int:
        return int(np.isin(self.digits, digits).sum())

    def some(self, digits: Sequence[int], most: int, rng: np.random.Generator) -> list[int]:
        """Indices of at most `most` random scans, one of each digit in turn."""
        shuffled = [rng.permutation(np.flatnonzero(self.digits == each)) for each in digits]
        turns = [int(each) for turn in zip_longest(*shuffled) for each in turn if each is not None]
        return turns[:most]


def load(file: Path | None) -> Scans:
    """scikit-learn's scans; `file` is its digits.csv.gz where it is not installed."""
    if file is None:
        try:
            from sklearn.datasets import load_digits
        except ImportError:
            raise ExportError(
                "scikit-learn is not installed; give --digits=FILE, the digits.csv.gz that is in "
                "sklearn/datasets/data/ of an installation"
            ) from None
        found = load_digits()
        table = np.column_stack([found.data, found.target])
    else:
        try:
            table = np.loadtxt(file, delimiter=",", ndmin=2)
        except (OSError, ValueError, EOFError) as error:
            raise ExportError(f"--digits={file}: {error}") from None
    fits = table.shape[1] == 65 and set(np.unique(table[:, 64])) == set(range(10))
    if not fits or table[:, :64].min() < 0 or table[:, :64].max() > 16:
        raise ExportError(
            f"--digits={file}: not the digits of scikit-learn: rows of 64 values from 0 to 16 and "
            "a digit, with each digit"
        )
    return Scans(table[:, :64].reshape(-1, 8, 8), table[:, 64].astype(np.int64))


def photograph(scan: np.ndarray, seed: Sequence[int]) -> Image.Image:
    """RGB of SIZE x SIZE; the same scan and seed give the same pixels."""
    rng = np.random.default_rng(seed)
    ink, paper = _colors(rng)
    background = _smooth(rng, 4) * 50 - 25 + paper
    strokes = _strokes(rng)
    cover = np.maximum(_placed(scan, rng), strokes * rng.uniform(0.3, 0.8))[..., None]
    pixels = background * (1 - cover) + ink * cover
    pixels = pixels * rng.uniform(0.7, 1.1) + rng.normal(0, _NOISE, pixels.shape)
    return Image.fromarray(pixels.clip(0, 255).astype(np.uint8))


def _colors(rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
    """Of ink and paper; as chalk on a board, ink is the lighter one."""
    while True:
        ink, paper = rng.uniform(120, 250, 3), rng.uniform(10, 120, 3)
        if ink.mean() - paper.mean() > 100:
            return ink, paper


def _smooth(rng: np.random.Generator, cells: int) -> np.ndarray:
    """[SIZE, SIZE, 3] from 0 to 1, without an edge."""
    coarse = Image.fromarray(rng.integers(0, 256, (cells, cells, 3), dtype=np.uint8))
    return np.asarray(coarse.resize((SIZE, SIZE), Image.Resampling.BICUBIC), np.float64) / 255


def _placed(scan: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """How much ink a pixel has, [SIZE, SIZE] from 0 to 1."""
    side = int(_CROP * rng.uniform(0.8, 0.95))
    gray = Image.fromarray((scan * (255 / 16)).astype(np.uint8))
    digit = gray.resize((side, side), Image.Resampling.BICUBIC)
    edge = (SIZE - _CROP) // 2
    left, top = (edge + int(rng.integers(0, _CROP - side + 1)) for _ in range(2))
    sheet = Image.new("L", (SIZE, SIZE))
    sheet.paste(digit, (left, top))
    middle = (left + side / 2, top + side / 2)
    shear = rng.uniform(-0.1, 0.1)
    sheared = sheet.transform(
        sheet.size,
        Image.Transform.AFFINE,
        (1, shear, -shear * middle[1], 0, 1, 0),
        resample=Image.Resampling.BILINEAR,
    )
    turned = sheared.rotate(rng.uniform(-8, 8), resample=Image.Resampling.BILINEAR, center=middle)
    return np.asarray(turned, np.float64) / 255


def _strokes(rng: np.random.Generator) -> np.ndarray:
    sheet = Image.new("L", (SIZE, SIZE))
    pen = ImageDraw.Draw(sheet)
    for _ in range(int(rng.integers(0, _STROKES + 1))):
        ends = [tuple(point) for point in rng.uniform(0, SIZE, (2, 2))]
        pen.line(ends, fill=255, width=int(rng.integers(4, 16)))
    return np.asarray(sheet, np.float64) / 255
