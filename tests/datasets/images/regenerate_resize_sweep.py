# SPDX-License-Identifier: Apache-2.0
"""Writes resize_sweep.txt: for 300 sizes of images, fingerprints of what the pinned Pillow makes of
them, which must be what torchvision's Resize(256) and CenterCrop(224) give. With --check it
compares the file instead (exit code 1 if it differs), without torchvision, whose import is slow.

A line holds width, height, and the fingerprints (datasets/files/fingerprint.h) of three results, as
RGB pixels: of noise; of noise when the horizontal pass comes first, as before Pillow 13; and of
gray squares of 8 x 8 pixels, which JPEG keeps exactly. resize_sweep.h makes the same images.
"""

import argparse
import functools
import math
import random
import sys
from pathlib import Path

import numpy as np
from PIL import Image

FILE = Path(__file__).with_name("resize_sweep.txt")
SIZES = 300
BILINEAR = Image.Resampling.BILINEAR
Size = tuple[int, int]


def sizes() -> list[Size]:
    """Ratios from 1:8 to 8:1, a third of them enlarged, and sizes near twice as high as wide."""
    near = [(width, 2 * width + more) for width in (255, 256, 257, 300) for more in (-1, 0, 1, 2)]
    chosen = [(1, 1), (8, 1), (1, 8), (256, 256), (287, 603), (400, 1000), *near]
    generator = random.Random(19)
    while len(chosen) < SIZES:
        shorter = generator.randint(*generator.choice([(8, 256), (257, 340), (257, 340)]))
        longer = round(shorter * 8 ** generator.random())
        chosen.append(generator.choice([(shorter, longer), (longer, shorter)]))
    return chosen


@functools.cache
def all_noise() -> np.ndarray:
    """Mixes the bits of each index, with the primes of xxHash."""
    value = np.arange(4 * 2**20, dtype=np.uint32) * np.uint32(2654435761)
    value = (value ^ value >> np.uint32(16)) * np.uint32(2246822519)
    return (value >> np.uint32(24)).astype(np.uint8)


def noise(*shape: int) -> np.ndarray:
    return all_noise()[: math.prod(shape)].reshape(shape)


def noise_image(size: Size) -> Image.Image:
    return Image.fromarray(noise(size[1], size[0], 3))


def square_image(size: Size) -> Image.Image:
    squares = noise((size[1] + 7) // 8, (size[0] + 7) // 8)
    pixels = squares.repeat(8, axis=0).repeat(8, axis=1)[: size[1], : size[0]]
    return Image.fromarray(pixels).convert("RGB")


def resized(size: Size) -> Size:
    return 256 * size[0] // min(size), 256 * size[1] // min(size)


def crop(image: Image.Image) -> Image.Image:
    left, top = (round((side - 224) / 2) for side in image.size)
    return image.crop((left, top, left + 224, top + 224))


def by_pillow(image: Image.Image) -> Image.Image:
    return crop(image.resize(resized(image.size), BILINEAR))


def horizontal_first(image: Image.Image) -> Image.Image:
    """Two calls, each of which needs one pass only."""
    width, height = resized(image.size)
    return crop(image.resize((width, image.height), BILINEAR).resize((width, height), BILINEAR))


def fingerprints(crops: list[Image.Image]) -> list[str]:
    """Fingerprint::add of each crop's bytes, all crops at once."""
    words = np.stack([np.asarray(crop).reshape(-1).view("<u8") for crop in crops])
    state = np.full(len(words), 0xCBF29CE484222325, dtype=np.uint64)
    length = np.full(len(words), words.itemsize * words.shape[1], dtype=np.uint64)
    for word in [*words.T, length]:
        state = (state ^ word) * np.uint64(0x100000001B3)
        state ^= state >> np.uint64(32)
    return [f"{value:016x}" for value in state]


def table() -> str:
    chosen = sizes()
    columns = [
        fingerprints([by_pillow(noise_image(size)) for size in chosen]),
        fingerprints([horizontal_first(noise_image(size)) for size in chosen]),
        fingerprints([by_pillow(square_image(size)) for size in chosen]),
    ]
    rows = zip(chosen, *columns, strict=True)
    return "".join(f"{width} {height} {' '.join(prints)}\n" for (width, height), *prints in rows)


def require_torchvision() -> None:
    from torchvision.transforms import CenterCrop, Compose, Resize

    transform = Compose([Resize(256), CenterCrop(224)])
    for size in sizes():
        image = noise_image(size)
        if transform(image).tobytes() != by_pillow(image).tobytes():
            sys.exit(f"torchvision gives other pixels for an image of {size[0]} x {size[1]}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true")
    arguments = parser.parse_args()
    if not arguments.check:
        require_torchvision()
        FILE.write_text(table())
    elif FILE.read_text() != table():
        sys.exit(f"{FILE} does not hold what the installed Pillow gives; run {__file__}")


if __name__ == "__main__":
    main()
